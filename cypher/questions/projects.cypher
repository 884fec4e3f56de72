// Each project, one row each: how many take part, how many fund it, and its budget, best attended first.
MATCH (p:Project)
OPTIONAL MATCH (b:Node)-[:PARTICIPATES_IN|SIGNATORY_OF]->(p)
WITH p, count(DISTINCT b.id) AS participants
OPTIONAL MATCH (f:Node)-[:FUNDS]->(p)
RETURN p.id AS id, p.name AS name, participants, count(DISTINCT f.id) AS funders, p.budget AS budget
ORDER BY participants DESC, id
