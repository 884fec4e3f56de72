// What the store should hold, a row for the statements and one for the ledger: two writers cannot make one twice.
CREATE CONSTRAINT manifest_id IF NOT EXISTS FOR (m:Manifest) REQUIRE m.id IS UNIQUE;
