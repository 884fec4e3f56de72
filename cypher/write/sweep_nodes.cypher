// Delete some of the nodes that were put out of sight, with their ties; one row, how many.
MATCH (n:Discarded)
WITH n LIMIT $limit
DETACH DELETE n
RETURN count(*) AS deleted
