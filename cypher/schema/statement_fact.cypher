// Statements by fact.
CREATE INDEX statement_fact IF NOT EXISTS FOR (s:Statement) ON (s.fact)
