// Each migration that was applied to this store, one row each, oldest first.
MATCH (m:Migration)
WHERE m.version > 0
RETURN m.version AS version, m.name AS name, m.checksum AS checksum, m.at AS at
ORDER BY version
SKIP $skip LIMIT $limit
