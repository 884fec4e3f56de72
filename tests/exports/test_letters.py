"""What to write for an introduction: the desk's texts word for word, filled with what is known and nothing else."""

from __future__ import annotations

import re
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.recommend.drawing import drawn
from tsi_graph.errors import NotFound
from tsi_graph.exports.chain_picture import chain_png
from tsi_graph.exports.chains import chain, link, span
from tsi_graph.exports.letters import letters, step_of
from tsi_graph.graph import Graph
from tsi_graph.recommend.ledger.record import Event, Introduction

FOUR = ("2i3t", "fondazione-links", "fondazione-piemonte-innova", "diesis-network")


def test_the_first_goes_to_whoever_introduces_and_says_what_ties_it_to_both(torino: Graph) -> None:
    first = letters(torino, "permicro", "febea", ("banca-etica",), "it")[0]
    assert (first.step, first.to, first.subject) == (1, ("banca-etica",), "Ci aiutate a presentare PerMicro a FEBEA?")
    lines = first.text.split("\n")
    assert lines[0] == "Buongiorno,"
    assert lines[1].startswith("pensiamo che PerMicro e FEBEA abbiano un buon motivo per conoscersi: ")
    assert lines[2] == (
        "Ci risulta che conosciate PerMicro (socia al 10 % dal 2019) e che possiate arrivare a FEBEA (aderente dal "
        "2001)."
    )
    assert lines[3:] == [
        "Ve la sentite di presentarli? Se non è il momento basta rispondere «no»: non serve spiegare e non scriveremo "
        "a nessuno.",
        "Se va bene, chiediamo noi a entrambi se sono d'accordo e vi mandiamo due righe da inoltrare.",
        "Grazie, il coordinamento di Torino Social Impact",
    ]
    assert first.whole.startswith("A: Banca Popolare Etica\nOggetto: Ci aiutate")


def test_then_each_is_asked_alone_with_the_names_swapped_then_both_together(torino: Graph) -> None:
    _, one, other, both = letters(torino, "permicro", "febea", ("banca-etica",), "en")
    assert [(x.step, x.to) for x in (one, other, both)] == [
        (2, ("permicro",)), (2, ("febea",)), (3, ("permicro", "febea")),
    ]  # fmt: skip
    assert one.subject == "Would you like to meet FEBEA?"
    assert one.text.startswith("Good morning, Banca Etica can introduce you to FEBEA. The reason: ")
    assert 'just answer "no": FEBEA will not know.' in one.text
    assert other.text.startswith("Good morning, Banca Etica can introduce you to PerMicro.")
    assert both.text.startswith("PerMicro, FEBEA: we put you in touch because ")
    assert "PerMicro: company, Torino, www.permicro.it." in both.text
    assert both.text.endswith("We will ask in a month how it went.")


def test_who_is_written_to_is_spoken_to(torino: Graph) -> None:
    """`lavorano entrambi` to somebody else, `lavorate entrambi` to the two."""
    for lang, about, to in (
        ("it", "(lavorano|hanno) entrambi", "(lavorate|avete) entrambi"), ("en", "both", "you (both|are both)"),
    ):  # fmt: skip
        first, *others = letters(torino, "2i3t", "fondazione-links", ("fondazione-piemonte-innova",), lang)
        assert re.search(f": {about}", first.text)
        assert not re.search(to, first.text)
        assert all(re.search(to, one.text) for one in others)
        assert len(others) == 3


def test_with_four_bodies_the_other_end_is_reached_through_the_second(torino: Graph) -> None:
    it, en = (letters(torino, FOUR[0], FOUR[-1], FOUR[1:-1], lang)[0] for lang in ("it", "en"))
    assert "possiate arrivare a Diesis Network (attraverso Fondazione Piemonte Innova)." in it.text
    assert "can reach Diesis Network (through Fondazione Piemonte Innova)." in en.text


@pytest.mark.parametrize("through", [(), ("torino-social-impact",), ("camera-commercio-torino",)])
def test_where_the_team_introduces_nobody_is_asked_first(torino: Graph, through: tuple[str, ...]) -> None:
    found = letters(torino, "tofis", "ensie", through, "it")
    assert [one.step for one in found] == [2, 2, 3]
    assert found[0].text.startswith("Buongiorno, possiamo presentarvi a ENSIE. Il motivo: ")


