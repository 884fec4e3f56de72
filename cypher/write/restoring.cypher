// Say who is replacing what the store holds, and give a sign of life: until that is done nothing is read or imported.
UNWIND $rows AS row
MERGE (m:Manifest {id: 'restore'})
SET m.writer = row.writer, m.beat = timestamp()
