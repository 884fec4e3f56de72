// Hold what is known of two bodies until the transaction ends: a second writer waits here, then reads what the first left.
UNWIND $rows AS row
MATCH (i:Introduction {pair: row.pair})
SET i.held = row.at
