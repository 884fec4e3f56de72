"""What routes ask for: the store, and the graph of the view that a request names."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from itertools import count
from threading import Lock
from typing import Annotated, Literal

from fastapi import Depends, Query, Request

from tsi_graph.dates import DATE
from tsi_graph.errors import Unusable
from tsi_graph.exports.views import NAME, SavedView, named
from tsi_graph.graph import Graph, View, graph_of, one_mode
from tsi_graph.language import Lang
from tsi_graph.settings import Settings
from tsi_graph.statements import Table
from tsi_graph.store import Store
from tsi_graph.visibility import TEAM

AsOf = Annotated[
    str | None,
    Query(
        pattern=DATE,
        description="Only what may have been true then: 2020, 2020-06 or 2020-06-30.",
        examples=["2020"],
    ),
]
Scope = Annotated[
    Literal["local", "regional", "national", "european", "global", "international"] | None,
    Query(description="Of networks: local ... global, or international.", examples=["international"]),
]


SAID = ("low", "as_of", "promoters", "everything", "size")
"""What a saved view says, so that a request which names one does not."""
OTHERS = 4
"""How many views a worker keeps that not every page needs: of another day, without the promoters, saved ones."""


class Graphs:
    """The graphs of the present revision, made once for each view and dropped when the store changes.

    Those of today that the pages show stay; of the others the last used few do. Each is made behind a lock of its own,
    so that nobody waits for a view that somebody else asked for.
    """

    def __init__(self, store: Store, settings: Settings, changed: Callable[[], None] = lambda: None) -> None:
        self._store, self._settings, self._changed = store, settings, changed
        self._table: Table | None = None
        self._kept: OrderedDict[View, _Made] = OrderedDict()
        self._lock, self._asked, self._latest = Lock(), count(1), 0

    def get(self, view: View, *, folded: bool) -> Graph:
        asked = next(self._asked)
        table = self._store.statements()  # before the lock: a store that is slow holds up nobody else
        with self._lock:
            new = table is not self._table
            if new and asked < self._latest:  # who asked later was answered sooner, with what is newer
                return _Made(table, view).graph(folded=folded)
            if new:
                self._table, self._kept, self._latest = table, OrderedDict(), asked
            made = self._kept.setdefault(view, _Made(table, view))
            self._kept.move_to_end(view)
            usual = self._usual()
            others = [one for one in self._kept if replace(one, audience=TEAM) not in usual]
            for one in others[:-OTHERS]:
                del self._kept[one]
        if new:
            self._changed()
        return made.graph(folded=folded)

    def _usual(self) -> set[View]:
        """What the pages show today."""
        of = self._settings
        return {of.view(), of.documented(), of.documented(low=True)}


class _Made:
    """The graph of a view, and the same folded into organisations, each from when somebody asks for it."""

    def __init__(self, table: Table, view: View) -> None:
        self._table, self._view, self._lock = table, view, Lock()
        self._plain: Graph | None = None
        self._folded: Graph | None = None

    def graph(self, *, folded: bool) -> Graph:
        with self._lock:
            if self._plain is None:
                self._plain = graph_of(self._table, self._view)
            if not folded:
                return self._plain
            if self._folded is None:
                self._folded = one_mode(self._plain)
            return self._folded


def get_store(request: Request) -> Store:
    """The store as whoever asks sees it."""
    found: Store = request.app.state.seen[request.state.audience]
    return found


def get_settings(request: Request) -> Settings:
    found: Settings = request.app.state.settings
    return found


def get_usual(request: Request, settings: Annotated[Settings, Depends(get_settings)]) -> View:
    """What the settings say, as whoever asks may see it."""
    return replace(settings.view(), audience=request.state.audience)


def get_view(
    request: Request,
    settings: Annotated[Settings, Depends(get_settings)],
    low: Annotated[bool, Query(description="Also what is not verified (low confidence).")] = False,
    as_of: AsOf = None,
    promoters: Annotated[bool, Query(description="With the promoting bodies, which touch almost everybody.")] = True,
) -> View:
    view = settings.view(low=low, as_of=as_of, promoters=promoters)
    return replace(view, audience=request.state.audience)


def get_graph(request: Request, view: Annotated[View, Depends(get_view)]) -> Graph:
    graphs: Graphs = request.app.state.graphs
    return graphs.get(view, folded=False)


def get_documented(request: Request, view: Annotated[View, Depends(get_view)]) -> Graph:
    return _shown(request, view, None)


def get_unverified(request: Request, view: Annotated[View, Depends(get_view)]) -> Graph:
    """The same with what nobody verified: to say that it is there, never as a fact."""
    return _shown(request, view, None, unverified=True)


def get_organisations(request: Request, view: Annotated[View, Depends(get_view)]) -> Graph:
    graphs: Graphs = request.app.state.graphs
    return graphs.get(view, folded=True)


def get_lang(
    request: Request,
    settings: Annotated[Settings, Depends(get_settings)],
    lang: Annotated[Lang | None, Query(description="Italian or English.")] = None,
) -> Lang:
    """The language asked for, else the first of Accept-Language that we have, else the default."""
    if lang:
        return lang
    return accepted(request.headers.get("accept-language", "")) or settings.lang


def accepted(header: str) -> Lang | None:
    for part in header.split(","):
        word = part.strip()[:2].lower()
        if word == "it":
            return "it"
        if word == "en":
            return "en"
    return None


def get_saved(
    request: Request,
    settings: Annotated[Settings, Depends(get_settings)],
    view: Annotated[
        str | None,
        Query(
            pattern=NAME, description="A saved view: its filters, language and logo. It says all that low, as_of, "
            "promoters, everything and size would, and stands without these.",
        ),
    ] = None,
) -> SavedView | None:  # fmt: skip
    """The saved view that a request names, as whoever asks may have it."""
    if view is None:
        return None
    return seen_alone(request, settings, view)


def seen_alone(request: Request, settings: Settings, name: str) -> SavedView:
    """The view of that name as whoever asks may have it. Raises Unusable where the request says what the view says."""
    if given := [one for one in SAID if one in request.query_params]:
        raise Unusable(f"{', '.join(given)}: the view {name!r} says that; save another.")
    return as_seen(named(name, settings.views), request.state.audience)


def as_seen(saved: SavedView, audience: str) -> SavedView:
    """A view without its places for all but the team: where its picture has somebody tells of who is hidden."""
    return saved if audience == TEAM else saved.without_places()


def get_shown(
    request: Request,
    view: Annotated[View, Depends(get_view)],
    saved: Annotated[SavedView | None, Depends(get_saved)],
) -> Graph:
    """All that is documented, of the saved view that a request names or of its own."""
    return _shown(request, view, saved)


def get_shown_unverified(
    request: Request,
    view: Annotated[View, Depends(get_view)],
    saved: Annotated[SavedView | None, Depends(get_saved)],
) -> Graph:
    return _shown(request, view, saved, unverified=True)


def _shown(request: Request, view: View, saved: SavedView | None, *, unverified: bool = False) -> Graph:
    graphs: Graphs = request.app.state.graphs
    wanted = replace(view, membership=True, today=date.today().isoformat())
    wanted = saved.view(wanted) if saved else wanted
    return graphs.get(replace(wanted, confidence=1) if unverified else wanted, folded=False)


StoreDep = Annotated[Store, Depends(get_store)]
SettingsDep = Annotated[Settings, Depends(get_settings)]
ViewDep = Annotated[View, Depends(get_view)]
UsualDep = Annotated[View, Depends(get_usual)]
DocumentedDep = Annotated[Graph, Depends(get_documented)]
UnverifiedDep = Annotated[Graph, Depends(get_unverified)]
SavedDep = Annotated[SavedView | None, Depends(get_saved)]
ShownDep = Annotated[Graph, Depends(get_shown)]
ShownUnverifiedDep = Annotated[Graph, Depends(get_shown_unverified)]
GraphDep = Annotated[Graph, Depends(get_graph)]
OrganisationsDep = Annotated[Graph, Depends(get_organisations)]
LangDep = Annotated[Lang, Depends(get_lang)]
