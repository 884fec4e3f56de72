// Each mark of an introducer as it was written, one row each.
MATCH (m:IntroducerMark)
RETURN m.id AS id, m.body AS body, m.number AS number, m.barred AS barred, m.day AS day, m.text AS text, m.at AS at
ORDER BY body, number, id
SKIP $skip LIMIT $limit
