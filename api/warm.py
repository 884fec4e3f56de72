"""What the first reader would wait for, computed ahead: positions, gaps, networks and the month."""

from __future__ import annotations

import logging
import os
import threading
import time
from contextlib import suppress

from tsi_graph.graph import Graph
from tsi_graph.recommend import considered
from tsi_graph.recommend.doors import doors
from tsi_graph.recommend.missing import missing
from tsi_graph.recommend.portfolios.month import this_month
from tsi_graph.recommend.position import position
from tsi_graph.settings import Settings
from tsi_graph.store import Store

from .deps import Graphs

LOG = logging.getLogger("tsi.warm")


class Warm:
    """One thread of low priority that computes ahead, as the team sees it, whenever it is woken; never two at once.

    Woken while at work it begins anew at the next step: what it was at is of data that are no longer there.
    """

    def __init__(self, store: Store, settings: Settings) -> None:
        self._store, self._settings = store, settings
        self._woken = threading.Event()
        self._graphs: Graphs | None = None

    def wake(self) -> None:
        self._woken.set()

    def start(self, graphs: Graphs) -> None:
        """Begin at once, and go on for as long as the process does."""
        self._graphs = graphs
        self.wake()
        threading.Thread(target=self._run, name="warm", daemon=True).start()

    def _run(self) -> None:
        with suppress(AttributeError, OSError):  # not on every system has a thread a priority of its own
            os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), 19)
        while True:
            self._woken.wait(_until_tomorrow())  # each day has its own view
            self._woken.clear()
            self.once()

    def once(self) -> None:
        """Compute what is not there yet, step by step."""
        for step in (self._positions, self._gaps, self._networks, self._month):
            if self._woken.is_set():
                return
            try:
                step()
            except Exception as fault:  # whoever asks for it is told; here it is but early
                LOG.info("not computed ahead: %s", fault)

    def _documented(self, *, low: bool = False) -> Graph:
        assert self._graphs
        return self._graphs.get(self._settings.documented(low=low), folded=False)

    def _positions(self) -> None:
        graph = self._documented()
        for node in graph.ids[graph.kinds_of("Stakeholder")]:
            found = position(graph, str(node), self._settings.lang)
            if found and found.of:  # not of who has closed or promotes: then all ranks are there
                return

    def _gaps(self) -> None:
        assert self._graphs
        structure = self._graphs.get(self._settings.view(), folded=False)
        missing(self._store, self._documented(), structure, self._settings.lang, unverified=self._documented(low=True))

    def _networks(self) -> None:
        doors(
            self._documented(), self._settings.lang, unverified=self._documented(low=True),
            ledger=considered(self._store),
        )  # fmt: skip

    def _month(self) -> None:
        this_month(self._store, self._documented(), "reach", lang=self._settings.lang, size=12, per_introducer=2)


def _until_tomorrow() -> float:
    """Seconds until a little after midnight."""
    now = time.localtime()
    return 86_410.0 - (now.tm_hour * 3600 + now.tm_min * 60 + now.tm_sec)
