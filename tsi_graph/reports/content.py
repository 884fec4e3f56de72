"""What a report is made of, whatever file it becomes: sections of paragraphs, lists, tables and pictures."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

Cells = tuple[str, ...]


@dataclass(frozen=True)
class Paragraph:
    """A paragraph; quiet ones are remarks, in smaller grey letters."""

    text: str
    quiet: bool = False


@dataclass(frozen=True)
class Bullets:
    """A list of sentences; with a heading that is not worth a section."""

    items: Cells
    title: str = ""


@dataclass(frozen=True)
class Table:
    """Rows under one row of headings. widths: shares of the line; numbers: the columns that stand at the right."""

    caption: str
    headings: Cells
    rows: tuple[Cells, ...]
    widths: tuple[int, ...]
    numbers: tuple[int, ...] = ()


@dataclass(frozen=True)
class Figure:
    """A picture with its caption, and in words what it shows; size in millimetres. draw gives it as svg or png."""

    caption: str
    alt: str
    size: tuple[float, float]
    draw: Callable[[str], bytes] = field(repr=False, compare=False)
    name: str = ""


Block = Paragraph | Bullets | Table | Figure


@dataclass(frozen=True)
class Section:
    """A heading and what stands under it; sections within it come last. fresh: it begins on a page of its own."""

    title: str
    blocks: tuple[Block, ...]
    sections: tuple[Section, ...] = ()
    fresh: bool = False


@dataclass(frozen=True)
class Report:
    """A whole report; lead stands under the title, note at the foot of each page. brief ones fill two pages."""

    title: str
    lead: str
    note: str
    lang: str
    sections: tuple[Section, ...]
    brief: bool = False
    logo: str = ""
    """At the head of the first page; a data: address."""

    def blocks(self) -> Iterator[Block]:
        """Every block, in reading order."""
        for _, section in self.every():
            yield from section.blocks

    def every(self) -> Iterator[tuple[int, Section]]:
        """Every section with its level, from 1, in reading order."""
        yield from _walk(self.sections, 1)


def _walk(sections: tuple[Section, ...], level: int) -> Iterator[tuple[int, Section]]:
    for section in sections:
        yield level, section
        yield from _walk(section.sections, level + 1)
