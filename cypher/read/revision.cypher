// The last import, one row; none in an empty store.
MATCH (i:Import)
RETURN i.number AS number, i.at AS at
ORDER BY number DESC
LIMIT 1
