// Each tie of one node ($x) that leads to another ($y), straight or to what is tied to both, one row each, with its source.
MATCH (a:Node {id: $x})-[r]-(m:Node)
WHERE m.id = $y OR (m)--(:Node {id: $y})
RETURN type(r) AS kind, m.id AS id, m.kind AS what, m.name AS name, r.valid_from AS since, r.valid_to AS until,
       r.origin AS origin, r.fact AS fact
ORDER BY id, kind, fact
