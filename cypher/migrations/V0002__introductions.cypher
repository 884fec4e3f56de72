// The ledger of introductions.
// The second of two people who propose the same pair at once finds the introduction of the first.
CREATE CONSTRAINT introduction_id IF NOT EXISTS FOR (i:Introduction) REQUIRE i.id IS UNIQUE;
// Introductions by the two bodies, in either direction.
CREATE INDEX introduction_pair IF NOT EXISTS FOR (i:Introduction) ON (i.pair);
// An event is recorded once, however often its writer tries.
CREATE CONSTRAINT introduction_event_id IF NOT EXISTS FOR (e:IntroductionEvent) REQUIRE e.id IS UNIQUE;
// The marks of a body are numbered: of two writers at once the second fails and tries again.
CREATE CONSTRAINT introducer_mark_id IF NOT EXISTS FOR (m:IntroducerMark) REQUIRE m.id IS UNIQUE;
