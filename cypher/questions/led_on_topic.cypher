// Each organisation that led a project on a topic ($x), by its role or as the lead partner, one row for each project.
MATCH (b:Node)-[r:PARTICIPATES_IN]->(p:Project)-[:WORKS_ON]->(t:Topic {id: $x})
WHERE toLower(coalesce(r.role, '')) CONTAINS 'lead' OR toLower(coalesce(r.role, '')) CONTAINS 'coordinat'
   OR toLower(coalesce(r.role, '')) CONTAINS 'capofila' OR p.lead = b.id
RETURN DISTINCT b.id AS id, b.name AS name, b.city AS city, p.id AS project, p.name AS through, r.valid_from AS since,
       r.valid_to AS until, r.origin AS origin, r.fact AS fact
ORDER BY name, id, project, fact
