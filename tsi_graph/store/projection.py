"""The graph in the store: exactly the statements that win, derived from them and from nothing else."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from tsi_graph.model import NODE_KINDS, SAME_AS, labels
from tsi_graph.standing import NODE_COLUMNS, shown, shown_edges, standing, survivors
from tsi_graph.statements import COLUMNS, ROW, Import, Statement, Table, fact_of
from tsi_graph.store import whole
from tsi_graph.store.base import Row, Transaction, batches, read, read_each, write

DETAILS = (
    "kind", "weight", "amount", "role", "valid_from", "valid_to", "seen", "origin", "confidence",
    "from_min", "from_max", "to_min", "to_max", "fact", "statement", "disputed",
)  # fmt: skip
JOINING = "same as"
"""The dataset of imports by hand that say that two ids are one body."""
STEP = 20_000
"""Rows after which progress is told."""
FEW = 2_000
"""Up to so many values the store is asked for each; for more, a table that is at hand is cheaper."""

Progress = Callable[[int], None]
"""Told how many rows more are in the store."""


def table_of(rows: Iterable[Row], imports: Iterable[Import]) -> Table:
    """Rows of the store as a statement table."""
    return Table(pd.DataFrame(rows, columns=pd.Index([*COLUMNS, "changes"])), tuple(imports))


def rows_said(statements: Sequence[Statement], number: int) -> pd.DataFrame:
    """The rows of statements that an import makes for the first time."""
    columns: dict[str, Any] = dict(zip(COLUMNS, zip(*statements, strict=True), strict=True)) if statements else {}
    table = pd.DataFrame(columns, columns=pd.Index(COLUMNS))
    table["changes"] = [[number] for _ in statements]
    return table


class Known:
    """What is already said, from the store, or for much at once from the table of all if there is a current one."""

    def __init__(self, tx: Transaction, table: Callable[[], Table | None] = lambda: None) -> None:
        self.tx, self._table = tx, table

    def of_facts(self, facts: Iterable[str]) -> list[Row]:
        return self._rows("statements_of_facts", "facts", sorted(facts), "fact")

    def of_imports(self, numbers: Sequence[int]) -> list[Row]:
        """What any of these imports said or withdrew."""
        table, wanted = self._table(), set(numbers)
        if table is None:
            return _as_written(read(self.tx, "statements_of_imports", numbers=list(numbers)))
        hit = [not wanted.isdisjoint(map(abs, changes)) for changes in table.rows["changes"]]
        return rows_of(table.rows[hit])

    def touched_by(self, number: int) -> pd.DataFrame:
        """All that is said about the facts that an import touched."""
        table = self._table()
        if table is None:
            facts = {r["fact"] for r in read(self.tx, "statements_of_imports", numbers=[number])}
            return table_of(self.of_facts(facts), ()).rows
        rows = table.rows
        hit = [number in changes or -number in changes for changes in rows["changes"]]
        return rows[rows["fact"].isin(rows["fact"][hit])].reset_index(drop=True)

    def with_end(self, ids: Sequence[str]) -> list[Row]:
        """What is said about ties from or to these nodes; some twice."""
        towards = self._rows("statements_towards", "ids", ids, "target")
        return [r for r in self._rows("statements_from", "ids", ids, "node") if r["target"]] + towards

    def of_joins(self) -> list[Row]:
        """Every statement there ever was that two ids are one body."""
        return read(self.tx, "statements_joining")

    def _rows(self, name: str, parameter: str, values: Sequence[str], column: str) -> list[Row]:
        table = self._table() if len(values) > FEW else None
        if table is None:
            return _as_written(read_each(self.tx, name, parameter, values))
        return rows_of(table.rows[table.rows[column].isin(values)])


def _as_written(rows: list[Row]) -> list[Row]:
    whole.verify(rows)
    return rows


class Tabled(Known):
    """What is already said, from a table of all alone."""

    def __init__(self, table: Table) -> None:
        self._all = table

    def of_imports(self, numbers: Sequence[int]) -> list[Row]:
        wanted = set(numbers)
        return rows_of(self._all.rows[[not wanted.isdisjoint(map(abs, c)) for c in self._all.rows["changes"]]])

    def of_joins(self) -> list[Row]:
        return rows_of(self._all.rows[self._all.rows["field"] == SAME_AS])

    def _rows(self, name: str, parameter: str, values: Sequence[str], column: str) -> list[Row]:
        return rows_of(self._all.rows[self._all.rows[column].isin(values)])


def rows_of(table: pd.DataFrame) -> list[Row]:
    """The rows of a table as the engines take them: nothing where there is no value, no number of NumPy's."""
    names, columns = columns_of(table)
    return [dict(zip(names, row, strict=True)) for row in zip(*columns, strict=True)]


