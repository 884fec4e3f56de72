"""The profile of one body on two pages, to take to a meeting."""

from __future__ import annotations

from tsi_graph.errors import Unusable
from tsi_graph.exports.bodies import body, named
from tsi_graph.exports.labels import clean
from tsi_graph.exports.scene import view_words
from tsi_graph.history.sources import site
from tsi_graph.language import filled, listed, long_date, number, spell
from tsi_graph.recommend import Recommendation, silence
from tsi_graph.recommend.columns import full_names, of_nodes
from tsi_graph.recommend.known import Fact
from tsi_graph.recommend.ledger.listing import Filters, chosen
from tsi_graph.recommend.ledger.present import recommend_for_network, recommend_now
from tsi_graph.recommend.ledger.words import STATES
from tsi_graph.recommend.portrait import Portrait, portrait
from tsi_graph.reports.content import Bullets, Paragraph, Report, Section, Table
from tsi_graph.reports.material import Material

MEETINGS, FACTS, DRAWN, PAST, CLAIMED, LONG = 3, 12, 8, 4, 3, 130
BESIDE = (("stakeholder", 2), ("fund", 1), ("investor", 1))
"""What else an organisation could meet, and how many of each."""
WORDS = {
    "lead": ("Scheda per un incontro · {about}", "Profile for a meeting · {about}"),
    "who": ("Dove sta", "Where it stands"),
    "counts": (
        "Legami documentati: {ties}; con una data: {dated}, ad attendibilità alta: {high}. Organizzazioni e reti che "
        "conosce: {partners}, reti internazionali fra queste: {far}.",
        "Documented ties: {ties}; with a date: {dated}, of high confidence: {high}. Organisations and networks that "
        "it knows: {partners}, international networks among these: {far}.",
    ),
    "topics": ("Temi: {names}.", "Topics: {names}."),
    "missing": ("Non sappiamo ancora: {names}. Da chiedere.", "Not known yet: {names}. Ask."),
    "meet": ("Chi potrebbe incontrare", "Whom it could meet"),
    "why": ("Perché", "Why"),
    "whom": ("Chi", "Whom"),
    "through": ("Attraverso chi", "Through whom"),
    "caution": ("Attenzione", "Watch out"),
    "table": (
        "Reti, poi organizzazioni e finanziatori: le prime proposte",
        "Networks, then organisations and funders: the first proposals",
    ),
    "table_network": (
        "Organizzazioni a cui la rete può servire: le prime proposte",
        "Organisations that the network may serve: the first proposals",
    ),
    "you": ("la presentate voi", "you introduce"),
    "you_and": ("voi, attraverso {names}", "you, through {names}"),
    "nobody": ("Nessuna proposta.", "Nobody to propose."),
    "ways": ("Vie verso le reti", "Ways to networks"),
    "picture": ("Le reti più vicine, e attraverso chi.", "The nearest networks, and through whom."),
    "known": ("Che cosa si sa", "What is known"),
    "facts": (
        "Legami documentati, prima quelli in corso o recenti: {k} di {n}",
        "Documented ties, running or recent ones first: {k} of {n}",
    ),
    "fact": ("Legame", "Tie"),
    "when": ("Quando", "When"),
    "source": ("Fonte", "Source"),
    "sure": ("Attendibilità", "Confidence"),
    "high": ("alta", "high"),
    "medium": ("media", "medium"),
    "low": ("non verificata", "unverified"),
    "together": ("{told} (partecipanti: {n})", "{told} (participants: {n})"),
    "nothing": ("Nessun legame documentato oltre all'adesione.", "No documented tie beyond membership."),
    "disputed": ("Su cui le fonti non sono d'accordo: {names}.", "On which sources disagree: {names}."),
    "claimed": ("Si dice, ma nessuno lo ha verificato: chiedere", "Claimed, and nobody verified it: ask"),
    "past": ("Presentazioni già fatte o in corso", "Introductions made or under way"),
    "one": ("{a} con {b}: {state}, dal {day}", "{a} with {b}: {state}, since {day}"),
}  # fmt: skip


def profile(of: Material, node: str) -> Report:
    """The profile of an organisation or a network. Raises NotFound for an unknown id, Unusable for another kind."""
    graph, lang = of.graph, of.lang
    me = body(graph, node, lang)
    at = graph.position(node)
    if not (graph.kinds_of("Stakeholder")[at] or graph.kinds_of("Network")[at]):
        raise Unusable(f"A profile is of an organisation or a network; {node!r} is a {me.node_kind}.")
    seen = portrait(graph, node, of.table, lang, low=of.low, ledger=of.considered)
    about = ", ".join(filter(None, (me.kind, me.place, str(of_nodes(graph, "website")[at]))))
    lead = filled(lang, WORDS["lead"], about=clean(about))
    note = " · ".join((me.name, *of.filters, *view_words(graph, lang)))
    parts = [_stands(of, seen), _meetings(of, node)]
    if seen.routes:
        drawn = of.figure("routes", filled(lang, WORDS["picture"]), of=node, ledger=of.considered, most=DRAWN)
        parts.append(Section(filled(lang, WORDS["ways"]), (drawn,)))
    parts.append(_known(of, node, seen))
    return Report(_cut(me.full, 110), lead, note, lang, tuple(parts), brief=True, logo=of.logo)


