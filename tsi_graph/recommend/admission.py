"""Which bodies a network can admit, as far as its rules, its name and its documented members say."""

from __future__ import annotations

import re

import numpy as np

from tsi_graph.fields import SECTORS, WORDS, plain
from tsi_graph.graph import Graph
from tsi_graph.recommend.columns import alliance, codes, is_kind, of_nodes, row, shared
from tsi_graph.recommend.membership import members, relation
from tsi_graph.recommend.ties import Ties
from tsi_graph.remembered import once_per_graph

SOCIAL = frozenset({"association", "cooperative", "social enterprise", "foundation", "other"})
# Plurals, after `plain`, by which rules and names of networks say whom they unite. A singular says what one is.
UNITES: tuple[tuple[str, frozenset[str]], ...] = (
    (r"banks|banking|banche", frozenset({"bank", "investor"})),
    (r"investors|investitori", frozenset({"investor", "bank"})),
    (r"foundations|fondazioni|philanthrop[a-z]+|filantrop[a-z]+", frozenset({"foundation"})),
    (
        r"cities|citta|urban|urbana|regions|regioni|local governments|municipalities|comuni|enti locali|enti pubblici"
        r"|public bodies",
        frozenset({"public body"}),
    ),
    (r"social economy|economia sociale|third sector|terzo settore|social integration enterprises", SOCIAL),
    (r"cooperatives|cooperative europe|cooperative sociali", frozenset({"cooperative", "association"})),
    (r"universities|atenei", frozenset({"university"})),
    (r"research centres|centri di ricerca|enti di ricerca", frozenset({"research", "university"})),
    (r"incubators|incubatori|accelerators|acceleratori", frozenset({"incubator"})),
    (r"companies|aziende|b corps", frozenset({"company"})),
)
ORIGIN = re.compile(r"\b(of \w+ origin|di origine \w+)\b")
"""Where those come from whom a network unites, as in `of banking origin`: only who says so of itself is one."""
COMMON = re.compile(r"\b(networks?|rete|reti|the|global|world|international|internazionale|european?|europea?)\b")
"""What is no network's own name."""
NONPROFIT = re.compile(
    r"\b(non?[ -]?profit|not[ -]for[ -]profit|senza (scopo|scopi|fini|finalita) di lucro|"
    r"non?[ -]?governativ[aei]|non[ -]?governmental)\b"
)
"""What denies nothing of a body but gain, or the state."""
EXCEPT = re.compile(r"\b(no|except|excluding|without|esclus[aoei]|tranne|salvo|senza)\b")
"""What is named after one of these is not admitted."""
DENIES = re.compile(r"\b(not|non|nor|neither|nessun[ao]?|ne)\b")
"""What only a person can read: it may deny what stands before or after it."""
SINGLE: tuple[tuple[str, frozenset[str]], ...] = (
    *((rf"{word}s?", frozenset({sector})) for word, sector in {**{s: s for s in SECTORS}, **WORDS}.items()
      if sector in SECTORS and sector != "other"),
    ("associazioni", frozenset({"association"})),
    ("imprese|aziende", frozenset({"company"})),
    ("imprese sociali|social enterprises", frozenset({"social enterprise"})),
    ("cooperative sociali", frozenset({"cooperative"})),
    ("fondi di investimento|investment funds", frozenset({"investor"})),
    ("(enti|organizzazioni|soggetti) nonprofit|nonprofit organi[sz]ations", SOCIAL | {"foundation"}),
)  # fmt: skip
"""What joining rules call sectors beside what names of networks call them, in either number."""
TIED_TO_FORM = frozenset({"foundation", "public body"})
"""What one is by law: the company of a foundation is no foundation."""


def united(name: str) -> frozenset[str]:
    """The sectors that the name of a network says it unites.

    >>> sorted(united("ACRI - association of foundations of banking origin")), sorted(united("Ashoka"))
    (['foundation'], [])
    """
    return _sectors(ORIGIN.sub("", plain(name)), UNITES)


