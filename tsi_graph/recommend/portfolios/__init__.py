"""This month's introductions, chosen together."""
