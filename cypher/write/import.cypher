// Number an import; first in its transaction, so that a second writer waits, fails and tries again.
UNWIND $rows AS row
CREATE (i:Import)
SET i += row
