// One row: the number of the last import, 0 if there is none.
MATCH (i:Import)
RETURN coalesce(max(i.number), 0) AS revision
