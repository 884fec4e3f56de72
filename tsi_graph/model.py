"""The kinds of node and edge, as records that check themselves."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from typing import Annotated, Any, ClassVar, Literal, TypeVar, cast

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from tsi_graph.dates import Span, span
from tsi_graph.fields import (
    Confidence,
    Date,
    Headings,
    Id,
    Money,
    Name,
    Scope,
    SectorWord,
    Site,
    Source,
    Text,
    VisibilityWord,
    Weight,
    headings,
    plain,
    word,
)

R = TypeVar("R", bound="Record")


class Record(BaseModel):
    """One row of one source. Blank fields are None or ""; what is blank says nothing."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    origin: Annotated[Source, headings("source", "fonte", "url", "source url")] = ""
    confidence: Annotated[Confidence, headings("attendibilità", "attendibilita", "affidabilità")] = 2
    valid_from: Annotated[Date, headings("start", "from", "inizio", "dal", "da", "data inizio", "founded", "since")] = (
        ""
    )
    valid_to: Annotated[Date, headings("end", "to", "fine", "al", "data fine", "until")] = ""
    seen: Annotated[Date, headings("seen on", "as of", "visto il", "data fonte", "verificato il")] = ""
    place: Annotated[Text, Field(exclude=True, repr=False)] = ""
    """File and row, for messages; never part of what is said."""

    @property
    def kind(self) -> str:
        return type(self).__name__

    @property
    def span(self) -> Span:
        return span(self.valid_from, self.valid_to, self.seen)

    @model_validator(mode="after")
    def begins_before_it_ends(self) -> Record:
        _ = self.span
        return self


def saying(record: R, fields: Iterable[str]) -> R:
    """The record as one that says these fields and no other: what else it must have was only filled in to check it."""
    made: Any = type(record).model_construct(_fields_set=set(fields), **dict(record))
    return cast(R, made)


class Node(Record):
    """Anything the map knows by an id of its own."""

    id: Annotated[Id, headings("codice", "identificativo", "key", "slug")]
    name: Annotated[
        Name,
        Field(min_length=1),
        headings(
            "nome", "denominazione", "ragione sociale", "label", "titolo", "title", "organisation", "organization",
            "organizzazione", "ente", "organisation name", "organization name", "nome organizzazione", "nome ente",
        ),
    ]  # fmt: skip
    name_it: Annotated[Name | None, headings("nome it", "nome italiano", "italian name")] = None
    city: Annotated[Text | None, headings("città", "comune", "sede", "town")] = None
    country: Annotated[Text | None, headings("paese", "nazione", "stato")] = None
    website: Annotated[Site | None, headings("sito", "sito web", "web", "homepage")] = None
    notes: Annotated[Text | None, headings("note", "description", "descrizione")] = None
    visibility: Annotated[VisibilityWord | None, headings("visibilità", "visibile a", "visible to")] = None


class Stakeholder(Node):
    """An organisation: a legal body, or a lasting place or unit that acts like one."""

    sector: Annotated[SectorWord, headings("kind", "type", "settore", "tipo", "categoria", "natura")] = "other"
    register_id: Annotated[
        Text | None, headings("wikidata or ror", "ror", "wikidata", "codice fiscale", "partita iva", "p.iva", "cf")
    ] = None
    contact: Annotated[Text | None, Field(description="Person columns, joined; filled only when asked for.")] = None


class Investor(Stakeholder):
    """An organisation whose business is to invest."""

    sector: Annotated[SectorWord, headings("kind", "type", "settore", "tipo", "categoria", "natura")] = "investor"


class Fund(Node):
    """An investment fund, programme or public money pot."""

    instrument: Annotated[Text | None, headings("kind", "type", "tipo", "strumento")] = None
    size: Annotated[Money | None, headings("size eur", "dimensione", "dotazione", "importo")] = None
    year: Annotated[Date | None, headings("anno")] = None


class Network(Node):
    """A membership network, association of bodies or platform."""

    scope: Annotated[Scope | None, BeforeValidator(word), headings("ambito", "livello", "scala")] = None
    join_rules: Annotated[Text | None, headings("regole di adesione", "membership rules", "chi può aderire")] = None
    members_stated: Annotated[Text | None, headings("members", "numero aderenti", "partner dichiarati")] = None


