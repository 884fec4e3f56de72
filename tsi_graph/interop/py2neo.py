"""To and from py2neo, for notebooks that have it: its objects, and a connection that cannot hang for ever.

py2neo ended in 2023. Nothing else here uses it: `tsi-graph[py2neo]` installs it, docs/py2neo.md says what works.
"""

from __future__ import annotations

import time
import warnings
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from tsi_graph.errors import DataInvalid, StoreUnreachable, TsiError, Unusable
from tsi_graph.graph import Graph
from tsi_graph.interop.rows import Row, columns, restored, rows, table
from tsi_graph.model import NODE_KINDS, labels
from tsi_graph.store.adhoc import checked
from tsi_graph.store.adhoc_run import QueryTimeout, within

if TYPE_CHECKING:
    import pandas as pd
    import py2neo

COPY = "_copy"
"""A property that tells apart edges equal in everything else, for a Subgraph is a set; `from_subgraph` takes it out."""
ENDED = {
    "it": (
        "py2neo è fuori manutenzione dal 2023: con Neo4j fino alla 4.4 funziona; dalla 5 in poi solo lettura e Cypher "
        "semplice (niente schema, niente 6.x e protocolli Bolt nuovi). Per il resto usare il driver ufficiale: "
        "docs/py2neo.md."
    ),
    "en": (
        "py2neo has been out of maintenance since 2023: it works with Neo4j up to 4.4; from 5 on for reading and plain "
        "Cypher only (no schema, no newer Bolt protocol). For anything else use the official driver: docs/py2neo.md."
    ),
}
_said: set[str] = set()


def to_subgraph(graph: Graph) -> py2neo.Subgraph:
    """Nodes with their labels and relationships with their types; what is blank is no property, as in Neo4j.

    An Investor is labelled Node, Stakeholder and Investor, as in the store; a kind of its own is its only label.
    """
    py2neo = _py2neo()
    if COPY in graph.edges:
        raise Unusable(f"An edge table with a column {COPY!r} cannot go to py2neo: that name tells edges apart there.")
    nodes = {}
    for place, (node, said) in enumerate(zip(graph.nodes["id"].tolist(), rows(graph.nodes), strict=True)):
        nodes[node] = _placed(py2neo.Node(*_labels(said.get("kind")), **_named(said)), place)
    relationships = []
    seen: dict[tuple[Any, ...], int] = {}
    ends = zip(graph.edges["source"].tolist(), graph.edges["target"].tolist(), strict=True)
    details = rows(graph.edges.drop(columns=["source", "target"]))
    for place, ((source, target), said) in enumerate(zip(ends, details, strict=True)):
        same = (source, target, repr(sorted(said.items(), key=lambda item: str(item[0]))))
        seen[same] = seen.get(same, 0) + 1
        if seen[same] > 1:
            said[COPY] = seen[same]
        kind = _type(said.get("kind", "EDGE"))
        relationships.append(_placed(py2neo.Relationship(nodes[source], kind, nodes[target], **_named(said)), place))
    out = py2neo.Subgraph(nodes.values(), relationships)
    out.directed = graph.directed
    out.tsi_columns = columns(graph.nodes), columns(graph.edges)
    return out


def from_subgraph(subgraph: py2neo.Subgraph, *, directed: bool | None = None) -> Graph:
    """The graph of a Subgraph, in the order of `to_subgraph` or else by id. Raises DataInvalid for a node without id.

    A kind is the property `kind`, else the label or type; of several labels the most special one that we know.
    """
    _py2neo()
    nodes = []
    for node in _each(subgraph.nodes):
        said = dict(node)
        if said.get("id") is None:
            raise DataInvalid(f"Each node needs a property id; this one has none: {str(node)[:100]}")
        nodes.append({"kind": _kind(node.labels), **said})
    edges = []
    for relationship in _each(subgraph.relationships):
        said = {name: value for name, value in dict(relationship).items() if name != COPY}
        ends = {"source": relationship.start_node["id"], "target": relationship.end_node["id"]}
        edges.append({"kind": type(relationship).__name__, "weight": 1.0, **said, **ends})
    if directed is None:
        directed = bool(getattr(subgraph, "directed", False))
    of_nodes, of_edges = getattr(subgraph, "tsi_columns", (None, None))
    return Graph.from_edges(
        restored(table(edges, ("source", "target", "kind", "weight")), of_edges),
        restored(table(nodes, ("id", "kind", "name")), of_nodes),
        directed=directed,
    )


