// Hide nodes that nothing says any more, with their ties.
UNWIND $rows AS row
MATCH (n:Node {id: row.id})
DETACH DELETE n
