// Ties that lead from or to something that is no node of the graph, one row each.
MATCH (a)-[r]->(b)
WHERE r.fact IS NOT NULL AND NOT (a:Node AND b:Node)
  AND NOT a:Unfinished AND NOT b:Unfinished AND NOT a:Discarded AND NOT b:Discarded
RETURN r.fact AS fact, a.id AS source, b.id AS target
ORDER BY fact
SKIP $skip LIMIT $limit
