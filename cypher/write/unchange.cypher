// Take what an unfinished import did out of the list of a statement.
UNWIND $rows AS row
MATCH (s:Statement {id: row.id})
SET s.changes = row.changes
