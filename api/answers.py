"""Finished answers, kept by each worker for as long as they are right, and the ETag by which a client keeps them too.

A kept answer is found by all that it hangs on: the address with its query, the language, the audience, the day, and
the revision of the store, which the other workers and the command line change as well. The ETag is a hash of what is
answered and of nothing else: what an audience does not see cannot change it.
"""

from __future__ import annotations

import time
from collections import OrderedDict
from dataclasses import dataclass
from datetime import date
from hashlib import blake2b
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from tsi_graph.errors import TsiError

from . import telemetry
from .deps import accepted
from .description import methods_at
from .logs import template
from .problems import answer

if TYPE_CHECKING:
    from .last import Last

ROOM, LARGEST = 64 * 2**20, 2 * 2**20
"""Bytes of all kept answers of a worker, and of one."""
ENTRY, MOST = 2_048, 8_192
"""Bytes that an answer takes beside its body, headers and address; and how many are kept."""
ASKED = 1.0
"""Seconds between two questions to a server whether its data changed; a folder tells it at once, without a question."""
NOT_KEPT = ("/v1/imports/", "/v1/views")
"""Deliveries that wait and saved views are no part of the revision."""

OWN = ("/v1/metrics/", "/v1/network/")
"""What it takes hangs on the metric; it refuses by itself what it does not know."""

Headers = list[tuple[bytes, bytes]]
Key = tuple[object, ...]


@dataclass(frozen=True)
class Answer:
    """What was answered, and by which route."""

    headers: Headers
    body: bytes
    tag: bytes
    kind: str
    route: str
    known: bool
    """Whether the route declares every parameter that was sent."""


