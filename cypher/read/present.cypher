// Which of the given ids are nodes of the graph, and of what kind.
UNWIND $ids AS id
MATCH (n:Node {id: id})
RETURN n.id AS id, n.kind AS kind
ORDER BY id
