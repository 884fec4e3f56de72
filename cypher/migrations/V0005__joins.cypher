// Which statements say that two ids are one body: asked at every import.
CREATE INDEX statement_field IF NOT EXISTS FOR (s:Statement) ON (s.field);