class Project(Node):
    """A project, programme, call, event, working group, plan or award: something bodies take part in."""

    form: Annotated[Text | None, headings("type", "kind", "tipo", "forma")] = None
    programme: Annotated[Text | None, headings("programma", "program")] = None
    funder: Annotated[Id | None, headings("funder id", "finanziatore", "ente finanziatore")] = None
    lead: Annotated[Id | None, headings("capofila", "lead partner", "coordinator")] = None
    budget: Annotated[Money | None, headings("budget eur", "costo", "importo totale", "importo")] = None
    eu_contribution: Annotated[Money | None, headings("eu contribution eur", "contributo ue")] = None
    area: Annotated[Text | None, headings("territorio", "zona")] = None


class Agreement(Project):
    """A memorandum, pact or protocol that bodies sign."""

    form: Annotated[Text | None, headings("type", "kind", "tipo", "forma")] = "agreement"


class Topic(Node):
    """A theme, in one of the schemes in use."""

    scheme: Annotated[Text | None, headings("schema", "classificazione")] = None


BODY_HEADINGS = ("organisation", "organization", "organizzazione")


class Edge(Record):
    """One documented relation from source to target. Roles sit here, not on the organisation.

    `key` tells apart two true facts of one kind between the same ends, such as two grants.
    """

    source: Annotated[Id, headings("source id", "from id", "da id", "origine", "soggetto", *BODY_HEADINGS)]
    target: Annotated[Id, headings("target id", "to id", "a id", "destinazione", "oggetto", "con chi", "with whom")]
    key: Annotated[Text, headings("award id", "codice progetto", "id atto")] = ""
    weight: Annotated[Weight, headings("peso", "forza", "strength")] = 1.0
    amount: Annotated[Money | None, headings("amount eur", "importo", "importo eur", "contributo")] = None
    role: Annotated[Text | None, headings("ruolo", "note", "notes")] = None
    visibility: Annotated[VisibilityWord | None, headings("visibilità", "visibile a", "visible to")] = None

    sources: ClassVar[tuple[type[Node], ...]] = (Node,)
    targets: ClassVar[tuple[type[Node], ...]] = (Node,)
    repeats: ClassVar[bool] = False
    """May be true more than once between the same two ends; rows without a key are numbered in file order."""
    mutual: ClassVar[bool] = False
    """No direction is meant: A with B and B with A are one fact."""
    reads: ClassVar[tuple[str, str]] = ("", "")
    """How a tie reads between its two names, in Italian and English."""

    @property
    def kind(self) -> str:
        return edge_kind(type(self))


class ParticipatesIn(Edge):
    sources, targets = (Stakeholder, Network), (Project,)
    reads = ("partecipa a", "takes part in")


class MemberOf(Edge):
    sources, targets = (Stakeholder, Network), (Network, Stakeholder)
    reads = ("aderisce a", "is a member of")


class WorksOn(Edge):
    targets = (Topic,)
    reads = ("lavora su", "works on")


class Funds(Edge):
    sources = (Stakeholder, Fund, Network)
    repeats = True
    reads = ("finanzia", "funds")


class InvestsIn(Edge):
    sources, targets = (Stakeholder, Fund), (Stakeholder, Fund, Project)
    repeats = True
    reads = ("investe in", "invests in")


class Supports(Edge):
    reads = ("sostiene", "supports")


class PartOf(Edge):
    reads = ("fa parte di", "is part of")


class Founded(Edge):
    reads = ("ha fondato", "founded")


class Manages(Edge):
    reads = ("gestisce", "manages")


class PartnerOf(Edge):
    mutual = True
    reads = ("collabora con", "works with")


class SignatoryOf(Edge):
    sources, targets = (Stakeholder, Network), (Project,)
    reads = ("ha firmato", "signed")


class ShareholderOf(Edge):
    reads = ("detiene quote di", "holds shares of")


class Hosts(Edge):
    reads = ("ospita", "hosts")


class SameAs(Edge):
    """A person's statement that two ids are one body: what is said about the source is said about the target.

    No tie of the network, and in no file: it is said by `correct` alone.
    """

    reads = ("è lo stesso di", "is the same as")


def _asked(value: Any) -> Any:
    """A field of a node or a relation, in any of the words that files use for it."""
    word, known = plain(value) if isinstance(value, str) else "", _fields()
    meant = {RELATIONS[word]} if word in RELATIONS else known.get(word, set())
    if len(meant) != 1:
        fields = sorted(name for names in known.values() for name in names if plain(name) in known)
        raise ValueError(f"this is a field ({', '.join(dict.fromkeys(fields))}) or a relation")
    return next(iter(meant))


