// Put imports out of force, which are about to be replaced, and say who does it.
UNWIND $rows AS row
MATCH (i:Import {number: row.number})
SET i.done = false, i.writer = row.writer, i.beat = timestamp()
