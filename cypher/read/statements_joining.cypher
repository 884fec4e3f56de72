// Every statement by hand that two ids are one body, one row each, whether it still counts or not.
MATCH (s:Statement {field: 'SAME_AS'})
RETURN s.id AS id, s.fact AS fact, s.node AS node, s.field AS field, s.target AS target, s.key AS key,
       s.value AS value, s.answer AS answer, s.valid_from AS valid_from, s.valid_to AS valid_to, s.seen AS seen,
       s.origin AS origin, s.confidence AS confidence, s.from_min AS from_min, s.from_max AS from_max,
       s.to_min AS to_min, s.to_max AS to_max, s.changes AS changes
ORDER BY fact, id
