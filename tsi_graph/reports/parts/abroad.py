"""Routes abroad: which national and international networks are reached, through whom, and who could be next."""

from __future__ import annotations

from tsi_graph.exports.bodies import NETWORKS
from tsi_graph.language import filled, number
from tsi_graph.recommend.doors import Gateway
from tsi_graph.reports.content import Paragraph, Section, Table
from tsi_graph.reports.material import Material

WORDS = {
    "title": ("Vie verso l'estero", "Routes abroad"),
    "counts": (
        "Reti nazionali, europee e mondiali nella mappa: {n}. Con almeno una porta aperta, cioè un'organizzazione "
        "dell'ecosistema che vi aderisce o vi lavora oggi: {k}. Con una porta sola: {one}; fra queste, quelle in cui "
        "la porta è l'alleanza stessa: {you}.",
        "National, European and global networks on the map: {n}. With at least one open port, an organisation of the "
        "ecosystem that is a member or works with it today: {k}. With one port only: {one}; of these, those where the "
        "port is the alliance itself: {you}.",
    ),
    "counts_as_of": (
        "Reti nazionali, europee e mondiali nella mappa: {n}. Con almeno una porta aperta, cioè un'organizzazione "
        "dell'ecosistema che allora vi poteva aderire o lavorare: {k}. Con una porta sola: {one}; fra queste, quelle "
        "in cui la porta è l'alleanza stessa: {you}.",
        "National, European and global networks on the map: {n}. With at least one open port, an organisation of the "
        "ecosystem that may have been a member or worked with it then: {k}. With one port only: {one}; of these, those "
        "where the port is the alliance itself: {you}.",
    ),
    "away": (
        "Organizzazioni attive dell'ecosistema senza alcun legame documentato con queste reti: {u} su {m}.",
        "Active organisations of the ecosystem without any documented tie with these networks: {u} of {m}.",
    ),
    "unrecorded": (
        "Reti note solo da affermazioni non verificate, che qui non contano: {names}.",
        "Networks known only from unverified statements, which do not count here: {names}.",
    ),
    "none": (
        "Nessuna rete nazionale o internazionale nella mappa.",
        "No national or international network on the map.",
    ),
    "picture": (
        "Le porte aperte verso le reti europee e mondiali, e chi nell'ecosistema conosce chi le tiene.",
        "The open ports to European and global networks, and who in the ecosystem knows those who hold them.",
    ),
    "table": (
        "Rete per rete: chi apre la porta, e chi potrebbe aprirne una",
        "Network by network: ports and next steps",
    ),
    "network": ("Rete", "Network"),
    "ports": ("Porte aperte", "Open ports"),
    "who": ("Chi, e come", "Who, and how"),
    "next": ("Prossima porta possibile", "Possible next port"),
    "coming": ("{a} ({through})", "{a} ({through})"),
}  # fmt: skip


def section(of: Material) -> Section:
    lang, seen = of.lang, of.doors
    title = filled(lang, WORDS["title"])
    if not seen.networks:
        return Section(title, (Paragraph(filled(lang, WORDS["none"])),))
    heads = tuple(filled(lang, WORDS[key]) for key in ("network", "ports", "who", "next"))
    rows = tuple(_row(one, lang) for one in sorted(seen.gateways, key=lambda one: -one.open_doors))
    blocks = [*(Paragraph(text) for text in sentences(of))]
    if seen.unrecorded:
        names = ", ".join(seen.unrecorded)
        blocks.append(Paragraph(filled(lang, WORDS["unrecorded"], names=names), quiet=True))
    picture = of.figure("routes", filled(lang, WORDS["picture"]), ledger=of.considered)
    table = Table(filled(lang, WORDS["table"]), heads, rows, (6, 2, 9, 6), numbers=(1,))
    return Section(title, (*blocks, picture, table), fresh=True)


def sentences(of: Material) -> tuple[str, str]:
    """How many networks are reached, and how many organisations have nothing to do with any."""
    lang, seen = of.lang, of.doors
    counts = {"n": seen.networks, "k": seen.reached, "one": seen.single, "you": seen.yours}
    away = {"m": number(seen.organisations, lang), "u": number(seen.unconnected, lang)}
    return (
        filled(
            lang,
            WORDS["counts_as_of" if of.graph.view.as_of else "counts"],
            **{key: number(n, lang) for key, n in counts.items()},
        ),
        filled(lang, WORDS["away"], **away),
    )


def _row(one: Gateway, lang: str) -> tuple[str, ...]:
    there = [f"{door.name}: {door.how}" for door in one.doors if door.open]
    who = "; ".join(there) if there else " ".join(one.sentences)
    coming = one.why_none
    if one.next:
        coming = filled(lang, WORDS["coming"], a=one.next.name, through=one.next.through)
    name = f"{one.name} ({filled(lang, NETWORKS[one.scope])})"
    return name, number(one.open_doors, lang), who, coming
