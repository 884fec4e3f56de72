"""Import: choose a file, see what it would do and mend it, and only then write it; with undo."""

from __future__ import annotations

import re
import secrets
from pathlib import PurePath
from typing import Annotated, Any

from fastapi import APIRouter, File, Form, Query, Request, UploadFile
from fastapi.responses import HTMLResponse, Response

from tsi_graph.deliveries import Pending, commit, drop, held, look, mend, receive, waiting
from tsi_graph.deliveries.faults import choices
from tsi_graph.deliveries.grid import MOST as ROWS
from tsi_graph.deliveries.words import side, warned
from tsi_graph.errors import Conflict, NotFound, Refused, TooLarge, TsiError, Unusable
from tsi_graph.exports.delivery import annotated, template
from tsi_graph.language import Lang, number
from tsi_graph.standing import in_force
from tsi_graph.statements import Import, Table

from ..deps import StoreDep
from ..routers.imports import LARGEST, laid_out, workbook
from .desk import PageLang, page, render, see_other
from .words import spoken

router = APIRouter()
MOST = 100
"""Rows of one table on the page; links lead to the others."""
Done = Annotated[str, Query(max_length=100)]
Id = Annotated[str, Form(max_length=50)]


class NothingChosen(Unusable):
    """The form came without a file."""


@page(router, "import")
def choose(request: Request, lang: PageLang, store: StoreDep, done: Done = "") -> HTMLResponse:
    imports = held(store).imports
    return render(
        request, "import.html", here="import", lead="", fault="", said=_done(done, lang),
        last=None if done.startswith("undone:") else last_import(imports),
        key=_key(), largest=LARGEST // 2**20, most=ROWS,
    )  # fmt: skip


@page(router, "import", "/template.xlsx")
def empty(lang: PageLang) -> Response:
    return workbook(template(lang), "legami.xlsx" if lang == "it" else "ties.xlsx")


@page(router, "import", method="POST")
def upload(
    request: Request,
    lang: PageLang,
    store: StoreDep,
    files: Annotated[list[UploadFile] | None, File()] = None,
    dataset: Annotated[str, Form(max_length=200)] = "",
) -> Response:
    found = _received(store, [one for one in files or [] if one.filename], dataset)
    if isinstance(found, Pending):
        return see_other(lang, "import", found.id, done="")
    name = next((one.filename or "" for one in files or []), "")
    return render(
        request, "import.html", found.status, here="import", said=None, fault=_refusal(found, name, lang), key=_key(),
        last=last_import(held(store).imports), largest=LARGEST // 2**20, most=ROWS, lead=str(found),
    )  # fmt: skip


@page(router, "import", "/undo")
def ask_undo(
    request: Request,
    lang: PageLang,
    store: StoreDep,
    number: Annotated[int, Query(ge=1, le=2**31)],
    pending: Annotated[str, Query(max_length=50)] = "",
) -> HTMLResponse:
    """What would go, before it goes."""
    about = _of_undoing(held(store), number)
    return render(request, "import_undo.html", here="import", about=about, pending=pending)


@page(router, "import", "/redo", method="POST")
def redo(lang: PageLang, store: StoreDep, number: Annotated[int, Form(ge=1, le=2**31)], pending: Id = "") -> Response:
    """Bring back what was undone; sent twice, it is said twice."""
    undoing = [one.number for one in in_force(held(store).imports).values() if one.undoes == number]
    if undoing:
        store.undo(undoing[0])
    return see_other(lang, "import", *filter(None, (pending,)), done=f"redone:{number}")


@page(router, "import", "/undo", method="POST")
def undo(
    lang: PageLang,
    store: StoreDep,
    number: Annotated[int, Form(ge=1, le=2**31)],
    pending: Id = "",
    key: Annotated[str, Form(max_length=100)] = "",
) -> Response:
    """Taking back what is taken back already changes nothing: sent twice, it is said twice."""
    if number in in_force(held(store).imports):
        store.undo(number)
    return see_other(lang, "import", *filter(None, (pending,)), done=f"undone:{number}")


@page(router, "import", "/{pending}")
def check(
    request: Request,
    lang: PageLang,
    store: StoreDep,
    pending: str,
    done: Done = "",
    begin: Annotated[
        str, Query(pattern="^(repairs|warnings|changed|new|withdrawn|resolved):[0-9]{1,7}$")
    ] = "repairs:0",
) -> HTMLResponse:
    """One of its lists, each of which holds so many rows, may begin further down."""
    kept = waiting(store, pending)
    which, _, first = begin.partition(":")
    begins = {which: int(first)}
    found = look(store, kept, lang, begins, MOST)
    several = len({one.file for of in (found.effects, found.repairs, found.resolved) for one in of if one.file}) > 1
    lists = {of: choices(of, lang) for of in ("relation", "sector", "scope", "confidence")}
    return render(
        request, "import_check.html", here="import", kept=kept, found=found, said=_done(done, lang), key=_key(),
        warnings=[
            f"{one.file}. {warned(one, lang)}" if several and one.rows else warned(one, lang) for one in found.warnings
        ], lists=lists, most=MOST, begins=begins,
        side=side,
        tables=several,
    )  # fmt: skip


