// Each tie of the graph, one row each; `disputed` where sources differ about it.
MATCH (a:Node)-[r]->(b:Node)
RETURN a.id AS source, b.id AS target, type(r) AS kind, r.weight AS weight, r.amount AS amount, r.role AS role,
       r.valid_from AS valid_from, r.valid_to AS valid_to, r.origin AS origin, r.confidence AS confidence,
       r.fact AS fact, r.statement AS statement, r.disputed AS disputed
ORDER BY fact
SKIP $skip LIMIT $limit