def columns_of(table: pd.DataFrame) -> tuple[list[str], list[list[Any]]]:
    """The names of its columns and their values, as `rows_of` has them."""
    columns = [
        column.tolist() if column.dtype.kind in "biu" else column.astype(object).where(column.notna(), None).tolist()
        for _, column in table.items()
    ]
    return [str(name) for name in table.columns], columns


@dataclass(frozen=True)
class Ready:
    """What of the graph can be laid ready out of sight: nodes that are not there yet, and ties that touch them.

    ties: by kind and by the labels under which their ends are found.
    """

    nodes: dict[str, list[Row]]
    ties: dict[tuple[str, str, str], list[Row]]

    @property
    def ids(self) -> set[str]:
        return {row["id"] for rows in self.nodes.values() for row in rows}

    @property
    def facts(self) -> set[str]:
        return {row["fact"] for rows in self.ties.values() for row in rows}


NOTHING = Ready({}, {})


def ready(touched: Table, known: Known) -> Ready:
    """What of the graph of these facts is new: nodes, and their ties, also those that wait for them.

    Without the few bodies of several ids that are touched: these are drawn anew when all is shown.
    """
    brand_new = len(touched.imports) == 1
    touched, joined = _whole_bodies(touched, known, brand_new=brand_new)
    table, edges = shown(touched)
    there = _present(known, {*table["id"], *edges["source"], *edges["target"]})
    table = table[~table["id"].isin(there | joined)][["kind", *NODE_COLUMNS, "disputed"]]
    come = set(table["id"])
    if not brand_new:  # else nothing was said before that could wait
        edges = _with_waiting(touched, known, come)
        there |= _present(known, {*edges["source"], *edges["target"]} - come - there)
        edges = edges[edges["source"].isin(there | come) & edges["target"].isin(there | come)]
    edges = edges[~(edges["source"].isin(joined) | edges["target"].isin(joined))]
    nodes = {str(kind): rows_of(rows) for kind, rows in table.groupby("kind")}
    ends = {end: edges[end].isin(there).map({True: "Node", False: "Unfinished"}) for end in ("source", "target")}
    new = edges[(ends["source"] == "Unfinished") | (ends["target"] == "Unfinished")]
    groups = new.groupby(["kind", ends["source"], ends["target"]])
    return Ready(nodes, {tuple(map(str, key)): _ties(rows) for key, rows in groups})  # type: ignore[misc]


def _present(known: Known, ids: set[str]) -> set[str]:
    """Those that are nodes of the graph."""
    return {r["id"] for r in read_each(known.tx, "present", "ids", sorted(ids))}


def _with_waiting(touched: Table, known: Known, come: set[str]) -> pd.DataFrame:
    """The edges of these facts, and those said before that wait for the nodes that come."""
    at_hand = set(touched.rows["fact"])
    waiting = {r["id"]: r for r in known.with_end(sorted(come)) if r["fact"] not in at_hand}
    joins = rows_of(touched.rows[touched.rows["field"] == SAME_AS])
    others = table_of([*waiting.values(), *joins], touched.imports)
    return shown_edges(pd.concat([standing(touched), standing(others)], ignore_index=True))


