// Hold what the store should hold until the transaction ends: who comes second waits here, then reads what the first left.
UNWIND $rows AS row
MATCH (m:Manifest {id: row.id})
SET m.held = row.held
