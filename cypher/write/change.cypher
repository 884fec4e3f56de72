// Say again (+) or withdraw (-): the list grows, nothing else changes, and a retry adds nothing.
UNWIND $rows AS row
MATCH (s:Statement {id: row.id})
SET s.changes = CASE WHEN row.change IN s.changes THEN s.changes ELSE s.changes + row.change END
