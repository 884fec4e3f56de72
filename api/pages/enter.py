"""Entering by browser: a key is exchanged once for a session, which ends by itself or by leaving."""

from __future__ import annotations

import re
from typing import Annotated

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import FixedWindowRateLimiter

from tsi_graph.language import Lang

from ..access import Door
from ..rates import sender
from ..sessions import LONGEST
from .addresses import address
from .desk import PageLang, page, render

router = APIRouter()

TRIES = RateLimitItemPerMinute(10, 10)
"""Keys that do not let in, from one address; after that it waits, in each worker."""
OURS = re.compile(r"/(it|en)/[^\\\x00-\x20\x7f]*")
"""Addresses to which one is sent back: pages of this server."""
_tried = FixedWindowRateLimiter(MemoryStorage())


@page(router, "enter")
def ask(request: Request, lang: PageLang, back: Annotated[str, Query(alias="next", max_length=2000)] = "") -> Response:
    if request.state.caller is not None:
        return RedirectResponse(_there(lang, back), 303)
    return _form(request, back)


@page(router, "enter", method="POST")
def enter(
    request: Request,
    lang: PageLang,
    secret: Annotated[str, Form(max_length=200)] = "",
    back: Annotated[str, Form(alias="next", max_length=2000)] = "",
) -> Response:
    door: Door = request.app.state.door
    if door.keys is None or door.sessions is None:
        return RedirectResponse(_there(lang, back), 303)
    who = sender(request.scope)
    if not _tried.test(TRIES, who):
        wait = _form(request, back, 429, wait=True)
        wait.headers["retry-after"] = "600"
        return wait
    key = door.keys.check(secret.strip())
    if key is None:
        _tried.hit(TRIES, who)
        return _form(request, back, 401, wrong=True)
    door.keys.used(key)
    door.sessions.end(request.cookies.get(door.cookie(request), ""))
    answer = RedirectResponse(_there(lang, back), 303)
    answer.set_cookie(
        door.cookie(request), door.sessions.begin(key.id), max_age=LONGEST, secure=door.secure(request), httponly=True,
        samesite="lax",
    )  # fmt: skip
    return answer


@page(router, "enter", "/leave", "POST")
def leave(request: Request, lang: PageLang) -> Response:
    door: Door = request.app.state.door
    if door.sessions is not None:
        door.sessions.end(request.cookies.get(door.cookie(request), ""))
    answer = RedirectResponse(address(lang, "enter"), 303)
    answer.delete_cookie(door.cookie(request), secure=door.secure(request), httponly=True, samesite="lax")
    return answer


def _form(request: Request, back: str, status: int = 200, *, wrong: bool = False, wait: bool = False) -> HTMLResponse:
    return render(request, "enter.html", status, here="enter", back=back, wrong=wrong, wait=wait)


def _there(lang: Lang, back: str) -> str:
    """Where one wanted to go, if that is a page of ours."""
    return back if OURS.fullmatch(back) else address(lang, "month")
