"""A person's own Cypher: what it may say. One statement that reads this graph, and nothing else."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from typing import NamedTuple

from tsi_graph.errors import Refused, Unusable

LONGEST = 100_000
"""Characters of a text."""
OPENING = ("MATCH", "OPTIONAL", "UNWIND", "WITH", "RETURN", "CALL")
"""How a statement that reads begins; SQL, client commands and administration begin otherwise."""
FORBIDDEN = frozenset((
    "CREATE", "MERGE", "SET", "DELETE", "DETACH", "NODETACH", "REMOVE", "INSERT", "FOREACH", "DROP", "ALTER", "RENAME",
    "GRANT", "DENY", "REVOKE", "LOAD", "PERIODIC", "TRANSACTIONS", "USE", "SHOW", "TERMINATE",
))  # fmt: skip
PROCEDURES = (
    "db.labels", "db.relationshipTypes", "db.propertyKeys", "db.schema.visualization", "db.schema.nodeTypeProperties",
    "db.schema.relTypeProperties", "db.index.fulltext.queryNodes", "db.index.fulltext.queryRelationships",
)  # fmt: skip
NAMESPACES = ("date", "datetime", "localdatetime", "time", "localtime", "duration", "point", "vector")
"""Of functions such as date.truncate; apoc, gds and a server's other extensions are not among them."""

_PROCEDURES = {name.casefold() for name in PROCEDURES}
_NUMBER = r"(?> 0[xX][0-9a-fA-F]+ | 0[oO][0-7]+ | (?:\d+(?:\.\d+)?|\.\d+)(?:[eE][+-]?\d+)? )"
_TOKEN = re.compile(
    rf"""
      (?P<space> [ \t\n]+ | //[^\n]* | /\*.*?\*/ )
    | (?P<text> '(?:[^'\\]|\\.)*' | "(?:[^"\\]|\\.)*" )
    | (?P<quoted> `(?:[^`]|``)*` )
    | (?P<parameter> \$(?:\w+|`(?:[^`]|``)*`) )
    | (?P<stuck> {_NUMBER}(?=\w) )
    | (?P<number> {_NUMBER} )
    | (?P<word> [^\W\d]\w* )
    | (?P<open> /\*|['"`] )
    | (?P<sign> . )
    """,
    re.VERBOSE | re.DOTALL,
)
# An escape can stand for a quotation mark or a keyword, and Neo4j reads it before it looks for either.
_ESCAPE = re.compile(r"\\[uU]+[0-9a-fA-F]{4}")


class Token(NamedTuple):
    kind: str
    text: str


def checked(text: str) -> str:
    """The one statement of a text, as the engine gets it: without comments, so that none can be read as anything else.

    Raises Refused for what writes, reaches outside, calls what is not on the list, or could be read in two ways.

    >>> checked("MATCH (n) RETURN n.id // all")
    'MATCH (n) RETURN n.id'
    """
    if len(text) > LONGEST:
        raise Refused(f"A query of {len(text):,} characters; at most {LONGEST:,} are read.")
    encodable(text, "The query")
    if _ESCAPE.search(text):
        raise Refused(r"A query with \u escapes is not run: write the character itself, or give it as a $parameter.")
    tokens = list(_tokens(text.replace("\r\n", "\n").replace("\r", "\n")))
    while tokens and (tokens[-1].kind == "space" or tokens[-1].text == ";"):
        tokens.pop()
    _check([token for token in tokens if token.kind != "space"])
    return "".join(_sent(token) for token in tokens).strip()


def encodable(text: str, what: str) -> None:
    """Raises Unusable for half a character, as a damaged file or a wrong decoding leaves it: no database takes it."""
    try:
        text.encode()
    except UnicodeEncodeError as fault:
        half = f"U+{ord(text[fault.start]):04X}"
        raise Unusable(f"{what} holds half a character ({half}) at place {fault.start + 1}; write it anew.") from fault


