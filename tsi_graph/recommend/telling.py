"""Recommendations, ways, networks and their ports as a few lines of text."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from tsi_graph.recommend.alternatives import Way
from tsi_graph.recommend.networks import Reached
from tsi_graph.recommend.path import Step
from tsi_graph.recommend.ports import Port
from tsi_graph.recommend.score import Recommendation
from tsi_graph.recommend.sentences import number

_WORDS = {
    "it": {
        "through": "attraverso", "nobody": "nessun percorso documentato", "source": "fonte", "score": "punteggio",
        "holds": "tiene con probabilità {}", "no_way": "Nessuna via documentata che tenga.",
        "no_network": "Nessuna rete.", "no_port": "Nessuna porta documentata.",
        "reached": "* {name} ({scope}): {n}", "fragile": ", dipende da una sola: {who}", "none": "nessuna porta",
        "one": "1 porta", "many": "{n} porte", "port": "* {name}: {level}{year}, {state}; {known}",
        "member": "aderente", "stated": "legame diretto", "project": "solo un progetto comune",
        "open": "aperta", "shut": "da riaprire", "known": "la conoscono in {n}, {also} con un'altra via",
        "unknown": "nessun altro la conosce",
    },
    "en": {
        "through": "through", "nobody": "no documented path", "source": "source", "score": "score",
        "holds": "holds with probability {}", "no_way": "No documented way that holds.",
        "no_network": "No network.", "no_port": "No documented port.",
        "reached": "* {name} ({scope}): {n}", "fragile": ", hangs on one: {who}", "none": "no port",
        "one": "1 port", "many": "{n} ports", "port": "* {name}: {level}{year}, {state}; {known}",
        "member": "member", "stated": "a tie of its own", "project": "no more than a joint project",
        "open": "open", "shut": "to be reopened", "known": "known by {n}, {also} with another way in",
        "unknown": "known by nobody else",
    },
}  # fmt: skip


def told(one: Recommendation, lang: str = "it") -> str:
    """Name, path, each tie of it with its source, reasons, what to watch, and the score taken apart, a line each."""
    words = _WORDS[lang]
    lines = [f"* {one.name} ({one.score:.3f})", f"    {words['through']}: {_chain(one.path) or words['nobody']}"]
    lines += _steps(one.path, lang)
    lines += [*(f"    - {reason}" for reason in one.reasons), *(f"    ! {caution}" for caution in one.cautions)]
    return "\n".join([*lines, *(f"    = {part.sentence}" for part in one.parts)])


def told_ways(found: Sequence[Way], lang: str = "it") -> str:
    """Each way with its ties and their sources, the most reliable first."""
    words, lines = _WORDS[lang], []
    for way in found:
        lines += [
            f"* {_chain(way.path)} ({words['holds'].format(number(lang, way.strength))})",
            *_steps(way.path, lang),
        ]
    return "\n".join(lines) or words["no_way"]


def told_candidates(table: pd.DataFrame) -> str:
    """Who should meet whom, a line for each organisation."""
    lines = []
    for node, group in table.groupby("node", sort=False):
        named = ", ".join(f"{c} ({s:.3f})" for c, s in zip(group["candidate"], group["score"], strict=True))
        lines.append(f"* {node}: {named}")
    return "\n".join(lines)


def told_reached(found: Sequence[Reached], lang: str = "it") -> str:
    """Each network with the number of its open ports, and on whom it hangs."""
    words, lines = _WORDS[lang], []
    for one in found:
        n = words["none"] if not one.open_ports else words["one" if one.open_ports == 1 else "many"]
        line = words["reached"].format(name=one.name, scope=one.scope or "?", n=n.format(n=one.open_ports))
        lines.append(line + (words["fragile"].format(who=one.ports[0]) if one.fragile else ""))
    return "\n".join(lines) or words["no_network"]


def told_ports(found: Sequence[Port], lang: str = "it") -> str:
    """Each port of a network: how firm, how recent, and for how many of those who know it there is another."""
    words, lines = _WORDS[lang], []
    for port in found:
        year, state = f", {port.year}" if port.year else "", words["open" if port.open else "shut"]
        known = words["known" if port.known_by else "unknown"].format(n=port.known_by, also=port.also_reached)
        level = words[port.level]
        lines.append(words["port"].format(name=port.name, level=level, year=year, state=state, known=known))
    return "\n".join(lines) or words["no_port"]


def _chain(path: Sequence[Step]) -> str:
    return " → ".join([path[0].source_name, *(step.target_name for step in path)]) if path else ""


def _steps(path: Sequence[Step], lang: str) -> list[str]:
    source, lines = _WORDS[lang]["source"], []
    for step in path:
        how = step.how if step.kind else f"{step.source_name}, {step.target_name}: {step.how}"
        lines.append(f"      {how} [{source}: {step.origin}]")
    return lines
