// Each event of the ledger as it was written, with the introduction that it happened to, one row each.
MATCH (e:IntroductionEvent)
OPTIONAL MATCH (i:Introduction)-[:HAS_EVENT]->(e)
RETURN i.id AS introduction, e.id AS id, e.number AS number, e.kind AS kind, e.day AS day, e.text AS text,
       e.outcome AS outcome, e.until AS until, e.undoes AS undoes, e.at AS at, e.request AS request
ORDER BY introduction, number, id
SKIP $skip LIMIT $limit
