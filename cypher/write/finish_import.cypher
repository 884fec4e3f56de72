// Put an import that took several transactions in force.
UNWIND $rows AS row
MATCH (i:Import {number: row.number})
SET i.done = true
