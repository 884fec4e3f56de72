// Each body that takes part in the same projects as another ($x), one row each, most projects first.
MATCH (a:Node {id: $x})-[:PARTICIPATES_IN]->(p:Project)<-[:PARTICIPATES_IN]-(b:Node)
WHERE b.id <> $x
RETURN b.id AS id, b.name AS name, b.sector AS sector, count(DISTINCT p.id) AS projects
ORDER BY projects DESC, id
