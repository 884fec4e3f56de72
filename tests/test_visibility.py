"""Who may see what: one rule, by which everything further on is narrowed."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from tsi_graph.batch import Batch
from tsi_graph.errors import DataInvalid, Forbidden, NotFound, Unusable
from tsi_graph.graph import View, graph_of, load_graph
from tsi_graph.history import compare, correct, history, plan_correction
from tsi_graph.importers import read
from tsi_graph.model import MemberOf, Network, PartnerOf, Project, Record, SameAs, Stakeholder
from tsi_graph.recommend.ledger.marking import mark
from tsi_graph.recommend.ledger.reading import read_ledger
from tsi_graph.recommend.ledger.writing import Happening, Proposal, propose
from tsi_graph.statements import Import, Table, row_of, said
from tsi_graph.store import Store, open_store
from tsi_graph.store.projection import table_of
from tsi_graph.visibility import Seen, narrowed, visibilities

ANN, BEN, CY = (Stakeholder(id=i, name=i.title()) for i in ("ann", "ben", "cy"))
FILE, HAND = {"by_hand": False}, {"by_hand": True}


def table(*says: tuple[Record, list[int]], imports: list[dict[str, Any]] | None = None) -> Table:
    """Records, each with the imports that said it, of imports 1, 2, ..."""
    many = imports or [FILE] * max(abs(n) for _, changes in says for n in changes)
    listed = [
        Import(n, datetime(2026, 1, n, tzinfo=UTC), "a set", note=f"note {n}", **rest) for n, rest in enumerate(many, 1)
    ]
    return table_of([{**row_of(said(record)), "changes": changes} for record, changes in says], listed)


def who(record: Stakeholder, visibility: str, **more: Any) -> Stakeholder:
    return record.model_copy(update={}).__class__(
        **{**record.model_dump(exclude_unset=True), "visibility": visibility, **more}
    )


def ids(of: Table, audience: str) -> list[str]:
    return [str(i) for i in graph_of(of, View(audience=audience)).nodes["id"]]


@pytest.mark.parametrize(
    ("visibility", "audiences"),
    [("public", ["public", "members", "team"]), ("members", ["members", "team"]), ("team", ["team"])],
)
def test_a_node_is_seen_by_its_audience_and_those_above(visibility: str, audiences: list[str]) -> None:
    found = table((who(ANN, visibility), [1]), (BEN, [1]))
    assert [a for a in ("public", "members", "team") if "ann" in ids(found, a)] == audiences


def test_what_touches_a_hidden_node_goes_with_it() -> None:
    project = Project(id="p", name="P", lead="ann", funder="ben")
    found = table(
        (who(ANN, "team"), [1]), (BEN, [1]), (project, [1]), (PartnerOf(source="ben", target="ann"), [1]),
        (PartnerOf(source="ben", target="p"), [1]),
    )  # fmt: skip
    seen = narrowed(found, "public")
    assert "ann" not in seen.rows.to_csv()
    assert len(graph_of(seen).edges) == 1
    assert graph_of(seen).nodes.set_index("id").loc["p", ["lead", "funder"]].tolist() == [None, "ben"]


def test_a_tie_may_be_hidden_while_its_ends_are_seen() -> None:
    tie = MemberOf(source="ann", target="net", visibility="members")
    found = table((ANN, [1]), (Network(id="net", name="Net"), [1]), (tie, [1]))
    assert [len(graph_of(found, View(audience=a)).edges) for a in ("public", "members", "team")] == [0, 1, 1]


def test_of_sources_that_disagree_the_strictest_counts_and_is_shown() -> None:
    found = table(
        (who(ANN, "public", confidence=3), [1]), (who(ANN, "team", origin="b", confidence=1), [2]), (BEN, [1])
    )
    assert visibilities(found) == {"ann": "team"}
    assert ids(found, "members") == ["ben"]
    assert graph_of(found).nodes["visibility"].tolist() == ["team", None]


def test_a_person_decides_against_every_file() -> None:
    opened = table((who(ANN, "team"), [1]), (who(ANN, "public", origin="me"), [2]), imports=[FILE, HAND])
    closed = table((who(ANN, "public"), [1]), (who(ANN, "team", origin="me"), [2]), imports=[FILE, HAND])
    assert (visibilities(opened), visibilities(closed)) == ({}, {"ann": "team"})


def test_what_was_withdrawn_stays_as_hidden_as_it_ever_was() -> None:
    gone = table((who(ANN, "team"), [1, -2]), (BEN, [2]))
    assert narrowed(gone, "public").rows["node"].tolist() == ["ben"]
    again = table((who(ANN, "team"), [1, -2]), (ANN, [2]))
    assert narrowed(again, "public").rows["node"].tolist() == ["ann", "ann"]  # it stands, and nobody hides it now


def test_the_ids_of_one_body_are_hidden_together() -> None:
    found = table(
        (who(ANN, "team"), [1]), (BEN, [1]), (CY, [1]), (SameAs(source="ben", target="ann"), [2]),
        (PartnerOf(source="ben", target="cy"), [1]), imports=[FILE, HAND],
    )  # fmt: skip
    assert visibilities(found) == {"ann": "team", "ben": "team"}
    assert narrowed(found, "members").rows["node"].tolist() == ["cy"]


def test_the_same_tie_said_of_two_ids_of_one_body_is_hidden_as_one() -> None:
    found = table(
        (ANN, [1]), (BEN, [1]), (CY, [1]), (SameAs(source="ben", target="ann"), [2]),
        (PartnerOf(source="ben", target="cy", visibility="team"), [1]), (PartnerOf(source="ann", target="cy"), [1]),
        imports=[FILE, HAND],
    )  # fmt: skip
    assert graph_of(found, View(audience="members")).edges.empty


def test_imports_that_touched_hidden_things_alone_and_their_undoing_are_hidden() -> None:
    says = (BEN, [1]), (who(ANN, "team"), [2])
    found = table(*says, imports=[FILE, FILE, {"undoes": 2}, {"undoes": 3}])
    assert [(i.number, i.note) for i in narrowed(found, "public").imports] == [(1, "")]
    assert len(narrowed(found, "team").imports) == 4


def test_contacts_are_for_the_team() -> None:
    found = table((Stakeholder(id="ann", name="Ann", contact="Ada 1234"), [1]))
    assert "1234" not in narrowed(found, "members").rows.to_csv()
    assert "1234" in narrowed(found, "team").rows.to_csv()


def test_an_id_confirms_no_guess_of_what_is_left_out() -> None:
    told = Project(id="p", name="P", funder="ann", lead="ben")
    [shown] = narrowed(table((told, [1]), (who(ANN, "team"), [1]), (BEN, [1])), "public").rows.query("node == 'p'").id
    assert shown == said(Project(id="p", name="P", lead="ben")).id


def test_narrowing_is_done_once_and_nothing_hidden_costs_nothing() -> None:
    found = table((ANN, [1]))
    seen = narrowed(found, "public")
    assert narrowed(found, "public") is seen is narrowed(seen, "public")
    assert seen.rows is found.rows
    with pytest.raises(Unusable, match="everybody"):
        narrowed(found, "everybody")


def test_files_say_it_in_either_language(tmp_path: Path) -> None:
    file = tmp_path / "organisations.csv"
    file.write_text("id,nome,visibilità\na,A,Riservato\nb,B,aderenti\nc,C,team\nd,D,\n", encoding="utf-8")
    assert [node.visibility for node in read(file).nodes] == ["team", "members", "team", None]
    file.write_text("id,nome,visibilità\na,A,secret\n", encoding="utf-8")
    [problem] = read(file).problems
    assert "visibility is one of: public, members, team" in problem.message


@pytest.fixture
def own(tmp_path: Path) -> Store:
    store = open_store(tmp_path / "v.db")
    store.write(Batch(nodes=[who(ANN, "team"), BEN, CY], edges=[PartnerOf(source="ann", target="ben")]), "file")
    return store


def test_a_store_narrowed_shows_no_trace_and_takes_nothing(own: Store) -> None:
    seen: Any = Seen(own, "public")
    assert load_graph(seen).nodes["id"].tolist() == ["ben", "cy"]
    for what in ("ann", "ann|PARTNER_OF|ben|"):
        with pytest.raises(NotFound):
            history(seen, what)
    assert "ann" not in repr(compare(seen.statements(), View(as_of="2001"), View()))
    for work in (lambda: seen.write(Batch(), "x"), lambda: seen.undo(1), lambda: seen.read("nodes")):
        with pytest.raises(Forbidden):
            work()


def test_what_is_hidden_changes_no_revision(own: Store) -> None:
    seen = Seen(own, "public")
    before = seen.revision()
    own.write(Batch(nodes=[who(ANN, "team", city="Torino")]), "file")
    propose(own, Proposal("ben", "ann"))
    assert seen.revision() == before is not None
    own.write(Batch(nodes=[CY.model_copy(update={"city": "Asti"})]), "other")
    assert seen.revision() != before != Seen(own, "members").revision()


def test_the_ledger_hides_introductions_of_hidden_bodies_and_every_word_of_the_team(own: Store) -> None:
    propose(own, Proposal("ben", "ann", reasons=("why",)))
    propose(own, Proposal("ben", "cy", reasons=("both know Ann",)), Happening("proposed", text="quietly"))
    mark(own, "ann", barred=True)
    mark(own, "ben", barred=True, text="tired")
    ledger = read_ledger(Seen(own, "members"))  # type: ignore[arg-type]
    [one] = ledger.introductions
    assert (one.pair, one.reasons, one.route, one.events[0].text) == (("ben", "cy"), (), (), "")
    assert [(m.body, m.text) for m in ledger.marks] == [("ben", "")]
    assert len(read_ledger(own).introductions) == 2


def test_a_correction_opens_and_closes(own: Store) -> None:
    correct(own, plan_correction(own, "ann", fields={"visibility": "pubblico"}))
    assert ids(own.statements(), "public") == ["ann", "ben", "cy"]
    assert load_graph(own).nodes["visibility"].tolist() == ["public", None, None]
    correct(own, plan_correction(own, "ann", "partner of", "ben", fields={"visibility": "team"}))
    correct(own, plan_correction(own, "ann", "partner of", "ben", fields={"role": "host"}))  # and it stays closed
    assert load_graph(own, View(audience="members")).edges.empty
    assert load_graph(own).edges["role"].tolist() == ["host"]
    own.undo(2)
    assert ids(own.statements(), "public") == ["ben", "cy"]


def test_a_correction_of_another_field_opens_nothing(own: Store) -> None:
    correct(own, plan_correction(own, "ann", fields={"city": "Torino"}))
    correct(own, plan_correction(own, "ann", fields={"valid_from": "2001"}))
    assert ids(own.statements(), "members") == ["ben", "cy"]
    with pytest.raises((Unusable, DataInvalid)):
        plan_correction(own, "ann", fields={"visibility": "nobody"})