@cache
def _fields() -> dict[str, set[str]]:
    """The fields of nodes that a word means: their names and the headings under which files carry them."""
    known: dict[str, set[str]] = {}
    for kind in NODE_KINDS.values():
        for name, info in kind.model_fields.items():
            aliases = [alias for one in info.metadata if isinstance(one, Headings) for alias in one.names]
            for heading in map(plain, (name, *aliases)):
                if name not in NOT_ASKED:
                    known.setdefault(heading, set()).add(name)
    return known | {plain(name): {name} for names in known.values() for name in names}


def _answered(value: Any) -> Any:
    word = plain(value).replace(" ", "_") if isinstance(value, str) else value
    return ANSWER_WORDS.get(word, word)


class Answer(Record):
    """That a source gives no value: somebody looked and there is none, asked without an answer, or did not ask."""

    id: Annotated[Id, headings("codice", "identificativo", "source id", "da id", "ente", "organisation")]
    field: Annotated[str, BeforeValidator(_asked), headings("campo", "relation", "relazione", "question", "domanda")]
    answer: Annotated[Literal["none", "no_answer", "not_asked"], BeforeValidator(_answered), headings("risposta")]


def edge_kind(edge: type[Edge]) -> str:
    """The relationship type of a class: MemberOf is MEMBER_OF."""
    return re.sub(r"(?<!^)(?=[A-Z])", "_", edge.__name__).upper()


SAME_AS = edge_kind(SameAs)
ANSWERS = ("none", "no_answer", "not_asked")
"""What may be known instead of a value, the strongest first."""
ANSWER_WORDS = {
    "nessuno": "none", "nessuna": "none", "nothing": "none", "nessuna_risposta": "no_answer",
    "senza_risposta": "no_answer", "non_chiesto": "not_asked", "non_richiesto": "not_asked",
}  # fmt: skip
NOT_ASKED = frozenset({"id", "name", "place", "origin", "confidence", "seen", "visibility"})
"""Fields of a node about which no absence is recorded."""

NODE_KINDS: dict[str, type[Node]] = {
    c.__name__: c for c in (Stakeholder, Investor, Fund, Network, Project, Agreement, Topic)
}
EDGE_KINDS: dict[str, type[Edge]] = {
    edge_kind(c): c
    for c in (
        ParticipatesIn, MemberOf, WorksOn, Funds, InvestsIn, Supports, PartOf, Founded, Manages,
        PartnerOf, SignatoryOf, ShareholderOf, Hosts,
    )
}  # fmt: skip

# Relation words of files, after `plain`, besides our own names with spaces.
RELATIONS = {
    "partecipa a": "PARTICIPATES_IN", "membro di": "MEMBER_OF", "aderisce a": "MEMBER_OF", "aderente a": "MEMBER_OF",
    "lavora su": "WORKS_ON", "finanzia": "FUNDS", "investe in": "INVESTS_IN", "sostiene": "SUPPORTS",
    "supporta": "SUPPORTS", "fa parte di": "PART_OF", "parte di": "PART_OF", "ha fondato": "FOUNDED",
    "fondatore di": "FOUNDED", "gestisce": "MANAGES", "partner di": "PARTNER_OF", "collabora con": "PARTNER_OF",
    "firmatario di": "SIGNATORY_OF", "ha firmato": "SIGNATORY_OF", "socio di": "SHAREHOLDER_OF",
    "e socio di": "SHAREHOLDER_OF", "is a shareholder of": "SHAREHOLDER_OF", "ospita": "HOSTS",
}  # fmt: skip
RELATIONS |= {plain(text): kind for kind, edge in EDGE_KINDS.items() for text in (kind, *edge.reads)}


def labels(kind: str) -> tuple[str, ...]:
    """The labels of a kind of node in the store: an Investor is a Node, a Stakeholder and an Investor."""
    line = [c.__name__ for c in NODE_KINDS[kind].__mro__ if issubclass(c, Node)]
    return tuple(reversed(line))


def is_a(kind: str, base: str) -> bool:
    """Whether a kind of node is, or is a sort of, another: is_a("Investor", "Stakeholder")."""
    return kind in NODE_KINDS and base in labels(kind)
