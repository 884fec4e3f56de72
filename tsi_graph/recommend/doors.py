"""How each outside network is reached: its doors and how firm they are, what is known where there is none, who is next.

A door is a port (`ports`) as a page tells it: a body of the ecosystem, or the alliance, with a documented tie to the
network. What counts are the open ones, as everywhere (`open_ports`): a tie that stands, or a project that runs. Those
that are over are told beside them: they can be opened again.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

import numpy as np

from tsi_graph.graph import Graph
from tsi_graph.language import Words, filled, listed, short
from tsi_graph.recommend.admission import unspoken
from tsi_graph.recommend.columns import alliance, full_names, ids, is_kind, of_edges, of_nodes, row, values
from tsi_graph.recommend.constants import ENOUGH_PORTS, SMALL_GROUP, STALE, STALE_LASTING
from tsi_graph.recommend.evidence import Evidence
from tsi_graph.recommend.portfolios.candidates import candidates
from tsi_graph.recommend.portfolios.ground import Ground
from tsi_graph.recommend.portfolios.objectives import OUTSIDE, plan
from tsi_graph.recommend.portfolios.words import tell
from tsi_graph.recommend.ports import Level, ecosystem, entries, port_counts
from tsi_graph.recommend.rules import closed, office, scopes
from tsi_graph.recommend.ties import LASTING, fabric, prepare
from tsi_graph.remembered import remembering

if TYPE_CHECKING:
    from tsi_graph.recommend.ledger.reading import Considered

Section = Literal["one", "none", "several"]
Refused = frozenset[tuple[str, str]]
Counts = tuple[tuple[str, float], ...]
Listed = tuple[tuple[str, tuple[tuple[str, str], ...]], ...]
"""Of each network, who says of whom that it is a member: the body and the source."""

WORDS: dict[str, Words] = {
    "member": ("aderente", "member"),
    "partner": ("collaborazione", "collaboration"),
    "stated": ("legame diretto", "a tie of its own"),
    "since": ("{how} dal {year}", "{how} since {year}"),
    "until": ("{how} fino al {year}", "{how} until {year}"),
    "undated": ("{how}, senza data", "{how}, no date"),
    "together": ("insieme in {event}", "together in {event}"),
    "together_years": ("insieme in {event} ({years})", "together in {event} ({years})"),
    "participants": ("{n} partecipanti", "{n} participants"),
    "same": ("nella stessa rete, {event}", "in the same network, {event}"),
    "firm_0": ("nessuna", "none"),
    "firm_1": ("una sola", "one only"),
    "firm_2": ("due porte", "two ports"),
    "firm_n": ("{n} porte", "{n} ports"),
    "alone": ("Senza {a} non resta nessuna porta documentata.", "Without {a} no documented port is left."),
    "alone_you": ("Senza di voi non resta nessuna porta documentata.", "Without you no documented port is left."),
    "only_past": (
        "Solo eventi o progetti conclusi: nessuno è aderente.",
        "Only past events or projects: nobody is a member.",
    ),
    "only_shared": (
        "Solo un'appartenenza in comune: nessuno è aderente.",
        "Only something in common: nobody is a member.",
    ),
    "of_sorts": ("Legami di tipo diverso.", "Ties of different sorts."),
    "over_one": ("Un altro legame è concluso e si può riaprire.", "One other tie is over and can be opened again."),
    "over": (
        "Altri {n} legami sono conclusi e si possono riaprire.",
        "{n} other ties are over and can be opened again.",
    ),
    "beyond": (
        "Di rimbalzo, attraverso {m}, che conosce {names}.",
        "Second-hand, through {m}, which knows {names}.",
    ),
    "unverified": (
        "Da verificare: {a} risulta aderente, senza una fonte.",
        "To be verified: {a} is listed as a member, without a source.",
    ),
    "unverified_source": (
        "Da verificare: {a} risulta aderente; l'attendibilità della fonte è bassa.",
        "To be verified: {a} is listed as a member; the confidence of the source is low.",
    ),
    "unrecorded": (
        "Nessuno lo ha registrato; non vuol dire che non esista.",
        "Nobody recorded it; that does not mean it does not exist.",
    ),
    "enough": ("Non serve adesso", "Not needed now"),
    "no_rules": ("Nessuna proposta: mancano regole di adesione.", "No proposal: joining rules are missing."),
    "no_route": ("Nessuna proposta: manca un percorso.", "No proposal: a route is missing."),
    "through": ("attraverso {names}", "through {names}"),
    "through_you": ("la presentate voi", "you introduce"),
    "through_you_and": ("la presentate voi, attraverso {names}", "you introduce, through {names}"),
}  # fmt: skip


@dataclass(frozen=True)
class Door:
    """One port as it is told. dated: its last sign is five or more years old, of a membership ten; yours: it is you.

    together: what ties it is a project or an event.
    """

    id: str
    name: str
    level: Level
    open: bool
    dated: bool
    yours: bool
    together: bool
    year: int | None
    how: str
    origin: str


@dataclass(frozen=True)
class NextDoor:
    """The organisation that could become the next port of a network, and who would introduce it."""

    id: str
    name: str
    introducers: tuple[str, ...]
    by_you: bool
    through: str


@dataclass(frozen=True)
class Gateway:
    """A network with its doors, the open ones first, then the firmest.

    section: whether one is open, none or several. firm says how many in words, sentences how much hangs on them or,
    without any, what is known; second_hand are bodies outside the ecosystem that know it and whom the ecosystem
    knows; unverified those that are listed as members and nobody verified. next is who could be the next
    port; why_none says why there is none.
    """

    id: str
    name: str
    scope: str
    section: Section
    doors: tuple[Door, ...]
    open_doors: int
    firm: str
    sentences: tuple[str, ...]
    second_hand: tuple[str, ...]
    unverified: tuple[str, ...]
    next: NextDoor | None
    why_none: str


@dataclass(frozen=True)
class Doors:
    """All that is told of the networks asked for.

    networks counts them, reached those with an open door, single those with one, yours those of these whose one is you;
    organisations are those of the ecosystem that are there today, unconnected those of them that have no tie to any,
    open or over.
    unrecorded names the networks that only an unverified statement knows: they are counted nowhere.
    """

    networks: int
    reached: int
    single: int
    yours: int
    organisations: int
    unconnected: int
    gateways: tuple[Gateway, ...]
    unrecorded: tuple[str, ...] = ()

    def of(self, section: Section) -> tuple[Gateway, ...]:
        return tuple(one for one in self.gateways if one.section == section)


@dataclass(frozen=True)
class Wanted:
    """Which networks, and whether doors that are the alliance, its promoters or their units count."""

    scope: str | None = None
    topic: str | None = None
    promoters: bool = True


def doors(
    graph: Graph,
    lang: str = "it",
    wanted: Wanted | None = None,
    *,
    unverified: Graph | None = None,
    ledger: Considered | None = None,
) -> Doors:
    """The national and international networks that stand, or those of a scope or on a topic, with their doors.

    unverified: the same view with what nobody verified. ledger: what the next proposals have to respect. Raises
    Unusable for another scope, NotFound for an unknown topic.
    """
    asked = wanted or Wanted()
    listed_as = _unverified(graph, unverified) if unverified is not None else ()
    ranked = _ranked(graph, lang, asked, listed_as, *_respected(ledger))
    here = set(ids(graph)[ecosystem(graph) & ~closed(graph, fabric(graph))])
    tied = {door.id for one in ranked for door in one.doors}
    single = [one for one in ranked if one.section == "one"]
    return Doors(
        networks=len(ranked), reached=sum(one.open_doors > 0 for one in ranked), single=len(single),
        yours=sum(one.doors[0].yours for one in single), organisations=len(here), unconnected=len(here - tied),
        gateways=ranked, unrecorded=_unrecorded(graph, unverified, asked, lang),
    )  # fmt: skip


@remembering(8)
def _ranked(
    graph: Graph, lang: str, asked: Wanted, listed_as: Listed, refused: Refused, not_introducers: frozenset[str],
    load: Counts, reliability: Counts,
) -> tuple[Gateway, ...]:  # fmt: skip
    """The networks that are asked for, those first that have the fewest open doors."""
    nodes, listed = _networks(graph, asked), dict(listed_as)
    following = next_doors(graph, refused, not_introducers, load, reliability)
    found = [_gateway(graph, b, lang, asked, listed, following) for b in nodes.tolist()]
    return tuple(sorted(found, key=lambda one: (one.open_doors, OUTSIDE.index(one.scope), one.name, one.id)))


def outside_networks(graph: Graph) -> np.ndarray:
    """The national, European and global networks that stand, the alliance apart."""
    there = is_kind(graph, "Network") & ~alliance(graph) & ~closed(graph, fabric(graph))
    return np.asarray(there & np.isin(of_nodes(graph, "scope"), OUTSIDE))


def _networks(graph: Graph, asked: Wanted) -> np.ndarray:
    there = outside_networks(graph)
    if words := scopes("network", asked.scope or None):
        there = there & np.isin(of_nodes(graph, "scope"), words)
    if asked.topic:
        topics = fabric(graph).topics.tocsc()
        about = graph.position(asked.topic)
        on = np.zeros(len(graph), bool)
        on[topics.indices[topics.indptr[about] : topics.indptr[about + 1]]] = True
        there = there & on
    return np.flatnonzero(there)


def told_tie(graph: Graph, found: Evidence, lang: str) -> str:
    """What ties a body to a network, in a few words without their names: aderente dal 2016, insieme in ToNite."""
    if found.edge is None:
        assert found.event is not None
        return _together(graph, found.event, found.year, lang)
    kind = str(of_edges(graph, "kind")[found.edge])
    how = filled(lang, WORDS[{"MEMBER_OF": "member", "PARTNER_OF": "partner"}.get(kind, "stated")])
    start, end = (str(of_edges(graph, name)[found.edge])[:4] for name in ("valid_from", "valid_to"))
    if end.isdigit():
        return filled(lang, WORDS["until"], how=how, year=end)
    return filled(lang, WORDS["since"], how=how, year=start) if start else filled(lang, WORDS["undated"], how=how)


def _together(graph: Graph, event: int, year: int | None, lang: str) -> str:
    name = short(str(full_names(graph, lang)[event]))
    if not is_kind(graph, "Project")[event]:
        return filled(lang, WORDS["same"], event=name)
    start, end = (str(of_nodes(graph, column)[event])[:4] for column in ("valid_from", "valid_to"))
    years = f"{start}–{end}" if start and end.isdigit() and start != end else end if end.isdigit() else start
    years = years or (str(year) if year else "")
    years = "" if years and years in name else years
    n = int(fabric(graph).size[event])
    many = filled(lang, WORDS["participants"], n=n) if n > SMALL_GROUP else ""
    told = ", ".join(filter(None, (years, many)))
    return filled(lang, WORDS["together_years" if told else "together"], event=name, years=told)


def is_dated(graph: Graph, found: Evidence) -> bool:
    """Whether the last documented sign of a tie is old enough that one should ask first."""
    kind = "" if found.edge is None else str(of_edges(graph, "kind")[found.edge])
    limit = STALE_LASTING if kind in LASTING else STALE
    return found.year is not None and fabric(graph).now - found.year >= limit


def _gateway(
    graph: Graph, b: int, lang: str, asked: Wanted, listed_as: Mapping[str, tuple[tuple[str, str], ...]],
    following: Mapping[int, _Next],
) -> Gateway:  # fmt: skip
    network = str(ids(graph)[b])
    apart = set() if asked.promoters else set(ids(graph)[office(graph)])
    found = []
    for port, told in entries(graph, network, lang):
        if port.id in apart:
            continue
        yours = bool(alliance(graph)[graph.position(port.id)])
        together = told.event is not None and bool(is_kind(graph, "Project")[told.event])
        found.append(
            Door(
                port.id, short(port.name), port.level, port.open, is_dated(graph, told), yours, together, port.year,
                told_tie(graph, told, lang), told.origin,
            )
        )  # fmt: skip
    found.sort(key=lambda door: not door.open)
    n = sum(door.open for door in found)
    unverified = listed_as.get(network, ())
    beyond = _second_hand(graph, b) if not found else ()
    coming, why = _coming(graph, b, found, following.get(b), lang)
    section: Section = "none" if not n else "one" if n == 1 else "several"
    return Gateway(
        id=network, name=short(str(full_names(graph, lang)[b])), scope=str(of_nodes(graph, "scope")[b]),
        section=section, doors=tuple(found), open_doors=n,
        firm=filled(lang, WORDS[f"firm_{n}" if n < 3 else "firm_n"], n=n),
        sentences=tuple(_says(graph, found, beyond, unverified, lang)),
        second_hand=tuple(str(ids(graph)[m]) for m, _ in beyond), unverified=tuple(body for body, _ in unverified),
        next=coming, why_none=why,
    )  # fmt: skip


def _says(
    graph: Graph, found: Sequence[Door], beyond: Sequence[tuple[int, np.ndarray]],
    unverified: Sequence[tuple[str, str]], lang: str,
) -> list[str]:  # fmt: skip
    names = full_names(graph, lang)
    said = []
    there = [door for door in found if door.open]
    over = len(found) - len(there)
    if len(there) == 1:
        said.append(filled(lang, WORDS["alone_you" if there[0].yours else "alone"], a=there[0].name))
    if len({door.level for door in there}) > 1:
        said.append(filled(lang, WORDS["of_sorts"]))
    if found and not there:
        said.append(filled(lang, WORDS["only_past" if any(door.together for door in found) else "only_shared"]))
    elif over:
        said.append(filled(lang, WORDS["over_one" if over == 1 else "over"], n=over))
    for m, known in beyond:
        told = listed(lang, [short(str(names[o])) for o in known.tolist()])
        said.append(filled(lang, WORDS["beyond"], m=short(str(names[m])), names=told))
    for body, origin in unverified:
        name = short(str(names[graph.position(body)])) if body in graph.ids else body
        sourced = origin.startswith(("http://", "https://"))
        said.append(filled(lang, WORDS["unverified_source" if sourced else "unverified"], a=name))
    return said if said or found else [filled(lang, WORDS["unrecorded"])]


def _second_hand(graph: Graph, b: int, most: int = 2) -> tuple[tuple[int, np.ndarray], ...]:
    """Bodies outside the ecosystem that are tied to a network, the best known first, with whom of it they know."""
    ties, ours = prepare(graph), ecosystem(graph) | office(graph)
    between, strength = row(ties.strength, b), values(ties.strength, b)
    gone = closed(graph, ties)
    found = []
    for m, value in zip(between.tolist(), strength.tolist(), strict=True):
        near, bond = row(ties.strength, m), values(ties.strength, m)
        local = (ecosystem(graph) & ~office(graph) & ~gone)[near] & (near != b)
        if ours[m] or gone[m] or not local.any():
            continue
        order = np.argsort(-bond[local], kind="stable")
        found.append((value * float(bond[local].max()), str(ids(graph)[m]), m, near[local][order]))
    found.sort(key=lambda one: (-one[0], one[1]))
    return tuple((m, known) for _, _, m, known in found[:most])


def _unverified(graph: Graph, low: Graph) -> Listed:
    """Who of the ecosystem is listed as a member of which network by statements that nobody verified, and by whom."""
    ours = set(ids(graph)[ecosystem(graph) | alliance(graph)])
    edges = low.edges
    those = edges[(edges["kind"] == "MEMBER_OF") & (edges["confidence"] < 2) & edges["source"].isin(ours)]
    found: dict[str, list[tuple[str, str]]] = {}
    for source, target, origin in zip(those["source"], those["target"], those["origin"], strict=True):
        found.setdefault(str(target), []).append((str(source), str(origin or "")))
    return tuple((network, tuple(these)) for network, these in found.items())


def _unrecorded(graph: Graph, low: Graph | None, asked: Wanted, lang: str) -> tuple[str, ...]:
    if low is None or asked.topic:
        return ()
    there = outside_networks(low) & ~low.ids.isin(graph.ids)
    if words := scopes("network", asked.scope or None):
        there = there & np.isin(of_nodes(low, "scope"), words)
    return tuple(sorted(short(str(name)) for name in full_names(low, lang)[there]))


@dataclass(frozen=True)
class _Next:
    """Positions alone: what is remembered of a graph must not hold it."""

    source: int
    between: tuple[int, ...]
    by_team: bool
    gain: float = field(compare=False)


def _respected(ledger: Considered | None) -> tuple[Refused, frozenset[str], Counts, Counts]:
    if ledger is None:
        return frozenset(), frozenset(), (), ()
    load, reliability = (tuple(sorted(part.items())) for part in (ledger.load, ledger.reliability))
    return ledger.taken, ledger.not_introducers, load, reliability


@remembering(4)
def next_doors(
    graph: Graph, refused: Refused, not_introducers: frozenset[str], load: Counts, reliability: Counts
) -> dict[int, _Next]:
    """Of each outside network that a route leads to, whom `portfolio` would choose first if it were for that one alone.

    Only networks of which something documented says whom they admit.
    """
    ground = Ground(
        graph, "it", refused, not_introducers, {body: int(n) for body, n in load}, dict(reliability)
    )  # fmt: skip
    planned, best = plan(ground, "reach", None), dict[int, _Next]()
    for one in candidates(ground, planned):
        there = best.get(one.target)
        gain = round(one.likely * float(planned.worth[[one.source, one.target]].sum()), 12)
        if one.chain and (there is None or gain > there.gain):
            best[one.target] = _Next(one.source, one.between, one.by_team, gain)
    return best


def _coming(
    graph: Graph, b: int, found: Sequence[Door], following: _Next | None, lang: str
) -> tuple[NextDoor | None, str]:
    """Who could be the next port of a network; else why nobody."""
    if sum(door.open for door in found) >= ENOUGH_PORTS:
        return None, filled(lang, WORDS["enough"])
    if following is None:
        return None, filled(lang, WORDS["no_rules" if unspoken(graph)[b] else "no_route"])
    at, names, ours = ids(graph), full_names(graph, lang), alliance(graph)
    others = [short(str(names[z])) for z in following.between if not ours[z]]
    key = "through" if not following.by_team else "through_you_and" if others else "through_you"
    through = filled(lang, WORDS[key], names=listed(lang, others))
    introducers = tuple(str(at[z]) for z in following.between)
    name = short(str(names[following.source]))
    return NextDoor(str(at[following.source]), name, introducers, following.by_team, through), ""


def port_gain(graph: Graph, network: str, lang: str = "it") -> str:
    """What one open port more would mean for a network, from what it has; blank for what is no network."""
    b = graph.position(network)
    if not is_kind(graph, "Network")[b]:
        return ""
    n = int(port_counts(graph)[b])
    key = ("first_door", "second_door")[n] if n < 2 else "more_doors"
    return tell(lang, key, n=n, m=n + 1, b=short(str(full_names(graph, lang)[b])))
