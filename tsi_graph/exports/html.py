"""The page: one file that works from a memory stick, draws with vis-network and asks nothing of anybody."""

from __future__ import annotations

import base64
import hashlib
import json
from dataclasses import replace
from functools import cache
from html import escape, unescape
from importlib.util import find_spec
from pathlib import Path
from string import Template
from typing import Any

import numpy as np

from tsi_graph import __version__
from tsi_graph.errors import TsiError, Unusable
from tsi_graph.exports.labels import clean
from tsi_graph.exports.legend import legend_lines
from tsi_graph.exports.page_words import metric_name, page_words
from tsi_graph.exports.paper import on_paper
from tsi_graph.exports.places import MM, Arranged, arrange
from tsi_graph.exports.scene import Look, Scene, documented, scene
from tsi_graph.exports.style import TIES, tie_class
from tsi_graph.exports.ties import Ties
from tsi_graph.exports.words import relation
from tsi_graph.exports.years import ALWAYS, Spell, years
from tsi_graph.graph import Graph
from tsi_graph.language import number
from tsi_graph.model import EDGE_KINDS

MOST = 5000
"""Nodes beyond which a map is a disc that nobody can read."""
TIES_MOST = 20_000
FEW = 2000
"""Nodes up to which a page brings measures that it was not asked for: each takes seconds in a large network."""
_SCRIPT_WORDS = (
    "kind",
    "every",
    "inYear",
    "allYears",
    "through",
    "first",
    "part",
    "by",
    "byEver",
    "below",
    "between",
    "from",
    "file",
)
STATIC = Path(__file__).parent / "static"
UNITS = 3
"""vis-network units to a point of the sheet."""


def fits(graph: Graph) -> None:
    """Raises Unusable for more nodes than a page can show."""
    if len(graph) > MOST:
        raise Unusable(
            f"{len(graph)} nodes are more than a map can show; at most {MOST}. "
            "Choose fewer kinds, sectors or years, fold into organisations first, or draw the picture of communities."
        )


def page(graph: Graph, look: Look) -> bytes:
    """The whole page as UTF-8; equal graphs give equal bytes."""
    fits(graph)
    shown = scene(graph, look)
    # once for screen and paper
    drawn, shown = shown.drawn, replace(shown, look=replace(look, last=shown.places))
    vars(shown)["drawn"] = drawn
    sheet, spells = sheet_of(shown), _spells(graph, shown)
    data = _json(_data(shown, sheet, _arrows(graph), spells, _metrics(graph, shown), _about(graph, shown)))
    style, script, vis = _static("map.css"), _static("map.js"), _vis()
    policy = (
        f"default-src 'none'; script-src {_hash(vis)} {_hash(script)}; style-src {_hash(style)} {_hash(_PAPER)}; "
        "style-src-attr 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'"
    )
    words = {f"word_{key}": escape(text) for key, text in (shown.words | page_words(look.lang)).items()}
    text = Template(_static("page.html")).substitute(
        words,
        lang=look.lang, policy=escape(policy), title=escape(shown.title), lead=escape(shown.lead),
        alt=escape(shown.alt), footer=escape(_footer(shown, sheet, spells)), logo=_logo(look.logo),
        generator=escape(f"TSI Graph {__version__}"), style=style, paper_style=_PAPER,
        paper=on_paper(graph, shown), data=data, vis=vis, script=script,
    )  # fmt: skip
    return text.encode("utf-8")


def policy_of(content: bytes) -> str:
    """The content security policy that a page carries within: by hash, what of it may run."""
    _, _, rest = content.partition(b'http-equiv="Content-Security-Policy" content="')
    return unescape(rest.partition(b'"')[0].decode())


_PAPER = ".paper{display:block}.screen{display:none}"


def _static(name: str) -> str:
    return (STATIC / name).read_text(encoding="utf-8")


@cache
def _vis() -> str:
    """vis-network as the pyvis wheel carries it; pyvis itself is found, never imported."""
    spec = find_spec("pyvis")
    folders = spec.submodule_search_locations if spec else None
    found = sorted(Path(folders[0]).glob("lib/vis-9*/vis-network.min.js")) if folders else []
    if not found:
        raise TsiError("The page needs the file vis-network.min.js of the package pyvis 0.3.2; install pyvis.")
    text = found[-1].read_text(encoding="utf-8")
    return text.split("//# sourceMappingURL")[0].replace("</script", "<\\/script").strip()


