"""Answers about a graph that are worth keeping as long as the graph is."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from functools import wraps
from threading import Lock
from typing import TypeVar, cast
from weakref import WeakKeyDictionary

import numpy as np

from tsi_graph.graph import Graph

F = TypeVar("F", bound=Callable[..., object])


class _Answer:
    """One answer, and who is working it out: others wait for it."""

    def __init__(self) -> None:
        self.lock, self.known, self.value = Lock(), False, cast(object, None)


def remembering(most: int) -> Callable[[F], F]:
    """A decorator: the same function, computed once for each graph and each further argument, by one thread.

    A graph never changes; nor do its answers that are arrays, or arrays side by side. They go when it goes, so they
    must not hold the graph themselves. Of one function and graph the newest are kept, at most so many.
    """

    def decorate(function: F) -> F:
        kept: WeakKeyDictionary[Graph, dict[Hashable, _Answer]] = WeakKeyDictionary()
        guard, defaults = Lock(), function.__defaults__ or ()
        further_most = function.__code__.co_argcount - 1

        @wraps(function)
        def remembered(graph: Graph, *further: Hashable) -> object:
            left_out = further_most - len(further)
            if left_out > 0:
                further = (*further, *defaults[-left_out:])
            there = kept.get(graph)
            answer = there.get(further) if there is not None else None
            if answer is not None and answer.known:
                return answer.value
            with guard:
                answers = kept.setdefault(graph, {})
                answer = answers.setdefault(further, _Answer())
                while len(answers) > most:
                    del answers[next(iter(answers))]
            with answer.lock:
                if not answer.known:
                    answer.value, answer.known = _unchanging(function(graph, *further)), True
                return answer.value

        return cast(F, remembered)

    return decorate


def _unchanging(value: object) -> object:
    """The same, with its arrays read-only, so that no caller can change what the next one is told."""
    for array in value if isinstance(value, tuple) else (value,):
        if isinstance(array, np.ndarray):
            array.flags.writeable = False
    return value


once_per_graph = remembering(64)
two_per_graph = remembering(2)
"""For answers that are large and hang on a number that anybody may choose."""
