"""The statements that win, as one immutable matrix."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import numpy as np
import pandas as pd

from tsi_graph.dates import OPEN, date
from tsi_graph.errors import DataInvalid, NotFound, Unusable
from tsi_graph.fields import LEVELS
from tsi_graph.kernels import HEAVIEST, LIGHTEST, Csr, build, is_weight, project, transpose
from tsi_graph.model import is_a
from tsi_graph.standing import in_force, shown
from tsi_graph.visibility import TEAM, narrowed, visibilities

if TYPE_CHECKING:
    from scipy.sparse import csr_array

    from tsi_graph.statements import Table
    from tsi_graph.store import Store

HOME = ("torino-social-impact", "tsi-mou-2017")
"""The alliance whose map this is: all its partners tie to it, so by default its membership is not a tie."""
PROMOTERS = ("camera-commercio-torino", "fondazione-compagnia-san-paolo")
"""Torino's promoters; `without=PROMOTERS` leaves them out."""
MEMBERSHIP = ("MEMBER_OF", "SIGNATORY_OF")
NOTEBOOK = "tsi_graph.exports.notebook"
"""What shows a graph; by name, for pictures stand above graphs."""
EVENTS = ("Project", "Network", "Fund")
"""What organisations share: a project, a network, a fund."""


@dataclass(frozen=True)
class View:
    """Which part of what is documented to look at.

    kinds: kinds of node to keep (with their sorts), all if empty. confidence: 3 high, 2 medium and
    high, 1 also unverified. as_of: a date such as 2020, on which it may have been true (with `sure`:
    ties that certainly were). known_at: as the store knew it at that moment (UTC unless said).
    without: ids left out whole.
    home: the alliance whose map this is; its membership is a tie only with `membership`. promoters:
    bodies that touch almost everybody by their office. today: the day from which recommendations tell
    what is over and how old a tie is, unless as_of says; else the day of the last import. audience: public, members
    or team; nothing that is hidden from it takes part.
    """

    kinds: tuple[str, ...] = ()
    confidence: int = 2
    as_of: str | None = None
    known_at: datetime | None = None
    sure: bool = False
    without: tuple[str, ...] = ()
    home: tuple[str, ...] = HOME
    membership: bool = False
    promoters: tuple[str, ...] = PROMOTERS
    today: str | None = None
    audience: str = TEAM

    def __post_init__(self) -> None:
        for name in ("as_of", "today"):
            try:
                day = date(getattr(self, name))
                if day == OPEN:
                    raise ValueError("an open end is no day")
                object.__setattr__(self, name, day or None)
            except ValueError as fault:
                raise Unusable(f"{getattr(self, name)!r} is no date to look at: {fault}") from fault
        if self.known_at and self.known_at.tzinfo is None:
            object.__setattr__(self, "known_at", self.known_at.replace(tzinfo=UTC))
        if self.confidence not in LEVELS:
            raise Unusable(f"A confidence is 3 (high), 2 (medium and high) or 1 (all), not {self.confidence!r}.")

    def _repr_html_(self) -> str:
        """In a notebook: what it looks at, in words."""
        return str(import_module(NOTEBOOK).of_view(self))


STRUCTURE = View()
DOCUMENTED = View(membership=True)
BY_HAND = View(confidence=1, home=(), promoters=())
"""What a graph made from a table claims: nothing about an alliance or about confidence."""


