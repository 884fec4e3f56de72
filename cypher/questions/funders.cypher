// Each funder, one row each: grants, recipients, the euro that are stated, and the grants that state none.
MATCH (f:Node)-[r:FUNDS]->(x:Node)
RETURN f.id AS id, f.name AS name, count(r) AS grants, count(DISTINCT x.id) AS recipients,
       sum(coalesce(r.amount, 0.0)) AS stated, sum(CASE WHEN r.amount IS NULL THEN 1 ELSE 0 END) AS unstated
ORDER BY stated DESC, grants DESC, id
