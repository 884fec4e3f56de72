"""The ready questions: a sentence with blanks, what may stand in them, and what an answer says."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

import pandas as pd

from tsi_graph.language import Words
from tsi_graph.questions import tables
from tsi_graph.questions.ways import introducers

Blank = Literal["organisation", "network", "topic", "project", "sector", "city", "anybody"]
"""What may stand in a blank; the last three kinds of thing are words, the others bodies by id or name."""
Sort = Literal["body", "text", "date", "source", "number", "relation", "sector", "scope", "money", "steps", "bodies"]


@dataclass(frozen=True)
class Column:
    """A column of the answer's table, as a reader sees it. id: the column with the id, where it is a body."""

    name: str
    heading: Words
    sort: Sort = "text"
    id: str = "id"


@dataclass(frozen=True)
class Question:
    """One ready question. `one` and `many` say what was found; `add` what would have to be documented for an answer.

    cypher names the file in cypher/questions that gives the same rows; where there is none, `how` says how they are
    computed and metric names the card that says more. named: what the Cypher calls the blanks.
    """

    id: str
    sentence: Words
    blanks: dict[str, Blank]
    rows: Callable[..., pd.DataFrame]
    columns: tuple[Column, ...]
    one: Words
    many: Words
    add: Words
    drawn: str = "id"
    cypher: str = ""
    named: dict[str, str] = field(default_factory=dict)
    how: Words = ("", "")
    metric: str = ""


WHO = Column("name", ("Organizzazione", "Organisation"), "body")
CITY = Column("city", ("Comune", "City"))
SECTOR = Column("sector", ("Tipo", "Kind"), "sector")
SINCE, UNTIL = Column("since", ("Dal", "Since"), "date"), Column("until", ("Al", "Until"), "date")
SOURCE = Column("origin", ("Fonte", "Source"), "source")
PROJECT = Column("through", ("In quale progetto", "In which project"), "body", id="project")
HOME: Words = (
    "Si contano i legami documentati; l'adesione all'alleanza di cui è la mappa non è un legame.",
    "Documented ties count; membership of the alliance whose map this is is no tie.",
)

