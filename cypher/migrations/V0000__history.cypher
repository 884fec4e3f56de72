// What was applied is remembered as :Migration nodes; number 0 is the one that whoever applies holds meanwhile.
CREATE CONSTRAINT migration_version IF NOT EXISTS FOR (m:Migration) REQUIRE m.version IS UNIQUE;
