// Open an introduction in the ledger; it never changes, its events come around it.
UNWIND $rows AS row
CREATE (i:Introduction)
SET i += row