def _hash(text: str) -> str:
    """The word by which a content security policy lets one script or style through."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode('utf-8')).digest()).decode()}'"


def _json(data: Any) -> str:
    """JSON that may stand inside a script element."""
    text = json.dumps(data, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    for sign in "<>&\u2028\u2029":
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    return text


def _footer(shown: Scene, sheet: Arranged, spells: list[list[Spell]]) -> str:
    """What is shown and what is not, how much of it is covered, and whose work it is."""
    w, lang = page_words(shown.look.lang), shown.look.lang
    travelling = len(_travelling(shown)) < len(shown.ties)
    tied = int((shown.degree > 0).sum())
    parts = [shown.footer, w["tied"].format(n=number(tied, lang), m=number(len(shown.ids), lang))]
    if spells:
        dated = sum(spell != [ALWAYS] for spell in spells)
        parts.append(w["dated"].format(n=number(dated, lang), m=number(len(spells), lang)))
    if sheet.strip:
        parts.append(sheet.outside(shown.words["outside"], shown.look.lang))
    parts += [shown.words["faint_left_out"]] if travelling else []
    parts += [w[word] for word in (_edition(shown),) if word]
    return " · ".join([*parts, w["made"], shown.words["vis"]])


def _edition(shown: Scene) -> str:
    """Whether the places follow the last edition, which the reader may know."""
    return "" if shown.look.last is None else str(shown.look.last.attrs.get("edition", ""))


def _logo(address: str) -> str:
    return f'<img src="{escape(address)}" alt="">\n' if address else ""


def _spells(graph: Graph, shown: Scene) -> list[list[Spell]]:
    """The spells of each tie that travels with the page; none where no tie has a date."""
    facts = shown.look.facts if shown.look.facts is not None else graph if documented(graph) else None
    if facts is None:
        return []
    known = years(facts)
    ids = shown.ids
    found = [known.get((ids[a], ids[b]), [ALWAYS]) for a, b in _travelling(shown).pairs.tolist()]
    return found if any(one != [ALWAYS] for one in found) else []


def _metrics(graph: Graph, shown: Scene) -> list[dict[str, Any]]:
    """What marks can grow and be coloured by: first what the picture was asked for, then the others."""
    from tsi_graph.analysis import METRICS, compute

    lang, w = shown.look.lang, page_words(shown.look.lang)
    found = {"degree": (metric_name("degree", lang), w["ties_says"], shown.degree.astype(float))}
    if shown.look.size is not None:
        key = str(shown.look.size.attrs.get("metric", ""))
        name, says = (metric_name(key, lang), METRICS[key].says(lang)) if key else (shown.value_name, "")
        found = {key or "given": (name, says, shown.value), **found}
    more = shown.look.metrics if len(shown.ids) <= FEW else ()
    asked = [key for key in more if key not in found and key in METRICS and not METRICS[key].columns]
    if asked and len(shown.ids) > 1:
        table = compute(graph, asked)
        table = table.set_axis(table.index.astype(str)).reindex(list(shown.ids))
        found |= {key: (metric_name(key, lang), METRICS[key].says(lang), table[key].to_numpy(float)) for key in asked}
    return [
        {"key": key, "name": name, "says": says, "values": [_short(one) for one in values.tolist()]}
        for key, (name, says, values) in found.items()
    ]


def _short(value: float) -> float | None:
    """Four digits are more than anybody compares."""
    if not np.isfinite(value):
        return None
    rounded = float(f"{value:.4g}")
    return int(rounded) if rounded == int(rounded) else rounded


def _about(graph: Graph, shown: Scene) -> list[str]:
    """The place of each node, for its card."""
    if "city" not in graph.nodes:
        return [""] * len(shown.ids)
    place = dict(zip(graph.nodes["id"].astype(str), graph.nodes["city"], strict=True))
    return [clean(place[node]) if isinstance(place[node], str) else "" for node in shown.ids]


def _travelling(shown: Scene) -> Ties:
    """The ties in the file: all of them, or where these are too many the drawn ones and the strongest others."""
    if len(shown.ties) <= TIES_MOST:
        return shown.ties
    best = np.lexsort((np.arange(len(shown.ties)), -shown.ties.weight, ~shown.drawn))
    keep = np.zeros(len(shown.ties), dtype=bool)
    keep[best[:TIES_MOST]] = True
    return shown.ties[keep]


def _arrows(graph: Graph) -> dict[tuple[str, str], dict[str, int]]:
    """For facts whose direction means something: 1 from the lower id to the higher, -1 back, 0 both."""
    out: dict[tuple[str, str], dict[str, int]] = {}
    if not documented(graph):
        return out
    for a, b, kind in graph.edges[["source", "target", "kind"]].astype(str).itertuples(index=False, name=None):
        way = 0 if EDGE_KINDS[kind].mutual else 1 if a < b else -1
        kinds = out.setdefault((a, b) if a < b else (b, a), {})
        kinds[kind] = way if kinds.get(kind, way) == way else 0
    return out


def sheet_of(shown: Scene) -> Arranged:
    """The places on a sheet as wide as a screen, larger where there are more marks."""
    side = float(np.sqrt(max(1.0, len(shown.ids) / 450)))
    return arrange(shown.places, shown.radius(), 0, 0, 257 * MM * side, 190 * MM * side)


def _data(
    shown: Scene,
    sheet: Arranged,
    arrows: dict[tuple[str, str], dict[str, int]],
    spells: list[list[Spell]],
    metrics: list[dict[str, Any]],
    about: list[str],
) -> dict[str, Any]:
    """What the script needs: nodes by position, ties by the positions of their ends."""
    ties, drawn = _travelling(shown), {tuple(pair) for pair in shown.ties[shown.drawn].pairs.tolist()}
    top = float(ties.weight.max(initial=0)) or 1.0
    relations: dict[tuple[tuple[str, int], ...], int] = {}
    lives: dict[tuple[Spell, ...], int] = {(ALWAYS,): 0}
    edges = []
    for n, ((a, b), weight, kind) in enumerate(zip(ties.pairs.tolist(), ties.weight.tolist(), ties.kinds, strict=True)):
        way = arrows.get((shown.ids[a], shown.ids[b]), {})
        said = tuple((clean(relation(one, shown.look.lang)), way.get(one, 0)) for one in kind.split("|"))
        told = relations.setdefault(tuple(one for one in said if one[0]), len(relations))
        width = 1.4 if shown.mixed else round(0.8 + 3 * (weight / top) ** 0.5, 1)
        color = tie_class(kind) if shown.mixed else "work"
        life = lives.setdefault(tuple(spells[n]) if spells else (ALWAYS,), len(lives))
        edges.append([a, b, width, int((a, b) in drawn), color, told, life])
    own = page_words(shown.look.lang)
    return {
        "words": {key: shown.words[key] for key in ("degree", "found", "list", "near")}
        | {key: own[key] for key in _SCRIPT_WORDS},
        "metrics": metrics,
        "units": UNITS,
        "years": _range(spells),
        "spells": [list(map(list, life)) for life in lives],
        "lang": shown.look.lang,
        "marks": {
            name: [m.shape, m.fill, m.outline, m.word(shown.look.lang), count]
            for name, count in shown.legend
            for m in [shown.marks[name]]
        },
        "ties": {name: tie[0] for name, tie in TIES.items()},
        "lines": legend_lines(shown),
        "relations": [list(map(list, said)) for said in relations],
        "nodes": [
            [node, name, mark, *np.round([x * UNITS, -y * UNITS], 1).tolist(), ties, label, int(not main), place]
            for node, name, mark, (x, y), ties, label, main, place in zip(
                shown.ids, shown.names, shown.mark, sheet.at.tolist(), shown.degree.tolist(), shown.labels,
                sheet.main.tolist(), about, strict=True,
            )
        ],
        "edges": edges,
    }  # fmt: skip


def _range(spells: list[list[Spell]]) -> list[int] | None:
    """The first and the last year that any tie names."""
    known = {year for spell in spells for one in spell for year in one} - set(ALWAYS)
    return [min(known), max(known)] if len(known) > 1 else None
