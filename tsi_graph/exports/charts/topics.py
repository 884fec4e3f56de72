"""Who works on which topics: organisations by topics, like beside like."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import numpy as np

from tsi_graph.analysis.topics import schemes
from tsi_graph.exports.charts.sheet import TEXT, Chart, Sheet, fitted, sector_mark, spread
from tsi_graph.exports.labels import extent, wrap
from tsi_graph.exports.places import MM
from tsi_graph.exports.scene import view_words
from tsi_graph.exports.style import FAINT
from tsi_graph.graph import Graph
from tsi_graph.language import filled, short
from tsi_graph.recommend.columns import full_names, of_nodes
from tsi_graph.recommend.ports import ecosystem
from tsi_graph.recommend.rules import closed
from tsi_graph.recommend.ties import fabric

SIZE = (170.0, 190.0)
MOST, COLUMNS = 32, 22
DOT = "#1F4E8C"
WORDS = {
    "title": ("Chi lavora su quali temi", "Who works on which topics"),
    "lead": (
        "Cerchio e numero: progetti e attività documentati che uniscono l'organizzazione al tema. "
        "Righe e colonne simili stanno vicine.",
        "Circle and number: documented projects and activities that join body and topic. "
        "Similar rows and columns stand together.",
    ),
    "counted": (
        "organizzazioni attive dell'ecosistema con almeno un fatto: {of}, mostrate quelle che ne hanno di più: {k}",
        "active organisations of the ecosystem with any fact: {of}, shown those with most: {k}",
    ),
    "uncovered": ("temi senza fatti: {names}", "topics without facts: {names}"),
    "alt": (
        "Organizzazioni: {k}; temi: {t}. Tema più coperto {a}, organizzazioni {x}; meno coperto {b}, "
        "organizzazioni {y}.",
        "Organisations: {k}; topics: {t}. Most covered {a}, organisations {x}; least {b}, organisations {y}.",
    ),
    "none": ("Nessuna organizzazione ha un tema documentato.", "No organisation has a documented topic."),
}  # fmt: skip


@dataclass(frozen=True)
class Facts:
    """facts[i, k]: how many documented facts join body i and topic k, both as positions in the graph."""

    bodies: list[int]
    topics: list[int]
    facts: np.ndarray
    uncovered: list[int]
    of: int


def facts(graph: Graph, lang: str = "it", most: int = MOST) -> Facts:
    """The bodies of the ecosystem with most facts, and the topics that have any.

    A fact is a project on the topic in which the body takes part, or that it works on the topic itself. Projects that
    are about every topic of a scheme say nothing of any.
    """
    here = ecosystem(graph) & ~closed(graph, fabric(graph))
    i, j = graph.ends
    kind = graph.edges["kind"].to_numpy(object)
    takes, works = kind == "PARTICIPATES_IN", kind == "WORKS_ON"
    members: dict[int, set[int]] = {}
    for body, project in zip(i[takes].tolist(), j[takes].tolist(), strict=True):
        if here[body]:
            members.setdefault(project, set()).add(body)
    cell: Counter[tuple[int, int]] = Counter()
    every = []
    for topic in (one for scheme in schemes(graph, np.asarray(here), lang) for one in scheme.topics):
        at = graph.position(topic.id)
        every.append(at)
        for project in topic.projects:
            cell.update((body, at) for body in members.get(graph.position(project), ()))
        cell.update((body, at) for body in i[works & (j == at)].tolist() if here[body])
    total: Counter[int] = Counter()
    for (body, _), n in cell.items():
        total[body] += n
    bodies = sorted(total, key=lambda b: (-total[b], str(graph.ids[b])))[:most]
    covered = {topic for _, topic in cell}
    spread_over = Counter(topic for body, topic in cell if body in set(bodies))
    topics = sorted(sorted(spread_over, key=lambda t: (-spread_over[t], str(graph.ids[t])))[:COLUMNS])
    table = np.array([[cell[body, topic] for topic in topics] for body in bodies], float).reshape(
        len(bodies), len(topics)
    )
    return Facts(bodies, topics, table, [at for at in sorted(every) if at not in covered], len(total))


def alike(table: np.ndarray) -> tuple[list[int], list[int]]:
    """The order of rows and columns that puts like beside like: by the second singular vectors of the table, roots
    scaled as in correspondence analysis."""
    if min(table.shape) < 2:
        return list(range(table.shape[0])), list(range(table.shape[1]))
    masses = np.outer(table.sum(axis=1), table.sum(axis=0) + 1e-9) / table.sum()
    rows, _, columns = np.linalg.svd(np.sqrt(table) / np.sqrt(masses + 0.1), full_matrices=False)
    flip = np.sign(columns[1, np.abs(columns[1]).argmax()])
    # rounded, lest the last bit of a processor decide between equals
    by_row, by_column = (np.argsort((v * flip).round(9), kind="stable") for v in (rows[:, 1], columns[1]))
    return by_row.tolist(), by_column.tolist()


def chart(graph: Graph, lang: str) -> Chart:
    """The bodies with most facts by the topics that have any."""
    found, names = facts(graph, lang), full_names(graph, lang)
    there = (found.facts > 0).sum(axis=0)
    numbers: dict[str, object] = {"k": len(found.bodies), "t": len(found.topics)}
    if found.topics:
        most, least = int(there.argmax()), int(len(there) - 1 - there[::-1].argmin())
        numbers |= {
            "a": names[found.topics[most]], "x": int(there[most]), "b": names[found.topics[least]],
            "y": int(there[least]),
        }  # fmt: skip
    words = view_words(graph, lang)
    parts = [*words[:-1], filled(lang, WORDS["counted"], k=len(found.bodies), of=found.of)]
    if found.uncovered:
        bare = ", ".join(str(names[at]) for at in found.uncovered)
        parts.append(filled(lang, WORDS["uncovered"], names=bare))
    size = (SIZE[0], 75.0 + max(len(found.bodies), 2) * (SIZE[1] - 75.0) / MOST)
    return Chart(
        "topics", filled(lang, WORDS["title"]), filled(lang, WORDS["lead"]), " · ".join((*parts, words[-1])),
        filled(lang, WORDS["alt" if found.topics else "none"], **numbers), numbers, size,
        lambda sheet: _draw(sheet, graph, found, lang),
    )  # fmt: skip


def _draw(sheet: Sheet, graph: Graph, found: Facts, lang: str) -> None:
    if not found.topics:
        sheet.text(sheet.left, sheet.high - 8 * MM, filled(lang, WORDS["none"]), TEXT)
        return
    names, sector = full_names(graph, lang), of_nodes(graph, "sector")
    rows, columns = alike(found.facts)
    heads = [wrap(_cut(str(names[found.topics[k]]), 46), 22) for k in columns]
    left, low = sheet.left + 62 * MM, sheet.low
    top = sheet.high - max(extent(head, 6.5)[0] for head in heads) - 6
    wide, tall = (sheet.right - left) / len(columns), (top - low) / len(rows)
    for n, head in enumerate(heads):
        x = left + (n + 0.5) * wide
        sheet.line([x, x], [low, top], 0.3, FAINT, z=0)
        sheet.text(x, top + 4, head, 6.5, rotation=90, ha="center", va="bottom")
    for body, y in zip(rows, spread(len(rows), top, low), strict=True):
        node = found.bodies[body]
        sheet.line([left, sheet.right], [y, y], 0.3, FAINT, z=0)
        sheet.mark(left - 6, y, sector_mark(str(sector[node])), 3.0)
        name = fitted(short(str(names[node])), TEXT, left - sheet.left - 16)
        sheet.text(left - 13, y, name, TEXT, ha="right", va="center")
        for n, k in enumerate(columns):
            _dot(sheet, left + (n + 0.5) * wide, y, found.facts[body, k], found.facts.max(), min(tall, wide))


def _dot(sheet: Sheet, x: float, y: float, value: float, most: float, room: float) -> None:
    if not value:
        return
    largest = min(9.1, room * 0.46)
    radius = min(2.6, largest) + max(largest - 2.6, 0) * float(np.sqrt((value - 1) / max(most - 1, 1)))
    sheet.disc(x, y, radius, DOT)
    if value > 1 and radius > 3.0:
        sheet.text(x, y - 0.3, str(int(value)), 5.5, "#FFFFFF", ha="center", va="center")


def _cut(name: str, longest: int) -> str:
    return name if len(name) <= longest else name[: longest - 1].rsplit(" ", 1)[0] + "…"
