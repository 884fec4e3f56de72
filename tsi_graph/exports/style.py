"""One table of marks and lines for paper and page: shape is the family, dark, light or white the member of it."""

from __future__ import annotations

from dataclasses import dataclass, replace

INK, MUTED, FAINT, LINE = "#1A1A1A", "#595959", "#C9CDD3", "#8A8F98"
WHITE = "#FFFFFF"


@dataclass(frozen=True)
class Mark:
    """A shape as vis-network names it, its fill and outline, and its word in Italian and English."""

    shape: str
    fill: str
    outline: str
    it: str
    en: str

    def word(self, lang: str) -> str:
        return self.it if lang == "it" else self.en

    @property
    def white(self) -> bool:
        """White marks are no organisations: they are what organisations share."""
        return self.fill == WHITE


MARKS = {
    "public": Mark("square", "#1F4E8C", "#16365F", "ente pubblico", "public body"),
    "company": Mark("square", "#C3D0E0", "#3F5A7D", "impresa", "company"),
    "coop": Mark("dot", "#00705A", "#004D3E", "cooperativa, impresa sociale", "cooperative, social enterprise"),
    "association": Mark("dot", "#A5DCC6", "#00705A", "associazione", "association"),
    "foundation": Mark("diamond", "#A85C00", "#6E3C00", "fondazione", "foundation"),
    "finance": Mark("diamond", "#FBD38A", "#A85C00", "banca, investitore", "bank, investor"),
    "research": Mark("triangle", "#6B3FA0", "#472A6B", "università, ricerca", "university, research"),
    "incubator": Mark("triangle", "#D9C4EE", "#6B3FA0", "incubatore", "incubator"),
    "other": Mark("dot", "#D0D0D0", "#6B6B6B", "altro", "other"),
    "network": Mark("hexagon", WHITE, "#B3261E", "rete", "network"),
    "project": Mark("dot", WHITE, "#555555", "progetto", "project"),
    "fund": Mark("diamond", WHITE, "#A85C00", "fondo", "fund"),
    "topic": Mark("star", WHITE, "#333333", "tema", "topic"),
}
SECTOR_MARKS = {
    "public body": "public", "company": "company", "cooperative": "coop", "social enterprise": "coop",
    "association": "association", "foundation": "foundation", "bank": "finance", "investor": "finance",
    "university": "research", "research": "research", "incubator": "incubator", "other": "other",
}  # fmt: skip
KIND_MARKS = {"Network": "network", "Project": "project", "Agreement": "project", "Fund": "fund", "Topic": "topic"}

TIES = {
    "money": ("#A85C00", "denaro (finanzia, investe)", "money (funds, invests)"),
    "member": ("#B3261E", "adesione e governo", "membership and governance"),
    "work": (LINE, "attività comune o sostegno", "joint activity or support"),
}
"""Class of tie -> colour and words; a pair tied in several ways shows the first class that applies."""
DASHES: dict[str, tuple[float, tuple[float, ...] | None]] = {
    TIES["money"][0]: (0, (5, 1.5)), TIES["member"][0]: (0, (1.2, 1.2)), TIES["work"][0]: (0, None),
}  # fmt: skip
"""Colour of a tie -> its dashes on paper, so that grey tells them apart too."""
_CLASS = dict.fromkeys(("FUNDS", "INVESTS_IN", "SHAREHOLDER_OF"), "money") | dict.fromkeys(
    ("MEMBER_OF", "PART_OF", "FOUNDED", "MANAGES", "SIGNATORY_OF"), "member"
)


def tie_class(kind: str) -> str:
    """The class in which a tie is drawn.

    >>> tie_class("MEMBER_OF|FUNDS"), tie_class("SHARED")
    ('money', 'work')
    """
    found = {_CLASS.get(one, "work") for one in kind.split("|")}
    return next(name for name in TIES if name in found)


def category_marks(categories: list[str]) -> dict[str, Mark]:
    """A mark for each category of the caller's own, most frequent first; when marks run out, the grey one."""
    own = [mark for name, mark in MARKS.items() if not mark.white and name != "other"]
    return {name: replace(mark, it=name, en=name) for name, mark in zip(categories, own, strict=False)}
