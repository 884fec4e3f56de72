// Each introduction as it was written, without its events, one row each.
MATCH (i:Introduction)
RETURN i.id AS id, i.source AS source, i.target AS target, i.through AS through, i.objective AS objective,
       i.reasons AS reasons, i.route AS route, i.revision AS revision, i.nth AS nth, i.pair AS pair
ORDER BY id
SKIP $skip LIMIT $limit
