// Lay ties ready of which at least one end is not in the graph yet; SOURCE and TARGET say which, KIND comes from the model.
UNWIND $rows AS row
MATCH (a:SOURCE {id: row.source})
MATCH (b:TARGET {id: row.target})
MERGE (a)-[r:KIND {fact: row.fact}]->(b)
SET r += row.props
