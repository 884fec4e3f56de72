// The statements with the given ids, one row each.
UNWIND $ids AS id
MATCH (s:Statement {id: id})
RETURN s.id AS id, s.fact AS fact
ORDER BY id