def ruled(rules: str) -> frozenset[str] | None:
    """The sectors that joining rules admit: those that they name, or all but those that they except.

    None where they name no sector, or deny something in a way that only a person can read.

    >>> sorted(ruled("Solo banche e associazioni non profit")), ruled("Le imprese non possono aderire")
    (['association', 'bank', 'investor'], None)
    >>> sorted(ruled("Solo imprese sociali")), "company" in ruled("All but no companies")
    (['social enterprise'], False)
    """
    flat = _flat(rules)
    if DENIES.search(flat):
        return None
    first, *others = EXCEPT.split(flat)
    said = UNITES + SINGLE
    admitted = _sectors(first, said)
    excepted = frozenset[str]().union(*(_sectors(part, said) for part in others))
    return (admitted or frozenset(SECTORS if excepted else ())) - excepted or None


def _flat(rules: str) -> str:
    """Joining rules as they are read: without accents and origins, `non profit` in one word."""
    return NONPROFIT.sub("nonprofit", ORIGIN.sub("", plain(rules)))


def _sectors(text: str, said: tuple[tuple[str, frozenset[str]], ...]) -> frozenset[str]:
    """What a text names, the longest words first: `imprese sociali` names no `imprese`."""
    found = [(match, sectors) for words, sectors in said for match in re.finditer(rf"\b({words})\b", text)]
    found.sort(key=lambda one: one[0].start() - one[0].end())
    taken: set[int] = set()
    named = frozenset[str]()
    for match, sectors in found:
        place = range(*match.span())
        if taken.isdisjoint(place):
            named |= sectors
        taken.update(place)
    return named


@once_per_graph
def admits(graph: Graph) -> dict[int, frozenset[str] | None]:
    """The sectors that each network admits, by position; None where nothing is documented that would say.

    Joining rules decide where they name sectors. Else the sectors that the network's own name says it
    unites, with those of its documented members; else, where all its members are of one sector, that one.
    """
    rules, sector = of_nodes(graph, "join_rules"), of_nodes(graph, "sector")
    found: dict[int, frozenset[str] | None] = {}
    for network in np.flatnonzero(is_kind(graph, "Network")).tolist():
        inside = {str(s) for s in sector[bodies_in(graph, network)]} - {""}
        by_name = named(graph)[network]
        if rules[network]:
            found[network] = ruled(str(rules[network]))
        elif by_name:
            found[network] = by_name | inside
        else:
            found[network] = frozenset(inside) if len(inside) == 1 and inside != {"other"} else None
    return found


@once_per_graph
def unspoken(graph: Graph) -> np.ndarray:
    """Networks of which nothing that can be read here says whom they admit.

    They have no joining rules, no name that says it and no documented member; or rules that deny something in a way
    that only a person can read.
    """
    rules, found = of_nodes(graph, "join_rules"), is_kind(graph, "Network").copy()
    for network in np.flatnonzero(found).tolist():
        if said := str(rules[network]):
            found[network] = bool(DENIES.search(_flat(said)))
        else:
            found[network] = not named(graph)[network] and not len(bodies_in(graph, network))
    return np.asarray(found)


@once_per_graph
def named(graph: Graph) -> dict[int, frozenset[str]]:
    """The sectors that the names of each network say it unites."""
    names = [of_nodes(graph, column) for column in ("name", "name_it")]
    networks = np.flatnonzero(is_kind(graph, "Network")).tolist()
    return {network: frozenset[str]().union(*(united(str(name[network])) for name in names)) for network in networks}


def bodies_in(graph: Graph, network: int) -> np.ndarray:
    """The documented members of a network that are organisations."""
    inside = members(graph, network)
    return np.asarray(inside[is_kind(graph, "Stakeholder")[inside]])


@once_per_graph
def branded(graph: Graph) -> dict[int, str]:
    """Of networks without rules whose documented members all carry its own name, that name: it admits no other."""
    rules, name = of_nodes(graph, "join_rules"), of_nodes(graph, "name")
    found = {}
    for network in np.flatnonzero(is_kind(graph, "Network") & (rules == "") & ~alliance(graph)).tolist():
        own = " ".join(COMMON.sub("", plain(str(name[network]))).split())
        inside = bodies_in(graph, network).tolist()
        if own and inside and all(_carries(graph, one, own) for one in inside):
            found[network] = own
    return found


