// Each node about which sources differ, one row each: in which fields, and in how many statements it is described.
MATCH (n:Node)
WHERE n.disputed <> ''
OPTIONAL MATCH (s:Statement {node: n.id})
WHERE s.target = ''
RETURN n.id AS id, n.name AS name, n.disputed AS fields, count(DISTINCT s.id) AS statements
ORDER BY id
