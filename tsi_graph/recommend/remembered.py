"""Answers about a graph that are worth keeping as long as the graph is."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from functools import wraps
from typing import TypeVar, cast
from weakref import WeakKeyDictionary

from tsi_graph.graph import Graph

MOST = 64
F = TypeVar("F", bound=Callable[..., object])


def once_per_graph(function: F) -> F:
    """The same function, computed once for each graph and each further argument.

    A graph never changes. Its answers go when it goes, so they must not hold the graph themselves. Of one
    function and graph the last MOST are kept.
    """
    kept: WeakKeyDictionary[Graph, dict[Hashable, object]] = WeakKeyDictionary()

    @wraps(function)
    def remembered(graph: Graph, *further: Hashable) -> object:
        answers = kept.setdefault(graph, {})
        if further not in answers:
            answer = function(graph, *further)
            while len(answers) >= MOST:
                answers.pop(next(iter(answers)), None)
            answers[further] = answer
            return answer
        return answers[further]

    return cast(F, remembered)