def test_no_date_that_is_not_known_and_no_confidence_enters(torino: Graph) -> None:
    for one in (
        *letters(torino, *FOUR[::3], FOUR[1:3]),
        *letters(torino, "tofis", "ensie"),
        *letters(torino, "i3p", "assifero"),
    ):
        assert "senza data" not in one.whole
        assert "attendibilità" not in one.whole.lower()
        assert "{" not in one.whole


def test_a_mail_link_has_no_recipient_and_the_whole_text(torino: Graph) -> None:
    one = letters(torino, "permicro", "febea", ("banca-etica",))[0]
    parts = urlsplit(one.mailto)
    asked = parse_qs(parts.query)
    assert (parts.scheme, parts.path) == ("mailto", "")
    assert (asked["subject"], asked["body"]) == ([one.subject], [one.text])


def test_a_tie_that_is_nowhere_is_not_claimed() -> None:
    graph = drawn("ann-ben dee>n1", scope={"n1": "european"})
    first = letters(graph, "ann", "n1", ("dee",), "en")[0]
    assert "As far as we know you know Ann and can reach N1 (member)." in first.text
    with pytest.raises(NotFound):
        letters(graph, "ann", "zoe")


@pytest.mark.parametrize(
    ("kinds", "step"),
    [
        (("proposed",), 0), (("proposed", "accepted"), 1), (("proposed", "accepted", "introducer_agreed"), 2),
        (("proposed", "accepted", "both_agreed"), 3), (("proposed", "accepted", "made"), 0),
    ],
)  # fmt: skip
def test_each_text_waits_for_the_yes_before(kinds: tuple[str, ...], step: int) -> None:
    graph = drawn("ann-ben ben>n1")
    events = tuple(Event(n, kind, "2026-01-01") for n, kind in enumerate(kinds, 1))
    assert step_of(graph, Introduction("x", "ann", "n1", ("ben",), "", (), (), 1, 1, events)) == step


def test_a_chain_tells_own_ties_from_common_projects_and_dates_from_none(torino: Graph) -> None:
    found = chain(torino, FOUR, "it")
    assert [body.id for body in found.bodies] == list(FOUR)
    assert [(one.label, one.dates, one.shared) for one in found.links] == [
        ("socia", "dal 2021", False), ("socia", "dal 2021", False), ("insieme in DO Impact", "2024–2026", True),
    ]  # fmt: skip
    assert all(source.startswith("http") for source in found.sources)
    assert found.links[2].told == "insieme in DO Impact, 2024–2026"
    assert link(torino, "permicro", "banca-etica", "en").told == "holds 10 % since 2019"
    assert not link(torino, "permicro", "gabv", "en").documented
    assert span("", "", "it") == ""


def test_the_picture_of_a_route_is_the_same_each_time(torino: Graph) -> None:
    first, again = (chain_png(chain(torino, FOUR, "it"), "it") for _ in range(2))
    assert first == again
    assert first.startswith(b"\x89PNG")
    assert first != chain_png(chain(torino, FOUR, "en"), "en")


def test_what_not_everybody_may_see_is_marked_and_a_tie_of_that_sort_is_not_told(torino: Graph) -> None:
    way = ("permicro", "febea", ("banca-etica",))
    assert [one.caution for one in letters(torino, *way, "it")] == [""] * 4
    nodes, edges = torino.nodes.copy(), torino.edges.copy()
    nodes.loc[nodes["id"] == "banca-etica", "visibility"] = "team"
    edges.loc[(edges["source"] == "banca-etica") & (edges["target"] == "febea"), "visibility"] = "members"
    hidden = Graph.from_edges(edges, nodes, view=torino.view)
    first, one, other, both = letters(hidden, *way, "it")
    assert first.caution == "Prima di inviare: non tutti possono vedere Banca Popolare Etica, che il testo nomina."
    assert "e che possiate arrivare a FEBEA.\n" in first.text
    assert "PerMicro (socia al 10 % dal 2019)" in first.text
    assert (bool(one.caution), bool(other.caution), both.caution) == (True, True, "")
