"""The few ways in which this product refuses, each with the HTTP status and the exit code it means."""


class TsiError(Exception):
    """Something was wrong and we know what; the message says what would be right, for pages in Italian too."""

    status = 500
    exit_code = 1
    slug = "fault"

    def __init__(self, message: str = "", italian: str = "") -> None:
        super().__init__(message)
        self.italian = italian

    def told(self, lang: str) -> str:
        """The message in a language; in English where that is all there is."""
        return self.italian if lang == "it" and self.italian else str(self)


class NotFound(TsiError):
    """A name, id or file that is not there."""

    status = 404
    exit_code = 2
    slug = "not-found"


class Unusable(TsiError):
    """An argument whose value cannot be used."""

    status = 422
    exit_code = 2
    slug = "unusable"


class DataInvalid(TsiError):
    """Rows that break the rules; nothing was written. `problems` lists every one."""

    status = 422
    exit_code = 3
    slug = "data-invalid"

    def __init__(self, message: str, problems: tuple[object, ...] = (), italian: str = "") -> None:
        super().__init__(message, italian)
        self.problems = problems


class Forbidden(TsiError):
    """Not for the one who asks."""

    status = 403
    exit_code = 5
    slug = "forbidden"


class Conflict(TsiError):
    """What is there forbids it: somebody was faster, or another step comes first. Nothing was written."""

    status = 409
    exit_code = 6
    slug = "conflict"


class StoreUnreachable(TsiError):
    """The database does not answer, is held by another process, or is not ours."""

    status = 503
    exit_code = 4
    slug = "store-unreachable"


class StoreAbsent(StoreUnreachable):
    """There is none at that place yet; the first import makes it."""

    slug = "store-absent"


class StoreLocked(StoreUnreachable):
    """Another program is using the folder."""


class StoreDamaged(TsiError):
    """The store does not hold what was written to it."""

    status = 500
    exit_code = 3
    slug = "store-damaged"


class Refused(TsiError):
    """Input that could do harm: too large, packed like a bomb, or not what it claims to be."""

    status = 413
    exit_code = 5
    slug = "refused"


class TooLarge(Refused):
    """Input of more bytes, rows or cells than are taken."""
