// Show ties about which nothing was said before; KIND comes from the model.
UNWIND $rows AS row
MATCH (a:Node {id: row.source})
MATCH (b:Node {id: row.target})
CREATE (a)-[r:KIND {fact: row.fact}]->(b)
SET r += row.props
