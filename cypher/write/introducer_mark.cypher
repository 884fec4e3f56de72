// Record that a body is not to be used as an introducer, or may be again.
UNWIND $rows AS row
CREATE (m:IntroducerMark)
SET m += row
