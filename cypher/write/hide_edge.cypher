// Hide ties that nothing says any more; KIND comes from the model.
UNWIND $rows AS row
MATCH (a:Node {id: row.source})-[r:KIND {fact: row.fact}]->(b:Node {id: row.target})
DELETE r
