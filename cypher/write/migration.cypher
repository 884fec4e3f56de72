// Record a migration that is applied; again after a lost answer, nothing changes.
UNWIND $rows AS row
MERGE (m:Migration {version: row.version})
SET m += row
