// Show the winning version of ties; KIND comes from the model.
UNWIND $rows AS row
MATCH (a:Node {id: row.source})
MATCH (b:Node {id: row.target})
MERGE (a)-[r:KIND {fact: row.fact}]->(b)
SET r += row.props
