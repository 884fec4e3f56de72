// Keep what the store now should hold; in the transaction that changes it.
UNWIND $rows AS row
MERGE (m:Manifest {id: row.id})
SET m += row
