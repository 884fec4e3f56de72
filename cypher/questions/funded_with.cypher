// Each body that put money into the same things as another ($x), one row each, most in common first.
MATCH (a:Node {id: $x})-[:FUNDS|INVESTS_IN]->(w:Node)<-[:FUNDS|INVESTS_IN]-(b:Node)
WHERE b.id <> $x
RETURN b.id AS id, b.name AS name, b.sector AS sector, count(DISTINCT w.id) AS shared
ORDER BY shared DESC, id