def parameters_of(text: str) -> set[str]:
    """The names of the parameters that a text asks for.

    >>> sorted(parameters_of("MATCH (n {id: $id}) WHERE n.city = $`the city` RETURN '$no'"))
    ['id', 'the city']
    """
    return {_bare(token.text[1:]) for token in _tokens(text) if token.kind == "parameter"}


def _tokens(text: str) -> Iterator[Token]:
    for match in _TOKEN.finditer(text):
        token = Token(str(match.lastgroup), match.group())
        if token.kind == "open":  # at once: to look for the end of each of very many would take long
            raise Refused(f"The query holds {token.text} without its end, which could be read in more than one way.")
        if token.kind == "sign" and unicodedata.category(token.text) == "Zs":
            token = Token("space", " ")  # as pasted from a word processor
        yield token


def _sent(token: Token) -> str:
    comment = token.kind == "space" and token.text.startswith("/")
    return ("\n" if "\n" in token.text else " ") if comment else token.text


def _check(tokens: list[Token]) -> None:
    if not tokens:
        raise Unusable("There is no query in this text.")
    first = tokens[0]
    if first.kind != "word" or _upper(first.text) not in OPENING:
        raise Refused(
            f"A query of your own begins with {', '.join(OPENING)}; this one begins with {first.text[:40]!r}."
        )
    i = 0
    while i < len(tokens):
        name = _name(tokens, i)
        for token in name or tokens[i : i + 1]:
            _check_token(token)
        i += len(name) or 1
        following = tokens[i].text if i < len(tokens) else ""
        if len(name) == 1 and name[0].kind == "word" and _upper(name[0].text) == "CALL":
            if following not in ("{", "("):  # those are subqueries
                called = _name(tokens, i)
                _check_procedure(called)
                i += len(called)
        elif name and following == "(":
            _check_function(name)


def _name(tokens: list[Token], start: int) -> list[Token]:
    """The names with dots between them that begin here: a, a.b, a.b.c; none if something else begins here."""
    end = start
    while end < len(tokens) and tokens[end].kind in ("word", "quoted"):
        end += 2
        if end > len(tokens) or tokens[end - 1].text != ".":
            return tokens[start : end - 1]
    return tokens[start : max(start, end - 1)]


def _check_token(token: Token) -> None:
    """Raises Refused for a token that has no place in a statement that reads."""
    kind, text = token
    if kind == "word" and _upper(text) in FORBIDDEN:
        raise Refused(
            f"{text} is not run: a query of your own reads, and only this store. If {text} is a name here, "
            f"write it as `{text}`."
        )
    if kind == "stuck":
        raise Refused(f"A number runs into what follows it: {text}…")
    if kind == "sign" and text == ";":
        raise Refused("One statement at a time: there is more after a semicolon.")
    if kind == "sign" and unicodedata.category(text)[0] in "CZ":
        raise Refused(f"The query holds the character U+{ord(text):04X}, which could be read in more than one way.")


def _check_procedure(name: list[Token]) -> None:
    called = "".join(_bare(part.text) for part in name)
    if called.casefold() not in _PROCEDURES:
        raise Refused(f"CALL {called[:80] or '?'} is not run. Procedures that are: {', '.join(PROCEDURES)}.")


def _check_function(name: list[Token]) -> None:
    """A function with a dot in its name comes from an extension, unless it is one of Cypher's own."""
    if name[-1].kind == "quoted" or (len(name) > 1 and _bare(name[0].text).casefold() not in NAMESPACES):
        whole = "".join(part.text for part in name)[:80]
        raise Refused(f"The function {whole} is not run; of those with a dot, {'., '.join(NAMESPACES)}. are.")


def _upper(word: str) -> str:
    """A word as an engine might read it: case, width and old forms of letters aside.

    >>> _upper("ſet"), _upper("ＭＥＲＧＥ")
    ('SET', 'MERGE')
    """
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", word).casefold().upper())


def _bare(name: str) -> str:
    return name[1:-1].replace("``", "`") if name.startswith("`") else name
