"""What changed: who came and left, which ties were gained and lost between two days."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from tsi_graph.errors import Unusable
from tsi_graph.exports.words import relation
from tsi_graph.graph import View
from tsi_graph.history import Comparison, compare, view_of
from tsi_graph.language import filled, listed, long_date, number, short, spell
from tsi_graph.recommend.columns import full_names
from tsi_graph.reports.content import Block, Bullets, Paragraph, Section, Table
from tsi_graph.reports.material import Material

NAMED, LONG = 12, 70
"""How many lines a list has, and how long a name in it may be."""
WORDS = {
    "title": ("Che cosa è cambiato", "What changed"),
    "between": (
        "Confronto fra ciò che poteva essere vero {before} e {after}, con quanto si sa oggi. I legami senza date "
        "valgono in tutti e due i momenti e non si vedono qui.",
        "What may have been true {before} and {after}, by what is known today. Ties without dates hold at both "
        "moments and do not show here.",
    ),
    "known": (
        "Confronto fra ciò che la mappa sapeva in un momento precedente ({before}) e ciò che sa adesso.",
        "What the map knew at an earlier moment ({before}) beside what it knows now.",
    ),
    "at": ("il {day}", "at {day}"),
    "at_year": ("nel {day}", "in {day}"),
    "table": ("Differenze", "Differences"),
    "what": ("Che cosa", "What"),
    "count": ("Quanti", "How many"),
    "came": ("Arrivati: organizzazioni, progetti, reti, fondi", "Came: organisations, projects, networks, funds"),
    "left": ("Usciti o conclusi", "Left or ended"),
    "gained": ("Legami nuovi", "Ties gained"),
    "lost": ("Legami conclusi", "Ties ended"),
    "changed": ("Dati detti diversamente", "Told otherwise"),
    "single": ("{names} {reads} {target}{when}", "{names} {reads} {target}{when}"),
    "several": ("{n} volte «{reads}» {target}{when}: {names}", "{n} times “{reads}” {target}{when}: {names}"),
    "more": ("… e altri {n}", "… and {n} others"),
    "nothing": ("Nessuna differenza.", "No difference."),
}  # fmt: skip


@dataclass(frozen=True)
class Change:
    """The two views as a person writes them, and how they differ."""

    before: str
    after: str
    dated: bool
    found: Comparison


def change(of: Material) -> Change:
    """The comparison that the report shows. Raises Unusable for an earlier view that is none.

    Of two dates each view is looked at on its day; of moments of knowing the view stays as it is.
    """
    asked = of.compare or _year_before(of.day)
    view = of.graph.view
    before = view_of(asked, _undated(view), of.table.imports)
    dated = before.as_of is not None
    if before.as_of and before.as_of[: len(of.day)] > of.day[: len(before.as_of)]:
        raise Unusable(f"A report compares with an earlier day: {before.as_of} is after {of.day}, from which it looks.")
    after = View(**{**vars(_undated(view)), "as_of": of.day}) if dated else view
    return Change(before.as_of or asked, of.day, dated, compare(of.table, before, after))


def _undated(view: View) -> View:
    return View(**{**vars(view), "as_of": None})


def _year_before(day: str) -> str:
    year, rest = int(day[:4]), day[4:]
    return f"{year - 1}{'-02-28' if rest == '-02-29' else rest}"


def section(of: Material) -> Section:
    lang, seen = of.lang, change(of)
    if seen.dated:
        ends = {"before": _at(seen.before, lang), "after": _at(seen.after, lang)}
        told = filled(lang, WORDS["between"], **ends)
    else:
        told = filled(lang, WORDS["known"], before=seen.before)
    parts = {name: getattr(seen.found, name) for name in ("came", "left", "gained", "lost", "changed")}
    blocks: list[Block] = [Paragraph(told)]
    if not any(map(len, parts.values())):
        return Section(filled(lang, WORDS["title"]), (*blocks, Paragraph(filled(lang, WORDS["nothing"]))))
    rows = tuple((filled(lang, WORDS[name]), number(len(part), lang)) for name, part in parts.items())
    heads = (filled(lang, WORDS["what"]), filled(lang, WORDS["count"]))
    blocks.append(Table(filled(lang, WORDS["table"]), heads, rows, (8, 2), numbers=(1,)))
    names = _names(of)
    for name in ("came", "left"):
        if len(parts[name]):
            told_nodes = [names.get(str(one), str(one)) for one in parts[name]["id"]]
            blocks.append(_listed(told_nodes[:NAMED], len(told_nodes) - NAMED, name, lang))
    for name in ("gained", "lost"):
        if len(parts[name]):
            first = ties(parts[name], names, lang)[:NAMED]
            rest = len(parts[name]) - sum(n for _, n in first)
            blocks.append(_listed([text for text, _ in first], rest, name, lang))
    return Section(filled(lang, WORDS["title"]), tuple(blocks))


def _names(of: Material) -> dict[str, str]:
    """The short name of every node that ever was there, verified or not."""
    every = zip(of.ever.ids, full_names(of.ever, of.lang), strict=True)
    return {str(i): short(str(name), LONG) for i, name in every}


def _at(day: str, lang: str) -> str:
    return filled(lang, WORDS["at_year" if len(day) < 10 else "at"], day=long_date(day, lang))


def _listed(items: list[str], rest: int, name: str, lang: str) -> Bullets:
    more = [filled(lang, WORDS["more"], n=number(rest, lang))] if rest > 0 else []
    return Bullets((*items, *more), filled(lang, WORDS[name]))


def ties(some: pd.DataFrame, names: dict[str, str], lang: str) -> list[tuple[str, int]]:
    """The newest first, in words, with how many a line tells of: those to the same end at the same time are one."""
    days = some[["valid_from", "valid_to"]].fillna("")
    order = some.assign(**days, last=days.max(axis=1))
    order = order.sort_values(["last", "fact"], ascending=[False, True], kind="stable")
    told = []
    for (kind, target, start, end), these in order.groupby(["kind", "target", "valid_from", "valid_to"], sort=False):
        words = {
            "reads": relation(str(kind), lang), "target": names.get(str(target), str(target)),
            "when": _when(start, end, lang), "n": number(len(these), lang),
            "names": listed(lang, [names.get(one, one) for one in these["source"].astype(str)]),
        }  # fmt: skip
        told.append((filled(lang, WORDS["several" if len(these) > 1 else "single"], **words), len(these)))
    return told


def _when(start: object, end: object, lang: str) -> str:
    first, last = (day if isinstance(day, str) else "" for day in (start, end))
    told = spell(first, last, lang)
    return f" ({told})" if told else ""
