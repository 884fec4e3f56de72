// The last import that is done, one row; none in an empty store.
MATCH (i:Import)
WHERE i.done
RETURN i.number AS number, i.at AS at
ORDER BY number DESC
LIMIT 1
