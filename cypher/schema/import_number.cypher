// Two writers cannot take the same number: the second fails and tries again.
CREATE CONSTRAINT import_number IF NOT EXISTS FOR (i:Import) REQUIRE i.number IS UNIQUE
