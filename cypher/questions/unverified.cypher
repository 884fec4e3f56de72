// Each tie that somebody says and nobody verified, one row each: it is kept, and left out of the graph until confirmed.
MATCH (s:Statement)
WHERE s.confidence = 1 AND s.target <> '' AND last(s.changes) > 0
RETURN s.node AS source, s.field AS kind, s.target AS target, s.origin AS origin, s.id AS id
ORDER BY source, kind, target, id