class Graph:
    """Nodes and edges as tables and as sorted rows of ties; row i is the same node everywhere.

    nodes: id, kind, name and attributes, one row each. edges: source and target (ids), kind, weight
    and details. view: what of the store it shows; imported: the day of the last import that it knows; seat: the
    cities of the alliance, of the day looked at or else of any, also where the view leaves the alliance out.
    Nothing of it is to be changed. Made from a table of edges or from rows of ties (`Csr`): the other
    is derived when it is asked for.
    """

    def __init__(
        self,
        nodes: pd.DataFrame,
        edges: pd.DataFrame | Csr,
        directed: bool = False,
        view: View = STRUCTURE,
        imported: str = "",
        seat: frozenset[str] = frozenset(),
    ) -> None:
        self.nodes, self.directed, self.view, self.imported, self.seat = nodes, directed, view, imported, seat
        self.__dict__["sent" if isinstance(edges, Csr) else "edges"] = edges

    def __len__(self) -> int:
        return len(self.nodes)

    def _repr_html_(self) -> str:
        """In a notebook: the interactive map, or counts where there are too many for one."""
        return str(import_module(NOTEBOOK).of_graph(self))

    @cached_property
    def ids(self) -> pd.Index[Any]:
        """The id of each node, in node order."""
        ids: pd.Index[Any] = pd.Index(self.nodes["id"].to_numpy())
        return ids

    @cached_property
    def edges(self) -> pd.DataFrame:
        """The table of edges; of rows of ties, each tie once."""
        i, j, weight = self.sent.rows, self.sent.indices, self.sent.values
        if not self.directed:
            once = i < j
            i, j, weight = i[once], j[once], weight[once]
        ids = self.nodes["id"].to_numpy()
        return pd.DataFrame({"source": ids[i], "target": ids[j], "kind": "EDGE", "weight": weight})

    @cached_property
    def ends(self) -> tuple[np.ndarray, np.ndarray]:
        """The positions of each edge's source and target."""
        source, target = (self.ids.get_indexer(pd.Index(self.edges[end])) for end in ("source", "target"))
        return source, target

    @cached_property
    def sent(self) -> Csr:
        """Row i holds the ties that node i sends: parallel edges add up, loops and weights of 0 are dropped.

        Without direction every edge counts both ways.
        """
        return build(len(self), *self.ends, self.edges["weight"].to_numpy(float), symmetric=not self.directed)

    @cached_property
    def received(self) -> Csr:
        """Row i holds the ties that node i receives."""
        return transpose(self.sent) if self.directed else self.sent

    @cached_property
    def contacts(self) -> Csr:
        """Row i holds the ties of node i whatever their direction: what i sends to j plus what j sends to i."""
        if not self.directed:
            return self.sent
        return build(len(self), self.sent.rows, self.sent.indices, self.sent.weights, symmetric=True)

    @cached_property
    def adjacency(self) -> csr_array:
        """`sent` as a SciPy matrix, for formulas: entry [i, j] is the weight of the ties from i to j."""
        matrix = self.sent.matrix()
        matrix.data.flags.writeable = False
        return matrix

    @classmethod
    def from_file(cls, path: Path | str, *, directed: bool = False) -> Graph:
        """A large network straight from a CSV or Parquet file with columns source, target and maybe weight.

        Only the rows of ties are kept, 24 bytes a tie, and the ids in the order of their first mention as a
        source, then as a target. Raises DataInvalid for a file that cannot be read so, with the column and
        for a bad cell the row. With pyarrow installed (`tsi-graph[arrow]`) it takes a fraction of the time.
        """
        from tsi_graph.edgelist import read_ties

        ids, source, target, weight = read_ties(Path(path))
        kind = pd.Categorical.from_codes(np.zeros(len(ids), np.int8), categories=pd.Index(["Stakeholder"]))
        nodes = pd.DataFrame({"id": ids, "kind": kind, "name": ids}, copy=False)
        return cls(nodes, build(len(ids), source, target, weight, symmetric=not directed), directed, BY_HAND)

    def position(self, node: str) -> int:
        """Where a node stands in every array. Raises NotFound."""
        if node not in self.ids:
            raise NotFound(f"No organisation, project, fund, network or topic has the id {node!r} in this view.")
        return cast(int, self.ids.get_loc(node))  # an index of one to look for would cost a hundred times more

    def kinds_of(self, base: str) -> np.ndarray:
        """Which nodes are of a kind or of a sort of it.

        >>> nodes = pd.DataFrame({"id": ["ada", "sun", "bo"], "kind": ["Investor", "Project", None]})
        >>> Graph.from_edges([], nodes).kinds_of("Stakeholder")
        array([ True, False, False])
        """
        # the last is for no kind at all, whose code is -1
        which: np.ndarray = np.array([*(is_a(kind, base) for kind in self._kinds.categories), False])[self._kinds.codes]
        return which

    @cached_property
    def _kinds(self) -> pd.Categorical:
        """The kind of each node as a small number, for the many who ask."""
        return pd.Categorical(self.nodes["kind"])

    @classmethod
    def from_edges(
        cls,
        edges: pd.DataFrame | Iterable[Sequence[Any]],
        nodes: pd.DataFrame | None = None,
        *,
        directed: bool = False,
        view: View = BY_HAND,
    ) -> Graph:
        """A graph from a table, or from (source, target[, weight]) tuples.

        `nodes`, with an `id` column and any attributes, fixes the order and adds those without edges;
        otherwise nodes stand in the order of their first mention. Ids may be numbers or text. `view`
        says which alliance and promoters the table knows; none, unless given.

        >>> Graph.from_edges([("a", "b"), ("b", "c", 2.0)]).adjacency.sum()
        np.float64(6.0)
        """
        table = edges if isinstance(edges, pd.DataFrame) else _table(edges)
        lacking = {"source", "target"} - set(table.columns)
        if lacking:
            raise DataInvalid(f"An edge table needs the columns source and target; it has {list(table.columns)}.")
        table = table.reset_index(drop=True)
        table = table.assign(weight=table["weight"].astype(float) if "weight" in table else 1.0)
        if not is_weight(table["weight"].to_numpy()).all():
            raise DataInvalid(f"A weight is a finite number, not negative: 0, or from {LIGHTEST:g} to {HEAVIEST:g}.")
        if "kind" not in table:
            table = table.assign(kind="EDGE")
        mentioned = pd.unique(table[["source", "target"]].to_numpy().ravel())
        if nodes is None:
            nodes = pd.DataFrame({"id": mentioned})
        nodes = nodes.reset_index(drop=True)
        if "id" not in nodes or nodes["id"].duplicated().any():
            raise DataInvalid("A node table needs a column id in which each id stands once.")
        unknown = ~pd.Index(mentioned).isin(nodes["id"])
        if unknown.any():
            raise DataInvalid(f"Edges name ids that the node table lacks: {list(mentioned[unknown][:5])}.")
        for column, default in (("kind", "Stakeholder"), ("name", nodes["id"].astype(str))):
            if column not in nodes:
                nodes = nodes.assign(**{column: default})
        return cls(nodes, table, directed, view)


