"""The pages in Italian: every text is there, whole, with the same blanks to fill."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

from api.pages.words import LOCALES

API = Path(__file__).parents[2] / "api"
BLANK = re.compile(r"%\((\w+)\)[sd]|\{(\w*)\}")


@pytest.fixture(scope="module")
def italian() -> Catalog:
    with (LOCALES / "it" / "LC_MESSAGES" / "desk.po").open("rb") as file:
        return read_po(file, locale="it")


def texts() -> set[str]:
    """Every text in the templates and pages."""
    how = [("pages/**.py", "python"), ("templates/**.html", "jinja2")]
    options = {"templates/**.html": {"trimmed": "true"}}
    found = {message for _, _, message, _, _ in extract_from_dir(API, how, options)}
    return {one[0] if isinstance(one, tuple) else one for one in found}


def blanks(text: str) -> set[str]:
    return {name or other for name, other in BLANK.findall(text)}


def test_every_text_of_the_pages_is_in_the_catalogue_and_nothing_else(italian: Catalog) -> None:
    there = {m.id[0] if isinstance(m.id, tuple) else m.id for m in italian if m.id}
    assert len(texts()) > 200
    assert texts() == there


def test_every_text_is_translated_with_the_same_blanks(italian: Catalog) -> None:
    for message in filter(lambda m: m.id, italian):
        assert not message.fuzzy, message.id
        for source, said in zip(
            forms(message.id, message), message.string if message.pluralizable else [message.string], strict=True
        ):
            assert said.strip(), message.id
            assert blanks(said) <= blanks(source), message.id
            assert blanks(source) - blanks(said) <= {"n", "num"}, message.id  # one says "una porta sola", not "1"


def forms(text: object, message: Message) -> list[str]:
    """The English form beside each Italian one; Babel counts three in Italian, the last for millions."""
    if not isinstance(text, tuple):
        return [str(text)]
    return [text[0], *[text[1]] * (len(message.string) - 1)]
