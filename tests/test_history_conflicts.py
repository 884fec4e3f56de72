"""Where sources disagree: against a plain definition that counts the days; what is known not to be there."""

from __future__ import annotations

import json
import random
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tsi_graph import conflicts, read
from tsi_graph.batch import Batch
from tsi_graph.errors import NotFound
from tsi_graph.graph import View, graph_of
from tsi_graph.history import coverage
from tsi_graph.model import Answer, MemberOf, Network, PartnerOf, Stakeholder
from tsi_graph.statements import Import, Statement, Table, row_of, said, said_all
from tsi_graph.store import Store
from tsi_graph.store.projection import table_of

AT = datetime(2026, 1, 1, tzinfo=UTC)
YEARS = [date(2017, 1, 1) + timedelta(days=n) for n in range(4 * 366)]
"""All days of which the dates below speak."""
WRITTEN = ["", "", "2017", "2018", "2018-03", "2018-03-05", "2019-11", "..", "2020"]


def told(*batches: Batch, by_hand: tuple[int, ...] = ()) -> Table:
    """Imports of one dataset each."""
    rows: dict[str, dict[str, Any]] = {}
    for number, batch in enumerate(batches, 1):
        for s, _ in said_all(batch)[0]:
            rows.setdefault(s.id, {**row_of(s), "changes": []})["changes"].append(number)
    imports = [Import(n, AT + timedelta(hours=n), f"set {n}", by_hand=n in by_hand) for n in range(1, len(batches) + 1)]
    return table_of([rows[i] for i in sorted(rows)], imports)


def may_be(written: str, day: date, *, opens: bool) -> bool:
    """Whether a date as written may be this day."""
    if written in ("", ".."):
        return written == "" or not opens
    return day.isoformat().startswith(written)


def possible_days(s: Statement) -> set[date]:
    """The days on which it may be true: some start on or before, some end on or after, counted one by one."""
    starts = [d for d in YEARS if not s.valid_from or may_be(s.valid_from, d, opens=True)]
    ends = [d for d in YEARS if s.valid_to in ("", "..") or may_be(s.valid_to, d, opens=False)]
    first = YEARS[0] if s.valid_from in ("", "..") else min(starts)
    last = YEARS[-1] if s.valid_to in ("", "..") else max(ends)
    return {d for d in YEARS if first <= d <= last}


def at_odds(a: Statement, b: Statement, name: str) -> bool:
    """The plain definition: both give the field, some day may be true for both, and the values differ."""
    one, other = (
        json.loads(s.value) | {d: getattr(s, d) for d in ("valid_from", "valid_to") if getattr(s, d)} for s in (a, b)
    )
    if name not in one or name not in other or not possible_days(a) & possible_days(b):
        return False
    if not name.startswith("valid") or ".." in (one[name], other[name]):
        return bool(one[name] != other[name])
    return not any(
        one[name] and d.isoformat().startswith(one[name]) and d.isoformat().startswith(other[name]) for d in YEARS
    )


def test_a_row_for_each_statement_that_another_contradicts_on_some_day() -> None:
    rows = 0
    for seed in range(120):
        chance = random.Random(seed)
        batches = []
        for _ in range(chance.randint(2, 4)):
            cells: dict[str, Any] = {
                k: chance.choice("xy") for k in chance.sample(["city", "country"], chance.randint(0, 2))
            }
            try:
                node = Stakeholder(
                    id="a", name=chance.choice(["One", "Two"]), valid_from=chance.choice(WRITTEN),
                    valid_to=chance.choice(WRITTEN), origin=chance.choice("pq"), confidence=chance.choice([2, 3]),
                    **cells,
                )  # fmt: skip
                tie = MemberOf(
                    source="a", target="n", valid_from=chance.choice(WRITTEN), valid_to=chance.choice(WRITTEN),
                    role=chance.choice([None, "lead", "guest"]), confidence=chance.choice([2, 3]),
                )  # fmt: skip
            except ValueError:
                continue
            batches.append(Batch(nodes=[node, Network(id="n", name="N")], edges=[tie]))
        table = told(*batches)
        found = conflicts(table)
        these = {s.id: Statement(*[getattr(s, f) for f in Statement._fields]) for s in table.rows.itertuples()}
        names = ("name", "city", "country", "role", "valid_from", "valid_to")
        plain = {
            (i, name)
            for name in names
            for i, s in these.items()
            if any(o.fact == s.fact and at_odds(s, o, name) for o in these.values())
        }
        assert set(zip(found["statement"], found["field"], strict=True)) == plain
        assert (found.groupby(["fact", "field"])["wins"].sum() <= 1).all()
        rows += len(found)
    assert rows > 300


