"""A list of bodies puts into words what is read of it alone."""

from __future__ import annotations

import pytest

from tsi_graph.analysis import search
from tsi_graph.analysis.search import Wanted, browse, folded
from tsi_graph.graph import Graph


def test_a_slice_of_a_list_is_what_stands_there(torino: Graph) -> None:
    for wanted in (Wanted(), Wanted("fond"), Wanted(sector="bank"), Wanted(city="torino")):
        found = browse(torino, wanted)
        every = list(found)
        assert len(found) == len(every) > 3
        assert found[1:3] == every[1:3]
        assert (found[0], found[-1]) == (every[0], every[-1])
    names = [(folded(one.name), one.id) for one in browse(torino, Wanted())]
    assert names == sorted(names)
    assert len(browse(torino, Wanted("?!"))) == 0


def test_only_what_is_read_of_a_list_is_put_into_words(torino: Graph, monkeypatch: pytest.MonkeyPatch) -> None:
    told, whole = [], search._found

    def counted(graph: Graph, place: int, match: search.Match, lang: str) -> search.Found:
        told.append(place)
        return whole(graph, place, match, lang)

    monkeypatch.setattr(search, "_found", counted)
    assert len(browse(torino, Wanted())[:5]) == len(told) == 5
