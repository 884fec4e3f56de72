"""The compiled text (placeholder until the library is built)."""

def library() -> None:
    return None
