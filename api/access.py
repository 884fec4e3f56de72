"""Who is let in, and to what: one table by method and address, asked before anything of a request is read."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode, urlsplit

from starlette._utils import get_route_path
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from tsi_graph.errors import TsiError
from tsi_graph.keys import SCOPES, Key, Keys, asks, is_loopback
from tsi_graph.language import LANGS
from tsi_graph.settings import Settings
from tsi_graph.visibility import TEAM

from .pages.addresses import PAGES
from .problems import answer, problem
from .sessions import Sessions

READING = ("GET", "HEAD", "OPTIONS")
HERE = frozenset({"localhost", "127.0.0.1", "::1"})
"""The names under which a server without keys is asked: another one may be a foreign page that took this address."""
FORWARDED = ("forwarded", "x-forwarded-for", "x-forwarded-host", "x-real-ip", "via")
"""What a proxy says of whom it asks for."""
OPEN, READ, PROPOSE, ADMIN = "", *SCOPES


def _page(name: str, rest: str = "") -> str:
    return f"/({'|'.join(f'{lang}/{PAGES[name][lang]}' for lang in LANGS)}){rest}"


RULES: tuple[tuple[bool, str, str], ...] = (
    (True, r"/|/livez|/readyz|/static/[^/]+", OPEN),
    (True, _page("enter"), OPEN),
    (False, _page("enter", "(/leave)?"), OPEN),
    (True, _page("method"), OPEN),
    (True, _page("accessibility"), OPEN),
    (True, r"/v1/imports/template\.xlsx", READ),
    (True, _page("import", r"/template\.xlsx"), READ),
    (True, r"/v1/imports/.+", ADMIN),  # a delivery that is looked at before it counts may hold anything
    (True, _page("import", "(/.*)?"), ADMIN),
    (True, r"/openapi\.json|/docs|/v1/.*", READ),
    (True, r"/(it|en)/.*", READ),
    (False, r"/v1/introductions(/[^/]+/events)?", PROPOSE),
    (False, r"/v1/introducers/[^/]+/marks", PROPOSE),
    (False, r"/v1/gaps/.+", PROPOSE),
    (False, _page("month", "(/.*)?"), PROPOSE),
    (False, _page("introductions", "(/.*)?"), PROPOSE),
    (False, _page("gaps", "(/.*)?"), PROPOSE),
    (False, _page("organisations", "/[^/]+/(introducer|propose)"), PROPOSE),
)
"""Whether it only reads, the address, and the scope that it takes; the first that fits counts.

