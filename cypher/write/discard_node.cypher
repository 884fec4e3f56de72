// Put nodes that nothing says any more out of sight, with their ties, to be deleted after; LABELS comes from the model.
UNWIND $rows AS row
MATCH (n:Node {id: row.id})
REMOVE n:LABELS
SET n:Discarded
