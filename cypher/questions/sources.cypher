// Each source, one row each: how many of the ties that are shown rest on it, and the weakest confidence among them.
MATCH (a:Node)-[r]->(b:Node)
RETURN r.origin AS origin, count(r) AS ties, min(r.confidence) AS weakest
ORDER BY ties DESC, origin
