"""Recommendations, ways and evaluations as a few lines of text."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from tsi_graph.recommend.alternatives import Way
from tsi_graph.recommend.path import Step
from tsi_graph.recommend.score import Recommendation
from tsi_graph.recommend.sentences import number

_WORDS = {
    "it": {
        "through": "attraverso", "nobody": "nessun percorso documentato", "source": "fonte", "score": "punteggio",
        "holds": "tiene con probabilità {}", "no_way": "Nessuna via documentata che tenga.",
    },
    "en": {
        "through": "through", "nobody": "no documented path", "source": "source", "score": "score",
        "holds": "holds with probability {}", "no_way": "No documented way that holds.",
    },
}  # fmt: skip


def told(one: Recommendation, lang: str = "it") -> str:
    """Name, path, each tie of it with its source, reasons, what to watch, and the score taken apart, a line each."""
    words = _WORDS[lang]
    lines = [f"* {one.name} ({one.score:.3f})", f"    {words['through']}: {_chain(one.path) or words['nobody']}"]
    lines += _steps(one.path, lang)
    lines += [*(f"    - {reason}" for reason in one.reasons), *(f"    ! {caution}" for caution in one.cautions)]
    return "\n".join([*lines, *(f"    = {part.sentence}" for part in one.parts)])


def told_ways(found: Sequence[Way], lang: str = "it") -> str:
    """Each way with its ties and their sources, the most reliable first."""
    words, lines = _WORDS[lang], []
    for way in found:
        lines += [
            f"* {_chain(way.path)} ({words['holds'].format(number(lang, way.strength))})",
            *_steps(way.path, lang),
        ]
    return "\n".join(lines) or words["no_way"]


def told_candidates(table: pd.DataFrame) -> str:
    """Who should meet whom, a line for each organisation."""
    lines = []
    for node, group in table.groupby("node", sort=False):
        named = ", ".join(f"{c} ({s:.3f})" for c, s in zip(group["candidate"], group["score"], strict=True))
        lines.append(f"* {node}: {named}")
    return "\n".join(lines)


def _chain(path: Sequence[Step]) -> str:
    return " → ".join([path[0].source_name, *(step.target_name for step in path)]) if path else ""


def _steps(path: Sequence[Step], lang: str) -> list[str]:
    source, lines = _WORDS[lang]["source"], []
    for step in path:
        how = step.how if step.kind else f"{step.source_name}, {step.target_name}: {step.how}"
        lines.append(f"      {how} [{source}: {step.origin}]")
    return lines
