// Nodes of an import that is not done, by id; nothing else looks at them.
CREATE CONSTRAINT unfinished_id IF NOT EXISTS FOR (n:Unfinished) REQUIRE n.id IS UNIQUE;
