"""Which statements stand and which of them win: what is known when, true on a day, and shown."""

from tsi_graph.standing.bodies import survivors, touching, unified
from tsi_graph.standing.coded import NODE_COLUMNS, OF_KIND, Coded, coded
from tsi_graph.standing.disagreements import cells, meet, records, versions
from tsi_graph.standing.force import in_force, strongest
from tsi_graph.standing.ranking import absences, standing
from tsi_graph.standing.shown import shown, shown_edges

__all__ = [
    "NODE_COLUMNS",
    "OF_KIND",
    "Coded",
    "absences",
    "cells",
    "coded",
    "in_force",
    "meet",
    "records",
    "shown",
    "shown_edges",
    "standing",
    "strongest",
    "survivors",
    "touching",
    "unified",
    "versions",
]
