"""A small linter of the house dialect: the rules by their names, and what breaks each."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

from tsi_graph.store import queries

WHOLE = {
    "unfinished": "an import or two",
    "unfinished_nodes": "removed all together",
    "manifest": "two rows",
    "statements_joining": "a few decisions, all needed at once",
    "restoring": "one row or none",
    "whole_nodes": "compared as a whole",
    "whole_edges": "compared as a whole",
}
"""Lists that are read as a whole without a value that narrows them, each with its reason."""
UNORDERED = {
    "whole_nodes": "found by id; to sort rows that carry a map takes the embedded engine minutes",
    "whole_edges": "found by fact; to sort rows that carry a map takes the embedded engine minutes",
}
"""Lists without an order, each with its reason."""
CLAUSE = r"(?:OPTIONAL MATCH|MATCH|WHERE|RETURN|ORDER BY|UNWIND|WITH|MERGE|CREATE|SET|REMOVE|DETACH DELETE|DELETE)"
WORDS = "match|optional|where|return|order by|unwind|with|merge|create|set|remove|delete|as|and|or|not|in|is|null|case"
TIMES = r"\b(?:date|datetime|localdatetime|time|localtime|duration|toString)\s*\("


class Text:
    """A file of cypher/, taken apart."""

    def __init__(self, whole: str, *, name: str = "one", folder: str = "read") -> None:
        self.name, self.folder = name, folder
        self.lines = whole.splitlines()
        self.comments = [line for line in self.lines if line.lstrip().startswith("//")]
        body = "\n".join(line for line in self.lines if not line.lstrip().startswith("//"))
        self.code = re.sub(r"'(?:[^'\\]|\\.)*'", "''", body)
        """Without comments, and with nothing in quotation marks."""

    @classmethod
    def of(cls, path: Path) -> Text:
        return cls(path.read_text(encoding="utf-8"), name=path.stem, folder=path.parent.name)

    @property
    def returned(self) -> list[str]:
        """What it returns, item by item."""
        match = re.search(r"\bRETURN (?:DISTINCT )?(.*?)(?=\nORDER BY|\nSKIP|\nLIMIT|\Z)", self.code, re.DOTALL)
        return [item.strip() for item in _split(match[1])] if match else []

    @property
    def columns(self) -> list[str]:
        return [re.split(r"\bAS\b", item)[-1].strip() for item in self.returned]

    @property
    def order(self) -> list[str]:
        """The columns that it is ordered by, last."""
        found = re.findall(r"^ORDER BY (.*)$", self.code, re.MULTILINE)
        return [key.strip().removesuffix(" DESC") for key in found[-1].split(",")] if found else []

    @property
    def is_list(self) -> bool:
        """Whether it may return any number of rows; a union here has one for each of its parts."""
        one = re.search(r"\{(id|number): \$", self.code) or re.search(
            r"\bLIMIT 1\b|^RETURN count\(\w+\) AS \w+$", self.code, re.MULTILINE
        )
        return (
            self.folder in ("read", "questions")
            and "UNION ALL" not in self.code
            and not (self.folder == "read" and one)
        )


def files() -> list[Path]:
    return sorted(queries.FOLDER.glob("*/*.cypher"))


def faults(text: Text) -> list[str]:
    """The names of the rules that a text breaks, with what breaks them."""
    return [f"{name}: {found}" for name, rule in RULES.items() for found in rule(text)]


def _split(items: str) -> list[str]:
    """At the commas outside brackets."""
    parts, depth = [""], 0
    for letter in items:
        depth += (letter in "([{") - (letter in ")]}")
        if letter == "," and not depth:
            parts.append("")
        else:
            parts[-1] += letter
    return parts


def _outside(code: str) -> str:
    """Without what stands in brackets, where a comprehension has its own WHERE."""
    while (shorter := re.sub(r"[(\[{][^()\[\]{}]*[)\]}]", "", code)) != code:
        code = shorter
    return code


def _never(pattern: str) -> Callable[[Text], Iterator[str]]:
    def rule(text: Text) -> Iterator[str]:
        yield from (match.group().strip() for match in re.finditer(pattern, text.code))

    return rule


def _says_what_a_row_is(text: Text) -> Iterator[str]:
    if not re.match(r"// [A-Z].*\.$", text.lines[0]):
        yield text.lines[0]
    if text.folder != "migrations" and len(text.comments) > 1:
        yield "more than one comment"
    if text.folder == "questions":
        asked = set(re.findall(r"\$(\w+)", text.code))
        yield from (f"${name} is not in the first line" for name in asked - set(re.findall(r"\$(\w+)", text.lines[0])))


def _one_statement(text: Text) -> Iterator[str]:
    if text.folder != "migrations" and ";" in text.code:
        yield ";"
    if text.folder == "migrations" and not text.code.rstrip().endswith(";"):
        yield "a statement without its semicolon"


def _clauses(text: Text) -> Iterator[str]:
    yield from (line for line in text.lines if len(line) > 125)
    if text.folder == "migrations":
        return
    for line in _outside(text.code).splitlines() if "\nUNION ALL\n" not in text.code else ():
        rest = re.sub(rf"^{CLAUSE}\b", "", line.replace("ON CREATE SET", "SET"))
        yield from (line for _ in re.finditer(rf"\b{CLAUSE}\b", rest))
    yield from re.findall(rf"(?<![.\w$:])(?:{WORDS})(?![\w(.:])(?=\s)", text.code)


def _names_apart(text: Text) -> Iterator[str]:
    labels = set(re.findall(r"\(\w*:([\w:]+)", text.code))
    kinds = set(re.findall(r"\[\w*:([\w|]+)", text.code))
    yield from (name for name in labels if not re.match(r"([A-Z][a-z]\w*|[A-Z]+$)", name))
    yield from (name for name in kinds if not re.fullmatch(r"[A-Z_|]+", name))
    yield from re.findall(r"\b\w+\.(?:type|title|label)\b", text.code)


def _maps_out(text: Text) -> Iterator[str]:
    elements = set(re.findall(r"[(\[](\w+)[:){\] ]", text.code))
    if text.folder != "migrations":
        yield from (item for item in text.returned if re.sub(r"\s+AS.*", "", item) in elements and item != "kind")
        bare = (item for item in text.returned if " AS " not in item)
        yield from (item for item in bare if not re.search(rf"\bAS {re.escape(item)}\b", text.code))


def _bounded(text: Text) -> Iterator[str]:
    yield from re.findall(r"\*(?=[\]\s{])|\*\d*\.\.(?=[\]\s{])", re.sub(r"count\(\*\)", "", text.code))
    if not text.is_list:
        return
    if not text.order and text.name not in UNORDERED:
        yield "no ORDER BY"
    yield from (f"ordered by {key}, which is not returned" for key in text.order if key not in text.columns)
    narrowed = re.search(r"\$(?!skip|limit)\w+", text.code) or text.name in WHOLE
    if text.folder == "read" and not narrowed and "\nSKIP $skip LIMIT $limit" not in text.code:
        yield "no SKIP $skip LIMIT $limit"


def _applied_again(text: Text) -> Iterator[str]:
    if text.folder == "migrations":
        yield from re.findall(r"^CREATE (?!.* IF NOT EXISTS ).*$|^DROP (?!.* IF EXISTS).*$", text.code, re.MULTILINE)


RULES: dict[str, Callable[[Text], Iterator[str]]] = {
    "ONE-COMMENT": _says_what_a_row_is,
    "NO-APOSTROPHE": lambda text: (line for line in text.comments if "'" in line),
    "ONE-STATEMENT": _one_statement,
    "ONE-CLAUSE": _clauses,
    "NAMES-APART": _names_apart,
    "OWN-ID": _never(r"\b(?:id|elementId)\("),
    "MAPS-OUT": _maps_out,
    "ISO-OUT": _never(TIMES),
    "PARTIAL-DATES": _never(r"\bvalid_(?:from|to)\s*[<>]=?"),
    "SCOPED-CALL": _never(r"\bCALL \{|\bSHORTEST \d"),
    "BOUNDED": _bounded,
    "FULLTEXT-FILE": _never(r"\bFULLTEXT\b"),
    "NO-APOC": _never(r"\b(?:apoc|gds)\.|\bLOAD CSV\b|:\$\(|\bPERIODIC\b"),
    "PLAN-B-ONLY": _never(r"/\*|\(\w*:?\w* WHERE|\[\w*:?\w* WHERE|\bpercentileCont\b|\bCOLLECT \{"),
    "APPLIED-AGAIN": _applied_again,
}
