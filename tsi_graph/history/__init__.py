"""What was said when, how two views differ, where sources disagree, what nobody knows, and putting it right."""

from tsi_graph.history.compare import Comparison, compare
from tsi_graph.history.conflicts import conflicts
from tsi_graph.history.corrections import Correction, correct, plan_correction
from tsi_graph.history.coverage import coverage
from tsi_graph.history.sources import age, confirm, declared, sources, unverified
from tsi_graph.history.spells import Spell, history
from tsi_graph.history.views import view_of

__all__ = [
    "Comparison",
    "Correction",
    "Spell",
    "age",
    "compare",
    "confirm",
    "conflicts",
    "correct",
    "coverage",
    "declared",
    "history",
    "plan_correction",
    "sources",
    "unverified",
    "view_of",
]
