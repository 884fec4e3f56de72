"""History, comparison, conflicts, coverage and corrections for a reader, in Italian or English."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from tsi_graph.history.compare import Comparison
from tsi_graph.history.coverage import LEVELS
from tsi_graph.history.spells import Spell
from tsi_graph.language import LANGS, Words, filled, number
from tsi_graph.model import EDGE_KINDS, SameAs
from tsi_graph.standing import cells, records
from tsi_graph.statements import ROW

WORDS: dict[str, Words] = {
    "value": ("un valore", "a value"),
    "none": ("nessuno", "none"),
    "no_answer": ("nessuna risposta", "no answer"),
    "not_asked": ("non chiesto", "not asked"),
    "unknown": ("nessuno ha guardato", "nobody looked"),
    "not outlived": ("gli altri sono superati", "the others are outlived"),
    "by hand": ("scelto a mano", "chosen by hand"),
    "later by hand": ("scelto a mano dopo", "chosen by hand later"),
    "confidence": ("più attendibile", "more confidence"),
    "later start": ("inizio più recente", "later start"),
    "later import": ("importato dopo", "imported later"),
    "disputed": ("controverso: nulla decide", "disputed: nothing decides"),
    "a value stands": ("una fonte dà un valore, un'altra dice nessuno", "one source has a value, another says none"),
    "came": ("arrivati", "came"),
    "left": ("usciti", "left"),
    "gained": ("legami nuovi", "ties gained"),
    "lost": ("legami persi", "ties lost"),
    "changed": ("cambiati", "changed"),
    "field": ("campo", "field"),
    "known": ("noto", "known"),
    "no longer known": ("non più noto", "no longer known"),
    "from": ("dal", "from"),
    "to": ("al", "to"),
    "import": ("importazione", "import"),
    "by a person": ("a mano", "by hand"),
    "nothing": ("nessuna differenza", "no difference"),
    "agree": ("nessun disaccordo tra le fonti", "no sources disagree"),
    "withdraws": ("ritira", "withdraws"),
    "statements": ("affermazioni", "statements"),
    "not done": ("Non è stato scritto niente; --yes lo fa.", "Nothing was written; --yes does it."),
    "undo": ("`tsi undo {}` torna indietro", "`tsi undo {}` takes it back"),
    "there": ("c'è", "there"),
    "wins": ("mostrato", "shown"),
}


def word(key: str, lang: str) -> str:
    return WORDS[key][LANGS.index(lang)] if key in WORDS else key


def told_history(found: pd.DataFrame, lang: str) -> str:
    """Each statement, what it says and by whom, and under it when it was known."""
    lines = []
    for s in records(found):
        mark = "*" if s["wins"] else " "
        lines.append(
            f"{mark} {s['id']}  {_about(s, lang)}: {_says(s, lang)}" + (f"  ({s['origin']})" * bool(s["origin"]))
        )
        lines += [f"      {_spell(spell, lang)}" for spell in s["spells"]]
    return "\n".join([*lines, "", f"* {word('wins', lang)}"])


def told_comparison(found: Comparison, lang: str) -> str:
    """Who came and left, what was gained, lost and changed."""
    parts = []
    for name in ("came", "left"):
        table = getattr(found, name)
        parts += _part(name, [f"{n['id']}  {n['name']} ({n['kind']})" for n in records(table)], lang)
    for name in ("gained", "lost"):
        ties = [_tie(t["source"], t["kind"], t["target"], lang) + _when(t) for t in records(getattr(found, name))]
        parts += _part(name, ties, lang)
    changed = []
    for c in records(found.changed):
        about = c["node"] if c["relation"] == ROW else _tie(c["node"], c["relation"], c["target"], lang)
        source = f"  ({c['origin_after']})" if c["origin_after"] else ""
        changed.append(f"{about}, {c['field']}: {_cell(c['before'])} → {_cell(c['after'])}{source}")
    parts += _part("changed", changed, lang)
    return "\n".join(parts).rstrip() if parts else word("nothing", lang)


def told_conflicts(found: pd.DataFrame, lang: str) -> str:
    """What sources disagree on, each version with its source; * is the one shown, and why."""
    if found.empty:
        return word("agree", lang)
    lines = []
    for (_, field), these in found.groupby(["fact", "field"], sort=False):
        first = records(these)[0]
        about = first["node"] if not first["target"] else _tie(first["node"], first["relation"], first["target"], lang)
        relation = first["relation"] if field == "answer" else field
        lines.append(f"{about}, {relation}:")
        for v in records(these):
            why = f"  [{word(v['why'], lang)}]" if v["wins"] or v["why"] == "disputed" else ""
            lines.append(f"  {'*' if v['wins'] else ' '} {_cell(v['value'])}{why}  ({v['origin'] or '-'})")
    return "\n".join([*lines, "", f"* {word('wins', lang)}"])


def told_coverage(found: pd.DataFrame, lang: str) -> str:
    """The table, its columns in words."""
    table = found.rename(columns={name: word(name, lang) for name in (*LEVELS, "field", "known")})
    if "known" in found:
        table[word("known", lang)] = [word(str(level), lang) for level in found["known"]]
    return table.to_string(index=False) if len(table) else "-"


def told_correction(shown: Mapping[str, Any], lang: str) -> str:
    """What a correction does, or did."""
    tie = bool(shown["target"])
    about = _tie(shown["node"], shown["relation"], shown["target"], lang) if tie else shown["node"]
    lines = [about]
    for c in shown["changes"]:
        lines.append(f"  {word(c['field'], lang)}: {_cell(c['before'], lang)} → {_cell(c['after'], lang)}")
    if shown["withdraw"]:
        lines.append(f"  {word('withdraws', lang)} {len(shown['withdraw'])} {word('statements', lang)}")
    if shown["done"]:
        lines.append(f"{word('import', lang)} {shown['number']}; " + word("undo", lang).format(shown["number"]))
    return "\n".join(lines)


def _part(name: str, lines: list[str], lang: str) -> list[str]:
    return [f"{word(name, lang)}: {len(lines)}", *(f"  {line}" for line in lines), ""] if lines else []


def _tie(source: str, kind: str, target: str, lang: str) -> str:
    edge = EDGE_KINDS.get(kind, SameAs)
    return f"{source} {filled(lang, edge.reads)} {target}"


def _about(s: Mapping[str, Any], lang: str) -> str:
    return _tie(s["node"], s["field"], s["target"], lang) if s["target"] else str(s["node"])


def _says(s: Mapping[str, Any], lang: str) -> str:
    if s["answer"] != "value":
        return f"{s['field']}: {word(s['answer'], lang)}"
    said = [f"{name}={_cell(value)}" for name, value in cells(s).items() if name != "kind"]
    return ", ".join(said) or word("there", lang)


def _spell(spell: Spell, lang: str) -> str:
    by = word("by a person", lang) if spell.by_hand else spell.dataset
    known, begin, end, number = (word(key, lang) for key in ("known", "from", "to", "import"))
    text = f"{known} {begin} {spell.since:%Y-%m-%d %H:%M} ({number} {spell.by}, {by})"
    if spell.until:
        text += f" {end} {spell.until:%Y-%m-%d %H:%M} ({number} {spell.ended_by})"
    return text + (f": {spell.note}" if spell.note else "")


def _when(tie: Mapping[str, Any]) -> str:
    begin, end = tie["valid_from"], tie["valid_to"]
    return f" ({begin or '?'} – {end or '?'})" if begin or end else ""


def _cell(value: Any, lang: str = "en") -> str:
    if value is None or (isinstance(value, float) and value != value):
        return "-"
    if isinstance(value, bool):
        return filled(lang, ("sì", "yes") if value else ("no", "no"))
    return number(value, lang) if isinstance(value, float) else str(value)