class Answers:
    """Answers from what is kept, and keeps what is answered; in front of the routes, behind whoever lets callers in."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._kept: OrderedDict[Key, Answer] = OrderedDict()
        self._size = 0
        self._revision: tuple[float, str | None] = 0.0, None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not scope["path"].startswith("/v1/"):
            return await self._app(scope, receive, send)
        heads = dict(scope["headers"])
        accept = heads.get(b"accept", b"*/*").decode("latin-1")
        if scope["method"] != "GET":
            self._revision = 0.0, None
            if not takes(accept, "application/json"):
                return await _refused(scope, receive, send, "application/json")
            return await self._app(scope, receive, send)
        key = await self._key(scope, heads)
        found = self._kept.get(key) if key else None
        if key:
            telemetry.cache(found=found is not None)
        if found is None:
            found = await self._asked(scope, receive, send)
            if found is None:
                return None
            if key and found.known and key == await self._key(scope, heads):
                self._keep(key, found)
        else:
            self._kept.move_to_end(key)  # type: ignore[arg-type]
            scope["state"]["route"] = found.route
        if not takes(accept, found.kind):
            return await _refused(scope, receive, send, found.kind)
        if fresh(heads.get(b"if-none-match"), found.tag):
            head = [pair for pair in found.headers if pair[0] not in (b"content-length", b"content-type")]
            await send({"type": "http.response.start", "status": 304, "headers": head})
            return await send({"type": "http.response.body", "body": b""})
        await send({"type": "http.response.start", "status": 200, "headers": list(found.headers)})
        return await send({"type": "http.response.body", "body": found.body})

    async def _key(self, scope: Scope, heads: dict[bytes, bytes]) -> Key | None:
        """All that an answer hangs on; None where it cannot be told, or is not kept."""
        last: Last = scope["app"].state.last
        if not keeps(scope):
            return None
        outages, revision = last.outages, await self._now(scope)
        if revision is None or last.reason:
            return None
        lang = accepted(heads.get(b"accept-language", b"").decode("latin-1"))
        state = scope["state"]
        return outages, revision, date.today(), state["audience"], lang, scope["path"], scope["query_string"]

    async def _now(self, scope: Scope) -> str | None:
        store, last = scope["app"].state.kept_in, scope["app"].state.last
        try:
            if store.local:
                found: str | None = store.revision()
                return found
            at, known = self._revision
            if known is None or time.monotonic() - at > ASKED:
                at, known = time.monotonic(), await run_in_threadpool(last.revision)
                self._revision = at, known
            return known
        except TsiError:
            return None  # the route says what is wrong

    async def _asked(self, scope: Scope, receive: Receive, send: Send) -> Answer | None:
        """What the routes answer, to be kept; None for a refusal, which was passed on."""
        start: Message = {}
        parts: list[bytes] = []

        async def gathering(message: Message) -> None:
            nonlocal start
            if message["type"] == "http.response.start" and message["status"] == 200:
                start = message
            elif not start:
                await send(message)
            else:
                parts.append(message.get("body", b""))

        await self._app(scope, receive, gathering)
        if not start:
            return None
        given: dict[bytes, bytes] = {name.lower(): value for name, value in start["headers"]}
        body, kind = b"".join(parts), given.get(b"content-type", b"").decode("latin-1").split(";")[0]
        digest = blake2b(b"\0".join((given.get(b"content-type", b""), given.get(b"link", b""), body)), digest_size=12)
        tag = f'"{digest.hexdigest()}"'.encode()
        given |= {b"etag": tag, b"content-length": str(len(body)).encode(), b"vary": b"accept-language, authorization"}
        given.setdefault(b"cache-control", b"private, no-cache")
        return Answer(list(given.items()), body, tag, kind, template(scope), declared(scope))

    def _keep(self, key: Key, found: Answer) -> None:
        if len(found.body) > LARGEST:
            return
        if before := self._kept.pop(key, None):
            self._size -= _weight(key, before)
        self._kept[key] = found
        self._size += _weight(key, found)
        while self._size > ROOM or len(self._kept) > MOST:
            self._size -= _weight(*self._kept.popitem(last=False))


def keeps(scope: Scope) -> bool:
    """Whether what is asked for is kept once it is computed, if it is not too large."""
    path: str = scope["path"]
    if any(name == "view" for name, _ in parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True)):
        return False
    return path.startswith("/v1/") and not path.startswith(NOT_KEPT) and not scope["app"].state.last.reason


def _weight(key: Key, found: Answer) -> int:
    """Bytes of memory that it takes to keep an answer."""
    texts = sum(len(part) for part in key if isinstance(part, str | bytes))
    return ENTRY + texts + len(found.body) + sum(len(name) + len(value) for name, value in found.headers)


def declared(scope: Scope) -> bool:
    """Whether the route that answered declares every parameter of the query; with others no two addresses are alike."""
    if scope["path"].startswith(OWN):
        return True
    route = scope.get("fastapi", {}).get("effective_route_context") or scope.get("route")
    dependant = getattr(route, "dependant", None)
    if dependant is None:
        return not scope["query_string"]
    known = _names(dependant)
    return all(name in known for name, _ in parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True))


def _names(dependant: Any) -> set[str]:
    """The names of the parameters of a query that a route and what it depends on take."""
    own = {one.alias for one in dependant.query_params}
    return own.union(*(_names(one) for one in dependant.dependencies))


class Methods:
    """Refuses what an address does not take, before anything else of a request is looked at."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["method"] != "GET" and scope["path"].startswith("/v1/"):
            methods = methods_at(scope["app"].openapi(), scope["path"])
            if methods and scope["method"] not in methods.split(", "):
                detail = f"{scope['path'][:200]} takes {methods}, not {scope['method'][:20]}."
                refusal = answer(Request(scope), 405, detail, headers={"allow": methods})
                return await refusal(scope, receive, send)
        return await self._app(scope, receive, send)


def takes(accept: str, kind: str) -> bool:
    """Whether a client that accepts this takes an answer of that sort.

    >>> takes("text/html, application/*;q=0.5", "application/json"), takes("text/html", "application/json")
    (True, False)
    >>> takes("application/json;q=0, */*", "application/json")
    False
    """
    if not accept.strip() or accept == "*/*":
        return True
    major = kind.partition("/")[0]
    said: dict[str, bool] = {}
    for part in accept.split(","):
        sort, *parameters = (piece.strip().lower() for piece in part.split(";"))
        said[sort] = not any(p.startswith("q=0") and not p.strip("q=0.") for p in parameters)
    return next((said[sort] for sort in (kind, f"{major}/*", "*/*") if sort in said), False)


def fresh(asked: bytes | None, tag: bytes) -> bool:
    """Whether what a client has, by its If-None-Match, is what it would get."""
    return asked is not None and (
        asked.strip() == b"*" or tag in (one.strip().removeprefix(b"W/") for one in asked.split(b","))
    )


async def _refused(scope: Scope, receive: Receive, send: Send, kind: str) -> None:
    refusal = answer(Request(scope), 406, f"This is answered as {kind}, which the Accept header does not take.")
    await refusal(scope, receive, send)
