"""What routes ask for: the store, and the graph of the view that a request names."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from threading import Lock
from typing import Annotated, Literal

from fastapi import Depends, Query, Request

from tsi_graph.graph import Graph, View, graph_of, one_mode
from tsi_graph.settings import Settings
from tsi_graph.statements import Table
from tsi_graph.store import Store

_MONTH = r"(0[1-9]|1[0-2])"
_IN_MONTH = r"((0[1-9]|1[0-2])-(0[1-9]|1\d|2[0-8])|(0[13-9]|1[0-2])-(29|30)|(0[13578]|1[02])-31)"
_LEAP = r"([12]\d(0[48]|[2468][048]|[13579][26])|(12|16|20|24|28)00)-02-29"
DAY = rf"^([12]\d{{3}}-{_IN_MONTH}|{_LEAP})$"
"""A day that there is."""
DATE = rf"^([12]\d{{3}}(-({_MONTH}|{_IN_MONTH}))?|{_LEAP})$"
"""A year, a month or a day that there is."""
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


class Graphs:
    """The graphs of the present revision, made once for each view and dropped when the store changes."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._table: Table | None = None
        self._graphs: dict[tuple[View, bool], Graph] = {}
        self._lock = Lock()

    def get(self, view: View, *, folded: bool) -> Graph:
        table = self._store.statements()  # before the lock: a store that is slow holds up nobody else
        with self._lock:
            if table is not self._table or len(self._graphs) > 20:
                self._table, self._graphs = table, {}
            if (view, False) not in self._graphs:
                self._graphs[view, False] = graph_of(table, view)
            if folded and (view, True) not in self._graphs:
                self._graphs[view, True] = one_mode(self._graphs[view, False])
            return self._graphs[view, folded]


def get_store(request: Request) -> Store:
    """The store as whoever asks sees it."""
    found: Store = request.app.state.seen[request.state.audience]
    return found


def get_settings(request: Request) -> Settings:
    found: Settings = request.app.state.settings
    return found


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
    graphs: Graphs = request.app.state.graphs
    return graphs.get(replace(view, membership=True, today=date.today().isoformat()), folded=False)


def get_unverified(request: Request, view: Annotated[View, Depends(get_view)]) -> Graph:
    """The same with what nobody verified: to say that it is there, never as a fact."""
    graphs: Graphs = request.app.state.graphs
    wanted = replace(view, membership=True, today=date.today().isoformat(), confidence=1)
    return graphs.get(wanted, folded=False)


def get_organisations(request: Request, view: Annotated[View, Depends(get_view)]) -> Graph:
    graphs: Graphs = request.app.state.graphs
    return graphs.get(view, folded=True)


def get_lang(
    request: Request,
    settings: Annotated[Settings, Depends(get_settings)],
    lang: Annotated[Literal["it", "en"] | None, Query(description="Italian or English.")] = None,
) -> Literal["it", "en"]:
    """The language asked for, else the first of Accept-Language that we have, else the default."""
    if lang:
        return lang
    return accepted(request.headers.get("accept-language", "")) or settings.lang


def accepted(header: str) -> Literal["it", "en"] | None:
    for part in header.split(","):
        word = part.strip()[:2].lower()
        if word == "it":
            return "it"
        if word == "en":
            return "en"
    return None


StoreDep = Annotated[Store, Depends(get_store)]
SettingsDep = Annotated[Settings, Depends(get_settings)]
ViewDep = Annotated[View, Depends(get_view)]
DocumentedDep = Annotated[Graph, Depends(get_documented)]
UnverifiedDep = Annotated[Graph, Depends(get_unverified)]
GraphDep = Annotated[Graph, Depends(get_graph)]
OrganisationsDep = Annotated[Graph, Depends(get_organisations)]
LangDep = Annotated[Literal["it", "en"], Depends(get_lang)]
