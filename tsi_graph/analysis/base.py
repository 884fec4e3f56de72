"""What a metric is, with the words that must stand beside its numbers."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from inspect import signature
from math import isfinite
from typing import Any

from tsi_graph.errors import Unusable


@dataclass(frozen=True, kw_only=True)
class Metric:
    """A function of a graph and its card: what it means, how it is defined, what others do differently.

    A metric of nodes returns one number per node, or one column of numbers for each of `columns`. A
    metric of the whole network returns a table. `options` are the parameters that it takes beside the
    graph, such as `group` and `seed`. `modes` is 2 where the graph must hold organisations and what
    they share, 1 where organisations alone, 0 where it is all that is documented. Where `low_leads`,
    the smallest value stands out.
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
    low_leads: bool = False

    def says(self, lang: str) -> str:
        """The meaning in `it` or `en`."""
        return self.meaning_it if lang == "it" else self.meaning

    @property
    def defaults(self) -> dict[str, Any]:
        """What each option is unless it is given."""
        parameters = signature(self.function).parameters
        return {name: parameters[name].default for name in self.options}

    def card(self, lang: str) -> dict[str, Any]:
        """All that must be known beside the numbers, the same on the command line, in the API, in the documents.

        The meaning is in `it` or `en`, the rest in English.
        """
        fields = ("definition", "convention", "cost", "cite", "oracle", "differs")
        return {"meaning": self.says(lang), **{name: getattr(self, name) for name in fields}, "options": self.defaults}


def read_options(metrics: Sequence[Metric], given: Iterable[tuple[str, str]]) -> dict[str, Any]:
    """Options given as pairs of text, in the types of their defaults; several nodes stand with commas between.

    Raises Unusable for an option that none of the metrics takes or that is given twice, and for a value that
    is none of its type.
    """
    read: dict[str, Any] = {}
    for name, text in given:
        if name in read:
            raise Unusable(f"{name} is given twice.")
        read[name] = _read(name, text, _default(metrics, name))
    return read


def _default(metrics: Sequence[Metric], name: str) -> Any:
    for metric in metrics:
        if name in metric.options:
            return metric.defaults[name]
    known = sorted({option for metric in metrics for option in metric.options})
    raise Unusable(f"No option {name!r} here. Known: {', '.join(known) or 'none'}.")


def _read(name: str, text: str, default: Any) -> Any:
    if isinstance(default, tuple):
        return tuple(part.strip() for part in text.split(",") if part.strip())
    if default is None or isinstance(default, str):
        return text
    if isinstance(default, bool):
        if text.lower() not in ("true", "false"):
            raise Unusable(f"{name} is true or false, not {text!r}.")
        return text.lower() == "true"
    try:
        return type(default)(text)
    except ValueError as fault:
        kind = "a whole number" if isinstance(default, int) else "a number"
        raise Unusable(f"{name} is {kind}, not {text!r}.") from fault


COUNTS = ("draws", "limit", "runs", "samples", "size", "steps")


def check_options(metrics: Sequence[Metric], options: Mapping[str, Any]) -> None:
    """Raises Unusable for an option that none of the metrics takes, a count below 1, no seed, no finite number."""
    for name, value in options.items():
        _default(metrics, name)
        if name in COUNTS and value < 1:
            raise Unusable(f"{name} is at least 1, not {value}.")
        if name == "seed" and not 0 <= value < 2**32:
            raise Unusable(f"seed is from 0 to 4294967295, not {value}.")
        if isinstance(value, float) and not isfinite(value):
            raise Unusable(f"{name} is a finite number, not {value}.")
