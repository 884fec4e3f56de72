"""What to write for an introduction: to whoever introduces, to each of the two alone, then to both together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from urllib.parse import quote

import numpy as np

from tsi_graph.exports.bodies import Body, alliance_name, body, named
from tsi_graph.exports.chains import known, link
from tsi_graph.graph import Graph
from tsi_graph.language import Words, filled, listed
from tsi_graph.recommend.case import Case
from tsi_graph.recommend.columns import is_kind, of_nodes
from tsi_graph.recommend.evidence import public
from tsi_graph.recommend.ledger.record import Introduction
from tsi_graph.recommend.rules import office
from tsi_graph.recommend.score import ask

# The texts of the desk, word for word; what stands in braces is filled from the data, and no person's name ever is.
TEXTS: dict[str, Words] = {
    "to": ("A", "To"),
    "not_public": (
        "Prima di inviare: non tutti possono vedere {names}, che il testo nomina.",
        "Before you send it: not everybody may see {names}, which the text names.",
    ),
    "subject": ("Oggetto", "Subject"),
    "subject_1": ("Ci aiutate a presentare {a} a {b}?", "Would you help us introduce {a} to {b}?"),
    "text_1": (
        "Buongiorno,\n"
        "pensiamo che {a} e {b} abbiano un buon motivo per conoscersi: {reason}.\n"
        "Ci risulta che conosciate {a}{first} e che possiate arrivare a {b}{second}.\n"
        "Ve la sentite di presentarli? Se non è il momento basta rispondere «no»: non serve spiegare e non scriveremo "
        "a nessuno.\n"
        "Se va bene, chiediamo noi a entrambi se sono d'accordo e vi mandiamo due righe da inoltrare.\n"
        "Grazie, il coordinamento di {alliance}",
        "Good morning,\n"
        "we think that {a} and {b} have a good reason to know each other: {reason}.\n"
        "As far as we know you know {a}{first} and can reach {b}{second}.\n"
        'Would you introduce them? If this is not the moment, just answer "no": no explanation needed, and we will '
        "write to nobody.\n"
        "If you agree, we first ask both whether they wish to meet, then send you two lines to forward.\n"
        "Thank you, the {alliance} coordination team",
    ),
    "subject_2": ("Vi interessa conoscere {b}?", "Would you like to meet {b}?"),
    "text_2": (
        "Buongiorno, {c} può presentarvi a {b}. Il motivo: {reason}.\n"
        "Vi interessa? Se non è il momento basta rispondere «no»: {b} non lo saprà.\n"
        "Se va bene, sentiamo anche {b} e vi mettiamo in contatto solo dopo il suo sì.",
        "Good morning, {c} can introduce you to {b}. The reason: {reason}.\n"
        'Are you interested? If this is not the moment, just answer "no": {b} will not know.\n'
        "If you agree, we also ask {b} and put you in touch only after their yes.",
    ),
    "text_2_team": (
        "Buongiorno, possiamo presentarvi a {b}. Il motivo: {reason}.\n"
        "Vi interessa? Se non è il momento basta rispondere «no»: {b} non lo saprà.\n"
        "Se va bene, sentiamo anche {b} e vi mettiamo in contatto solo dopo il suo sì.",
        "Good morning, we can introduce you to {b}. The reason: {reason}.\n"
        'Are you interested? If this is not the moment, just answer "no": {b} will not know.\n'
        "If you agree, we also ask {b} and put you in touch only after their yes.",
    ),
    "subject_3": ("{a}, vi presento {b}", "{a}, meet {b}"),
    "text_3": (
        "{a}, {b}: vi mettiamo in contatto perché {reason}. {a}: {line_a}. {b}: {line_b}.\n"
        "Proposta: una telefonata di 20 minuti entro due settimane. Fra un mese vi chiediamo com'è andata.",
        "{a}, {b}: we put you in touch because {reason}. {a}: {line_a}. {b}: {line_b}.\n"
        "Suggestion: a 20-minute call within two weeks. We will ask in a month how it went.",
    ),
    "through": ("attraverso {names}", "through {names}"),
}
# Clauses that end a sentence after a colon, and one after "because".
MOTIVES: dict[str, Words] = {
    "topic": ("lavorano entrambi su questo tema: {names}", "both work on this topic: {names}"),
    "topics": ("lavorano entrambi su questi temi: {names}", "both work on these topics: {names}"),
    "pays": ("{b} finanzia iniziative sui temi di {a}: {names}", "{b} funds work on the topics of {a}: {names}"),
    "peer": (
        "di {b} fa già parte un'organizzazione dello stesso settore di {a}: {names}",
        "an organisation of the same sector as {a} is already in {b}: {names}",
    ),
    "peers": (
        "di {b} fanno già parte {n} organizzazioni dello stesso settore di {a}: {names}",
        "{n} organisations of the same sector as {a} are already in {b}: {names}",
    ),
    "place": ("hanno entrambi sede a {city}", "both are based in {city}"),
    "national": (
        "{b} è una rete nazionale e {a} non ne fa ancora parte",
        "{b} is a national network and {a} is not in it yet",
    ),
    "european": (
        "{b} è una rete europea e {a} non ne fa ancora parte",
        "{b} is a European network and {a} is not in it yet",
    ),
    "global": (
        "{b} è una rete mondiale e {a} non ne fa ancora parte",
        "{b} is a global network and {a} is not in it yet",
    ),
    "contact": ("{names} li avvicina", "{names} brings them close"),
    "apart": (
        "non si conoscono ancora, e l'uno può aprire all'altro nuovi contatti",
        "they do not know each other yet, and each can open new contacts to the other",
    ),
}  # fmt: skip
SPOKEN_TO: dict[str, Words] = {
    "topic": ("lavorate entrambi su questo tema: {names}", "you both work on this topic: {names}"),
    "topics": ("lavorate entrambi su questi temi: {names}", "you both work on these topics: {names}"),
    "place": ("avete entrambi sede a {city}", "you are both based in {city}"),
    "apart": (
        "non vi conoscete ancora, e l'uno può aprire all'altro nuovi contatti",
        "you do not know each other yet, and each can open new contacts to the other",
    ),
}  # fmt: skip
"""The same, of both, to one of them."""
SITELESS = " ,."


@dataclass(frozen=True)
class Letter:
    """One text ready to copy: its step (1 to whoever introduces, 2 to each of the two alone, 3 to both), to whom.

    caution: which of those it names not everybody may see; blank where there is none. Ties that not everybody may
    know of are in no text.
    """

    step: int
    to: tuple[str, ...]
    to_names: tuple[str, ...]
    subject: str
    text: str
    whole: str
    caution: str = ""

    @property
    def mailto(self) -> str:
        """A link that opens it in the mail program, without a recipient: the product knows no addresses."""
        return f"mailto:?subject={quote(self.subject, safe='')}&body={quote(self.text, safe='')}"


def letters(
    graph: Graph, source: str, target: str, through: tuple[str, ...] = (), lang: str = "it", *, reason: str = ""
) -> tuple[Letter, ...]:
    """The texts for introducing two bodies through some others, in the order in which they are sent.

    Where the team is the go-between there is nobody to be asked first, and they start at step 2. reason: said where
    the data give none. Dates of ties enter only where they are known. Raises NotFound for a body the graph lacks.
    """
    a, b = body(graph, source, lang), body(graph, target, lang)
    team = by_team(graph, through)
    between = [named(graph, one, lang) for one in through]
    why, told = (
        motive(graph, source, target, through, lang, words) or reason or filled(lang, words["apart"])
        for words in (MOTIVES, MOTIVES | SPOKEN_TO)
    )
    blanks = {"a": a.name, "b": b.name, "reason": why, "alliance": alliance_name(graph, lang)}
    found = []
    if not team:
        first, second = _ties(graph, (source, *through, target), lang)
        text = filled(lang, TEXTS["text_1"], first=first, second=second, **blanks)
        found.append(_letter(lang, 1, through[:1], between[:1], filled(lang, TEXTS["subject_1"], **blanks), text))
    for one, other in ((a, b), (b, a)):
        said = {**blanks, "a": one.name, "b": other.name, "reason": told}
        text = filled(lang, TEXTS["text_2_team" if team else "text_2"], c=between[0] if between else "", **said)
        found.append(_letter(lang, 2, (one.id,), [one.name], filled(lang, TEXTS["subject_2"], **said), text))
    lines = {"line_a": _line(graph, a), "line_b": _line(graph, b)}
    text = filled(lang, TEXTS["text_3"], **lines, **blanks | {"reason": told})
    found.append(_letter(lang, 3, (source, target), [a.name, b.name], filled(lang, TEXTS["subject_3"], **blanks), text))
    hidden = np.flatnonzero(~public(of_nodes(graph, "visibility"))).tolist()
    names = [named(graph, str(graph.ids[k]), lang) for k in hidden]
    return tuple(replace(one, caution=_caution(one, names, lang)) for one in found)


def letters_of(graph: Graph, one: Introduction, lang: str = "it") -> tuple[Letter, ...]:
    """The texts for an introduction of the ledger; none where one of the two is gone from the graph.

    Where the data give no reason that both may read, the first that was recorded stands for it.
    """
    if not known(graph, (one.source, one.target)):
        return ()
    reason = one.reasons[0].rstrip(SITELESS) if one.reasons else ""
    return letters(graph, one.source, one.target, one.through, lang, reason=reason[:1].lower() + reason[1:])


def step_of(graph: Graph, one: Introduction) -> int:
    """Which text is to be sent next: 1, 2 or 3; 0 where none is, since it is not accepted or they are in touch."""
    if one.state != "accepted":
        return 0
    if "both_agreed" in one.agreed:
        return 3
    return 2 if one.agreed or by_team(graph, one.through) else 1


def by_team(graph: Graph, through: tuple[str, ...]) -> bool:
    """Whether the team makes an introduction itself: through nobody else, or with the alliance or a promoter among
    those through whom it goes."""
    ours = office(graph)
    return not through or any(ours[graph.position(one)] for one in through if known(graph, (one,)))


def motive(
    graph: Graph, source: str, target: str, through: tuple[str, ...], lang: str, words: Mapping[str, Words] = MOTIVES
) -> str:
    """Why the two should meet, as a clause that both may read; blank where the data give none."""
    asked = ask(graph, source, lang)
    if asked is None:
        return ""
    case, b = asked.case, graph.position(target)
    names = {"a": named(graph, source, lang), "b": named(graph, target, lang)}
    for key, found in (("topic", case.topics(b)), ("pays", case.paid_topics(b)), ("peer", _peers(case, b))):
        if len(found):
            return _counted(case, key, found, names, words)
    if case.same_place[b]:
        return filled(lang, words["place"], city=case.city)
    scope = str(of_nodes(graph, "scope")[b])
    if is_kind(graph, "Network")[b] and scope in MOTIVES:
        return filled(lang, MOTIVES[scope], **names)
    if len(through) == 1 and not by_team(graph, through):
        return filled(lang, MOTIVES["contact"], names=named(graph, through[0], lang))
    return ""


def _peers(case: Case, b: int) -> np.ndarray:
    return case.peers(b) if case.network[b] else case.partners[:0]


def _counted(case: Case, key: str, found: np.ndarray, names: dict[str, str], words: Mapping[str, Words]) -> str:
    told = case.names(found)
    key = f"{key}s" if len(told) > 1 and f"{key}s" in MOTIVES else key
    return filled(case.lang, words[key], n=len(told), names=listed(case.lang, told), **names)


def _ties(graph: Graph, nodes: tuple[str, ...], lang: str) -> tuple[str, str]:
    """In brackets, how the first introducer is tied to the one, and to the other or through whom; blank if unknown."""
    first = _tie(graph, nodes[0], nodes[1], lang)
    if len(nodes) > 3:
        between = listed(lang, [named(graph, one, lang) for one in nodes[2:-1]])
        return first, f" ({filled(lang, TEXTS['through'], names=between)})"
    return first, _tie(graph, nodes[1], nodes[2], lang)


def _tie(graph: Graph, a: str, b: str, lang: str) -> str:
    if not known(graph, (a, b)):
        return ""
    found = link(graph, a, b, lang)
    return f" ({found.told})" if found.documented and found.public else ""


def _caution(one: Letter, hidden: list[str], lang: str) -> str:
    told = [name for name in hidden if name in one.whole]
    return filled(lang, TEXTS["not_public"], names=listed(lang, told)) if told else ""


def _line(graph: Graph, one: Body) -> str:
    """A body in one line: its kind, its place and its site, as far as they are known."""
    site = str(of_nodes(graph, "website")[graph.position(one.id)])
    return ", ".join(filter(None, (one.kind, one.place, site)))


def _letter(
    lang: str, step: int, to: tuple[str, ...], names: list[str], subject: str, text: str
) -> Letter:  # fmt: skip
    head = f"{filled(lang, TEXTS['to'])}: {', '.join(names)}\n{filled(lang, TEXTS['subject'])}: {subject}"
    return Letter(step, to, tuple(names), subject, text, f"{head}\n\n{text}")
