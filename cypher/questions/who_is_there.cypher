// Each organisation of a sector ($x) in a city ($y), one row each, with how many documented ties it has.
MATCH (s:Stakeholder)
WHERE s.sector = $x AND s.city = $y
OPTIONAL MATCH (s)-[r]-(:Node)
RETURN s.id AS id, s.name AS name, s.website AS website, count(DISTINCT r.fact) AS ties
ORDER BY name, id
