"""Recommendations, ways, networks and their ports as a few lines of text."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from tsi_graph.language import Words, figures, filled, listed, short
from tsi_graph.recommend.alternatives import Way
from tsi_graph.recommend.doors import Doors
from tsi_graph.recommend.missing import Missing
from tsi_graph.recommend.networks import Reached
from tsi_graph.recommend.path import Step
from tsi_graph.recommend.portrait import Portrait
from tsi_graph.recommend.ports import Port
from tsi_graph.recommend.score import Recommendation

WORDS: dict[str, Words] = {
    "first": ("* {name} (punteggio {score})", "* {name} (score {score})"),
    "through": ("    attraverso: {chain}", "    through: {chain}"),
    "nobody": ("    attraverso: nessun percorso documentato", "    through: no documented path"),
    "step": ("      {how} [fonte: {origin}]", "      {how} [source: {origin}]"),
    "step_blank": ("      {how} [senza fonte]", "      {how} [no source]"),
    "way": ("* {chain} (tiene con probabilità {value})", "* {chain} (holds with probability {value})"),
    "no_way": (
        "Nessuna via documentata che tenga, con al massimo due organizzazioni in mezzo.",
        "No documented way that holds, with at most two bodies between.",
    ),
    "no_network": ("Nessuna rete.", "No network."),
    "no_port": ("Nessuna porta documentata.", "No documented port."),
    "reached": ("* {name} (rete {scope}): {ports}", "* {name} ({scope} network): {ports}"),
    "reached_blank": ("* {name}: {ports}", "* {name}: {ports}"),
    "local": ("locale", "local"),
    "regional": ("regionale", "regional"),
    "national": ("nazionale", "national"),
    "european": ("europea", "European"),
    "global": ("globale", "global"),
    "none": ("nessuna porta", "no port"),
    "one": ("1 porta, dipende da una sola: {names}", "1 port, hangs on one: {names}"),
    "many": ("{n} porte: {names}", "{n} ports: {names}"),
    "port": ("* {name}: {level}{year}, {state}; {known}", "* {name}: {level}{year}, {state}; {known}"),
    "member": ("aderente", "member"),
    "stated": ("legame diretto", "a tie of its own"),
    "project": ("solo un progetto comune", "no more than a joint project"),
    "open": ("aperta", "open"),
    "shut": ("da riaprire", "to be reopened"),
    "known": ("la conoscono in {n}, {also} con un'altra via", "known by {n}, {also} with another way in"),
    "figures": (
        "{reached} reti su {networks} raggiunte, {single} da una porta sola; {unconnected} organizzazioni su "
        "{organisations} senza alcun legame con loro",
        "{reached} of {networks} networks reached, {single} through one port only; {unconnected} of {organisations} "
        "organisations without any tie with them",
    ),
    "gateway": ("* {name}: {firm}", "* {name}: {firm}"),
    "unknown": ("nessun altro la conosce", "known by nobody else"),
}


def told(one: Recommendation, lang: str = "it") -> str:
    """Name, path, each tie of it with its source, reasons, what to watch, and the score taken apart, a line each."""
    lines = [filled(lang, WORDS["first"], name=one.name, score=figures(one.score, lang))]
    lines.append(filled(lang, WORDS["through" if one.path else "nobody"], chain=chained(one.path)))
    lines += steps_told(one.path, lang)
    lines += [*(f"    - {reason}" for reason in one.reasons), *(f"    ! {caution}" for caution in one.cautions)]
    return "\n".join([*lines, *(f"    = {part.sentence}" for part in one.parts)])


def told_ways(found: Sequence[Way], lang: str = "it") -> str:
    """Each way with its ties and their sources, the most reliable first; what to watch about all of them once."""
    lines = [f"! {caution}" for caution in dict.fromkeys(c for way in found for c in way.cautions)]
    for way in found:
        value = figures(way.strength, lang)
        lines += [filled(lang, WORDS["way"], chain=chained(way.path), value=value), *steps_told(way.path, lang)]
    return "\n".join(lines) or filled(lang, WORDS["no_way"])


def told_candidates(table: pd.DataFrame, lang: str = "it") -> str:
    """Who should meet whom, a line for each organisation."""
    lines = []
    for node, group in table.groupby("node", sort=False):
        pairs = zip(group["candidate"], group["score"], strict=True)
        lines.append(f"* {node}: {', '.join(f'{c} ({figures(s, lang)})' for c, s in pairs)}")
    return "\n".join(lines)


def told_reached(found: Sequence[Reached], lang: str = "it") -> str:
    """Each network with its open ports, and on whom it hangs."""
    lines = []
    for one in found:
        key = "none" if not one.open_ports else "one" if one.fragile else "many"
        names = listed(lang, [short(name) for name in one.port_names])
        held = filled(lang, WORDS[key], n=one.open_ports, names=names)
        scope = filled(lang, WORDS[one.scope]) if one.scope else ""
        key = "reached" if scope else "reached_blank"
        lines.append(filled(lang, WORDS[key], name=one.name, scope=scope, ports=held))
    return "\n".join(lines) or filled(lang, WORDS["no_network"])


def told_ports(found: Sequence[Port], lang: str = "it") -> str:
    """Each port of a network: how firm, how recent, and for how many of those who know it there is another."""
    lines = []
    for port in found:
        known = WORDS["known" if port.known_by else "unknown"]
        blanks = {
            "name": port.name, "year": f", {port.year}" if port.year else "",
            "level": filled(lang, WORDS[port.level]), "state": filled(lang, WORDS["open" if port.open else "shut"]),
            "known": filled(lang, known, n=port.known_by, also=port.also_reached),
        }  # fmt: skip
        lines.append(filled(lang, WORDS["port"], **blanks))
    return "\n".join(lines) or filled(lang, WORDS["no_port"])


def told_doors(found: Doors, lang: str = "it") -> str:
    """The figures, then each network with its ports, what hangs on them, and who could be the next."""
    lines = [filled(lang, WORDS["figures"], **{k: v for k, v in vars(found).items() if isinstance(v, int)})]
    for one in found.gateways:
        lines.append(filled(lang, WORDS["gateway"], name=one.name, firm=one.firm))
        lines += [f"    {door.name}: {door.how}" for door in one.doors]
        lines += [f"    {sentence}" for sentence in one.sentences]
        lines.append(f"    → {one.next.name} ({one.next.through})" if one.next else f"    {one.why_none}")
    return "\n".join(lines)


def told_portrait(name: str, seen: Portrait, lang: str = "it") -> str:
    """Where it stands, where it can get, what is known with sources, and what is disputed, a line each."""
    lines = [name, *(f"  {sentence}" for sentence in (seen.position.sentences if seen.position else ()))]
    for route in seen.routes:
        through = f" ({' → '.join(route.through_names)})" if route.through else f" ({route.how})"
        lines.append(f"  → {route.name}{through}: {route.words}")
    for fact in seen.known.facts:
        lines.append(
            filled(lang, WORDS["step" if fact.origin else "step_blank"], how=fact.sentence, origin=fact.origin)
        )
    for one in seen.known.disputes:
        told = " | ".join(f"{'*' if v.used else ''}{v.value} [{v.origin}]" for v in one.versions)
        lines.append(f"  ! {one.node_name}, {one.field_name}: {told}")
    return "\n".join(lines)


def told_missing(found: Missing, lang: str = "it") -> str:
    """Each gap with its key and what would close it, each topic that lacks something, who is alone."""
    lines = [found.no_gap] if found.no_gap else []
    for gap in found.sectors:
        lines.append(f"* {gap.title} [{gap.key}]: {gap.sentence}")
        lines += [f"    {i.source_name} → {i.target_name}" for i in gap.introductions or ()]
        lines += [f"    {gap.closing}"] if gap.closing else []
    for scheme in found.schemes:
        lines += [f"* {topic.name}: {topic.lacking}" for topic in scheme.topics if topic.lacking]
    lines += [f"* {one.name} [{one.key}]: {one.sentence}" for one in (*found.bare, *found.alone)]
    return "\n".join(lines)


def chained(path: Sequence[Step]) -> str:
    """The names along a path."""
    return " → ".join([path[0].source_name, *(step.target_name for step in path)]) if path else ""


def steps_told(path: Sequence[Step], lang: str) -> list[str]:
    """Each tie of a path with its source, a line each."""
    lines = []
    for step in path:
        how = step.how if step.kind else f"{step.source_name}, {step.target_name}: {step.how}"
        lines.append(filled(lang, WORDS["step" if step.origin else "step_blank"], how=how, origin=step.origin))
    return lines