def connect(
    url: str, user: str = "neo4j", password: str = "", *, deadline: float = 10.0, lang: str = "it"
) -> py2neo.Graph:
    """A py2neo Graph on a server that answers. Raises StoreUnreachable within the deadline (seconds) otherwise.

    The official driver asks first, for py2neo waits for ever where a server accepts and says nothing.
    Warns once that py2neo has ended.
    """
    from tsi_graph.store.neo4j import check_address

    py2neo = _py2neo()
    check_address(url, password)
    if lang not in ENDED:
        raise Unusable(f"A language is it or en, not {lang!r}.")
    if not _said:
        _said.add(lang)
        warnings.warn(ENDED[lang], UserWarning, stacklevel=2)
    began = time.monotonic()
    try:
        within(deadline, lambda: _verify(url, user, password, deadline))
        left = max(0.1, deadline - (time.monotonic() - began))
        return within(left, lambda: _connected(py2neo, url, user, password))
    except TimeoutError as fault:
        raise StoreUnreachable(f"The server at {url} did not answer within {deadline:g} seconds.") from fault


def run_frame(graph: py2neo.Graph, cypher: str, /, *, seconds: float = 30.0, **parameters: Any) -> pd.DataFrame:
    """The rows of a statement that reads, as a table; the same texts are refused as by `Store.cypher`.

    Raises QueryTimeout after `seconds`; the server itself may go on with it, for py2neo cannot end it.
    """
    text = checked(cypher)

    def ask() -> pd.DataFrame:
        import pandas as pd

        found = graph.query(text, parameters)
        names = found.keys()
        return pd.DataFrame([list(record.values()) for record in found], columns=names)

    try:
        return within(seconds, ask)
    except TimeoutError as fault:
        raise QueryTimeout(f"py2neo gave no answer within {seconds:g} seconds.") from fault
    except TsiError:
        raise
    except Exception as fault:
        raise Unusable(f"py2neo could not run it: {str(fault).partition(chr(10))[0][:500]}") from fault


def _py2neo() -> Any:
    try:
        import py2neo
    except ImportError as missing:
        raise Unusable("py2neo is not installed here: pip install 'tsi-graph[py2neo]'") from missing
    return py2neo


def _verify(url: str, user: str, password: str, deadline: float) -> None:
    from neo4j import GraphDatabase, exceptions

    try:
        with GraphDatabase.driver(
            url,
            auth=(user, password),
            connection_timeout=min(3.0, deadline),
            connection_acquisition_timeout=deadline,
            max_transaction_retry_time=deadline,
        ) as driver:
            driver.verify_connectivity()
    except exceptions.AuthError as fault:
        raise StoreUnreachable(f"The server at {url} refused the user or password.") from fault
    except (exceptions.Neo4jError, exceptions.DriverError, ValueError) as fault:
        raise StoreUnreachable(f"The server at {url} cannot be used: {str(fault).partition(chr(10))[0]}") from fault


def _connected(py2neo: Any, url: str, user: str, password: str) -> py2neo.Graph:
    try:
        graph = py2neo.Graph(url, auth=(user, password))
        graph.query("RETURN 1 AS one").evaluate()
        return graph
    except Exception as fault:
        raise StoreUnreachable(
            f"The server at {url} answers, but py2neo cannot talk to it ({type(fault).__name__}): it speaks Bolt up to "
            "4.3, which newer servers may no longer offer. Use `open_store` or the official driver: docs/py2neo.md."
        ) from fault


def _labels(kind: object) -> tuple[str, ...]:
    return labels(kind) if isinstance(kind, str) and kind in NODE_KINDS else (_type(kind or "Node"),)


def _type(kind: object) -> str:
    text = str(kind)
    if not text or "\0" in text or not text.isprintable():
        raise Unusable(f"{text!r} cannot be a label or a type in Neo4j.")
    return text


def _kind(found: Any) -> str:
    """The most special of some labels."""
    known = sorted((label for label in found if label in NODE_KINDS), key=lambda label: -len(labels(label)))
    return next(iter(known or sorted(found)), "Stakeholder")


def _named(said: Row) -> Row:
    return {str(name): value for name, value in said.items()}


def _placed(entity: Any, place: int) -> Any:
    entity.tsi_place = place
    return entity


def _each(entities: Iterable[Any]) -> list[Any]:
    """Each node or relationship once, in order."""
    # To py2neo, the node with the number 0 in its database is another one each time that it is met.
    return sorted({id(e) if e.identity is None else ("", e.identity): e for e in entities}.values(), key=_place)


def _place(entity: Any) -> tuple[int, str]:
    """Where it stood in its table; what comes from a server by its id or fact."""
    return getattr(entity, "tsi_place", 0), str(entity.get("id") or entity.get("fact") or "")