def ann(city: str, **more: Any) -> Batch:
    return Batch(nodes=[Stakeholder(id="a", name="A", city=city, **more)])


def why(*batches: Batch, by_hand: tuple[int, ...] = ()) -> list[tuple[str, bool, str]]:
    found = conflicts(told(*batches, by_hand=by_hand))
    found = found[found["field"] == "city"]
    return [(v.value, v.wins, v.why) for v in found.itertuples()]


@pytest.mark.parametrize(
    ("batches", "by_hand", "says"),
    [
        ((ann("x", valid_from="2015", confidence=3), ann("y", valid_from="2018", confidence=2)), (), "confidence"),
        ((ann("x", confidence=2), ann("y", confidence=3)), (1,), "by hand"),
        ((ann("x", confidence=3), ann("y", confidence=2)), (), "confidence"),
        ((ann("y"), ann("x")), (), "later import"),
    ],
)
def test_each_row_says_which_rule_decides(batches: tuple[Batch, ...], by_hand: tuple[int, ...], says: str) -> None:
    found = why(*batches, by_hand=by_hand)
    assert found == [("x", True, says), ("y", False, says)]


def test_equal_rank_is_disputed_and_not_settled() -> None:
    both = Batch(nodes=[*ann("12", origin="p").nodes, *ann("more than 50", origin="q").nodes])
    assert {row[2] for row in why(both)} == {"disputed"}
    assert [row[1] for row in why(both)] == [True, False]


def test_a_series_is_no_conflict() -> None:
    assert why(ann("12", valid_from="2017", valid_to="2017"), ann("70", valid_from="2020", valid_to="2020")) == []


def test_none_beside_a_value_of_another_source_is_a_finding() -> None:
    joined = Batch(
        nodes=[Stakeholder(id="a", name="A", city="x"), Stakeholder(id="b", name="B"), Network(id="n", name="N")],
        edges=[MemberOf(source="a", target="n", valid_from="2017", valid_to="2019"), PartnerOf(source="b", target="a")],
    )
    said_none = Batch(
        answers=[
            Answer(id="a", field="member of", answer="none", seen="2018", origin="p"),
            Answer(id="b", field="partner_of", answer="nessuno"),
            Answer(id="a", field="city", answer="none"),
            Answer(id="b", field="city", answer="none"),
        ]
    )
    found = conflicts(told(joined, said_none))
    assert [(v.node, v.relation, v.field, v.value, v.wins) for v in found.itertuples()] == [
        ("a", "MEMBER_OF", "answer", "n", True),
        ("a", "MEMBER_OF", "answer", "none", False),
        ("a", "row", "city", "x", True),
        ("a", "row", "city", "none", False),
        ("b", "PARTNER_OF", "answer", "a", True),
        ("b", "PARTNER_OF", "answer", "none", False),
    ]
    assert set(found["why"]) == {"a value stands"}
    later = Batch(answers=[Answer(id="a", field="MEMBER_OF", answer="none", valid_from="2020")])
    assert conflicts(told(joined, later)).empty


def test_beside_none_wins_marks_what_the_graph_shows() -> None:
    bodies = [Stakeholder(id=i, name=i.upper()) for i in ("a", "b", "c")]
    two = Batch(nodes=bodies, edges=[PartnerOf(source="a", target="b"), PartnerOf(source="a", target="c")])
    none = Batch(answers=[Answer(id="a", field="partner_of", answer="none")])
    found = conflicts(told(two, none))
    assert list(zip(found["value"], found["wins"], strict=True)) == [("b", True), ("c", True), ("none", False)]

    moved = (ann("Roma", valid_from="2010", valid_to="2012", confidence=3), ann("Torino", confidence=2))
    gone = Batch(answers=[Answer(id="a", field="city", answer="none", valid_from="2015")])
    table = told(*moved, gone)
    [shown] = graph_of(table).nodes["city"]
    found = conflicts(table)
    found = found[found["why"] == "a value stands"]
    assert [(v, v == shown) for v in found["value"]] == list(zip(found["value"], found["wins"], strict=True))


