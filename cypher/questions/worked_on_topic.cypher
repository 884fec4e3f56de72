// Each organisation that works on a topic ($x), by itself or in a project on it, one row for each way, with where it is.
MATCH (w:Node)-[s:WORKS_ON]->(t:Topic {id: $x})
OPTIONAL MATCH (b:Stakeholder)-[r:PARTICIPATES_IN]->(w)
WITH CASE WHEN w:Stakeholder THEN w ELSE b END AS o, CASE WHEN w:Stakeholder THEN '' ELSE w.id END AS project,
     CASE WHEN w:Stakeholder THEN '' ELSE w.name END AS through, CASE WHEN w:Stakeholder THEN s ELSE r END AS said
WHERE o IS NOT NULL
RETURN o.id AS id, o.name AS name, o.city AS city, project, through, said.valid_from AS since, said.valid_to AS until,
       said.origin AS origin, said.fact AS fact
ORDER BY name, id, project, fact
