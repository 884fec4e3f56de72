// Statements by field.
CREATE INDEX statement_field IF NOT EXISTS FOR (s:Statement) ON (s.field)
