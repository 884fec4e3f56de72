"""Putting right what is shown: one import by hand that withdraws what was wrong and says what is right."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from tsi_graph.batch import Batch
from tsi_graph.errors import Conflict, NotFound, Unusable
from tsi_graph.fields import FIELDS, plain
from tsi_graph.history.views import table_of
from tsi_graph.model import EDGE_KINDS, NODE_KINDS, NOT_ASKED, RELATIONS, SAME_AS, Edge, Node, SameAs, saying
from tsi_graph.standing import cells, coded, in_force, records, standing, survivors, touching
from tsi_graph.statements import DATES, ROW, Table
from tsi_graph.visibility import strictest

if TYPE_CHECKING:
    from tsi_graph.store import Store

SAME = ("same as", "stesso di", "e lo stesso di", "is the same as")
OF_EDGES = ("key", "weight", "amount", "role", "visibility", *DATES)


@dataclass(frozen=True)
class Change:
    """What a correction does to one field; None is a blank, and `there` whether the tie or node is there at all."""

    field: str
    before: Any
    after: Any


@dataclass(frozen=True)
class Correction:
    """What a correction will do: what it is about, what changes, and the ids of the statements that it withdraws.

    number is that of its import once it is done, and 0 before.
    """

    node: str
    relation: str
    target: str
    changes: tuple[Change, ...]
    withdraw: tuple[str, ...]
    nodes: tuple[Node, ...] = ()
    edges: tuple[Edge, ...] = ()
    number: int = 0

    def shown(self) -> dict[str, Any]:
        """The correction as plain values."""
        return {
            "node": self.node, "relation": self.relation, "target": self.target,
            "changes": [vars(change) for change in self.changes], "withdraw": list(self.withdraw),
            "number": self.number, "done": bool(self.number),
        }  # fmt: skip


def plan_correction(
    said: Store | Table,
    node: str,
    relation: str = "",
    target: str = "",
    *,
    fields: Mapping[str, str] | None = None,
    withdraw: bool = False,
    origin: str = "",
    confidence: int = 3,
) -> Correction:
    """What is to be done so that a node, or the tie from it to a target, has these values; nothing is written.

    Of a node only the corrected cells are said, and they outrank every file; a tie is said anew, whole, and what
    was said about it is withdrawn, as a blank value is of a tie. `withdraw`: that there is such a node or tie
    is wrong. The relation `same_as` says that node is the same body as target, under whose id it then stands.
    Raises NotFound, Unusable for what cannot be said, and Conflict for what changes nothing.
    """
    table, given = table_of(said), dict(fields or {})
    kind = _relation(relation) if relation or target else ROW
    for one in (node, *filter(None, [target])):
        _known(table, one, joined=kind == SAME_AS and withdraw)
    beside = {"origin": origin, "confidence": confidence}
    if kind == SAME_AS:
        found = _join(table, node, target, given, beside, withdraw=withdraw)
    elif kind == ROW:
        found = _of_node(table, node, given, beside, withdraw=withdraw)
    else:
        found = _of_tie(table, EDGE_KINDS[kind], (node, target), given, beside, withdraw=withdraw)
    if not found.changes:
        raise Conflict(
            "Nothing to correct: all of it is shown so already.", "Niente da correggere: è già mostrato tutto così."
        )
    return found


def correct(store: Store, correction: Correction, note: str = "") -> Correction:
    """Do it: one import by hand, which stands against every file until it is undone. Returns it with its number."""
    batch = Batch(nodes=list(correction.nodes), edges=list(correction.edges))
    return replace(correction, number=store.correct(correction.withdraw, batch, note).number)


def _relation(word: str) -> str:
    flat = plain(word)
    kind = SAME_AS if flat in SAME else RELATIONS.get(flat)
    if kind is None:
        known = ", ".join(name.lower() for name in (*EDGE_KINDS, SAME_AS))
        raise NotFound(f"No relation {word!r}. Known: {known}.", f"Nessun legame {word!r}. Si conoscono: {known}.")
    return kind


def _known(table: Table, node: str, *, joined: bool) -> None:
    """Raises NotFound for an id of which nothing is shown, with the one under which its body stands."""
    kept = survivors(table).get(node)
    if kept and not joined:
        raise NotFound(
            f"{node!r} is the same body as {kept!r}; correct that, or part them: --withdraw.",
            f"{node!r} è la stessa organizzazione di {kept!r}: correggete quella, o separatele.",
        )
    if not kept and not _standing(table, node):
        raise NotFound(
            f"No organisation, project, fund, network or topic has the id {node!r}.",
            f"Nessuna organizzazione, progetto, fondo, rete o tema ha il codice {node!r}.",
        )


def _standing(table: Table, node: str) -> list[dict[str, Any]]:
    """What stands about a node, the best first."""
    now = standing(touching(table, [node], ties=False), confidence=1)
    return records(now[now["node"] == node])


def _of_node(
    table: Table, node: str, given: Mapping[str, str], beside: Mapping[str, Any], *, withdraw: bool
) -> Correction:
    these = _standing(table, node)
    if withdraw:
        _no_fields(given)
        return Correction(node, ROW, "", (Change("there", True, False),), tuple(s["id"] for s in these))
    told = [cells(s) for s in these]
    shown = {name: said[name] for said in reversed(told) for name in said}
    kind = NODE_KINDS[shown["kind"]]
    may = [name for name in kind.model_fields if name not in NOT_ASKED or name in ("name", "visibility")]
    _only(given, may, kind.__name__.lower())
    blank = [name for name, value in given.items() if not value.strip()]
    if blank:
        raise Unusable(
            f"{blank[0]}: a blank says nothing of a node; give the right value, or withdraw what is wrong.",
            f"{_called(blank[0])}: un valore vuoto non dice nulla. Scrivete quello giusto, o che cosa è sbagliato.",
        )
    right = {"id": node, "name": shown["name"], **given, **beside}
    _made(kind, {**{name: shown[name] for name in DATES if name in shown}, **right})  # the dates fit each other
    record = _made(kind, right)
    changes = _changes(shown, {name: getattr(record, name) for name in given}, these)
    return Correction(node, ROW, "", changes, (), nodes=(saying(record, {"id", *given, *beside}),))


def _changes(
    shown: Mapping[str, Any], right: Mapping[str, Any], these: Sequence[Mapping[str, Any]]
) -> tuple[Change, ...]:
    """The fields that are to be otherwise, or on which sources disagree, so that a person settles it."""
    disputed = these[0]["disputed"] if these else ()
    return tuple(
        Change(name, shown.get(name), value)
        for name, value in right.items()
        if shown.get(name) != value or name in disputed
    )


def _of_tie(
    table: Table,
    edge: type[Edge],
    ends: tuple[str, str],
    given: Mapping[str, str],
    beside: Mapping[str, Any],
    *,
    withdraw: bool,
) -> Correction:
    if not ends[1]:
        raise Unusable("A tie is written ID RELATION ID.", "Dite con chi è il legame.")
    if ends[0] == ends[1]:
        raise Unusable("A tie joins two different ids.", "Un legame unisce due organizzazioni diverse.")
    source, target = sorted(ends) if edge.mutual else ends
    kind = _made(edge, {"source": source, "target": target}).kind
    now = standing(touching(table, [source]), confidence=1)
    these = now[(now["node"] == source) & (now["field"] == kind) & (now["target"] == target)]
    if "key" in given:
        these = these[these["key"].map(lambda key: key.partition("@")[0]) == given["key"]]
    facts = these["fact"].unique()
    if withdraw:
        _no_fields({name: value for name, value in given.items() if name != "key"})
        if not len(these):
            reads = EDGE_KINDS[kind].reads[0]
            raise NotFound(
                f"Nothing says that {source} {kind.lower()} {target}.", f"Nulla dice che {source} {reads} {target}."
            )
        return Correction(source, kind, target, (Change("there", True, False),), tuple(these["id"]))
    if len(facts) > 1:
        keys = ", ".join(repr(key) for key in these["key"].unique())
        raise Unusable(
            f"There are {len(facts)} such ties; say which by key=, one of {keys}.",
            f"Di questi legami ce ne sono {len(facts)} ({keys}): correggeteli con un file, che dice quale.",
        )
    _only(given, OF_EDGES, "tie")
    shown = cells(records(these)[0]) if len(these) else {}
    if who := strictest(cells(s).get("visibility") for s in records(these)):
        shown["visibility"] = who  # as who may see it follows from all that is withdrawn here
    key = records(these)[0]["key"].partition("@")[0] if len(these) else given.get("key", "")
    wanted = {"source": source, "target": target, **shown, **given, "key": key, **beside}
    record = _made(edge, {name: value for name, value in wanted.items() if value not in ("", None)})
    blank = {name: None for name in given if not given[name].strip()}
    right = {name: blank[name] if name in blank else getattr(record, name) for name in given if name != "key"}
    changes = _changes(shown, right, records(these))
    if not len(these):
        changes = (Change("there", False, True), *changes)
    return Correction(source, kind, target, changes, tuple(these["id"]), edges=(record,))


def _join(
    table: Table, node: str, target: str, given: Mapping[str, str], beside: Mapping[str, Any], *, withdraw: bool
) -> Correction:
    _no_fields(given)
    rows = table.rows
    if withdraw:
        stands = coded(table).strongest(in_force(table.imports)) > 0
        ends = rows["node"].isin((node, target)) & rows["target"].isin((node, target))
        wrong = tuple(rows["id"][stands & ends & (rows["field"] == SAME_AS)])
        if not wrong:
            raise NotFound(
                f"Nobody said that {node} is the same as {target}.",
                f"Nessuno ha detto che {node} e {target} sono la stessa organizzazione.",
            )
        return Correction(node, SAME_AS, target, (Change("there", True, False),), wrong)
    if node == target:
        raise Unusable("These are one id already.", "È già lo stesso codice.")
    record = _made(SameAs, {"source": node, "target": target, **beside})
    return Correction(node, SAME_AS, target, (Change("there", False, True),), (), edges=(record,))


def _made(record: type[Any], said: Mapping[str, Any]) -> Any:
    try:
        return record.model_validate(dict(said))
    except ValidationError as fault:
        first = fault.errors()[0]
        name = str(first["loc"][0]) if first["loc"] else "dates"
        raise Unusable(f"{name}: {first['msg']}.", f"{_called(name)}: questo valore non va bene.") from fault


def _called(name: str) -> str:
    """A field as the pages call it in Italian."""
    return FIELDS[name][0] if name in FIELDS else name


def _only(given: Mapping[str, str], may: Any, what: str) -> None:
    strange = [name for name in given if name not in may]
    if strange:
        raise Unusable(
            f"A {what} has no field {strange[0]!r} to correct. It has: {', '.join(may)}.",
            f"Qui non si corregge {_called(strange[0])}. Si correggono: {', '.join(map(_called, may))}.",
        )


def _no_fields(given: Mapping[str, str]) -> None:
    if given:
        raise Unusable(
            f"No field is said here: {', '.join(given)}.",
            f"Qui non va scritto nessun campo: {', '.join(map(_called, given))}.",
        )
