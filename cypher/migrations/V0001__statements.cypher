// Statements, imports and the nodes of the graph.
// Two writers cannot take the same number: the second fails and tries again.
CREATE CONSTRAINT import_number IF NOT EXISTS FOR (i:Import) REQUIRE i.number IS UNIQUE;
// Every node of the graph has an id of its own, whatever its kind.
CREATE CONSTRAINT node_id IF NOT EXISTS FOR (n:Node) REQUIRE n.id IS UNIQUE;
// A statement stands once, whoever repeats it.
CREATE CONSTRAINT statement_id IF NOT EXISTS FOR (s:Statement) REQUIRE s.id IS UNIQUE;
CREATE INDEX statement_fact IF NOT EXISTS FOR (s:Statement) ON (s.fact);
CREATE INDEX statement_node IF NOT EXISTS FOR (s:Statement) ON (s.node);
CREATE INDEX statement_target IF NOT EXISTS FOR (s:Statement) ON (s.target);
