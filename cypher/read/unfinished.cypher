// Imports under way, and those that a writer left unfinished, one row each; `idle` is milliseconds without a sign of life.
MATCH (i:Import)
WHERE NOT i.done
RETURN i.number AS number, i.writer AS writer, timestamp() - i.beat AS idle
ORDER BY number
