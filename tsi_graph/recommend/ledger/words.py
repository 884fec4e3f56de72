"""The ledger in words: states, events, outcomes and sentences, Italian and English."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from tsi_graph.graph import Graph
from tsi_graph.language import Words, filled, since
from tsi_graph.recommend.columns import full_names, ids
from tsi_graph.recommend.ledger.listing import Summary
from tsi_graph.recommend.ledger.reading import STALLED
from tsi_graph.recommend.ledger.record import Introduction, shown
from tsi_graph.recommend.ledger.uplift import ENOUGH, Uplift

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
    "introducer_agreed": ("chi presenta ha detto sì", "the introducer said yes"),
    "both_agreed": ("hanno detto sì entrambi", "both said yes"),
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
    "until": ("{state} fino al {day}", "{state} until {day}"),
    "through": ("attraverso {names}", "through {names}"),
    "gone": ("annullato", "taken back"),
    "barred": ("non usare come tramite dal {day}", "not to be used as an introducer since {day}"),
    "summary": (
        "Presentazioni nel registro: {introductions}, {since}; aperte: {open}, ferme da più di {days} giorni: "
        "{stalled}; dai mesi scorsi: {earlier}; incontri: {met}; con esito: {with_outcome}.",
        "Introductions in the ledger: {introductions}, {since}; open: {open}, waiting for more than {days} days: "
        "{stalled}; from earlier months: {earlier}; meetings: {met}; with an outcome: {with_outcome}.",
    ),
    "asked": ("richieste in questo periodo: {n}", "requests in this period: {n}"),
    "tried": ("presentazioni concluse: {n}, con un incontro: {k}", "introductions ended: {n}, with a meeting: {k}"),
    "nobody": ("Nessuno ha ancora presentato.", "Nobody has introduced yet."),
    "marked": ("{name}: non più usata come tramite.", "{name}: no longer used as an introducer."),
    "unmarked": ("{name}: di nuovo usata come tramite.", "{name}: used as an introducer again."),
    "too_few": (
        "Dati insufficienti: servono almeno {enough} presentazioni accettate, con dati più nuovi, e {enough} coppie "
        "simili mai proposte; finora {n} e {m}.",
        "Not enough data: it takes at least {enough} accepted introductions with newer data, and {enough} similar "
        "pairs that nobody proposed; so far {n} and {m}.",
    ),
    "uplift": (
        "Legami documentati dopo: {k} su {n} presentazioni accettate, cioè {p:.0f} su 100; delle coppie simili mai "
        "proposte, contate accanto a ogni presentazione, {q:.0f} su 100 (coppie: {m}). "
        "Differenza: {d:+.0f} su 100 (da {low:+.0f} a {high:+.0f}).",
        "Documented ties afterwards: {k} of {n} accepted introductions, {p:.0f} in 100; of similar pairs that nobody "
        "proposed, counted beside each introduction, {q:.0f} in 100 (pairs: {m}). "
        "Difference: {d:+.0f} in 100 ({low:+.0f} to {high:+.0f}).",
    ),
    "chance": (
        "Non si distingue dal caso: per riconoscere 8 volte su 10 una differenza di 10 su 100 servono circa {needed} "
        "presentazioni.",
        "It cannot be told from chance: to notice a difference of 10 in 100 eight times in ten takes about {needed} "
        "introductions.",
    ),
    "compared": (
        "Coppie confrontate, non estratte a sorte: chi accetta era forse già più disposto.",
        "Pairs compared, not drawn by lot: those who accept may have been the more willing.",
    ),
}


def names(graph: Graph, lang: str) -> dict[str, str]:
    """The name of each node in a language; whoever left the graph is called by its id."""
    return dict(zip(ids(graph), full_names(graph, lang), strict=True))


def told(one: Introduction, names: Mapping[str, str], lang: str = "it") -> str:
    """An introduction as a few lines: who, in which state, through whom, what for, and what happened."""
    row = shown(one)
    ends = " → ".join(names.get(i, i) for i in (one.source, one.target))
    standing = f"{filled(lang, STATES[one.state])} ({one.since})"
    through = ", ".join(names.get(i, i) for i in one.through)
    about = [filled(lang, SENTENCES["through"], names=through)] if through else []
    about += [one.objective] if one.objective else []
    lines = [f"{one.id}  {ends}: {standing}", *([f"    {' · '.join(about)}"] if about else [])]
    lines += [f"    - {reason}" for reason in one.reasons]
    lines += [f"    {event['number']}. {event['day']} {happened(event, lang)}" for event in row["events"]]
    return "\n".join(lines)


def happened(event: Mapping[str, Any], lang: str) -> str:
    """What happened, what was written to it, and whether it was taken back."""
    what = filled(lang, KINDS[event["kind"]])
    if event["outcome"]:
        what = f"{what}: {filled(lang, OUTCOMES[event['outcome']])}"
    if event["until"]:
        what = filled(lang, SENTENCES["until"], state=what, day=event["until"])
    if event["undoes"]:
        what = f"{what} {event['undoes']}"
    text = f" ({event['text']})" if event["text"] else ""
    return f"{what}{text}" + ("" if event["counts"] else f" [{filled(lang, SENTENCES['gone'])}]")


def told_all(found: Sequence[Introduction], names: Mapping[str, str], lang: str, *, filtered: bool) -> str:
    """Introductions one below the other, or why there are none."""
    nothing = filled(lang, SENTENCES["filtered" if filtered else "empty"])
    return "\n\n".join(told(one, names, lang) for one in found) or nothing


def told_summary(found: Summary, lang: str) -> str:
    """The ledger in figures, in a sentence; what else there is to say of an empty one."""
    if not found.introductions:
        return filled(lang, SENTENCES["empty"])
    told = {**vars(found), "since": since(found.since, lang), "days": STALLED}
    return filled(lang, SENTENCES["summary"], **told)


def told_introducers(rows: Sequence[Mapping[str, Any]], names: Mapping[str, str], lang: str) -> str:
    """Who introduces: how often asked, how it went, and whom to leave out."""
    return "\n".join(_introducer(row, names, lang) for row in rows) or filled(lang, SENTENCES["nobody"])


def _introducer(row: Mapping[str, Any], names: Mapping[str, str], lang: str) -> str:
    parts = [
        filled(lang, SENTENCES["asked"], n=row["load"]),
        filled(lang, SENTENCES["tried"], n=row["tries"], k=row["successes"]),
    ]
    if row["barred"]:
        why = f" ({row['text']})" if row["text"] else ""
        parts.append(filled(lang, SENTENCES["barred"], day=row["since"]) + why)
    return f"{row['introducer']}  {names.get(row['introducer'], row['introducer'])}: {'; '.join(parts)}"


def told_uplift(found: Uplift, lang: str) -> str:
    """What introducing changed, with its interval, or that this cannot be said yet."""
    if not found.enough:
        return filled(lang, SENTENCES["too_few"], enough=ENOUGH, n=found.introduced, m=found.worth)
    shares = {
        "p": found.share,
        "q": found.comparable_share,
        "d": found.difference,
        "low": found.low,
        "high": found.high,
    }
    of_100 = {name: 100 * value for name, value in shares.items()}
    parts = [filled(lang, SENTENCES["uplift"], k=found.tied, n=found.introduced, m=found.comparable, **of_100)]
    if found.low <= 0 <= found.high:
        parts.append(filled(lang, SENTENCES["chance"], needed=found.needed))
    return " ".join([*parts, filled(lang, SENTENCES["compared"])])
