"""Graphs of hostile and unusual values, for every file that must bring them back as they are."""

from __future__ import annotations

import re
from typing import Any

import pandas as pd
from hypothesis import strategies as st

from tsi_graph.exports.files import text as xml_text
from tsi_graph.exports.records import unicode
from tsi_graph.graph import Graph

HOSTILE = (
    "=1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "\t=1", "\r=1", "'=1", "'", "=HYPERLINK(\"http://x\",\"y\")",
    "<script>alert(1)</script>", "]]><!--", "&amp;", '"', "\\", "\\u0027 DETACH DELETE n //", "`", "') DELETE n //",
    "a|b", "a;b", "a,b", "line\nbreak", "line\r\nbreak", "sep\u2028", "nul\x00", "bell\x07", "\ud800half", "🙂", "多",
    "Ann\u202egnp", " lead", "trail ", "_x0041_", "NA", "0012", "1e5", "1,5", "VERO", "*Edges", "label", "x" * 400,
    "![x](http://y/z.png)", "{{7*7}}", "${x}", "%00", "C:\\u005C", "\ufffe", "é", "e\u0301",
    "a;\nMATCH (n) DETACH DELETE n;", "'; MATCH (n) DETACH DELETE n; //", "/*", "*/", "//", ":exit", "\\",
)  # fmt: skip
TEXT = st.one_of(st.sampled_from(HOSTILE), st.text(max_size=12))
BLANK = st.sampled_from([None, float("nan"), pd.NaT, float("inf"), ""])
CELL = st.one_of(
    BLANK, TEXT, st.integers(-(2**70), 2**70), st.booleans(), st.floats(), st.dates(), st.just(["a", "=b"])
)
KINDS = st.sampled_from(["Stakeholder", "Investor", "Project", "Fund", "') DETACH DELETE n //", "é `x`"])
RELATIONS = st.sampled_from(["FUNDS", "MEMBER_OF", "SHARED|FUNDS", "EDGE", "`]->() DELETE r //", "=1"])


@st.composite
def graphs(draw: st.DrawFn) -> Graph:
    """Small graphs with anything in their cells and headings: loops, parallel edges, nodes alone."""
    ids = draw(
        st.lists(
            st.one_of(TEXT.map(unicode), st.integers(0, 9)), min_size=1, max_size=6, unique_by=lambda one: _key(one)
        )
    )
    n = len(ids)
    nodes: dict[str, Any] = {"id": pd.Series(ids, dtype=object)}
    nodes["name"] = pd.Series(draw(st.lists(st.one_of(st.none(), TEXT), min_size=n, max_size=n)), dtype=object)
    nodes["kind"] = draw(st.lists(KINDS, min_size=n, max_size=n))
    extra = draw(
        st.lists(
            st.sampled_from(["notes", "label", "type", "email", "size eur", "=x", "città", "a`b", "key", "URL", "on"]),
            max_size=3,
            unique=True,
        )
    )
    for name in extra:
        nodes[name] = pd.Series(draw(st.lists(CELL, min_size=n, max_size=n)), dtype=object)
    m = draw(st.integers(0, 8))
    ends = draw(st.lists(st.tuples(st.sampled_from(ids), st.sampled_from(ids)), min_size=m, max_size=m))
    edges = {
        "source": pd.Series([a for a, _ in ends], dtype=object),
        "target": pd.Series([b for _, b in ends], dtype=object),
        "kind": pd.Series(draw(st.lists(RELATIONS, min_size=m, max_size=m)), dtype=object),
        "weight": pd.Series(draw(st.lists(st.sampled_from([0.5, 1.0, 3.25]), min_size=m, max_size=m)), dtype=float),
        "role": pd.Series(draw(st.lists(CELL, min_size=m, max_size=m)), dtype=object),
        "id": pd.Series(draw(st.lists(CELL, min_size=m, max_size=m)), dtype=object),
    }
    return Graph.from_edges(pd.DataFrame(edges), pd.DataFrame(nodes), directed=draw(st.booleans()))


def _key(one: object) -> str:
    """Ids that are one when written for the strictest format are not generated twice."""
    return re.sub(r"\W", "", xml_text(str(one)).encode("utf-8", "ignore").decode()).casefold() or "blank"
