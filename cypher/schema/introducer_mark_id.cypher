// The marks of a body are numbered: of two writers at once the second fails and tries again.
CREATE CONSTRAINT introducer_mark_id IF NOT EXISTS FOR (m:IntroducerMark) REQUIRE m.id IS UNIQUE
