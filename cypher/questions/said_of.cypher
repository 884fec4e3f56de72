// Each statement about a node ($id), shown or not, one row each: what, from where, which imports said it (+) or not (-).
MATCH (s:Statement)
WHERE s.node = $id OR s.target = $id
RETURN s.field AS field, s.node AS source, s.target AS target, s.value AS value, s.valid_from AS since,
       s.valid_to AS until, s.origin AS origin, s.confidence AS confidence, s.changes AS changes, s.id AS id
ORDER BY field, id