def _table(edges: Iterable[Sequence[Any]]) -> pd.DataFrame:
    rows = [tuple(edge) for edge in edges]
    wrong = next((row for row in rows if len(row) not in (2, 3)), None)
    if wrong is not None:
        raise DataInvalid(f"An edge is (source, target) or (source, target, weight), not {wrong!r}.")
    # object columns keep ids as they came: 1 stays 1 beside "a"
    return pd.DataFrame(
        {
            "source": pd.Series([row[0] for row in rows], dtype=object),
            "target": pd.Series([row[1] for row in rows], dtype=object),
            "weight": [float(row[2]) if len(row) == 3 else 1.0 for row in rows],
        }
    )


def graph_of(table: Table, view: View = STRUCTURE) -> Graph:
    """The graph that a view of the statements shows."""
    table = narrowed(table, view.audience)
    nodes, edges = shown(table, as_of=view.as_of, known_at=view.known_at, sure=view.sure, confidence=view.confidence)
    seat = _seat(nodes, view)
    if not seat and view.as_of:  # the alliance began later: whose map it is does not depend on the day
        seat = _seat(shown(table, known_at=view.known_at, confidence=view.confidence)[0], view)
    if who := visibilities(table):  # of several that are said, the one that counts
        said = zip(nodes["id"], nodes["visibility"], strict=True)
        nodes["visibility"] = pd.Series([who.get(node, one) for node, one in said], nodes.index, object)
    if view.without or view.kinds:
        keep = ~nodes["id"].isin(view.without)
        if view.kinds:
            keep &= nodes["kind"].map(lambda kind: any(is_a(kind, base) for base in view.kinds)).astype(bool)
        nodes = nodes[keep].reset_index(drop=True)
        edges = edges[edges["source"].isin(nodes["id"]) & edges["target"].isin(nodes["id"])]
    if not view.membership and (member := edges["kind"].isin(MEMBERSHIP)).any():
        memberships = edges[member]
        edges = edges.drop(index=memberships.index[memberships["target"].isin(view.home)])
    last = max((i.at for i in in_force(table.imports, view.known_at).values()), default=None)
    imported = f"{last:%Y-%m-%d}" if last else ""
    return Graph(nodes, edges.reset_index(drop=True), view=view, imported=imported, seat=seat)


