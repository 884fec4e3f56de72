"""A recommendation as a few lines of text."""

from __future__ import annotations

from tsi_graph.recommend.score import Recommendation

_WORDS = {
    "it": ("attraverso", "nessun percorso documentato", "fonte"),
    "en": ("through", "no documented path", "source"),
}


def told(one: Recommendation, lang: str = "it") -> str:
    """Name, path, each tie of it with its source, reasons and what to watch, a line each."""
    through, nobody, source = _WORDS[lang]
    chain = " → ".join([one.path[0].source_name, *(step.target_name for step in one.path)]) if one.path else nobody
    lines = [f"* {one.name} ({one.score:.3f})", f"    {through}: {chain}"]
    for step in one.path:
        how = step.how if step.kind else f"{step.source_name}, {step.target_name}: {step.how}"
        lines.append(f"      {how} [{source}: {step.origin}]")
    return "\n".join([*lines, *(f"    - {reason}" for reason in one.reasons), *(f"    ! {c}" for c in one.cautions)])
