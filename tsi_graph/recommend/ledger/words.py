"""The ledger in words: states, events, outcomes and sentences, Italian and English."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from tsi_graph.graph import Graph
from tsi_graph.recommend.ledger.record import Introduction, shown
from tsi_graph.recommend.ledger.uplift import ENOUGH, Uplift
from tsi_graph.recommend.sentences import LANGS
from tsi_graph.recommend.ties import of_nodes

Words = tuple[str, str]

STATES: dict[str, Words] = {
    "proposed": ("proposta", "proposed"),
    "snoozed": ("rimandata", "snoozed"),
    "accepted": ("accettata", "accepted"),
    "declined": ("rifiutata", "declined"),
    "made": ("fatta", "made"),
    "met": ("si sono incontrati", "they met"),
    "outcome": ("con esito", "with outcome"),
    "withdrawn": ("ritirata", "withdrawn"),
}
KINDS: dict[str, Words] = {
    **{name: words for name, words in STATES.items() if name not in ("outcome", "withdrawn")},
    "outcome": ("esito", "outcome"),
    "reopened": ("riaperta", "reopened"),
    "note": ("nota", "note"),
    "taken_back": ("annullato l'evento", "took back event"),
}
OUTCOMES: dict[str, Words] = {
    "joint_project": ("progetto comune", "joint project"),
    "joined": ("adesione alla rete", "joined the network"),
    "funding": ("finanziamento", "funding"),
    "exchange": ("scambio di informazioni", "exchange of information"),
    "nothing": ("nessun seguito", "nothing further"),
}
SENTENCES: dict[str, Words] = {
    "empty": ("Nessuna presentazione nel registro.", "No introductions in the ledger."),
    "filtered": ("Nessuna con questi filtri.", "None with these filters."),
    "since": ("{state} dal {day}", "{state} since {day}"),
    "until": ("{state} fino al {day}", "{state} until {day}"),
    "through": ("attraverso {names}", "through {names}"),
    "gone": ("annullato", "taken back"),
    "barred": ("non usare come tramite dal {day}", "not to be used as an introducer since {day}"),
    "asked": ("richieste in questo periodo: {n}", "requests in this period: {n}"),
    "tried": ("presentazioni concluse: {n}, con un incontro: {k}", "introductions ended: {n}, with a meeting: {k}"),
    "nobody": ("Nessuno ha ancora presentato.", "Nobody has introduced yet."),
    "marked": ("{name}: non più usata come tramite.", "{name}: no longer used as an introducer."),
    "unmarked": ("{name}: di nuovo usata come tramite.", "{name}: used as an introducer again."),
    "too_few": (
        "Dati insufficienti: servono almeno {enough} presentazioni accettate, con dati più nuovi e coppie simili; "
        "finora {n}.",
        "Not enough data: it takes at least {enough} accepted introductions with newer data and similar pairs; "
        "so far {n}.",
    ),
    "uplift": (
        "Legami documentati dopo: {k} su {n} presentazioni accettate, {j} su {m} coppie simili mai proposte. "
        "Differenza: {d:+.0f} su 100 (da {low:+.0f} a {high:+.0f}).",
        "Documented ties afterwards: {k} of {n} accepted introductions, {j} of {m} similar pairs that nobody proposed. "
        "Difference: {d:+.0f} in 100 ({low:+.0f} to {high:+.0f}).",
    ),
    "chance": (
        "Non si distingue dal caso: per una differenza di 10 su 100 ne servono circa {needed}.",
        "It cannot be told from chance: a difference of 10 in 100 takes about {needed}.",
    ),
    "compared": (
        "Coppie confrontate, non estratte a sorte: chi accetta era forse già più disposto.",
        "Pairs compared, not drawn by lot: those who accept may have been the more willing.",
    ),
}


def say(words: Words, lang: str, **values: object) -> str:
    """One text in one language, its blanks filled."""
    text = words[LANGS.index(lang)]
    return text.format(**values) if values else text


def names(graph: Graph, lang: str) -> dict[str, str]:
    """The name of each node in a language; whoever left the graph is called by its id."""
    found = dict(zip(graph.nodes["id"], of_nodes(graph, "name"), strict=True))
    if lang == LANGS[0]:
        found |= {i: name for i, name in zip(graph.nodes["id"], of_nodes(graph, "name_it"), strict=True) if name}
    return found


def told(one: Introduction, names: Mapping[str, str], lang: str = "it") -> str:
    """An introduction as a few lines: who, in which state, through whom, what for, and what happened."""
    row = shown(one)
    ends = " → ".join(names.get(i, i) for i in (one.source, one.target))
    standing = say(SENTENCES["since"], lang, state=say(STATES[one.state], lang), day=one.since)
    through = ", ".join(names.get(i, i) for i in one.through)
    about = [say(SENTENCES["through"], lang, names=through)] if through else []
    about += [one.objective] if one.objective else []
    lines = [f"{one.id}  {ends}: {standing}", *([f"    {' · '.join(about)}"] if about else [])]
    lines += [f"    - {reason}" for reason in one.reasons]
    lines += [f"    {event['number']}. {event['day']} {happened(event, lang)}" for event in row["events"]]
    return "\n".join(lines)


def happened(event: Mapping[str, Any], lang: str) -> str:
    """What happened, what was written to it, and whether it was taken back."""
    what = say(KINDS[event["kind"]], lang)
    if event["outcome"]:
        what = f"{what}: {say(OUTCOMES[event['outcome']], lang)}"
    if event["until"]:
        what = say(SENTENCES["until"], lang, state=what, day=event["until"])
    if event["undoes"]:
        what = f"{what} {event['undoes']}"
    text = f" ({event['text']})" if event["text"] else ""
    return f"{what}{text}" + ("" if event["counts"] else f" [{say(SENTENCES['gone'], lang)}]")


def listed(found: Sequence[Introduction], names: Mapping[str, str], lang: str, *, filtered: bool) -> str:
    """Introductions one below the other, or why there are none."""
    nothing = say(SENTENCES["filtered" if filtered else "empty"], lang)
    return "\n\n".join(told(one, names, lang) for one in found) or nothing


def listed_introducers(rows: Sequence[Mapping[str, Any]], names: Mapping[str, str], lang: str) -> str:
    """Who introduces: how often asked, how it went, and whom to leave out."""
    return "\n".join(_introducer(row, names, lang) for row in rows) or say(SENTENCES["nobody"], lang)


def _introducer(row: Mapping[str, Any], names: Mapping[str, str], lang: str) -> str:
    parts = [
        say(SENTENCES["asked"], lang, n=row["load"]),
        say(SENTENCES["tried"], lang, n=row["tries"], k=row["successes"]),
    ]
    if row["barred"]:
        why = f" ({row['text']})" if row["text"] else ""
        parts.append(say(SENTENCES["barred"], lang, day=row["since"]) + why)
    return f"{row['introducer']}  {names.get(row['introducer'], row['introducer'])}: {'; '.join(parts)}"


def told_uplift(found: Uplift, lang: str) -> str:
    """What introducing changed, with its interval, or that this cannot be said yet."""
    if not found.enough:
        return say(SENTENCES["too_few"], lang, enough=max(ENOUGH, found.needed), n=found.introduced)
    d, low, high = (100 * value for value in (found.difference, found.low, found.high))
    counts = {"k": found.tied, "n": found.introduced, "j": found.comparable_tied, "m": found.comparable}
    parts = [say(SENTENCES["uplift"], lang, **counts, d=d, low=low, high=high)]
    if low <= 0 <= high:
        parts.append(say(SENTENCES["chance"], lang, needed=found.needed))
    return " ".join([*parts, say(SENTENCES["compared"], lang)])
