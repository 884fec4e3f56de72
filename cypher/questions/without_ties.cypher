// Each organisation of which no tie is documented, one row each: whom to ask about.
MATCH (s:Stakeholder)
WHERE NOT (s)--(:Node)
RETURN s.id AS id, s.name AS name, s.sector AS sector, s.city AS city
ORDER BY id
