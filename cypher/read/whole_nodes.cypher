// Each node of the graph with all its properties and labels, one row each.
MATCH (n:Node)
RETURN n.id AS id, labels(n) AS labels, properties(n) AS properties
