"""Where nobody is proposed, one sentence says why, in both shells."""

from __future__ import annotations

import pytest

from tests.recommend.drawing import drawn
from tsi_graph.errors import NotFound
from tsi_graph.graph import Graph
from tsi_graph.recommend import TO, recommend, silence


def test_it_is_silent_where_somebody_is_proposed(torino: Graph) -> None:
    assert silence(torino, "socialfare") is None


@pytest.mark.parametrize("to", TO)
def test_on_torino_every_empty_answer_says_why_and_no_other(torino: Graph, to: str) -> None:
    for node in torino.nodes["id"][torino.kinds_of("Stakeholder")][::3]:
        for lang in ("it", "en"):
            why = silence(torino, node, to, lang=lang)
            assert bool(why) == (not recommend(torino, node, to, limit=1))
            assert not why or ("{" not in why and why.endswith("."))


def test_a_body_that_has_closed_is_told_since_when(torino: Graph) -> None:
    assert recommend(torino, "nesta-italia") == []
    assert silence(torino, "nesta-italia", lang="en") == (
        "The end of Nesta Italia is documented (2021): it is history and is introduced to nobody any more."
    )


def test_each_reason_has_its_sentence() -> None:
    alone = drawn("ann-ben ben-cy new~t1")
    assert silence(alone, "ann", "fund", lang="en") == "The data hold no funds that one can ask to propose."
    assert silence(alone, "new", "stakeholder", lang="en") == (
        "No tie of New is documented, and no topic, place or role in common leads to organisations: ask New first, "
        "then propose."
    )
    known = drawn("ann-f1 ben-cy")
    assert silence(known, "ann", "fund", lang="en") == (
        "The data hold 1 funds that one can ask, but none for Ann: it knows them already, they are of its house, or "
        "the rules do not let it."
    )
    apart = drawn("ann-ben cy>n1")
    assert silence(apart, "ann", lang="en") == (
        "No documented path, topic, place or role leads from Ann to networks: 1 possible, no reason."
    )
    assert silence(drawn("ann-ben ben-cy"), "ann", "stakeholder", lang="en", refused=[("ann", "cy")]) == (
        "What is left to propose to Ann is in the ledger of introductions already: under way, done or refused."
    )
    with pytest.raises(NotFound):
        silence(alone, "zoe")
