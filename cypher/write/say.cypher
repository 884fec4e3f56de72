// Keep statements made for the first time.
UNWIND $rows AS row
CREATE (s:Statement)
SET s += row
