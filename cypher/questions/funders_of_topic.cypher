// Each time that somebody put money into what works on a topic ($x), one row each, with the amount if it is stated.
MATCH (f:Node)-[r:FUNDS|INVESTS_IN]->(w:Node)-[:WORKS_ON]->(t:Topic {id: $x})
RETURN DISTINCT f.id AS id, f.name AS name, w.id AS funded, w.name AS through, r.amount AS amount, r.valid_from AS since,
       r.origin AS origin, r.fact AS fact
ORDER BY name, id, funded, fact
