"""Every route, for everybody: who is let in where, and that what is hidden from an audience leaves no trace there."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from starlette.routing import BaseRoute

from api.access import ADMIN, OPEN, PROPOSE, READ, Door
from api.app import create_app
from api.pages.addresses import PAGES
from api.sessions import Sessions
from tsi_graph.analysis import NETWORK_METRICS
from tsi_graph.batch import Batch
from tsi_graph.exports.charts import CHARTS
from tsi_graph.exports.editions import drawn_view
from tsi_graph.exports.views import PRESETS, SavedView, named, save
from tsi_graph.history import correct, plan_correction
from tsi_graph.keys import SCOPES, Keys
from tsi_graph.model import (
    Answer,
    Fund,
    Funds,
    MemberOf,
    Network,
    ParticipatesIn,
    PartnerOf,
    Project,
    Stakeholder,
    Topic,
    WorksOn,
)
from tsi_graph.questions import ready
from tsi_graph.recommend.ledger.marking import mark
from tsi_graph.recommend.ledger.reading import read_ledger
from tsi_graph.recommend.ledger.writing import Happening, Proposal, propose
from tsi_graph.settings import Settings
from tsi_graph.store import Store, open_store

TABLE = {
    "GET /v1/compare": READ,
    "POST /v1/confirmations": ADMIN,
    "GET /v1/conflicts": READ,
    "POST /v1/corrections": ADMIN,
    "GET /v1/coverage": READ,
    "GET /v1/coverage/holes": READ,
    "GET /v1/coverage/places": READ,
    "GET /v1/doors": READ,
    "GET /v1/evaluation": READ,
    "GET /v1/exports/map.{suffix}": READ,
    "GET /v1/exports/{picture}.{suffix}": READ,
    "GET /v1/funds": READ,
    "GET /v1/funds/{id}": READ,
    "GET /v1/funds/{id}/ties": READ,
    "GET /v1/gaps": READ,
    "GET /v1/gaps/overview": READ,
    "POST /v1/gaps/{key}/marks": PROPOSE,
    "GET /v1/history": READ,
    "GET /v1/imports": READ,
    "POST /v1/imports": ADMIN,
    "POST /v1/imports/previews": ADMIN,
    "DELETE /v1/imports/previews/{preview}": ADMIN,
    "GET /v1/imports/previews/{preview}": ADMIN,
    "PATCH /v1/imports/previews/{preview}": ADMIN,
    "GET /v1/imports/previews/{preview}/annotated.xlsx": ADMIN,
    "POST /v1/imports/previews/{preview}/commit": ADMIN,
    "GET /v1/imports/template.xlsx": READ,
    "POST /v1/imports/{number}/undo": ADMIN,
    "GET /v1/info": READ,
    "GET /v1/introducers": READ,
    "POST /v1/introducers/{id}/marks": PROPOSE,
    "GET /v1/introductions": READ,
    "POST /v1/introductions": PROPOSE,
    "GET /v1/introductions.xlsx": READ,
    "GET /v1/introductions/summary": READ,
    "GET /v1/introductions/uplift": READ,
    "GET /v1/introductions/{id}": READ,
    "POST /v1/introductions/{id}/events": PROPOSE,
    "GET /v1/introductions/{id}/letters": READ,
    "GET /v1/metrics": READ,
    "GET /v1/metrics/{name}": READ,
    "GET /v1/network": READ,
    "GET /v1/network/{name}": READ,
    "GET /v1/networks": READ,
    "GET /v1/networks/{id}": READ,
    "GET /v1/networks/{id}/ports": READ,
    "GET /v1/networks/{id}/ties": READ,
    "GET /v1/portfolios": READ,
    "GET /v1/portfolios/known": READ,
    "GET /v1/projects": READ,
    "GET /v1/projects/{id}": READ,
    "GET /v1/projects/{id}/ties": READ,
    "GET /v1/questions": READ,
    "GET /v1/questions/{question}": READ,
    "GET /v1/recommendations": READ,
    "GET /v1/recommendations/all": READ,
    "GET /v1/recommendations/ways": READ,
    "GET /v1/recommendations/why-none": READ,
    "GET /v1/reports/observatory.{suffix}": READ,
    "GET /v1/reports/organisations/{id}.{suffix}": READ,
    "GET /v1/search": READ,
    "GET /v1/sources": READ,
    "GET /v1/sources/unverified": READ,
    "GET /v1/stakeholders": READ,
    "GET /v1/stakeholders/{id}": READ,
    "GET /v1/stakeholders/{id}/ties": READ,
    "GET /v1/ties": READ,
    "GET /v1/ties/{fact:path}": READ,
    "GET /v1/topics": READ,
    "GET /v1/topics/{id}": READ,
    "GET /v1/topics/{id}/ties": READ,
    "GET /v1/views": READ,
    "GET /v1/views/{name}": READ,
    "PUT /v1/views/{name}": ADMIN,
    "GET /v1/views/{name}/map.{suffix}": READ,
    "GET /": OPEN,
    "GET /docs": READ,
    "GET /en/introductions.xlsx": READ,
    "GET /it/presentazioni.xlsx": READ,
    "GET /livez": OPEN,
    "GET /openapi.json": READ,
    "GET /readyz": OPEN,
    "GET /static/{name}": OPEN,
    "GET accessibility": OPEN,
    "GET data": READ,
    "POST data/confirm": ADMIN,
    "POST data/undo": ADMIN,
    "GET enter": OPEN,
    "POST enter": OPEN,
    "POST enter/leave": OPEN,
    "GET gaps": READ,
    "POST gaps/aside": PROPOSE,
    "POST gaps/propose": PROPOSE,
    "GET import": ADMIN,
    "POST import": ADMIN,
    "GET import/template.xlsx": READ,
    "POST import/redo": ADMIN,
    "GET import/undo": ADMIN,
    "POST import/undo": ADMIN,
    "GET import/{pending}": ADMIN,
    "POST import/{pending}/commit": ADMIN,
    "POST import/{pending}/drop": ADMIN,
    "POST import/{pending}/mend": ADMIN,
    "GET import/{pending}/notes.xlsx": ADMIN,
    "GET introductions": READ,
    "GET introductions/{which}": READ,
    "POST introductions/{which}": PROPOSE,
    "GET introductions/{which}/more": READ,
    "GET introductions/{which}/route.png": READ,
    "POST introductions/{which}/undo": PROPOSE,
    "GET method": OPEN,
    "GET month": READ,
    "POST month": PROPOSE,
    "POST month/undo": PROPOSE,
    "GET networks": READ,
    "GET networks/table.xlsx": READ,
    "GET networks/{node}": READ,
    "GET organisations": READ,
    "GET organisations/{node}": READ,
    "GET organisations/{node}/correct": READ,
    "POST organisations/{node}/correct": ADMIN,
    "POST organisations/{node}/introducer": PROPOSE,
    "POST organisations/{node}/propose": PROPOSE,
    "GET questions": READ,
    "GET questions/{name}": READ,
    "GET questions/{name}/picture.svg": READ,
    "GET search": READ,
    "GET search/suggest": READ,
}
"""The least scope of each route; a page stands by its name, for its two languages. A route that is not here fails."""

ROLES = {"none": None, **{f"read {who}": ("read", who) for who in ("public", "members", "team")},
         "propose": ("propose", "team"), "admin": ("admin", "team")}  # fmt: skip
_NAMES = {f"/{lang}/{word}": name for name, words in PAGES.items() for lang, word in words.items()}


def flat(routes: list[BaseRoute], prefix: str = "") -> Iterator[tuple[str, Any]]:
    """All routes with their whole path, those of included routers too."""
    for route in routes:
        context = getattr(route, "include_context", None)
        if context is not None:
            yield from flat(context.included_router.routes, prefix + context.prefix)
        else:
            yield prefix + getattr(route, "path", "?"), route


def told(method: str, path: str) -> str:
    """A route as the table names it."""
    found = re.match(r"(/(?:it|en)/[^/]+)(/.*)?$", path)
    return f"{method} {_NAMES[found[1]]}{found[2] or ''}" if found and found[1] in _NAMES else f"{method} {path}"


def routes(app: FastAPI) -> list[tuple[str, str]]:
    """Each method and path that the application answers."""
    return sorted({(method, path) for path, route in flat(app.routes) for method in {*route.methods} - {"HEAD"}})


def node(kind: type[Any], ident: str, visibility: str | None = None, **more: Any) -> Any:
    mark = f"{ident} " if visibility else ""
    words = {"name": f"{mark}{ident.title()} body", "city": f"{mark}Torino", "origin": f"https://{ident}.example"}
    return kind(id=ident, visibility=visibility, **{**words, **more})


ORGANISATIONS = [node(Stakeholder, f"org{i}", sector=("bank", "company", "foundation")[i % 3]) for i in range(9)]
SEEN = Batch(
    nodes=[
        *ORGANISATIONS, node(Network, "net-a", scope="european"), node(Network, "net-b", scope="national"),
        node(Project, "pro-a", lead="org1"), node(Topic, "top-a"), node(Topic, "top-b"), node(Fund, "fun-a"),
    ],
    edges=[
        *(ParticipatesIn(source=f"org{i}", target="pro-a", valid_from="2019") for i in (0, 1, 2, 3)),
        *(MemberOf(source=f"org{i}", target="net-a", valid_from="2020") for i in (3, 4)),
        *(PartnerOf(source=f"org{i}", target=f"org{i + 1}", valid_from="2021") for i in (0, 2, 4, 5)),
        *(WorksOn(source=f"org{i}", target="top-a") for i in (0, 1, 4, 6)), WorksOn(source="net-a", target="top-a"),
        WorksOn(source="net-b", target="top-a"), Funds(source="fun-a", target="org5"),
    ],
)  # fmt: skip


def hidden(mark: str, who: str) -> Batch:
    """Things of an audience, each with its mark in everything that is said of it, and tied to what all see."""
    org, net, project, topic, fund = (f"{mark}-{kind}" for kind in ("org", "net", "pro", "top", "fun"))
    more = {"name_it": f"{mark} ente", "website": f"https://{mark}.example", "notes": f"{mark} words"}
    tied = {"role": f"{mark} role", "origin": f"https://{mark}.example/tie"}
    return Batch(
        nodes=[
            node(Stakeholder, org, who, **more, register_id=f"{mark}1", contact=f"{mark} person", sector="bank"),
            node(Network, net, who, scope="global", join_rules=f"{mark} rules"), node(Project, project, who, **more),
            node(Topic, topic, who), node(Fund, fund, who, instrument=f"{mark} loan"),
        ],
        edges=[
            *(PartnerOf(source=org, target=f"org{i}", **tied) for i in (0, 6, 7)), MemberOf(source="org8", target=net),
            *(ParticipatesIn(source=one, target=project, **tied) for one in ("org7", "org8", org)),
            *(WorksOn(source=one, target=topic) for one in ("org7", "org8", "net-b")),
            Funds(source=fund, target="org8"),
            MemberOf(source="org7", target="net-b", visibility=who, **tied),
        ],
        answers=[Answer(id=org, field="city", answer="none", origin=f"{mark} survey")],
    )  # fmt: skip


MARKS = {"members": "xqmem", "team": "xqteam"}
SEES = {"members": ("xqmem",), "team": ("xqmem", "xqteam")}


def hide(store: Store) -> None:
    """Bring in what only members and only the team may see, and do something with it."""
    for who, mark_ in MARKS.items():
        store.write(hidden(mark_, who), f"{mark_} delivery", note=f"{mark_} note")
        correct(store, plan_correction(store, f"{mark_}-org", fields={"city": f"{mark_} city"}), f"{mark_} called")
        propose(
            store,
            Proposal("org0", f"{mark_}-net", (f"{mark_}-org",), "reach", (f"{mark_} reason",), (f"{mark_} step",)),
        )
        propose(
            store,
            Proposal("org5", "net-b", (f"{mark_}-org",), "reach")
            if who == "members"
            else Proposal("org6", f"{mark_}-fun"),
        )
        mark(store, f"{mark_}-org", barred=True, text=f"{mark_} tired")
    late = store.write(Batch(nodes=[node(Stakeholder, "xqteam-late", "team")]), "xqteam late")
    store.undo(late.number)


@dataclass
class Served:
    app: FastAPI
    store: Store
    tokens: dict[str, str]

    def client(self, role: str) -> TestClient:
        headers = {"authorization": f"Bearer {self.tokens[role]}"} if role in self.tokens else {}
        return TestClient(
            self.app, base_url="https://desk.example.org", headers=headers, follow_redirects=False,
            raise_server_exceptions=False,
        )  # fmt: skip


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A server with a key for each role, over a store in which nothing is hidden yet."""
    folder = tmp_path_factory.mktemp("matrix")
    store = open_store(folder / "m.db")
    store.write(SEEN, "seen")
    propose(store, Proposal("org0", "net-b", ("org1",), "reach", ("why",)), Happening("proposed", text="a word"))
    mark(store, "org2", barred=True, text="a word")
    keys = Keys(folder / "keys.json")
    tokens = {role: keys.create(role, *given)[1] for role, given in ROLES.items() if given}
    settings = Settings(store=str(folder / "m.db"), rate="", rate_address="", keys=keys.path, views=folder / "views")
    save(SavedView(name=DRAWN), settings.views)
    app = create_app(store, settings, Door(keys, Sessions(folder / "s.db")))
    yield Served(app, store, tokens)
    app.state.last.close()


