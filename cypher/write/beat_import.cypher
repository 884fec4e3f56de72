// Give a sign of life of the writer of an import, and say who it is.
UNWIND $rows AS row
MATCH (i:Import {number: row.number})
SET i.writer = row.writer, i.beat = timestamp()
