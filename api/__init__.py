"""The same functions over HTTP."""
