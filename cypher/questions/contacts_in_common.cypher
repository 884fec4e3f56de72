// Each node with a documented tie to both of two others ($source, $target), one row each: who could introduce them.
MATCH (a:Node {id: $source})--(m:Node)--(b:Node {id: $target})
WHERE m.id <> $source AND m.id <> $target
RETURN DISTINCT m.id AS id, m.kind AS kind, m.name AS name
ORDER BY id
