// Record what happened to introductions; an event never changes.
UNWIND $rows AS row
MATCH (i:Introduction {id: row.introduction})
CREATE (i)-[:HAS_EVENT]->(e:IntroductionEvent)
SET e += row.props
