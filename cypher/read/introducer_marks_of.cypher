// The marks of one body as an introducer, oldest first, one row each.
MATCH (m:IntroducerMark)
WHERE m.body = $body
RETURN m.body AS body, m.number AS number, m.barred AS barred, m.day AS day, m.text AS text, m.at AS at
ORDER BY number
