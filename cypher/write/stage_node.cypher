// Lay nodes of an import ready that is not done: without their labels no reading of the graph meets them.
UNWIND $rows AS row
MERGE (n:Unfinished {id: row.id})
SET n += row
