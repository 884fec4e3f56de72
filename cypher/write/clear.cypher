// Remove nodes of one sort with their ties, so many at a time; one row, how many. LABELS is one of ours.
MATCH (n:LABELS)
WITH n LIMIT $many
DETACH DELETE n
RETURN count(*) AS deleted
