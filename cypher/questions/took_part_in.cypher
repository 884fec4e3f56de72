// Each body that takes part in a project or signed an agreement ($x), one row each, with its role and where it is.
MATCH (b:Node)-[r:PARTICIPATES_IN|SIGNATORY_OF]->(p:Project {id: $x})
RETURN b.id AS id, b.name AS name, b.city AS city, type(r) AS kind, r.role AS role, r.valid_from AS since,
       r.valid_to AS until, r.origin AS origin, r.fact AS fact
ORDER BY name, id, fact
