// An introduction stands once: the second of two people who propose the same pair at once finds that of the first.
CREATE CONSTRAINT introduction_id IF NOT EXISTS FOR (i:Introduction) REQUIRE i.id IS UNIQUE
