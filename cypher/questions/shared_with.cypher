// Each body that is in the same networks, projects or agreements as another ($id), one row each, most shared first.
MATCH (a:Node {id: $id})-[:MEMBER_OF|PARTICIPATES_IN|SIGNATORY_OF]->(x:Node)
MATCH (x)<-[:MEMBER_OF|PARTICIPATES_IN|SIGNATORY_OF]-(b:Node)
WHERE b.id <> $id
RETURN b.id AS id, b.name AS name, count(DISTINCT x.id) AS shared
ORDER BY shared DESC, id
