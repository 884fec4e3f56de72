// Show nodes that were laid ready, and with them their ties; LABELS comes from the model.
UNWIND $rows AS row
MATCH (n:Unfinished {id: row.id})
REMOVE n:Unfinished
SET n:LABELS
