// Introductions by the two bodies, in either direction.
CREATE INDEX introduction_pair IF NOT EXISTS FOR (i:Introduction) ON (i.pair)