QUESTIONS: dict[str, Question] = {
    q.id: q
    for q in (
        Question(
            "introducers", ("Chi può presentare {x} a {y}?", "Who can introduce {x} to {y}?"),
            {"x": "organisation", "y": "anybody"}, introducers,
            (Column("through", ("Chi presenta", "Who introduces"), "bodies"),
             Column("how", ("Come si conoscono", "How they know each other")),
             Column("year", ("Ultimo anno", "Last year"), "number"), SOURCE),
            ("C'è {n} strada documentata da {x} a {y}.", "There is {n} documented way from {x} to {y}."),
            ("Ci sono {n} strade documentate da {x} a {y}, dalla più solida.",
             "There are {n} documented ways from {x} to {y}, the firmest first."),
            ("Aggiungete un legame fra {x}, o chi la conosce, e {y}.",
             "Add a tie between {x}, or somebody who knows it, and {y}."),
            drawn="through",
            how=("Le strade di due o tre legami più solide: conta il prodotto delle forze dei legami, più deboli se "
                 "vecchi o in gruppi grandi. I promotori solo se non c'è altra strada; chi non vuole fare da tramite, "
                 "gli enti chiusi e i legami da verificare non contano.",
                 "The firmest ways of two or three ties: the product of their strengths, weaker where old or in large "
                 "groups. Promoters only where there is no other way; whoever declines to introduce, closed bodies "
                 "and unverified ties do not count."),
        ),
        Question(
            "bridges", ("Chi fa da ponte fra {x} e {y}?", "Who bridges {x} and {y}?"),
            {"x": "sector", "y": "sector"}, tables.bridges_between,
            (WHO, SECTOR, Column("of_x", ("Ne conosce fra {x}", "Knows among {x}"), "number"),
             Column("of_y", ("Ne conosce fra {y}", "Knows among {y}"), "number")),
            ("Un'organizzazione conosce sia {x} sia {y}.", "One organisation knows both {x} and {y}."),
            ("{n} organizzazioni conoscono sia {x} sia {y}; prima quelle che ne conoscono di più da entrambe le parti.",
             "{n} organisations know both {x} and {y}; first those that know most on both sides."),
            ("Nessuno le unisce: è un vuoto. Aggiungete un lavoro in comune, oppure presentatele voi.",
             "Nobody joins them: it is a gap. Add joint work, or introduce them yourselves."),
            how=("Organizzazioni legate direttamente, o da un progetto, una rete o un fondo in comune, ad almeno una "
                 "di tutti e due i tipi; senza i promotori, che conoscono quasi tutti.",
                 "Organisations tied directly, or by a project, network or fund in common, to at least one of both "
                 "kinds; without the promoters, who know almost everybody."),
            metric="brokerage_roles",
        ),
        Question(
            "worked_on", ("Chi ha lavorato su {x}, e dove?", "Who has worked on {x}, and where?"), {"x": "topic"},
            tables.worked_on_topic, (WHO, CITY, PROJECT, SINCE, UNTIL, SOURCE),
            ("Un'organizzazione ha lavorato su {x}.", "One organisation has worked on {x}."),
            ("{n} organizzazioni hanno lavorato su {x}.", "{n} organisations have worked on {x}."),
            ("Aggiungete il tema ai progetti che se ne occupano.", "Add the topic to the projects that deal with it."),
            cypher="worked_on_topic",
        ),
        Question(
            "could_fund", ("Chi potrebbe finanziare {x}?", "Who could fund {x}?"), {"x": "topic"},
            tables.funders_of_topic,
            (Column("name", ("Chi", "Who"), "body"),
             Column("through", ("Che cosa ha finanziato", "What it funded"), "body", id="funded"),
             Column("amount", ("Importo", "Amount"), "money"), SINCE, SOURCE),
            ("Un ente ha già finanziato lavori su {x}.", "One body has funded work on {x} before."),
            ("{n} enti hanno già finanziato lavori su {x}.", "{n} bodies have funded work on {x} before."),
            ("Aggiungete chi ha finanziato progetti su questo tema.", "Add who funded projects on this topic."),
            cypher="funders_of_topic",
        ),
        Question(
            "led", ("Chi ha guidato progetti su {x}?", "Who has led projects on {x}?"), {"x": "topic"},
            tables.led_on_topic, (WHO, CITY, PROJECT, SINCE, UNTIL, SOURCE),
            ("Un'organizzazione ha guidato un progetto su {x}.", "One organisation has led a project on {x}."),
            ("{n} organizzazioni hanno guidato progetti su {x}.", "{n} organisations have led projects on {x}."),
            ("Aggiungete il ruolo di capofila nei progetti su questo tema.",
             "Add the role of lead partner in projects on this topic."),
            cypher="led_on_topic",
        ),
        Question(
            "networks", ("Quali reti raggiunge {x}?", "Which networks does {x} reach?"), {"x": "organisation"},
            tables.networks_reached,
            (Column("name", ("Rete", "Network"), "body"), Column("scope", ("Ambito", "Scope"), "scope"),
             Column("steps", ("Come", "How"), "steps"), Column("through", ("Attraverso", "Through"), "bodies")),
            ("{x} raggiunge {n} rete.", "{x} reaches {n} network."),
            ("{x} raggiunge {n} reti, da sola o attraverso chi conosce.",
             "{x} reaches {n} networks, by itself or through those it knows."),
            ("Aggiungete le reti a cui {x} aderisce.", "Add the networks of which {x} is a member."),
            how=("Le reti nazionali e internazionali con cui ha un legame documentato, e quelle a cui arriva "
                 "attraverso una o due organizzazioni a cui può chiedere: le stesse della sua pagina. " + HOME[0],
                 "The national and international networks to which it has a documented tie, and those it gets to "
                 "through one or two organisations it can ask: the same as on its page. " + HOME[1]),
        ),
        Question(
            "members", ("Chi aderisce a {x}?", "Who are the members of {x}?"), {"x": "network"},
            tables.members_of_network, (WHO, SECTOR, SINCE, SOURCE),
            ("{x} ha {n} aderente documentato.", "{x} has {n} documented member."),
            ("{x} ha {n} aderenti documentati.", "{x} has {n} documented members."),
            ("Aggiungete chi aderisce a {x}.", "Add who is a member of {x}."),
            cypher="members_of_network", named={"x": "id"},
        ),
        Question(
            "joins", ("Che cosa unisce {x} e {y}?", "What joins {x} and {y}?"), {"x": "anybody", "y": "anybody"},
            tables.what_joins,
            (Column("kind", ("Legame di {x}", "Tie of {x}"), "relation"), Column("name", ("Con", "With"), "body"),
             SINCE, UNTIL, SOURCE),
            ("Le unisce {n} legame documentato, diretto o con qualcosa in comune.",
             "{n} documented tie joins them, direct or over something in common."),
            ("Le uniscono {n} legami documentati, diretti o con qualcosa in comune.",
             "{n} documented ties join them, direct or over something in common."),
            ("Aggiungete un legame fra le due, o un progetto di entrambe.",
             "Add a tie between them, or a project of both."),
            cypher="what_joins",
        ),
        Question(
            "cut_off", ("Chi resterebbe isolato senza {x}?", "Who would be cut off without {x}?"),
            {"x": "organisation"}, tables.cut_off_without,
            (WHO, SECTOR, Column("part", ("Quante insieme", "How many together"), "number")),
            ("Senza {x} resterebbe isolata {n} organizzazione.", "Without {x} {n} organisation would be cut off."),
            ("Senza {x} resterebbero isolate {n} organizzazioni.", "Without {x} {n} organisations would be cut off."),
            ("Non è un punto di passaggio: per quanto è documentato, senza {x} nessuno resta isolato.",
             "Not a passage point: as far as is documented, nobody is cut off without {x}."),
            how=("Si toglie l'organizzazione e si guarda chi non raggiunge più il resto, per legami diretti o per "
                 "progetti, reti e fondi in comune, senza passare dai promotori. " + HOME[0],
                 "The organisation is taken out; who can no longer reach the rest, directly or over projects, networks "
                 "and funds in common, without going through the promoters? " + HOME[1]),
            metric="cut_point",
        ),
        Question(
            "worked_with", ("Con chi ha lavorato di più {x}?", "With whom has {x} worked most?"), {"x": "organisation"},
            tables.worked_with, (WHO, SECTOR, Column("projects", ("Progetti insieme", "Projects together"), "number")),
            ("{x} ha lavorato in un progetto con {n} organizzazione.",
             "{x} has worked in a project with {n} organisation."),
            ("{x} ha lavorato in progetti con {n} organizzazioni.",
             "{x} has worked in projects with {n} organisations."),
            ("Aggiungete i progetti a cui {x} partecipa.", "Add the projects in which {x} takes part."),
            cypher="worked_with",
        ),
        Question(
            "funded_with", ("Chi ha finanziato le stesse cose di {x}?", "Who has funded the same things as {x}?"),
            {"x": "organisation"}, tables.funded_with,
            (WHO, SECTOR, Column("shared", ("Cose in comune", "In common"), "number")),
            ("Un ente ha finanziato qualcosa insieme a {x}.", "One body has funded something that {x} funded."),
            ("{n} enti hanno finanziato qualcosa insieme a {x}.", "{n} bodies have funded something that {x} funded."),
            ("Aggiungete chi altro ha finanziato ciò che {x} finanzia.", "Add who else funded what {x} funds."),
            cypher="funded_with",
        ),
        Question(
            "took_part", ("Chi ha partecipato a {x}?", "Who took part in {x}?"), {"x": "project"},
            tables.took_part_in, (WHO, CITY, Column("role", ("Ruolo", "Role")), SINCE, UNTIL, SOURCE),
            ("A {x} ha partecipato {n} organizzazione documentata.", "{n} documented organisation took part in {x}."),
            ("A {x} hanno partecipato {n} organizzazioni documentate.",
             "{n} documented organisations took part in {x}."),
            ("Aggiungete chi ha partecipato a {x}.", "Add who took part in {x}."),
            cypher="took_part_in",
        ),
        Question(
            "who_is_there", ("Chi c'è, fra {x}, a {y}?", "Who is there, of the kind {x}, in {y}?"),
            {"x": "sector", "y": "city"}, tables.who_is_there,
            (WHO, Column("website", ("Sito", "Website"), "source"),
             Column("ties", ("Legami documentati", "Documented ties"), "number")),
            ("C'è {n} organizzazione.", "There is {n} organisation."),
            ("Ci sono {n} organizzazioni.", "There are {n} organisations."),
            ("Aggiungete il comune alle organizzazioni che mancano.", "Add the city to organisations that lack one."),
            cypher="who_is_there",
        ),
        Question(
            "evidence", ("Da dove viene quello che si sa di {x}?", "Where does what is known of {x} come from?"),
            {"x": "anybody"}, tables.ties_of,
            (Column("kind", ("Legame", "Tie"), "relation"), Column("name", ("Con", "With"), "body", id="other"),
             SINCE, UNTIL, SOURCE),
            ("Di {x} si conosce {n} legame, con la sua fonte.", "{n} tie of {x} is known, with its source."),
            ("Di {x} si conoscono {n} legami, ognuno con la sua fonte.",
             "{n} ties of {x} are known, each with its source."),
            ("Di {x} non è documentato nessun legame: chiedete a loro.", "No tie of {x} is documented: ask them."),
            drawn="other", cypher="ties_of", named={"x": "id"},
        ),
    )
}  # fmt: skip
"""By id; the order is that of the page."""