What fits none is for admins: a new address is closed to others until it is named here.
"""
_RULES = tuple((reads, re.compile(address), scope) for reads, address, scope in RULES)


def needed(method: str, path: str) -> str:
    """The scope that a request takes; blank where nobody is asked who he is.

    >>> needed("GET", "/v1/gaps"), needed("POST", "/v1/introductions"), needed("DELETE", "/v1/gaps")
    ('read', 'propose', 'admin')
    """
    reads = method in READING
    return next((scope for r, address, scope in _RULES if r == reads and address.fullmatch(path)), ADMIN)


@dataclass(frozen=True)
class Caller:
    """Who asks: what he may do and see, and the key that says so, by its id and name; blank without one.

    session: whether he has entered by browser, where a foreign page could ask in his name.
    """

    scope: str
    sees: str
    key: str = ""
    name: str = ""
    session: bool = False

    def may(self, scope: str) -> bool:
        return scope == OPEN or SCOPES.index(self.scope) >= SCOPES.index(scope)


OWNER = Caller(ADMIN, TEAM)
"""Whoever sits at the machine, where no key is asked for."""


@dataclass(frozen=True)
class Door:
    """How callers are told apart, decided once, when the server starts.

    keys: None where nobody is asked. hosts: the names under which such a server answers; None for any.
    loopback: whether it listens on this machine alone.
    """

    keys: Keys | None = None
    sessions: Sessions | None = None
    hosts: frozenset[str] | None = None
    loopback: bool = False

    def caller(self, request: Request) -> Caller | None:
        """Who asks; None for nobody that we know. A key that does not let in is not made up for by a session."""
        if self.keys is None:
            return OWNER
        given = request.headers.get("authorization")
        if given is not None:
            scheme, _, token = given.partition(" ")
            key = self.keys.check(token.strip()) if scheme.lower() == "bearer" else None
            return _of(self.keys, key, session=False)
        token = request.cookies.get(self.cookie(request), "")
        ident = self.sessions.key(token) if token and self.sessions else None
        return _of(self.keys, self.keys.by_id(ident) if ident else None, session=True)

    def cookie(self, request: Request) -> str:
        """The name of the cookie; where it goes encrypted, one that no other server of the domain can set."""
        return "__Host-tsi" if self.secure(request) else "tsi"

    def secure(self, request: Request) -> bool:
        return not self.loopback or request.url.scheme == "https"


def _of(keys: Keys, key: Key | None, *, session: bool) -> Caller | None:
    if key is None:
        return None
    keys.used(key)
    return Caller(key.scope, key.sees, key.id, key.name, session)


def door(settings: Settings) -> Door:
    """The door of a server with these settings. Raises Unusable where it must not start: `asks`."""
    keys, loopback = Keys(settings.keys), is_loopback(settings.host)
    if not asks(keys, settings.host):
        return Door(hosts=HERE, loopback=True)
    return Door(keys, Sessions(settings.sessions or _beside(settings.keys)), loopback=loopback)


def _beside(keys: Path) -> Path:
    return keys.with_name(f"{keys.stem}.sessions.db")


class Access:
    """Lets in whom the table lets in; what he may see and do stands in the state of the request."""

    def __init__(self, app: ASGIApp, door: Door) -> None:
        self._app, self._door = app, door

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        refusal = self._refusal(Request(scope)) if scope["type"] == "http" else None
        await (refusal or self._app)(scope, receive, send)

    def _refusal(self, request: Request) -> Response | None:
        if self._door.hosts is not None and (fault := _strange(request, self._door.hosts)):
            return problem(request, 421, fault, "forbidden")
        try:
            caller = self._door.caller(request)
        except TsiError as fault:  # the keys cannot be read: nobody is let in
            return answer(request, 503, str(fault), "store-unreachable")
        scope = needed(request.method, get_route_path(request.scope))
        request.state.caller = caller
        request.state.audience = caller.sees if caller else "public"
        request.state.may_write = bool(caller and caller.may(PROPOSE))
        request.state.may_admin = bool(caller and caller.may(ADMIN))
        request.state.signed_in = caller.name if caller and caller.session else ""
        if scope == OPEN:
            return None
        if caller is None:
            return _to_enter(request) or answer(request, 401, REFUSED, "unauthorized", headers=ASKED)
        if not caller.may(scope):
            return answer(request, 403, f"This takes a key for {scope}; yours is for {caller.scope}.", "forbidden")
        if caller.session and request.method not in READING and not _of_this_site(request):
            return answer(request, 403, "A browser that has entered writes from these pages only.", "cross-site")
        return None


REFUSED = "Send a key that is valid: Authorization: Bearer tsi_...; whoever runs this makes one with `tsi key create`."
ASKED = {"www-authenticate": 'Bearer realm="TSI Graph"'}


def _strange(request: Request, hosts: frozenset[str]) -> str:
    """Why a request may come from elsewhere, though this server listens on this machine alone; blank if it may not."""
    proxied = next((name for name in FORWARDED if name in request.headers), "")
    if proxied:
        return f"This comes through a proxy ({proxied}), and this server asks for no keys: make one, `tsi key create`."
    bound = request.scope.get("server")
    if bound and bound[1] is not None and not is_loopback(bound[0]):
        return (
            "This server was started as one for this machine alone and listens elsewhere: make a key, `tsi key create`."
        )
    try:
        name = urlsplit(f"//{request.headers.get('host', '')}").hostname
    except ValueError:
        name = None
    return (
        ""
        if name in hosts
        else "This server answers to localhost alone; for another name make a key, `tsi key create`."
    )


def _of_this_site(request: Request) -> bool:
    """Whether a browser says that one of our own pages asks: its silence is not enough."""
    origin = request.headers.get("origin")
    if origin is not None:
        return urlsplit(origin).netloc == request.headers.get("host")
    return request.headers.get("sec-fetch-site") == "same-origin"


def _to_enter(request: Request) -> Response | None:
    """The way to the page where one enters, and from there back; None for what is no page."""
    path = get_route_path(request.scope)
    lang = next((lang for lang in LANGS if path.startswith(f"/{lang}/")), None)
    if lang is None or "authorization" in request.headers:
        return None
    there = f"/{lang}/{PAGES['enter'][lang]}"
    if request.method in READING:
        there += "?" + urlencode({"next": path + (f"?{request.url.query}" if request.url.query else "")})
    return RedirectResponse(there, 303)
