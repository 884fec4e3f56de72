"""What bodies are called: a known name stands for its id, a misspelt one finds those that are very similar."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import cached_property
from typing import TYPE_CHECKING

from tsi_graph.fields import plain

if TYPE_CHECKING:
    import numpy as np

Known = Iterable[tuple[str, str]]
LONGEST = 200
"""Characters of a text that is compared; names of bodies are shorter, and longer texts cost more than they tell."""
CANDIDATES = 200
"""How many names that share pieces with a text are compared with it letter by letter."""
SIMILAR = 80.0
"""Per cent of letters in common from which a name is worth showing."""
WITHIN = 0.85
"""What it counts that all words of one stand in the other: Top-IX in Consorzio Top-IX."""
COMPANY = re.compile(r"\s(?:-|–)\s|\s\(")


def folded(text: str) -> str:
    """A name as its words, without accents, capitals and signs: how names are compared.

    >>> folded("Città di Torino (Comune)"), folded("L'Alveare")
    ('citta di torino comune', 'l alveare')
    """
    return " ".join(re.findall(r"[^\W_]+", plain(text[:LONGEST].replace("’", "'"))))


def slug(name: str) -> str:
    """An id made of a name: its words with hyphens.

    >>> slug("Società Cooperativa «Perché no»")
    'societa-cooperativa-perche-no'
    """
    return folded(name).replace(" ", "-")


class Names:
    """Ids by what their bodies are called. `known` gives pairs of id and name, and is asked when first needed.

    A body is also found by what stands before " - " or a bracket, if no other is called so.
    """

    def __init__(self, known: Callable[[], Known] = lambda: ()) -> None:
        self._known = known

    @cached_property
    def _index(self) -> tuple[dict[str, str], dict[str, set[str]], dict[str, set[str]]]:
        """The names by id; the ids by whole name; the ids by short name."""
        names: dict[str, str] = {}
        whole: dict[str, set[str]] = {}
        short: dict[str, set[str]] = {}
        for node, name in self._known():
            _enter(names, whole, short, node, name)
        return names, whole, short

    def add(self, node: str, name: str) -> None:
        """Know one more body, of the delivery that is being read."""
        _enter(*self._index, node, name)
        self.__dict__.pop("_pieces", None)

    def __contains__(self, node: str) -> bool:
        return node in self._index[0]

    def name(self, node: str) -> str:
        return self._index[0].get(node, node)

    def resolve(self, text: str) -> str | None:
        """The id that a text means: an id itself, or the only body of that name; None where there is none, or two."""
        names, whole, short = self._index
        if text in names:
            return text
        word = folded(text)
        for by_name in (whole, short):
            if len(found := by_name.get(word, set())) == 1:
                return next(iter(found))
            if found:
                return None
        return None

    def similar(self, text: str, limit: int = 3) -> list[tuple[str, str]]:
        """Ids and names that are very similar to a text, the most similar first.

        Only names that share pieces of three letters with it are compared letter by letter.
        """
        from rapidfuzz import fuzz

        word = folded(text)
        close = word.replace(" ", "")
        scored: dict[str, float] = {}
        for name in self._sharing(close):
            score = max(
                fuzz.ratio(close, name.replace(" ", "")), fuzz.token_sort_ratio(word, name),
                WITHIN * fuzz.token_set_ratio(word, name),
            )  # fmt: skip
            if score >= SIMILAR:
                for node in self._index[1].get(name, set()) | self._index[2].get(name, set()):
                    scored[node] = max(score, scored.get(node, 0))
        best = sorted(scored, key=lambda node: (-scored[node], node))[:limit]
        return [(node, self.name(node)) for node in best]

    def _sharing(self, close: str) -> list[str]:
        """The names that share most pieces with a text, at most CANDIDATES, in the order of the alphabet among equals.

        Counted as arrays: where thousands of names are alike ("Organisation 1"), name by name takes a hundred times
        longer.
        """
        import numpy as np

        names, places = self._pieces
        found = [places[piece] for piece in _threes(close) if piece in places]
        if not found:
            return []
        shared = np.bincount(np.concatenate(found), minlength=len(names))
        first = np.argsort(-shared, kind="stable")[:CANDIDATES]
        return [names[i] for i in first[shared[first] > 0].tolist()]

    @cached_property
    def _pieces(self) -> tuple[list[str], dict[str, np.ndarray]]:
        """The names by the alphabet, and the places in them of those that hold each piece of three letters."""
        import numpy as np

        found: dict[str, list[int]] = {}
        names = sorted({**self._index[1], **self._index[2]})
        for place, name in enumerate(names):
            for piece in _threes(name.replace(" ", "")):
                found.setdefault(piece, []).append(place)
        return names, {piece: np.array(places) for piece, places in found.items()}


def _enter(names: dict[str, str], whole: dict[str, set[str]], short: dict[str, set[str]], node: str, name: str) -> None:
    names.setdefault(node, name)
    whole.setdefault(folded(name), set()).add(node)
    brief = folded(COMPANY.split(name)[0])
    if brief and brief != folded(name):
        short.setdefault(brief, set()).add(node)


def _threes(word: str) -> set[str]:
    return {word[i : i + 3] for i in range(max(1, len(word) - 2))} - {""}
