// Each pair of sectors, one row each: how many direct ties join organisations of the two.
MATCH (a:Stakeholder)-[r]->(b:Stakeholder)
WITH CASE WHEN a.sector <= b.sector THEN a.sector ELSE b.sector END AS one,
     CASE WHEN a.sector <= b.sector THEN b.sector ELSE a.sector END AS other, r
RETURN one, other, count(r) AS ties
ORDER BY ties DESC, one, other