def test_every_route_has_its_scope_in_the_table(served: Served) -> None:
    here = {told(*route) for route in routes(served.app)}
    assert {"without an entry": here - TABLE.keys(), "of no route": TABLE.keys() - here} == {
        "without an entry": set(), "of no route": set(),
    }  # fmt: skip


@pytest.mark.parametrize("role", ROLES)
def test_every_route_lets_in_who_has_its_scope_and_nobody_else(served: Served, role: str) -> None:
    client, scope = served.client(role), (ROLES[role] or ("",))[0]
    wrong = []
    for method, path in routes(served.app):
        least = TABLE.get(told(method, path), ADMIN)
        is_page = path.startswith(("/it/", "/en/"))
        if least == OPEN or (scope and SCOPES.index(scope) >= SCOPES.index(least)):
            continue
        answer = client.request(method, filled(path, "nowhere"), content=b"{}")
        expected = 403 if scope else 303 if is_page else 401
        if answer.status_code != expected or (expected == 303 and "/ent" not in answer.headers["location"]):
            wrong.append((method, path, answer.status_code, expected))
    assert wrong == []


@pytest.mark.parametrize("role", ["none", "read public", "propose", "admin"])
def test_who_has_the_scope_is_refused_nowhere(served: Served, role: str) -> None:
    client, scope = served.client(role), (ROLES[role] or ("",))[0]
    for method, path in routes(served.app):
        least = TABLE.get(told(method, path), ADMIN)
        if path.endswith("/leave") or (method == "POST" and least == OPEN):
            continue
        if least == OPEN or (scope and SCOPES.index(scope) >= SCOPES.index(least)):
            answer = client.request(method, filled(path, "nowhere"), content=b"{}")
            assert answer.status_code not in (401, 403), (method, path)
            assert "/ent" not in answer.headers.get("location", ""), (method, path)


