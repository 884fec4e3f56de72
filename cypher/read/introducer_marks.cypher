// Each time a body was left out as an introducer, or taken back in, one row each; the last of a body counts.
MATCH (m:IntroducerMark)
RETURN m.body AS body, m.number AS number, m.barred AS barred, m.day AS day, m.text AS text, m.at AS at
ORDER BY body, number
SKIP $skip LIMIT $limit
