// Statements by target.
CREATE INDEX statement_target IF NOT EXISTS FOR (s:Statement) ON (s.target)
