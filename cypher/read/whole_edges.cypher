// Each tie of the graph with all its properties, one row each.
MATCH (a:Node)-[r]->(b:Node)
RETURN a.id AS source, b.id AS target, type(r) AS kind, properties(r) AS properties, r.fact AS fact
