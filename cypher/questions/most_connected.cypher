// Each organisation, one row each: how many documented ties it has and with how many others, most first.
MATCH (s:Stakeholder)
OPTIONAL MATCH (s)-[r]-(o:Node)
RETURN s.id AS id, s.name AS name, s.sector AS sector, count(DISTINCT o.id) AS contacts, count(DISTINCT r.fact) AS ties
ORDER BY contacts DESC, ties DESC, id
