// An event is recorded once, however often its writer tries.
CREATE CONSTRAINT introduction_event_id IF NOT EXISTS FOR (e:IntroductionEvent) REQUIRE e.id IS UNIQUE
