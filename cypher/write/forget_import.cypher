// Forget an import that was never done, once nothing is left of it.
UNWIND $rows AS row
MATCH (i:Import {number: row.number})
DELETE i
