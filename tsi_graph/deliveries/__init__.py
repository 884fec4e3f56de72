"""Deliveries before they are imported: what they would do, what is wrong in which cell, and mending it."""

from tsi_graph.deliveries.pending import commit, drop, look, mend, receive, waiting
from tsi_graph.deliveries.preview import held, names_of, preview
from tsi_graph.deliveries.report import LISTS, Preview
from tsi_graph.deliveries.shelf import Committed, Pending

__all__ = [
    "LISTS", "Committed", "Pending", "Preview",
    "commit", "drop", "held", "look", "mend", "names_of", "preview", "receive", "waiting",
]  # fmt: skip