def test_coverage_is_a_value_else_the_strongest_absence_else_nobody_looked() -> None:
    nodes = [Stakeholder(id=i, name=i.upper(), city="x" if i == "a" else None) for i in "abcde"]
    first = Batch(nodes=[*nodes, Network(id="n", name="N")], edges=[MemberOf(source="a", target="n")])
    second = Batch(
        answers=[
            Answer(id="a", field="city", answer="not_asked"),
            Answer(id="b", field="city", answer="no_answer"),
            Answer(id="b", field="city", answer="none", origin="p"),
            Answer(id="c", field="city", answer="Nessuna risposta"),
            Answer(id="d", field="city", answer="non chiesto"),
            Answer(id="d", field="aderisce a", answer="none", confidence=1),
        ]
    )
    table = told(first, second)
    counts = coverage(table).set_index("field")
    assert counts.loc["city"].tolist() == [1, 1, 1, 1, 1]
    assert counts.loc["MEMBER_OF"].tolist() == [1, 0, 0, 0, 4]
    assert counts.loc["sector"].tolist() == [0, 0, 0, 0, 5]  # what follows from the kind is not said
    assert coverage(table, View(confidence=1)).set_index("field").loc["MEMBER_OF"].tolist() == [1, 1, 0, 0, 3]
    assert coverage(table, field="city")["known"].tolist() == ["value", "none", "no_answer", "not_asked", "unknown"]
    for wrong in ({"kind": "Person"}, {"field": "budget"}):
        with pytest.raises(NotFound):
            coverage(table, **wrong)


def test_absence_comes_in_a_table_of_its_own_and_goes_as_it_came(store: Store, tmp_path: Path) -> None:
    (tmp_path / "organizzazioni.csv").write_text("id;nome\nann;Ann\nben;Ben\n")
    (tmp_path / "risposte.csv").write_text(
        "id;campo;risposta;fonte\nann;città;nessuno;pagina\nben;aderisce a;non chiesto;\n"
    )
    batch = read(tmp_path)
    assert batch.problems == []
    assert [(a.id, a.field, a.answer, a.origin) for a in batch.answers] == [
        ("ann", "city", "none", "pagina"),
        ("ben", "MEMBER_OF", "not_asked", ""),
    ]
    assert store.write(batch, "own").new == 4
    assert store.write(batch, "own").number == 0
    assert coverage(store).set_index("field").loc["city"].tolist() == [0, 1, 0, 0, 1]
    assert [n["id"] for n in store.read("nodes").to_dict("records")] == ["ann", "ben"]
    (tmp_path / "risposte.csv").unlink()
    assert store.write(read(tmp_path), "own", complete=True).withdrawn == 2
    assert coverage(store).set_index("field").loc["city"].tolist() == [0, 0, 0, 0, 2]


def test_absences_that_mean_nothing_are_problems(store: Store, tmp_path: Path) -> None:
    (tmp_path / "answers.csv").write_text("id,field,answer\nann,mood,none\nann,city,perhaps\n")
    found = read(tmp_path).problems
    assert [(p.row, p.column, p.value) for p in found] == [(2, "field", "mood"), (3, "answer", "perhaps")]
    (tmp_path / "answers.csv").write_text("id,field,answer\nann,city,none\n")
    with pytest.raises(Exception, match="1 rows need mending"):
        store.write(read(tmp_path), "own")


def test_the_id_of_an_absence_is_frozen() -> None:
    s = said(Answer(id="x", field="MEMBER_OF", answer="none", valid_from="2017", confidence=3))
    assert (s.id, s.fact) == ("736608fb5b017a602559", "x|MEMBER_OF")
