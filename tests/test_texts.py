"""Answers in words: ranks, tables and cards."""

from __future__ import annotations

from math import nan

import pandas as pd
import pytest

from tsi_graph.analysis import METRICS
from tsi_graph.texts import CARD, WIDE, beside, cards, metrics, ordinal, rank_words


def test_ranks_in_words() -> None:
    assert [ordinal(n) for n in (4, 12, 21, 111, 112, 103)] == ["4th", "12th", "21st", "111th", "112th", "103rd"]
    assert rank_words(3, 2, 9) == "3rd, 2nd to 9th"
    assert rank_words(3, 2, 9, "it") == "3ª, dalla 2ª alla 9ª"
    assert rank_words(1, 1, 8, "it") == "1ª, dalla 1ª all'8ª"
    assert rank_words(40, 11, 85, "it") == "40ª, dall'11ª all'85ª"
    assert rank_words(110, 110, 811, "it") == "110ª, dalla 110ª all'811ª"
    assert rank_words(5, 5, 5) == "5th"
    assert rank_words(5, 5, 5, "it") == "5ª"
    assert [rank_words(nan, nan, nan, lang) for lang in ("en", "it")] == ["no rank", "senza posto"]


def test_names_come_first_and_take_what_the_line_leaves() -> None:
    shown = pd.DataFrame({"name": ["Ann", "B" * 120], "degree": [3, 1]}, index=pd.Index(["ann", "b"], name="id"))
    head, ann, long, *_ = metrics(shown, ["degree"], "en").split("\n")
    assert [line.split() for line in (head, ann)] == [["name", "id", "degree"], ["Ann", "ann", "3"]]
    assert len(head) == len(ann) == len(long) == WIDE
    assert long.split() == ["B" * (WIDE - len(" ann       3") - 1) + "…", "b", "1"]
    assert beside(["B" * 30], ["wide " * 40] * 2)[1].startswith("B" * 15 + "… wide")
    assert metrics(shown[:0], ["degree"], "en").startswith("-\n\ndegree:")


@pytest.mark.parametrize("lang", CARD)
def test_a_card_has_its_headings_in_the_language_of_the_reader(lang: str) -> None:
    name = "personal_pagerank"
    head, blank, meaning, _, *lines = cards({name: METRICS[name].card(lang)}, lang).split("\n")
    assert (head, blank, meaning) == (f"### {name}", "", METRICS[name].says(lang))
    assert [line[2:].split(":")[0] for line in lines if line.startswith("- ")] == list(CARD[lang].values())
    assert lines[6] == {"it": "- Opzioni: nodes=", "en": "- Options: nodes="}[lang]
    assert lines[7:] == {"it": ["", "Le singole voci sono in inglese, la lingua delle fonti."], "en": []}[lang]
