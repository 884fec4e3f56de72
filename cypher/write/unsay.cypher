// Remove statements that only an unfinished import made.
UNWIND $rows AS row
MATCH (s:Statement {id: row.id})
DELETE s
