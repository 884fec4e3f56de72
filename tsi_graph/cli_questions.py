"""The commands of questions and of sources: ready questions, where the data come from, and vouching for a fact."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from tsi_graph.cli_options import Json, LangOption, StoreOption
from tsi_graph.cli_settings import read_settings
from tsi_graph.console import answer
from tsi_graph.errors import Unusable

if TYPE_CHECKING:
    from tsi_graph.questions import Answer

WIDEST = 60


def ask(
    question: Annotated[str | None, typer.Argument(help="Which one. Default: list them.", metavar="[ID]")] = None,
    blanks: Annotated[
        list[str] | None,
        typer.Argument(help="What stands in its blanks: ids, names or words.", metavar="[x=VALUE] [y=VALUE]"),
    ] = None,
    lang: LangOption = None,
    store: StoreOption = None,
    json: Json = False,
) -> None:
    """A ready question: the answer in one sentence, its table, and how it was found."""
    from dataclasses import replace
    from datetime import date

    from tsi_graph.graph import load_graph
    from tsi_graph.questions import ask as asked
    from tsi_graph.questions import ready
    from tsi_graph.recommend import considered

    settings = read_settings()
    language = str(lang or settings.lang)
    if question is None:
        known = ready(language)
        answer(known, json, lambda: "\n".join(f"{q['id']}: {q['sentence']}" for q in known))
        return
    given = dict(_pair(text) for text in blanks or [])
    with settings.open(store) as opened:
        view = replace(settings.view(membership=True), today=date.today().isoformat())
        found = asked(load_graph(opened, view), question, given, language, ledger=considered(opened))
    answer(found, json, lambda: _told(found, language))


def sources(
    by: Annotated[str, typer.Option(help="site: all pages of a web site together; origin: each.")] = "site",
    limit: Annotated[int, typer.Option(min=1, help="How many, at most.")] = 20,
    unverified: Annotated[
        bool, typer.Option("--unverified", help="Instead, what is said and nobody verified, to be confirmed.")
    ] = False,
    lang: LangOption = None,
    store: StoreOption = None,
    json: Json = False,
) -> None:
    """Where the data come from: what each source says, how sure that is, and how many days old."""
    from tsi_graph.history import age
    from tsi_graph.history import sources as found_sources
    from tsi_graph.history import unverified as not_verified
    from tsi_graph.history.sources import OLD

    settings = read_settings()
    with settings.open(store) as opened:
        found = (not_verified(opened) if unverified else found_sources(opened, by)).head(limit)
        days = age(opened)
    old = days is not None and days > OLD
    italian = str(lang or settings.lang) == "it"
    note = (f"\nI dati hanno {days} giorni." if italian else f"\nThe data are {days} days old.") if old else ""
    answer(found, json, lambda: (found.to_string(index=False, max_colwidth=WIDEST) if len(found) else "-") + note)


def confirm(
    statement: Annotated[str, typer.Argument(help="The id of a statement; `tsi sources --unverified` lists them.")],
    origin: Annotated[str, typer.Option(help="The page or document that says so. Default: its own source.")] = "",
    note: Annotated[str, typer.Option(help="Why, for whoever reads the history.")] = "",
    store: StoreOption = None,
    json: Json = False,
) -> None:
    """Vouch for what a statement says: it is said again by hand, with high confidence and a source."""
    from tsi_graph.history import confirm as confirmed

    with read_settings().open(store) as opened:
        number = confirmed(opened, statement, origin, note)
    answer({"number": number}, json, lambda: f"import {number}; `tsi undo {number}` takes it back")


def _pair(text: str) -> tuple[str, str]:
    key, separator, value = text.partition("=")
    if not separator or not key:
        raise Unusable(f"A blank is filled as x=VALUE; not {text!r}.")
    return key, value


def _told(found: Answer, lang: str) -> str:
    """The sentence, the table, and how it was found."""
    import pandas as pd

    from tsi_graph.exports.bodies import NETWORKS, SECTORS
    from tsi_graph.language import filled
    from tsi_graph.model import EDGE_KINDS

    words = {
        "sector": SECTORS, "scope": NETWORKS, "relation": {kind: edge.reads for kind, edge in EDGE_KINDS.items()},
    }  # fmt: skip

    def shown(value: Any, sort: str) -> Any:
        known = words.get(sort, {})
        return filled(lang, known[value]) if value in known else value

    rows = [{one["heading"]: shown(row[one["name"]], one["sort"]) for one in found.columns} for row in found.rows]
    table = pd.DataFrame(rows).to_string(index=False, na_rep="-", max_colwidth=WIDEST) if rows else found.add
    given = " ".join(f"{key}={value}" for key, value in found.parameters.items())
    same = filled(lang, ("Le stesse righe in Cypher", "The same rows in Cypher"))
    how = found.how or f"{same}: tsi query {found.cypher_name} {given}"
    return "\n".join([found.said, "", table, "", how])
