// Statements by node.
CREATE INDEX statement_node IF NOT EXISTS FOR (s:Statement) ON (s.node)
