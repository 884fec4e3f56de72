"""Why nobody is proposed, in one sentence."""

from __future__ import annotations

from collections.abc import Collection, Iterable

import numpy as np

from tsi_graph.graph import Graph
from tsi_graph.language import Words, filled, short
from tsi_graph.recommend.columns import alliance, full_names, last_days
from tsi_graph.recommend.constants import HALF_LIFE
from tsi_graph.recommend.rules import proposable, right_kind, scopes
from tsi_graph.recommend.score import ask, recommend, refused_by

# Whole sentences; {whom} is one of WHOM.
WHY: dict[str, Words] = {
    "over": (
        "La fine di {a} è documentata ({year}): resta nella storia e non si presenta più a nessuno.",
        "The end of {a} is documented ({year}): it is history and is introduced to nobody any more.",
    ),
    "none": ("Nei dati non ci sono {whom} da proporre.", "The data hold no {whom} to propose."),
    "barred": (
        "Nei dati ci sono {n} fra {whom}, ma per {a} nessuna proposta: le conosce già, sono della sua casa o le "
        "regole non lo permettono.",
        "The data hold {n} {whom}, but none for {a}: it knows them already, they are of its house, or the rules do "
        "not let it.",
    ),
    "held": (
        "Quanto resta da proporre a {a} è già nel registro delle presentazioni: in corso, concluso o rifiutato.",
        "What is left to propose to {a} is in the ledger of introductions already: under way, done or refused.",
    ),
    "cold": (
        "Di {a} non è documentato nessun legame, e nessun tema, luogo o ruolo in comune porta a {whom}: prima "
        "chiedete a {a}, poi proponete.",
        "No tie of {a} is documented, and no topic, place or role in common leads to {whom}: ask {a} first, then "
        "propose.",
    ),
    "nothing": (
        "Nessun percorso, tema, luogo o ruolo documentato porta da {a} a {whom}: {n} possibili, nessuna ragione.",
        "No documented path, topic, place or role leads from {a} to {whom}: {n} possible, no reason.",
    ),
}
WHOM: dict[str, Words] = {
    "network": ("reti", "networks"),
    "fund": ("fondi a cui si possa chiedere", "funds that one can ask"),
    "investor": ("finanziatori", "funders"),
    "stakeholder": ("organizzazioni", "organisations"),
    "project": ("progetti ancora aperti", "projects still open"),
    "member": ("organizzazioni di reti in cui entrare", "members of networks to join"),
}


def silence(
    graph: Graph,
    node: str,
    to: str = "network",
    scope: str | None = None,
    lang: str = "it",
    *,
    half_life: float = HALF_LIFE,
    refused: Iterable[Collection[str]] = (),
) -> str | None:
    """Why `recommend` names nobody, in one sentence; None where it names somebody. Raises as `recommend` does."""
    pairs = [tuple(pair) for pair in refused]
    if recommend(graph, node, to, scope, 1, lang, half_life=half_life, refused=pairs):
        return None
    wanted, q = scopes(to, scope), graph.position(node)
    blanks: dict[str, object] = {"a": short(str(full_names(graph, lang)[q])), "whom": filled(lang, WHOM[to])}
    asked = ask(graph, node, lang, half_life, wanted)
    if asked is None:
        return filled(lang, WHY["over"], year=int(last_days(graph)[q]), **blanks)
    right = right_kind(graph, to, wanted) & ~alliance(graph)
    may = proposable(graph, asked.case.ties, q, to, wanted)
    free = np.setdiff1d(np.flatnonzero(may), refused_by(graph, node, pairs))
    if not right.any():
        return filled(lang, WHY["none"], **blanks)
    if not may.any():
        return filled(lang, WHY["barred"], n=int(right.sum()), **blanks)
    if not len(free):
        return filled(lang, WHY["held"], **blanks)
    return filled(lang, WHY["cold" if asked.case.cold else "nothing"], n=len(free), **blanks)
