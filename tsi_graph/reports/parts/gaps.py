"""What is missing: sectors that hardly meet, topics that nobody covers, organisations of which nothing is known."""

from __future__ import annotations

from tsi_graph.language import filled, listed, number
from tsi_graph.recommend.columns import of_nodes
from tsi_graph.recommend.missing import SHOWN, SectorGap
from tsi_graph.reports.content import Bullets, Paragraph, Section, Table
from tsi_graph.reports.material import Material

WORDS = {
    "title": ("Che cosa manca", "What is missing"),
    "sectors": ("Settori che si incontrano poco", "Sectors that hardly meet"),
    "found": (
        "Coppie di settori con meno lavoro in comune del previsto: {n}. Con uno scarto più grande di quanto il caso "
        "spiegherebbe: {k}; indizi e non prove: {h}.",
        "Pairs of sectors with less joint work than expected: {n}. With a larger difference than chance would explain: "
        "{k}; hints and no proof: {h}.",
    ),
    "table": ("Coppie di organizzazioni con un lavoro in comune documentato", "Pairs with documented joint work"),
    "pair": ("Settori", "Sectors"),
    "seen": ("Documentate", "Documented"),
    "hoped": ("Attese", "Expected"),
    "verdict": ("Più che un caso", "More than chance"),
    "yes": ("sì", "yes"),
    "no": ("non provato", "not proven"),
    "picture": (
        "Coppie legate fra settori e quante attese: < e blu dove sono meno, > e arancio dove sono più.",
        "Tied pairs between sectors and how many would be expected: < and blue where fewer, > and orange where more.",
    ),
    "note": (
        "Molti legami fra enti pubblici vengono da progetti europei con città di tutta Europa.",
        "Many ties among public bodies come from European projects with cities from all over Europe.",
    ),
    "closing": ("Presentazioni che aiuterebbero", "Introductions that would help"),
    "close": ("{title}: {a} con {b}{through}.", "{title}: {a} with {b}{through}."),
    "through": (", attraverso {names}", ", through {names}"),
    "topics": ("Temi", "Topics"),
    "topic_table": ("Temi a cui manca qualcosa", "Topics that lack something"),
    "topic": ("Tema", "Topic"),
    "projects": ("Progetti", "Projects"),
    "funds": ("Fondi", "Funds"),
    "bodies": ("Organizzazioni", "Organisations"),
    "lacking": ("Che cosa manca", "What is missing"),
    "full": ("A nessun tema manca qualcosa.", "No topic lacks anything."),
    "labelled": (
        "Progetti con un tema: {k} su {n}. Dove un tema sembra scoperto può mancare l'etichetta, non l'attività.",
        "Projects with a topic: {k} of {n}. Where a topic seems uncovered the label may be missing, not the activity.",
    ),
    "alone": ("Organizzazioni senza legami", "Organisations without ties"),
    "bare": (
        "Organizzazioni dell'ecosistema senza legami documentati se non con l'alleanza o con un tema: {n} ({names}).",
        "Organisations of the ecosystem without documented ties but with the alliance or a topic: {n} ({names}).",
    ),
    "named": (
        "Nominate in qualche fatto, ma senza compagni: {n} ({names}).",
        "Named in some fact, but without companions: {n} ({names}).",
    ),
    "nobody": ("Ogni organizzazione dell'ecosistema ha qualche legame.", "Every organisation here has some tie."),
    "aside": (
        "Vuoti che il gruppo di lavoro ha messo da parte: {n}.", "Gaps that the team has set aside: {n}.",
    ),
}  # fmt: skip


def section(of: Material) -> Section:
    return Section(
        filled(of.lang, WORDS["title"]), (), (_sectors(of), _topics(of), _alone(of)), fresh=True
    )  # fmt: skip


def _sectors(of: Material) -> Section:
    lang = of.lang
    picture = of.figure("sectors", filled(lang, WORDS["picture"]))
    public = bool((of_nodes(of.graph, "sector") == "public body").any())
    shown = (picture, *((Paragraph(filled(lang, WORDS["note"]), quiet=True),) if public else ()))
    title = filled(lang, WORDS["sectors"])
    if not of.missing.sectors:
        return Section(title, (Paragraph(of.missing.no_gap), *shown))
    every, sure = len(of.missing.sectors), of.missing.significant
    counts = {"n": every, "k": sure, "h": every - sure}
    told = filled(lang, WORDS["found"], **{key: number(n, lang) for key, n in counts.items()})
    rows = tuple(
        (one.title, number(one.observed, lang), number(round(one.expected), lang),
         filled(lang, WORDS["yes" if one.significant else "no"]))
        for one in of.missing.sectors
    )  # fmt: skip
    heads = tuple(filled(lang, WORDS[key]) for key in ("pair", "seen", "hoped", "verdict"))
    table = Table(filled(lang, WORDS["table"]), heads, rows, (8, 3, 3, 4), numbers=(1, 2))
    close = tuple(text for one in of.missing.sectors[:SHOWN] for text in _closing(of, one))
    closing = (Bullets(close, filled(lang, WORDS["closing"])),) if close else ()
    return Section(title, (Paragraph(told), *shown, table, *closing))


def _closing(of: Material, gap: SectorGap) -> list[str]:
    told = []
    for one in gap.introductions or ():
        names = listed(of.lang, list(one.through))
        through = filled(of.lang, WORDS["through"], names=names) if names else ""
        words = {"title": gap.title, "a": one.source_name, "b": one.target_name, "through": through}
        told.append(filled(of.lang, WORDS["close"], **words))
    return told


def _topics(of: Material) -> Section:
    lang, schemes = of.lang, of.missing.schemes
    rows = tuple(
        (one.name, number(len(one.projects), lang), number(len(one.funds), lang), number(len(one.bodies), lang),
         f"{one.lacking}. {one.remark}".strip())
        for scheme in schemes for one in scheme.topics if one.lacking
    )  # fmt: skip
    title = filled(lang, WORDS["topics"])
    if not rows:
        return Section(title, (Paragraph(filled(lang, WORDS["full"])),))
    heads = tuple(filled(lang, WORDS[key]) for key in ("topic", "projects", "funds", "bodies", "lacking"))
    with_topic = {project for scheme in schemes for topic in scheme.topics for project in topic.projects}
    every = int(of.graph.kinds_of("Project").sum())
    told = filled(lang, WORDS["labelled"], k=number(len(with_topic), lang), n=number(every, lang))
    table = Table(filled(lang, WORDS["topic_table"]), heads, rows, (6, 2, 2, 4, 8), numbers=(1, 2, 3))
    return Section(title, (table, Paragraph(told, quiet=True)))


def _alone(of: Material) -> Section:
    lang, all_of_it = of.lang, of.missing
    told = []
    for key, some in (("bare", all_of_it.bare), ("named", all_of_it.alone)):
        if some:
            names = ", ".join(one.name for one in some[:20]) + (" …" if len(some) > 20 else "")
            told.append(Paragraph(filled(lang, WORDS[key], n=number(len(some), lang), names=names)))
    if all_of_it.set_aside:
        told.append(Paragraph(filled(lang, WORDS["aside"], n=number(len(all_of_it.set_aside), lang)), quiet=True))
    blocks = tuple(told) or (Paragraph(filled(lang, WORDS["nobody"])),)
    return Section(filled(lang, WORDS["alone"]), blocks)
