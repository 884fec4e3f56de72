// Keep statements made for the first time; again after a lost answer, nothing happens.
UNWIND $rows AS row
MERGE (s:Statement {id: row.id})
ON CREATE SET s += row