def project(
    touched: Table,
    known: Known,
    *,
    brand_new: bool = False,
    progress: Progress = lambda rows: None,
    laid: Ready = NOTHING,
    aside: bool = False,
) -> None:
    """Bring nodes and ties of the touched facts to what the statements now say.

    `touched` holds all statements on these facts. `brand_new` promises that the store was empty. `laid`
    lies ready and is only to be shown. `aside`: nodes that go are put out of sight, not deleted yet.
    Nodes that come back bring the ties that wait for them.
    """
    tx, ids = known.tx, laid.ids
    touched, joined = _whole_bodies(touched, known, brand_new=brand_new)
    for kind, laid_rows in laid.nodes.items():
        write(tx, "reveal_node", ({"id": row["id"]} for row in laid_rows), LABELS=":".join(labels(kind)))
    shown_nodes, edges = shown(touched)
    nodes = {row["id"]: row for row in rows_of(shown_nodes[["kind", *NODE_COLUMNS, "disputed"]])}
    is_row = (touched.rows["field"] == ROW).to_numpy(bool)
    about = set(touched.rows["node"][is_row])
    ends = set(touched.rows["node"][~is_row]) | set(touched.rows["target"][~is_row])
    there = {} if brand_new else {r["id"]: r["kind"] for r in read_each(tx, "present", "ids", sorted(about | ends))}
    gone = {i for i in about & there.keys() if i not in nodes or labels(nodes[i]["kind"]) != labels(there[i])}
    gone |= joined & there.keys()  # drawn anew with all their ties, whichever id these now belong to
    come = {i for i in nodes if i not in there or i in gone}

    if aside:
        for kind in sorted({there[i] for i in gone}):
            away = ({"id": i} for i in sorted(gone) if there[i] == kind)
            write(tx, "discard_node", away, LABELS=":".join(labels(kind)))
    else:
        write(tx, "delete_node", ({"id": i} for i in sorted(gone)))
    for kind in NODE_KINDS:
        for rows in batches((nodes[i] for i in sorted(come) if nodes[i]["kind"] == kind), STEP):
            tx.create(labels(kind), rows)
            progress(len(rows))
    write(tx, "update_node", (nodes[i] for i in sorted(nodes.keys() - come - ids)))
    if brand_new:
        _show(tx, edges, come, progress)
        return

    edges = _with_waiting(touched, known, come | ids)
    exist = (there.keys() - gone) | come
    exist |= _present(known, {*edges["source"], *edges["target"]} - exist - about)
    edges = edges[edges["source"].isin(exist) & edges["target"].isin(exist)]
    _hide(tx, touched.rows[~is_row], set(edges["fact"]), exist - come - ids)
    _show(tx, edges[~edges["fact"].isin(laid.facts)], come, progress)


def _whole_bodies(touched: Table, known: Known, *, brand_new: bool) -> tuple[Table, set[str]]:
    """Touched statements with all that is said about the bodies of several ids among them, and these ids.

    Of a body that is touched anywhere everything competes anew: its ids may be joined or parted by the last import,
    so what stood before it counts too.
    """
    mine = touched.rows[touched.rows["field"] == SAME_AS]
    joins = ({} if brand_new else {r["id"]: r for r in known.of_joins()}) | {r["id"]: r for r in rows_of(mine)}
    if not joins:
        return touched, set()
    moves = (survivors(table_of(joins.values(), imports)) for imports in (touched.imports, touched.imports[:-1]))
    bodies = _bodies(pair for moved in moves for pair in moved.items())
    rows: dict[str, Row] = {}
    whole: set[str] = set()
    ends = {*touched.rows["node"], *touched.rows["target"]}
    while new := {j for i in ends for j in bodies.get(i, ())} - whole:
        whole |= new
        more = known.of_facts({fact_of(i, ROW) for i in new}) + known.with_end(sorted(new))
        rows |= {r["id"]: r for r in more}
        ends = {end for r in more for end in (r["node"], r["target"])}
    at_hand = set(touched.rows["id"])  # what this import does is known best by itself
    lacking = [r for i, r in (joins | rows).items() if i not in at_hand]
    return Table(pd.concat([touched.rows, table_of(lacking, ()).rows], ignore_index=True), touched.imports), whole


def _bodies(pairs: Iterable[tuple[str, str]]) -> dict[str, set[str]]:
    """All ids of a body, by each of its ids."""
    bodies: dict[str, set[str]] = {}
    for one, other in pairs:
        body = bodies.get(one, {one}) | bodies.get(other, {other})
        bodies |= dict.fromkeys(body, body)
    return bodies


def _hide(tx: Transaction, ties: pd.DataFrame, shown: set[str], stayed: set[str]) -> None:
    """Ties that are no longer shown, between nodes that stayed: those of the others went with them."""
    ties = ties.drop_duplicates("fact")
    for kind, rows in ties[~ties["fact"].isin(shown)].groupby("field"):
        ends = ({"fact": r.fact, "source": r.node, "target": r.target} for r in rows.itertuples())
        write(tx, "hide_edge", (r for r in ends if r["source"] in stayed and r["target"] in stayed), KIND=str(kind))


def _show(tx: Transaction, edges: pd.DataFrame, come: set[str], progress: Progress) -> None:
    """Ties of nodes that have just come are new; the others may be there."""
    new = (edges["source"].isin(come) | edges["target"].isin(come)).to_numpy(bool)
    for kind in sorted(edges["kind"].unique()):
        mine = (edges["kind"] == kind).to_numpy(bool)
        for rows in batches(_ties(edges[mine & new]), STEP):
            tx.tie(str(kind), rows)
            progress(len(rows))
        write(tx, "show_edge", _ties(edges[mine & ~new]), KIND=str(kind))


def _ties(edges: pd.DataFrame) -> list[Row]:
    ends = edges[["fact", "source", "target"]]
    return [end | {"props": props} for end, props in zip(rows_of(ends), rows_of(edges[list(DETAILS)]), strict=True)]
