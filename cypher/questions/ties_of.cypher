// Each documented tie of a node ($id), one row each: the other end, the direction, since when and who says so.
MATCH (n:Node {id: $id})-[r]-(o:Node)
RETURN type(r) AS kind, r.role AS role, CASE WHEN startNode(r).id = $id THEN 'to' ELSE 'from' END AS direction,
       o.id AS other, o.name AS name, r.valid_from AS since, r.valid_to AS until, r.origin AS origin, r.fact AS fact
ORDER BY kind, other, fact
