// Hold the migrations until the transaction ends: who comes second waits here, then reads what the first applied.
UNWIND $rows AS row
MERGE (m:Migration {version: 0})
SET m.held = row.at