def _seat(nodes: pd.DataFrame, view: View) -> frozenset[str]:
    return frozenset(nodes["city"][nodes["id"].isin(view.home)].dropna()) - {""}


def one_mode(graph: Graph, through: str | Sequence[str] = EVENTS, of: str = "Stakeholder") -> Graph:
    """Nodes of one kind, tied directly or by what they share.

    A project, network or fund shared by n of them is worth 1/(n-1) to each pair, so that a large
    consortium is not many strong ties (Newman 2001). Direct edges count with their own weight.
    Shared topics tie nobody unless asked for (`through="Topic"`). The result has no direction; each
    pair stands once, its `kind` naming all its relations, with SHARED for what is shared.
    """
    kinds = (through,) if isinstance(through, str) else tuple(through)
    ours = graph.kinds_of(of)
    event = np.any([graph.kinds_of(kind) for kind in kinds], axis=0) & ~ours
    i, j = graph.ends
    direct, takes, hosts = ours[i] & ours[j] & (i != j), ours[i] & event[j], event[i] & ours[j]
    seats = np.r_[i[takes], j[hosts]], np.r_[j[takes], i[hosts]]
    events_of = build(len(graph), *seats, symmetric=False, columns=len(graph))
    members_of = transpose(events_of)
    shared = project(events_of, members_of, 1 / np.maximum(members_of.degrees - 1, 1))
    once = shared.rows < shared.indices
    low = np.r_[np.minimum(i, j)[direct], shared.rows[once]]
    high = np.r_[np.maximum(i, j)[direct], shared.indices[once]]
    weight = np.r_[graph.edges["weight"].to_numpy(float)[direct], shared.values[once]]
    kind = np.r_[graph.edges["kind"].to_numpy(str)[direct], np.full(once.sum(), "SHARED")]
    edges = _pairs(graph.nodes["id"].to_numpy(), low, high, kind, weight)
    nodes = graph.nodes[ours].reset_index(drop=True)
    return Graph(nodes, edges, view=graph.view, imported=graph.imported)


def _pairs(ids: np.ndarray, low: np.ndarray, high: np.ndarray, kind: np.ndarray, weight: np.ndarray) -> pd.DataFrame:
    """Each pair once: weights added up, kinds named side by side."""
    names, code = np.unique(kind, return_inverse=True)
    order = np.lexsort((code, high, low))
    low, high, code, weight = low[order], high[order], code[order], weight[order]
    new = np.r_[True, (np.diff(low) != 0) | (np.diff(high) != 0)][: len(low)]
    first, pair = np.flatnonzero(new), np.cumsum(new) - 1
    other = np.flatnonzero(~new & np.r_[False, np.diff(code) != 0][: len(low)])
    said = names[code[first]].astype(object)
    for k in other.tolist():
        said[pair[k]] += f"|{names[code[k]]}"
    total = np.bincount(pair, weight, minlength=len(first))
    return pd.DataFrame({"source": ids[low[first]], "target": ids[high[first]], "kind": said, "weight": total})


def load_graph(store: Store, view: View = STRUCTURE) -> Graph:
    """The graph that a view of the store shows; old views cost no query, the snapshot holds them all."""
    return graph_of(store.statements(), view)
