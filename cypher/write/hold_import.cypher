// Hold an import until the transaction ends: who comes second waits here, then reads what the first left.
UNWIND $rows AS row
MATCH (i:Import {number: row.number})
SET i.held = row.writer
