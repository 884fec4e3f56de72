"""What a preview says to people, in Italian or English: whole sentences, fields and values in words."""

from __future__ import annotations

from typing import Any

from tsi_graph.deliveries.faults import LEVELS, choices
from tsi_graph.deliveries.report import CellChange, Preview, RowEffect, Warn
from tsi_graph.fields import FIELDS, SCOPES, SECTORS
from tsi_graph.language import Words, number

BLANK: dict[str, tuple[str, str]] = {"origin": ("senza fonte", "no source")}
UNSURE = ("da verificare", "to be verified")

_SAID: dict[str, tuple[str, str]] = {
    "email": ("Riga {row}, colonna {letter} · {heading}: c'era un indirizzo e-mail. Non lo importiamo: qui stanno solo "
              "organizzazioni. Il resto della riga è buono.",
              "Row {row}, column {letter} · {heading}: there was an e-mail address. It is not imported: only "
              "organisations here. The rest of the row is good."),
    "address": ("Riga {row}, colonna {letter} · {heading}: c'era un telefono o un codice fiscale di persona. "
                "Non lo importiamo: qui stanno solo organizzazioni. Il resto della riga è buono.",
                "Row {row}, column {letter} · {heading}: there was a telephone number or a tax code of a "
                "person. It is not imported: only organisations here. The rest of the row is good."),
    "column_1": ("Colonna {letter} · {heading}: parla di persone. Non l'abbiamo letta (1 cella).",
                 "Column {letter} · {heading} is about people. It was not read (1 cell)."),
    "column": ("Colonna {letter} · {heading}: parla di persone. Non l'abbiamo letta ({count} celle).",
               "Column {letter} · {heading} is about people. It was not read ({count} cells)."),
    "formula_1": ("1 cella è una formula ({letter}{row}): ne importiamo il risultato.",
                  "1 cell is a formula ({letter}{row}): its result is imported."),
    "formula": ("{count} celle sono formule, la prima è {letter}{row}: ne importiamo il risultato.",
                "{count} cells are formulas, the first is {letter}{row}: their results are imported."),
    "unsourced_1": ("Manca la fonte nella riga {rows}. La importiamo, ma va confermata.",
                    "The source is missing in row {rows}. It is imported, and waits to be confirmed."),
    "unsourced": ("Manca la fonte in {count} righe: {rows}. Le importiamo, ma vanno confermate.",
                  "The source is missing in {count} rows: {rows}. They are imported, and wait to be confirmed."),
    "contradicts": ("Riga {row}: la riga {other} dice il contrario. Teniamo tutte e due, con la loro fonte.",
                    "Row {row}: row {other} says the opposite. Both are kept, each with its source."),
    "ignored_1": ("Colonna {letter} · {heading}: nessun nostro dato si chiama così. Non l'abbiamo letta (1 cella).",
                  "Column {letter} · {heading}: nothing of ours is called so. It was not read (1 cell)."),
    "ignored": ("Colonna {letter} · {heading}: nessun nostro dato si chiama così. Non l'abbiamo letta ({count} celle).",
                "Column {letter} · {heading}: nothing of ours is called so. It was not read ({count} cells)."),
    "guessed_ties": ("Il nome {file} non dice che cosa contiene: dalle intestazioni l'abbiamo letto come legami.",
                     "The name {file} does not say what is in it: by its headings it was read as ties."),
    "guessed_organisations": (
        "Il nome {file} non dice che cosa contiene: dalle intestazioni l'abbiamo letto come organizzazioni.",
        "The name {file} does not say what is in it: by its headings it was read as organisations."),
    "waits": ("La consegna è completa: finché qualcosa è da correggere non si importa nulla, e che cosa verrebbe "
              "ritirato non si sa ancora.",
              "The delivery is complete: while anything is to be corrected nothing is imported, and what would be "
              "withdrawn is not known yet."),
    "sheet": ("Foglio «{file}»: non lo leggiamo, perché è nascosto o da ignorare.",
              "Sheet “{file}” is not read: it is hidden, or to be ignored."),
}  # fmt: skip


def warned(one: Warn, lang: str) -> str:
    """One warning as a sentence."""
    key = one.sort
    if key == "ignored" and not one.heading:
        key = "sheet"
    if one.count == 1 and f"{key}_1" in _SAID:
        key += "_1"
    if one.sort.startswith("guessed"):
        key = one.sort
    rows = ", ".join(map(str, one.rows[:10])) + (" …" if len(one.rows) > 10 else "")
    return _SAID[key][lang == "en"].format(
        row=one.rows[0] if one.rows else "", rows=rows, letter=one.letter, heading=one.heading,
        count=number(one.count, lang), other=one.other, file=one.file,
    )  # fmt: skip


def field(name: str, lang: str) -> str:
    return FIELDS[name][lang == "en"] if name in FIELDS else name


def value(name: str, found: Any, lang: str) -> str:
    """A value of a field in words."""
    if found is None:
        return BLANK[name][lang == "en"] if name in BLANK else "–"
    if name == "confidence":
        return UNSURE[lang == "en"] if found == "low" else LEVELS[str(found)][lang == "en"]
    for of, ours in (("sector", SECTORS), ("scope", SCOPES)):
        if name == of and found in ours:
            return choices(of, lang)[ours.index(found)]
    return number(found, lang) if isinstance(found, float) else str(found)


def side(changes: tuple[CellChange, ...], lang: str, *, after: bool) -> list[str]:
    """All changed fields before, or after, each with its name."""
    return [f"{field(c.field, lang)}: {value(c.field, c.after if after else c.before, lang)}" for c in changes]


def told_preview(found: Preview, lang: str) -> str:
    """The whole preview for a terminal."""
    en = lang == "en"
    heads: tuple[tuple[str, Words], ...] = (
        ("new", ("nuove", "new")), ("changed", ("cambiano", "changed")), ("unchanged", ("uguali", "unchanged")),
        ("refused", ("rifiutate", "refused")),
    )  # fmt: skip
    if found.withdrawn:
        heads += (("withdrawn", ("ritirate", "withdrawn")),)
    lines = [", ".join(f"{number(getattr(found, name), lang)} {words[en]}" for name, words in heads)]
    lines += [f"! {r.file}: {r.wrong} {r.value}".rstrip() for r in found.unread]
    for r in found.repairs:
        right = f" → {' / '.join(r.right)}" if r.right else ""
        lines.append(f"! {r.file} {r.letter}{r.row} ({r.heading}) {r.value!r}: {r.wrong}{right}")
    lines += [f"? {warned(one, lang)}" for one in found.warnings]
    for effect in found.effects:
        lines += _effect(effect, lang)
    lines.append("Non è stato scritto nulla." if not en else "Nothing was written.")
    return "\n".join(lines)


def _effect(effect: RowEffect, lang: str) -> list[str]:
    if effect.status == "new":
        return [f"+ {effect.file} {effect.row}: {effect.about}"]
    if effect.status == "withdrawn":
        return [f"- {effect.about}"]
    if effect.status != "changed":
        return []
    cells = (
        f"{field(c.field, lang)}: {value(c.field, c.before, lang)} → {value(c.field, c.after, lang)}"
        for c in effect.changes
    )
    return [f"~ {effect.file} {effect.row}: {effect.about}: " + "; ".join(cells)]


__all__ = ["field", "side", "told_preview", "value", "warned"]
