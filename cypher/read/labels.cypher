// The labels of one node: an investor is also a stakeholder.
MATCH (n:Node {id: $id})
RETURN labels(n) AS labels
