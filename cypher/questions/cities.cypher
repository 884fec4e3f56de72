// Each city, one row each: how many organisations are there and how many documented ties they have.
MATCH (s:Stakeholder)
OPTIONAL MATCH (s)-[r]-(:Node)
WITH coalesce(s.city, '') AS city, count(DISTINCT s) AS organisations, count(DISTINCT r) AS ties
RETURN city, organisations, ties
ORDER BY organisations DESC, city
