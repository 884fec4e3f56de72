// Show what is now known of nodes that are there.
UNWIND $rows AS row
MATCH (n:Node {id: row.id})
SET n = row
