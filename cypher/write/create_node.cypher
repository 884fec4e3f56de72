// Show new nodes; LABELS comes from the model.
UNWIND $rows AS row
CREATE (n:LABELS)
SET n += row