def _cut(text: str, most: int = LONG) -> str:
    return text if len(text) <= most else text[: most - 1].rsplit(" ", 1)[0] + "…"


def _stands(of: Material, seen: Portrait) -> Section:
    lang, known = of.lang, seen.known
    counts = {
        "ties": known.complete.ties, "partners": known.partners, "far": known.international,
        "dated": known.complete.dated, "high": known.complete.high,
    }  # fmt: skip
    told = [" ".join(seen.position.sentences)] if seen.position else []
    told.append(filled(lang, WORDS["counts"], **{key: number(n, lang) for key, n in counts.items()}))
    last = []
    if known.topics:
        told_topics = full_names(of.graph, lang)[[of.graph.position(topic) for topic in known.topics]]
        names = listed(lang, [str(name) for name in told_topics])
        last.append(filled(lang, WORDS["topics"], names=names))
    if known.complete.blank_words:
        last.append(filled(lang, WORDS["missing"], names=", ".join(known.complete.blank_words)))
    blocks = [Paragraph(text) for text in (*told, " ".join(last)) if text]
    return Section(filled(lang, WORDS["who"]), tuple(blocks))


def _meetings(of: Material, node: str) -> Section:
    lang, title = of.lang, filled(of.lang, WORDS["meet"])
    network = of.graph.kinds_of("Network")[of.graph.position(node)]
    if network:
        found, why = recommend_for_network(of.store, of.graph, node, MEETINGS, lang), ""
    else:
        found = recommend_now(of.store, of.graph, node, "network", None, MEETINGS, lang)
        taken = of.considered.taken
        why = "" if found else silence(of.graph, node, "network", None, lang, refused=taken) or ""
        for kind, most in BESIDE:
            known = {one.id for one in found}
            more = recommend_now(of.store, of.graph, node, kind, None, most + len(known), lang)
            found += [one for one in more if one.id not in known][:most]
    if not found:
        return Section(title, (Paragraph(why or filled(lang, WORDS["nobody"])),))
    heads = tuple(filled(lang, WORDS[key]) for key in ("whom", "through", "why", "caution"))
    rows = tuple(_meeting(of, one) for one in found)
    return Section(
        title, (Table(filled(lang, WORDS["table_network" if network else "table"]), heads, rows, (4, 4, 8, 7)),)
    )


def _meeting(of: Material, one: Recommendation) -> tuple[str, ...]:
    lang = of.lang
    names = listed(lang, [named(of.graph, z, lang) for z in one.introducers])
    key = "you_and" if names else "you"
    through = filled(lang, WORDS[key], names=names) if one.by_you or not names else names
    caution = _cut(one.cautions[0], 160) if one.cautions else "–"
    return one.name, through, _reasons(one), caution


def _reasons(one: Recommendation) -> str:
    """The first reason, and the second where there is room for it whole."""
    both = " ".join(one.reasons[:2])
    return both if len(both) <= 190 else _cut(one.reasons[0], 190)


def _known(of: Material, node: str, seen: Portrait) -> Section:
    lang, known = of.lang, seen.known
    blocks: list[Paragraph | Bullets | Table] = []
    if known.facts:
        shown = known.facts[:FACTS]
        caption = filled(lang, WORDS["facts"], k=len(shown), n=number(len(known.facts), lang))
        heads = tuple(filled(lang, WORDS[key]) for key in ("fact", "when", "source", "sure"))
        blocks.append(Table(caption, heads, tuple(_row(one, lang) for one in shown), (10, 4, 5, 3)))
    else:
        blocks.append(Paragraph(filled(lang, WORDS["nothing"])))
    if known.disputes:
        names = listed(lang, [f"{one.node_name}, {one.field_name}" for one in known.disputes])
        blocks.append(Paragraph(filled(lang, WORDS["disputed"], names=names), quiet=True))
    if known.unverified:
        claims = tuple(_cut(one.sentence) for one in known.unverified[:CLAIMED])
        blocks.append(Bullets(claims, filled(lang, WORDS["claimed"])))
    past = sorted(chosen(of.ledger, Filters(stakeholder=node)), key=lambda one: one.since, reverse=True)[:PAST]
    if past:
        lines = tuple(
            filled(
                lang, WORDS["one"], a=of.named(one.source), b=of.named(one.target),
                state=filled(lang, STATES[one.state]), day=long_date(one.since, lang),
            )
            for one in past
        )  # fmt: skip
        blocks.append(Bullets(lines, filled(lang, WORDS["past"])))
    return Section(filled(lang, WORDS["known"]), tuple(blocks))


def _row(one: Fact, lang: str) -> tuple[str, ...]:
    told = filled(lang, WORDS["together"], told=one.sentence, n=one.participants) if one.participants else one.sentence
    when = spell(one.valid_from, one.valid_to, lang) or "–"
    return _cut(told), when, _cut(site(one.origin.split(" ; ")[0]), 40), filled(lang, WORDS[one.confidence])
