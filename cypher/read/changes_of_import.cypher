// The statements that an import said or withdrew, one row each, with all their changes.
MATCH (s:Statement)
WHERE $number IN s.changes OR -$number IN s.changes
RETURN s.id AS id, s.changes AS changes
ORDER BY id
