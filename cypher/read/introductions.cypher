// Each introduction of the ledger with all its events, one row each.
MATCH (i:Introduction)-[:HAS_EVENT]->(e:IntroductionEvent)
WITH i, collect({id: e.id, number: e.number, kind: e.kind, day: e.day, text: e.text, outcome: e.outcome,
                 until: e.until, undoes: e.undoes, at: e.at}) AS events
RETURN i.id AS id, i.source AS source, i.target AS target, i.through AS through, i.objective AS objective,
       i.reasons AS reasons, i.route AS route, i.revision AS revision, i.nth AS nth, events
ORDER BY id
SKIP $skip LIMIT $limit
