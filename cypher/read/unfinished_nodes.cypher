// Nodes that an import which is not done has laid ready, one row each.
MATCH (n:Unfinished)
RETURN n.id AS id
ORDER BY id