def filled(path: str, ident: str) -> str:
    """A path for one body."""
    words = {"suffix": "graphml", "number": "99", "name": "desk.css" if "static" in path else "degree"}
    return re.sub(r"\{(\w+)(:path)?\}", lambda m: words.get(m[1], ident), path)


MINE = {"stakeholder": "org0", "source": "org0", "target": "net-b", "of": "org0", "from": "2018", "cut": "2020"}
DRAWN = "drawn"
"""A saved view, drawn by the team once hidden things are there: its file then says where they stand."""
IDS = frozenset({"stakeholder", "source", "target", "of", "network", "introducer", "q", "about", "node", "with"})


def choices(path: str, bodies: list[str]) -> list[str]:
    """What may stand in the braces of a path."""
    if "{question}" in path or "questions/{name}" in path or "domande/{name}" in path:
        return [one["id"] for one in ready("it")]
    if "{picture}" in path:
        return [*CHARTS]
    if "/views/" in path:
        return [*PRESETS, DRAWN]
    if "{name}" in path:
        return [*NETWORK_METRICS] if "/network/" in path else ["degree", "constraint"]
    return bodies if "{" in path else [""]


def asked(app: FastAPI, bodies: list[str]) -> list[tuple[str, dict[str, str]]]:
    """Every GET route as somebody would ask it: with what it wants, and once more for each body that can be named.

    The English pages are the Italian ones in other words, of the same functions.
    """
    operations = app.openapi()["paths"]
    out: list[tuple[str, dict[str, str]]] = []
    for method, path in routes(app):
        if method != "GET" or TABLE.get(told(method, path)) == ADMIN or path.startswith(("/static", "/en/")):
            continue
        described = operations.get(re.sub(":path", "", path), {}).get("get", {}).get("parameters", [])
        names = {p["name"] for p in described if p["in"] == "query"}
        wanted = {p["name"]: MINE[p["name"]] for p in described if p["in"] == "query" and p.get("required")}
        if is_question := "question" in path or "domande" in path:
            names |= {"x", "y"} if "{" in path else set()
        suffixes = ("html", "svg", "graphml", "gexf") if "{suffix}" in path else ("",)
        for at in (path.replace("{suffix}", suffix) for suffix in suffixes):
            for choice in choices(at, bodies):
                one = re.sub(r"\{[^}]*\}", choice, at)
                out.append((one, wanted))
                out += [(one, {"x": body, "y": "net-a"}) for body in bodies if is_question and "x" in names]
        if not is_question:
            one = path.replace("{picture}", "routes").replace("{suffix}", "svg")
            one = one.replace("/views/{name}", "/views/board-report")
            one = re.sub(r"\{[^}]*\}", "org0" if "{name}" not in path else "degree", one)
            out += [(one, {**wanted, name: body}) for name in sorted(names & IDS) for body in bodies]
            out += [(one, {**wanted, name: "true"}) for name in sorted(names & {"everything", "low"})]
            out += [(one, {**wanted, "view": one_view}) for one_view in (*PRESETS, DRAWN) if "view" in names]
        if "to" in names and path.startswith("/v1/recommendations"):
            kinds = ("fund", "investor", "stakeholder", "project", "member")
            out += [(path, {**wanted, "to": kind}) for kind in kinds]
    return out


