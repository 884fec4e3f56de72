"""Small graphs from words, for tests."""

from __future__ import annotations

import pandas as pd

from tsi_graph.graph import Graph

LETTERS = {"n": "Network", "p": "Project", "f": "Fund", "t": "Topic", "i": "Investor"}
MARKS = {">": "MEMBER_OF", "=": "PART_OF", "$": "FUNDS", "~": "WORKS_ON"}


def drawn(ties: str, confidence: dict[str, int] | None = None, **columns: dict[str, str]) -> Graph:
    """A graph from words such as `ann-p1 ben-p1 ben>n1`: > is MEMBER_OF, = PART_OF, $ FUNDS, ~ WORKS_ON, - joins.

    A letter with a digit is a network, project, fund, topic or investor; other words are organisations.
    `confidence` of a word other than 3 is given by that word.
    """
    rows = []
    for word in ties.split():
        mark = next(c for c in word if c in (*MARKS, "-"))
        a, b = word.split(mark)
        joined = "PARTICIPATES_IN" if b[0] == "p" and b[1:].isdigit() else "PARTNER_OF"
        level = (confidence or {}).get(word, 3)
        rows.append({"source": a, "target": b, "kind": MARKS.get(mark, joined), "confidence": level})
    names = dict.fromkeys([end for row in rows for end in (row["source"], row["target"])])
    for values in columns.values():
        names |= dict.fromkeys(values)
    ids = list(names)
    nodes = pd.DataFrame({"id": ids, "name": [str(i).capitalize() for i in ids]})
    nodes["kind"] = [LETTERS[i[0]] if i[1:].isdigit() else "Stakeholder" for i in ids]
    for column, values in columns.items():
        nodes[column] = [values.get(i, "") for i in ids]
    return Graph.from_edges(pd.DataFrame(rows).assign(origin="drawing"), nodes)
