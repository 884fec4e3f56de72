// An event by its id, with the introduction that it happened to and what was asked; one row or none.
MATCH (i:Introduction)-[:HAS_EVENT]->(e:IntroductionEvent {id: $id})
RETURN i.id AS introduction, e.kind AS kind, e.day AS day, e.request AS request
