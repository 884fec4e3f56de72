// Remove what an unfinished import laid ready.
UNWIND $rows AS row
MATCH (n:Unfinished {id: row.id})
DETACH DELETE n
