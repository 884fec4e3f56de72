"""Introductions and their outcomes: what the ledger holds, whether it helped, and what this month is proposed."""

from __future__ import annotations

from collections import Counter

from tsi_graph.language import filled, long_date, number
from tsi_graph.recommend.ledger.listing import Filters, chosen, summary
from tsi_graph.recommend.ledger.record import OUTCOMES, STATES, Introduction
from tsi_graph.recommend.ledger.uplift import uplift
from tsi_graph.recommend.ledger.words import OUTCOMES as OUTCOME_WORDS
from tsi_graph.recommend.ledger.words import STATES as STATE_WORDS
from tsi_graph.recommend.ledger.words import told_summary, told_uplift
from tsi_graph.recommend.portfolios.month import this_month
from tsi_graph.recommend.portfolios.portfolio import Proposed
from tsi_graph.recommend.portfolios.telling import by_whom
from tsi_graph.reports.content import Block, Paragraph, Section, Table
from tsi_graph.reports.material import Material

RECENT = 12
WORDS = {
    "title": ("Presentazioni ed esiti", "Introductions and outcomes"),
    "ledger": ("Che cosa è stato fatto", "What was done"),
    "states": ("Presentazioni per stato", "Introductions by state"),
    "outcomes": ("Esiti", "Outcomes"),
    "state": ("Stato", "State"),
    "outcome": ("Esito", "Outcome"),
    "count": ("Presentazioni", "Introductions"),
    "recent": ("Le ultime presentazioni", "The latest introductions"),
    "whom": ("Chi con chi", "Whom with whom"),
    "through": ("Attraverso", "Through"),
    "since": ("Dal", "Since"),
    "month": ("Che cosa si propone questo mese", "What is proposed this month"),
    "why": (
        "Presentazioni scelte insieme, perché ne vengano più porte verso le reti: ognuna con chi la farebbe e con il "
        "primo dei suoi motivi. La decisione resta a chi le fa.",
        "Introductions chosen together, so that more ports to networks come of them: each with who would make it and "
        "the first of its reasons. The decision is for those who make them.",
    ),
    "proposals": ("Proposte del mese", "Proposals of the month"),
    "first": ("Presentare", "Introduce"),
    "to": ("A chi", "To whom"),
    "by": ("Chi presenta", "Who introduces"),
    "reason": ("Perché", "Why"),
    "none": ("Nessuna proposta questo mese.", "No proposal this month."),
    "you": ("voi", "you"),
}  # fmt: skip


def section(of: Material) -> Section:
    # nobody introduces anybody in a year that is over
    month = () if of.graph.view.as_of else (_month(of),)
    return Section(filled(of.lang, WORDS["title"]), (), (_done(of), *month), fresh=True)


def _done(of: Material) -> Section:
    lang = of.lang
    there = chosen(of.ledger, Filters())
    blocks: list[Block] = [Paragraph(told_summary(summary(of.ledger, of.today), lang))]
    if there:
        state = Counter(one.state for one in there)
        outcome = Counter(event.outcome for one in there if (event := one.last("outcome")))
        rows = tuple((filled(lang, STATE_WORDS[name]), number(state[name], lang)) for name in STATES if state[name])
        blocks.append(_counted(lang, "states", "state", rows))
        rows = tuple(
            (filled(lang, OUTCOME_WORDS[name]), number(outcome[name], lang)) for name in OUTCOMES if outcome[name]
        )
        if rows:
            blocks.append(_counted(lang, "outcomes", "outcome", rows))
        latest = sorted(there, key=lambda one: (one.since, one.id), reverse=True)[:RECENT]
        heads = tuple(filled(lang, WORDS[key]) for key in ("whom", "through", "state", "since"))
        blocks.append(
            Table(filled(lang, WORDS["recent"]), heads, tuple(_row(of, one) for one in latest), (8, 5, 4, 4))
        )  # fmt: skip
        blocks.append(Paragraph(told_uplift(uplift(of.store, of.graph), lang), quiet=True))
    return Section(filled(lang, WORDS["ledger"]), tuple(blocks))


def _counted(lang: str, caption: str, head: str, rows: tuple[tuple[str, ...], ...]) -> Table:
    heads = (filled(lang, WORDS[head]), filled(lang, WORDS["count"]))
    return Table(filled(lang, WORDS[caption]), heads, rows, (6, 2), numbers=(1,))


def _row(of: Material, one: Introduction) -> tuple[str, ...]:
    a, b = of.named(one.source), of.named(one.target)
    through = ", ".join(map(of.named, one.through)) or filled(of.lang, WORDS["you"])
    return f"{a} – {b}", through, filled(of.lang, STATE_WORDS[one.state]), long_date(one.since, of.lang)


def _month(of: Material) -> Section:
    lang, title = of.lang, filled(of.lang, WORDS["month"])
    found = this_month(of.store, of.graph, lang=lang, today=of.today).introductions
    if not found:
        return Section(title, (Paragraph(filled(lang, WORDS["none"])),))
    heads = tuple(filled(lang, WORDS[key]) for key in ("first", "to", "by", "reason"))
    rows = tuple(_proposal(one, lang) for one in found)
    table = Table(filled(lang, WORDS["proposals"]), heads, rows, (5, 5, 6, 9))
    return Section(title, (Paragraph(filled(lang, WORDS["why"])), table))


def _proposal(one: Proposed, lang: str) -> tuple[str, ...]:
    return one.source_name, one.target_name, by_whom(one.through, one.by_you, lang).rstrip("."), one.reasons[0]
