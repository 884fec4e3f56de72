// Each documented member of a network ($id), one row each, with since when and who says so.
MATCH (m:Node)-[r:MEMBER_OF]->(n:Node {id: $id})
RETURN m.id AS id, m.name AS name, m.sector AS sector, r.valid_from AS since, r.origin AS origin
ORDER BY name, id