@page(router, "import", "/{pending}/notes.xlsx")
def notes(lang: PageLang, store: StoreDep, pending: str) -> Response:
    kept = waiting(store, pending)
    name = f"{PurePath(kept.file).stem}-{'note' if lang == 'it' else 'notes'}.xlsx"
    return workbook(annotated(kept.rows(), look(store, kept, lang, most=None), lang), name)


@page(router, "import", "/{pending}/mend", method="POST")
def mend_cell(
    lang: PageLang,
    store: StoreDep,
    pending: str,
    file: Annotated[str, Form(max_length=300)],
    row: Annotated[int, Form(ge=1, le=2_000_000)],
    column: Annotated[int, Form(ge=0, le=1_000)],
    text: Annotated[str, Form(max_length=10_000)] = "",
    other: Annotated[str, Form(max_length=10_000)] = "",
) -> Response:
    mend(store, pending, {(file, row, column): (other.strip() or text).strip()})
    return see_other(lang, "import", pending, done=f"mended:{row}")


@page(router, "import", "/{pending}/commit", method="POST")
def write(
    lang: PageLang,
    store: StoreDep,
    pending: str,
    key: Annotated[str, Form(max_length=100)] = "",
    what: Annotated[str, Form(max_length=10)] = "good",
) -> Response:
    kept = waiting(store, pending)
    if what == "all" or kept.complete:
        found = look(store, kept, lang)
        if found.refused or (kept.complete and found.faulty):
            return see_other(lang, "import", pending, done=f"waiting:{found.refused or len(found.unread)}")
    done = commit(store, pending, key)
    if not done.number:
        return see_other(lang, "import", pending, done="nothing:0")
    return see_other(lang, "import", done=f"imported:{done.number}:{done.rows}:{pending}")


@page(router, "import", "/{pending}/drop", method="POST")
def forget(lang: PageLang, store: StoreDep, pending: str) -> Response:
    drop(store, pending)
    return see_other(lang, "import", done="dropped:0")


def _of_undoing(table: Table, number: int) -> dict[str, Any] | None:
    """What taking an import back takes away; None of one that does not count."""
    counting = in_force(table.imports)
    one = counting.get(number)
    if one is None or one.undoes:
        return None
    rows = table.rows[[number in changes for changes in table.rows["changes"]]]
    others = counting.keys() - {number}
    only = rows[[not others.intersection(changes) for changes in rows["changes"]]]
    # a row is a body with all its fields, or a tie with all of its
    count = [len({(n, t and f, t, k) for n, f, t, k in some[["node", "field", "target", "key"]].to_numpy().tolist()})
             for some in (rows, only)]  # fmt: skip
    left = sum(not other.undoes for other in counting.values()) - 1
    return {**vars(one), "rows": count[0], "gone": count[1], "left": left}


def last_import(imports: tuple[Import, ...]) -> Import | None:
    """The last delivery of files, if it still counts and nothing came after it: that one can be taken back here."""
    counting = [one for one in in_force(imports).values() if not one.undoes]
    last = max(counting, key=lambda one: one.number, default=None)
    return last if last and not last.by_hand else None


def _received(store: Any, files: list[UploadFile], dataset: str) -> Pending | TsiError:
    # A file that cannot be read is an answer of this page, beside the form that asks for another one.
    try:
        if not files:
            raise NothingChosen("No file was chosen.")
        with laid_out(files) as path:
            name = ", ".join(PurePath((one.filename or "").replace("\\", "/")).name for one in files)[:100]
            return receive(store, path, dataset, file=name)
    except (Conflict, NotFound, Refused, Unusable) as fault:
        return fault


def _refusal(fault: TsiError, name: str, lang: Lang) -> str:
    """Why a file is not taken, in words."""
    gettext = spoken(lang).gettext
    kind = PurePath(name).suffix.lower()
    if isinstance(fault, NothingChosen):
        return gettext("Choose a file first.")
    if isinstance(fault, Conflict):
        return gettext("Too many files wait here to be imported. Import or drop one of them first.")
    if isinstance(fault, TooLarge):
        return gettext(
            "This file is too large: at most %(size)d MB and %(rows)s rows are taken here. "
            "A larger one is imported at the server, without these limits: tsi import FILE."
        ) % {"size": LARGEST // 2**20, "rows": number(ROWS, lang)}
    if kind == ".xlsx":
        return gettext("This workbook cannot be opened: it is damaged, or no workbook. Save it again as .xlsx.")
    return gettext("Cannot read this file. .xlsx or .csv needed; yours is %(kind)s.") % {
        "kind": kind or gettext("without a type")
    }


def _done(word: str, lang: Lang) -> dict[str, Any] | None:
    """What was done: a word, numbers, and perhaps the delivery; whatever else is written there says nothing."""
    words = "imported|undone|redone|mended|waiting|nothing|dropped"
    found = re.fullmatch(rf"({words}):(\d{{1,9}})(?::(\d{{1,9}}):([\w-]{{22}}))?", word)
    if not found:
        return None
    return {"what": found[1], "number": int(found[2]), "rows": int(found[3] or 0), "pending": found[4] or ""}


def _key() -> str:
    return secrets.token_urlsafe(12)