def said(answer: Any) -> str:
    """All that an answer says, unpacked, in lower case."""
    text = repr(sorted((k, v) for k, v in answer.headers.items() if k not in ("x-request-id", "content-length")))
    body = answer.content
    if body[:2] == b"PK":
        with zipfile.ZipFile(BytesIO(body)) as parts:
            body = b"".join(parts.read(name) for name in sorted(parts.namelist()) if name != "docProps/core.xml")
            text = re.sub(r"'etag', '[^']*'", "", text)  # of the moment of writing
    drawn = r'"request_id": ?"[^"]*"|name="key" value="[^"]*"|value="[^"]*" name="key"'  # anew for each answer
    return re.sub(drawn, "", text + body.decode("utf-8", "replace")).lower()


def test_what_is_hidden_leaves_no_trace(served: Served) -> None:
    """What an audience is answered is the same to the letter before and after hidden things came, and the same for
    a hidden id as for one that never was; and it is there for those who may see it."""
    [first] = read_ledger(served.store).introductions
    every = ["org0", "net-a", "pro-a", "top-a", "org0|PARTNER_OF|org1|", first.id]
    plainly = asked(served.app, every)
    assert len(plainly) > 100
    public, members = served.client("read public"), served.client("read members")
    answers = [public.get(path, params=query) for path, query in plainly]
    reached = {
        re.sub(r"\?.*", "", path) for (path, _), answer in zip(plainly, answers, strict=True) if answer.is_success
    }
    assert len(reached) > 100  # most are answered, so there is something to leak
    assert [given for given, answer in zip(plainly, answers, strict=True) if answer.status_code >= 500] == []
    before = [said(answer) for answer in answers]
    hide(served.store)
    settings = served.app.state.settings
    drawn_view(served.store, DRAWN, settings.views, settings.view(), "it")
    assert {"xqmem-org", "xqteam-org"} <= {place[0] for place in named(DRAWN, settings.views).places.nodes}
    changed = [
        (path, query)
        for (path, query), old in zip(plainly, before, strict=True)
        if said(public.get(path, params=query)) != old
    ]
    assert changed == [], changed

    for client, one in ((public, "xqmem"), (members, "xqteam")):
        for hidden_id in (f"{one}-org", f"{one}-net", f"{one}-pro"):
            other = f"zz{hidden_id[2:]}"
            for path, query in asked(served.app, [hidden_id]):
                if hidden_id not in path and hidden_id not in query.values():
                    continue
                renamed = {name: value.replace(hidden_id, other) for name, value in query.items()}
                there = client.get(path, params=query)
                nowhere = client.get(path.replace(hidden_id, other), params=renamed)
                assert there.status_code == nowhere.status_code, (path, query)
                assert said(there).replace(hidden_id, other) == said(nowhere), (path, query)

    made_up = "0123456789ab"
    for one in read_ledger(served.store).introductions[1:]:
        for path in ("/v1/introductions/{}", "/v1/introductions/{}/letters", "/it/presentazioni/{}"):
            hidden_one, none = public.get(path.format(one.id)), public.get(path.format(made_up))
            assert hidden_one.status_code == none.status_code == 404
            assert said(hidden_one).replace(one.id, made_up) == said(none)

    for role, marks in SEES.items():
        client = served.client(f"read {role}")
        for mark_ in MARKS.values():
            some = (path for path, query in plainly if mark_ in said(client.get(path, params=query)))
            if mark_ in marks:
                assert next(some, None), (role, mark_)  # who may see it is shown it
    assert next((p for p, q in plainly if "xqteam" in said(members.get(p, params=q))), None) is None


def test_nothing_that_is_asked_for_gives_more_than_the_key(served: Served) -> None:
    public = served.client("read public")
    for extra in ({"audience": "team"}, {"sees": "team"}, {"visibility": "team"}, {"scope": "admin"}):
        for path in ("/v1/stakeholders", "/v1/ties", "/v1/imports", "/v1/introductions"):
            assert "xqmem" not in said(public.get(path, params={**extra, "limit": "100"}))
    for header in ("x-audience", "x-scope", "x-forwarded-user", "x-role"):
        assert "xqmem" not in said(public.get("/v1/stakeholders?limit=100", headers={header: "team"}))
    proposer = served.client("propose")
    for body in ({"role": "admin"}, {"visibility": "public"}, {"id": "x"}, {"revision": 1}):
        wanted = {"source": "org0", "target": "net-a", **body}
        assert proposer.post("/v1/introductions", json=wanted).status_code == 422
