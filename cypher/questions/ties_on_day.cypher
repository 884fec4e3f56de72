// Each kind of tie, one row each: how many may have held on a day ($on, as 20180630), and how many surely did.
MATCH (a:Node)-[r]->(b:Node)
WHERE r.from_min <= $on AND r.to_max >= $on
RETURN type(r) AS kind, count(r) AS possible,
       sum(CASE WHEN r.from_max <= $on AND r.to_min >= $on THEN 1 ELSE 0 END) AS sure
ORDER BY kind
