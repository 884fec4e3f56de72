"""What a metric is, with the words that must stand beside its numbers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, kw_only=True)
class Metric:
    """A function of a graph and its card: what it means, how it is defined, what others do differently.

    A metric of nodes returns one number per node, or one column of numbers for each of `columns`. A
    metric of the whole network returns a table. `options` are the parameters that it takes beside the
    graph, such as `group` and `seed`. `modes` is 2 where the graph must hold organisations and what
    they share, 1 where organisations alone.
    """

    function: Callable[..., Any]
    meaning: str
    meaning_it: str
    definition: str
    convention: str
    cost: str
    cite: str
    oracle: str
    differs: str = ""
    columns: tuple[str, ...] = ()
    options: tuple[str, ...] = ()
    modes: int = 1

    def says(self, lang: str) -> str:
        """The meaning in `it` or `en`."""
        return self.meaning_it if lang == "it" else self.meaning