@once_per_graph
def of_origin(graph: Graph) -> dict[int, str]:
    """Of networks without rules whose name says where its members come from, these words."""
    rules, names = of_nodes(graph, "join_rules"), [of_nodes(graph, column) for column in ("name", "name_it")]
    found = {}
    for network in np.flatnonzero(is_kind(graph, "Network") & (rules == "")).tolist():
        if words := ORIGIN.search(" / ".join(plain(str(name[network])) for name in names)):
            found[network] = words[0]
    return found


def _carries(graph: Graph, body: int, words: str) -> bool:
    """Whether a body's names or notes hold some words."""
    told = (plain(str(of_nodes(graph, column)[body])) for column in ("name", "name_it", "notes"))
    return any(re.search(rf"\b{re.escape(words)}\b", text) for text in told)


@once_per_graph
def umbrellas(graph: Graph) -> np.ndarray:
    """Networks whose documented members, the alliance apart, are networks and nobody else."""
    member, of = relation(graph, "MEMBER_OF")
    member, of = member[~alliance(graph)[member]], of[~alliance(graph)[member]]
    network = is_kind(graph, "Network")
    some, others = np.zeros(len(graph), bool), np.zeros(len(graph), bool)
    some[of[network[member]]] = True
    others[of[~network[member]]] = True
    return np.asarray(network & some & ~others)


def admitted(graph: Graph, node: int, ties: Ties) -> np.ndarray:
    """Which networks could admit a body; all where nothing says that they could not.

    Held back are: from a national or narrower network, bodies of another country, from a local one those of
    another city; from one of networks only, organisations; from one whose members all carry its name, or come
    from where its name says, those that do not; from one of certain sectors, bodies of another one. Not held
    back are bodies whose sector is unknown, and those whose owner is already a member. Where members alone
    hint at the sector, a topic in common is enough.
    """
    open_to = np.ones(len(graph), bool)
    open_to[_foreign(graph, node)] = False
    sector = str(of_nodes(graph, "sector")[node])
    if not is_kind(graph, "Stakeholder")[node]:
        return open_to
    for network, words in (*branded(graph).items(), *of_origin(graph).items()):
        open_to[network] &= _carries(graph, node, words)
    rules, names, owners = of_nodes(graph, "join_rules"), named(graph), owners_of(graph, node)
    open_to[umbrellas(graph) & (rules == "")] = False
    for network, sectors in admits(graph).items():
        if sectors is not None and sector and sector not in sectors and open_to[network]:
            inside = len(owners) and not sectors & TIED_TO_FORM and len(shared(owners, members(graph, network)))
            hinted = not rules[network] and not names[network]
            topics = row(ties.topics, node), row(ties.topics, network)
            open_to[network] = bool(inside or (hinted and len(shared(*topics))))
    return open_to


def owners_of(graph: Graph, node: int) -> np.ndarray:
    """Who owns or runs a body, set it up, or has it as a part."""
    owner, owned = relation(graph, "FOUNDED", "MANAGES", "SHAREHOLDER_OF")
    part, whole = relation(graph, "PART_OF")
    return np.union1d(owner[owned == node], whole[part == node])


def _foreign(graph: Graph, node: int) -> np.ndarray:
    """National and narrower networks of another country and local ones of another city, where both are documented."""
    country, city, scope = codes(graph, "country"), codes(graph, "city"), of_nodes(graph, "scope")
    network = np.flatnonzero(is_kind(graph, "Network"))
    narrow = network[np.isin(scope[network], ("national", "regional", "local"))]
    elsewhere = (country[narrow] >= 0) & (country[narrow] != country[node]) & (country[node] >= 0)
    away = (scope[narrow] == "local") & (city[narrow] >= 0) & (city[narrow] != city[node]) & (city[node] >= 0)
    return np.asarray(narrow[elsewhere | away])
