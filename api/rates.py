"""How many requests one key, or one address without a key, may make; counted in the memory of each worker.

With several workers each counts what it sees itself, so a client may get as many times the limit as there are
workers: enough against a loop that ran away, and nothing shared has to answer before each request.
"""

from __future__ import annotations

import math
import time
from hashlib import blake2b
from ipaddress import ip_address

from limits import RateLimitItem, parse_many
from limits.storage import MemoryStorage
from limits.strategies import FixedWindowRateLimiter
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from tsi_graph.errors import Unusable

from .problems import answer

FREE = ("/livez", "/readyz", "/static/")
"""Not counted: what watches the service, and the pieces of a page."""


def rates(text: str) -> list[RateLimitItem]:
    """The limits that a setting names, as `1200/minute; 50000/day`; none for a blank one."""
    if not text.strip():
        return []
    try:
        return list(parse_many(text))
    except ValueError as fault:
        raise Unusable(f"TSI_RATE and TSI_RATE_ADDRESS read as `1200/minute; 50000/day`, not {text[:60]!r}.") from fault


class Rates:
    """Counts each request against the limits of its key and of its address, and says how much is left.

    What a client may do with a key is for others to say; here a key is whatever is presented as one. So that nobody
    evades his limit by making keys up, the address has a limit of its own, larger since many may sit behind it.
    This machine itself, without a key, is not counted.
    """

    def __init__(self, app: ASGIApp, key: str, address: str) -> None:
        self._app = app
        self._of_key, self._of_address = rates(key), rates(address)
        self._counted = FixedWindowRateLimiter(MemoryStorage())

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"].startswith(FREE):
            await self._app(scope, receive, send)
            return
        key, address = presented(scope), sender(scope)
        told: list[tuple[bytes, bytes]] = []
        wait = 0
        for items, who in ((self._of_key, key), (self._of_address, address)):
            for item in items if who and not (address == HERE and not key) else ():
                free = self._counted.hit(item, who)
                if free and told:
                    continue  # what is told is the first, which is the shortest of the key, or else of the address
                window = self._counted.get_window_stats(item, who)
                left = max(1, math.ceil(window.reset_time - time.time()))
                told = _told(item, window.remaining, left)
                wait = 0 if free else left
                if wait:
                    break
            if wait:
                break

        async def telling(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message.get("headers", ()), *told]
            await send(message)

        if wait:
            refusal = answer(
                Request(scope), 429, f"Too many requests: ask again in {wait} s.", headers={"retry-after": str(wait)}
            )
            await refusal(scope, receive, telling)
            return
        await self._app(scope, receive, telling if told else send)


HERE = "here"


def sender(scope: Scope) -> str:
    """Who asks, as far as an address says it: of IPv6 the network, which one client has as a whole."""
    host = (scope.get("client") or ("",))[0]
    try:
        address = ip_address(host)
    except ValueError:
        return HERE  # a socket of this machine, or a test
    if address.is_loopback:
        return HERE
    return host if address.version == 4 else ":".join(address.exploded.split(":")[:4])


def presented(scope: Scope) -> str:
    """A name for what is presented as a key, from which it cannot be found; blank without one."""
    for name, value in scope["headers"]:
        if name == b"authorization" or (name == b"cookie" and b"tsi" in value):
            return blake2b(value, digest_size=12).hexdigest()
    return ""


def _told(item: RateLimitItem, remaining: int, left: int) -> list[tuple[bytes, bytes]]:
    return [
        (b"ratelimit-limit", str(item.amount).encode()),
        (b"ratelimit-remaining", str(max(0, remaining)).encode()),
        (b"ratelimit-reset", str(left).encode()),
        (b"ratelimit-policy", f"{item.amount};w={item.get_expiry()}".encode()),
    ]
