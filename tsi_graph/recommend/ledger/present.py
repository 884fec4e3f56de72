"""What to propose now: what the data say, with what the ledger of introductions holds respected."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypedDict

from tsi_graph.errors import NotFound
from tsi_graph.graph import Graph
from tsi_graph.recommend.alternatives import Way, ways
from tsi_graph.recommend.columns import is_kind
from tsi_graph.recommend.constants import HALF_LIFE
from tsi_graph.recommend.doors import outside_networks
from tsi_graph.recommend.ledger.reading import Considered, considered
from tsi_graph.recommend.ports import ecosystem
from tsi_graph.recommend.score import Recommendation, recommend

if TYPE_CHECKING:
    from tsi_graph.store import Store


POOL = 20
"""Of so many networks those far away come first, whoever asks for fewer."""


class Introducers(TypedDict):
    """Who is not to be asked, who was asked of late, and how introductions through whom went."""

    not_introducers: frozenset[str]
    load: dict[str, int]
    reliability: dict[str, float]


def recommend_now(
    store: Store,
    graph: Graph,
    node: str,
    to: str = "network",
    scope: str | None = None,
    limit: int = 10,
    lang: str = "it",
    half_life: float = HALF_LIFE,
) -> list[Recommendation]:
    """What `recommend` says, without pairs that the ledger holds (declined, in hand, met, resting), over
    introducers that are willing, those first that were asked less of late and succeeded more often.

    Of networks the national and international ones come before those nearby, among the `POOL` best.
    """
    ledger = considered(store)
    most = max(limit, POOL) if to == "network" and limit > 0 else limit
    found = recommend(graph, node, to, scope, most, lang, half_life=half_life, refused=ledger.taken, **willing(ledger))
    if to == "network":
        far = set(graph.ids[outside_networks(graph)])
        found.sort(key=lambda one: one.id not in far)
    return found[:limit]


def recommend_for_network(
    store: Store, graph: Graph, network: str, limit: int = 10, lang: str = "it", half_life: float = HALF_LIFE
) -> list[Recommendation]:  # fmt: skip
    """Whom of the ecosystem a partner network should meet: organisations only, with reasons, paths and their sources;
    the ledger is respected. Raises NotFound for an unknown id and for what is no network."""
    if not is_kind(graph, "Network")[graph.position(network)]:
        raise NotFound(f"{network!r} is no network; for an organisation ask what it should meet.")
    ledger = considered(store)
    return recommend(
        graph, network, "stakeholder", None, limit, lang, half_life=half_life, refused=ledger.taken,
        among=ecosystem(graph), **willing(ledger),
    )  # fmt: skip


def ways_now(
    store: Store, graph: Graph, source: str, target: str, k: int = 3, lang: str = "it", half_life: float = HALF_LIFE
) -> list[Way]:  # fmt: skip
    """What `ways` says, over introducers that are willing, those first that were asked less of late; where the
    ledger holds the pair, each way says so."""
    ledger = considered(store)
    return ways(graph, source, target, k, lang, half_life=half_life, refused=ledger.taken, **willing(ledger))


def willing(ledger: Considered) -> Introducers:
    """What the ledger says of introducers, as `recommend` and `ways` take it."""
    return {
        "not_introducers": ledger.not_introducers,
        "load": ledger.load,
        "reliability": ledger.reliability,
    }
