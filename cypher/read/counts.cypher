// How many nodes there are of each kind.
MATCH (n:Node)
RETURN n.kind AS kind, count(n) AS nodes
ORDER BY kind
