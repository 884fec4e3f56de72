// Each topic, one row each: how many work on it, and how many of these are organisations; those with nobody too.
MATCH (t:Topic)
OPTIONAL MATCH (n:Node)-[:WORKS_ON]->(t)
RETURN t.id AS id, t.name AS name, count(DISTINCT n.id) AS workers,
       count(DISTINCT CASE WHEN n:Stakeholder THEN n.id END) AS organisations
ORDER BY workers DESC, id
