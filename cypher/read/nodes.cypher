// Each node of the graph, one row each.
MATCH (n:Node)
RETURN n.id AS id, n.kind AS kind, n.name AS name, n.name_it AS name_it, n.sector AS sector, n.scope AS scope,
       n.city AS city, n.country AS country, n.confidence AS confidence, n.origin AS origin, n.disputed AS disputed
ORDER BY id
SKIP $skip LIMIT $limit
