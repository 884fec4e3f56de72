"""Every number and every name in every sentence about the Torino data is true, in both languages."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from itertools import pairwise
from math import exp, prod

import pytest

from tests.recommend.facts import Facts, year
from tsi_graph.graph import Graph
from tsi_graph.language import LANGS
from tsi_graph.recommend import TO, Recommendation, recommend
from tsi_graph.recommend.sentences import SENTENCES

Found = dict[str, str]
Check = Callable[["Told", Found], bool]


def joint(lang: str, follows: str) -> str:
    return " and " if lang == "en" else " ed " if follows[:1] in ("E", "e") else " e "


class Told:
    """One recommendation in one language, with what is needed to check what it says."""

    def __init__(self, facts: Facts, a: str, one: Recommendation, lang: str) -> None:
        self.facts, self.a, self.one, self.b, self.lang = facts, a, one, one.id, lang
        self.chain = [a, *one.introducers, one.id] if one.path else []

    def named(self, text: str, bodies: set[str]) -> bool:
        """Whether a list names some of these and says rightly how many others there are."""
        known = sorted({self.facts.short(z, self.lang) for z in bodies}, key=len, reverse=True)

        def rest(text: str, count: int) -> bool:
            others = re.fullmatch(r"altri (\d+)" if self.lang == "it" else r"(\d+) others", text)
            if others:
                return count + int(others[1]) == len(bodies)
            for name in known:
                if text == name:
                    return count + 1 == len(bodies)
                for mark in (", ", " e ", " ed ", " and "):
                    left = text.removeprefix(name + mark)
                    if left != text and mark in (", ", joint(self.lang, left)) and rest(left, count + 1):
                        return True
            return False

        return rest(text, 0)

    def counted(self, found: Found, bodies: set[str]) -> bool:
        return int(found.get("n", len(bodies))) == len(bodies) > 0 and self.named(found["names"], bodies)

    def city(self, one: str) -> str:
        return str(self.facts.node[one]["city"])

    def here(self) -> set[str]:
        f = self.facts
        return {
            z for z in f.tied[self.b]
            if f.kind(z) == "Stakeholder" and self.city(z) == self.city(self.a) and not f.closed(z)
        }  # fmt: skip

    def weight(self, x: str, z: str) -> float:
        """The tie that the score reads; of a project, what it would give to its people and a newcomer."""
        f = self.facts
        if f.kind(z) == "Project":
            return (f.fading(z) / max(len(f.events[z]), 1) ** 0.5) ** 0.3 if x in f.events[z] else 0.0
        return f.evidence(x, z) ** 0.3

    def holds(self, chain: tuple[str, ...]) -> float:
        """How likely a chain holds: the product of 1 - exp(-evidence) over its ties; less than 0 if one is faint."""
        f = self.facts
        project = f.kind(chain[-1]) == "Project"
        ends = [f.fading(chain[-1])] if project else []
        ties = [f.evidence(x, z) for x, z in pairwise(chain[:-1] if project else chain)]
        strengths = [1 - exp(-value) for value in (*ties, *ends)]
        return prod(strengths) if min(strengths) >= 0.1 else -1.0

    def common(self) -> dict[str, float]:
        """What each common partner brings to the score."""
        f = self.facts
        far = f.events[self.b].keys() if f.kind(self.b) == "Project" else f.tied[self.b]
        return {
            z: self.weight(self.a, z) * self.weight(z, self.b) / len(f.tied[z]) ** 0.6
            for z in f.partners(self.a) & set(far)
        }  # fmt: skip

    def peers(self) -> set[str]:
        sector = self.facts.node[self.a]["sector"]
        inside = self.facts.members(self.b) - {self.a}
        return {z for z in inside if self.facts.node[z]["sector"] == sector and sector not in ("", "other", "company")}

    def served(self) -> set[str]:
        f = self.facts
        money = set().union(*(f.own_topics(x) for x in (self.b, *f.pays(self.b))))
        return money & f.topics(self.a) if f.paying(self.b) and not f.paying(self.a) else set()


def equal(written: str, value: float) -> bool:
    """Whether a number is what its two digits say."""
    digits = written.replace(",", ".")
    return abs(float(digits) - value) <= 0.5001 * 10 ** -len(digits.partition(".")[2])


def topics(t: Told, found: Found, ours: bool) -> bool:
    f = t.facts
    shared = f.topics(t.a) & f.topics(t.b)
    labelled = any(shared - f.topics(side, sourced=True) for side in (t.a, t.b))
    return t.counted(found, shared) and labelled == ours


def step(t: Told, found: Found, at: int) -> set[str]:
    """The projects of that name that the two ends of a tie of the chain share."""
    x, z = t.chain[at : at + 2] if at >= 0 else t.chain[at - 1 :]
    both = t.facts.takes_part[x] & t.facts.takes_part[z]
    return {e for e in both if t.facts.kind(e) == "Project" and t.facts.short(e, t.lang) == found["event"]}


def old(t: Told, found: Found) -> bool:
    # names may hold an "and" of their own, so the two are compared in one piece
    joint = " e " if t.lang == "it" else " and "
    ends = f"{found['c']}{joint}{found['d']}"
    steps = [s for s in t.one.path if s.year == int(found["year"]) and f"{s.source_name}{joint}{s.target_name}" == ends]
    dated = [s for s in steps if any(str(s.year) in str(v) for e in evidence_of(t, s) for v in e)]
    return bool(dated) and t.facts.now - int(found["year"]) >= 5


def evidence_of(t: Told, s: object) -> list[tuple[str, str]]:
    """The dates of whatever joins the two ends of a step."""
    f, x, z = t.facts, s.source, s.target  # type: ignore[attr-defined]
    both = (f.takes_part[x] & f.takes_part[z]) | ({z} & f.takes_part[x])
    rows = [*f.between(x, z), *(f.node[e] for e in both), *(e for b in both for y in (x, z) for e in f.between(y, b))]
    return [(row["valid_from"], row["valid_to"]) for row in rows]


def weak(t: Told, found: Found) -> bool:
    """Whether a way over bodies of these names exists, too weak as a whole or in a tie, and none that holds."""
    f = t.facts
    near = f.events[t.b].keys() if f.kind(t.b) == "Project" else f.tied[t.b]
    one = [(z,) for z in f.tied[t.a] & set(near)]
    two = [(z, y) for z in f.tied[t.a] for y in f.tied[z] & set(near)]
    names = {way: [f.short(z, t.lang) for z in way] for way in (*one, *two)}
    named = [way for way, said in names.items() if joint(t.lang, said[-1]).join(said) == found["names"]]
    return t.one.path == () and any(t.holds((t.a, *way, t.b)) < 0.01 for way in named)


CHECKS: dict[str, Check] = {
    "nobody_here": lambda t, s: not t.here() and s["city"] == t.city(t.a),
    "only_you": lambda t, s: not t.here() and any(t.facts.stated(h, t.b) for h in t.facts.home),
    "one_here": lambda t, s: t.counted(s, t.here()) and len(t.here()) == 1,
    "partner_member": lambda t, s: t.counted(s, t.facts.members(t.b) & t.facts.partners(t.a)),
    "partner_knows": lambda t, s: t.counted(s, t.facts.tied[t.b] & t.facts.partners(t.a)),
    "project_partner": lambda t, s: t.counted(s, t.facts.events[t.b].keys() & t.facts.partners(t.a)),
    "paid_partner": lambda t, s: t.counted(s, t.facts.pays(t.b) & t.facts.partners(t.a)),
    "far": lambda t, s: (
        not t.facts.tied[t.a] & t.facts.tied[t.b]
        and t.counted(s, set(t.one.introducers))
        and len(t.one.introducers) == 2
    ),
    "other_port": lambda t, s: t.counted(
        s, {z for z in t.facts.open_ports(t.b) if t.facts.introduces(z)} - set(t.chain)
    ),
    "topic": lambda t, s: topics(t, s, ours=False),
    "topic_ours": lambda t, s: topics(t, s, ours=True),
    "pays_topic": lambda t, s: t.counted(s, t.served()),
    "pays": lambda t, s: t.facts.paying(t.b) and not t.facts.paying(t.a),
    "peer": lambda t, s: t.counted(s, t.peers()),
    "would_join": lambda t, s: t.counted(
        s,
        {n for n in t.facts.member_of(t.b) - t.facts.member_of(t.a) - t.facts.home if t.facts.kind(n) == "Network"},
    ),
    "same_place": lambda t, s: t.city(t.a) == t.city(t.b) == s["city"],
    "alive": lambda t, s: (
        s["c"] == t.facts.short(t.chain[-2], t.lang)
        and any(
            t.facts.node[e]["valid_to"].startswith(s["year"]) and year(t.facts.node[e]["valid_to"]) >= t.facts.now
            for e in step(t, s, -1)
        )
    ),
    "small_group": lambda t, s: (
        s["c"] == t.facts.short(t.chain[1], t.lang)
        and any(len(t.facts.events[e]) == int(s["n"]) <= 8 for e in step(t, s, 0))
    ),
    "unconnected": lambda t, s: not any(
        t.facts.node[z]["scope"] in ("national", "european", "global") and z not in t.facts.home
        for z in t.facts.tied[t.a]
    ),
    "project_until": lambda t, s: t.facts.node[t.b]["valid_to"][:4] == s["year"],
    "cold": lambda t, s: not t.facts.tied[t.a],
    "cold_topic": lambda t, s: not t.facts.tied[t.a] and bool(t.facts.topics(t.a) & t.facts.topics(t.b)),
    "cold_role": lambda t, s: (
        not t.facts.tied[t.a] and bool(t.peers() or (t.facts.paying(t.b) and not t.facts.paying(t.a)))
    ),
    "cold_place": lambda t, s: not t.facts.tied[t.a] and t.city(t.a) == t.city(t.b) != "",
    "you_introduce": lambda t, s: (
        t.named(s["names"], set(t.one.introducers) & t.facts.office) and t.one.by_you
    ),
    "no_route": lambda t, s: not t.one.path and not t.one.introducers,
    "weak": weak,
    "newcomers": lambda t, s: t.facts.kind(t.b) == "Project",
    "no_member": lambda t, s: not t.facts.stated(t.chain[-2], t.b),
    "old": old,
    "medium": lambda t, s: (
        int(s.get("n", 1)) == sum(p.confidence == "medium" for p in t.one.path)
        and all(p.how in s["names"] for p in t.one.path if p.confidence == "medium")
    ),
    "rules_unknown": lambda t, s: not t.facts.node[t.b]["join_rules"],
    "other_sectors": lambda t, s: t.counted(s, t.facts.members(t.b) - t.facts.home) and not t.peers(),
    "part_partner": lambda t, s: any(
        t.facts.short(z, t.lang) == s["z"]
        and int(s["n"]) == len(t.facts.tied[z])
        and equal(s["x"], t.weight(t.a, z))
        and equal(s["y"], t.weight(z, t.b))
        and equal(s["value"], value)
        for z, value in t.common().items()
    ),
    "part_others": lambda t, s: (
        int(s["n"]) == len(t.common()) - 3 and equal(s["value"], sum(sorted(t.common().values())[:-3]))
    ),
    "part_alike": lambda t, s: (
        equal(s["x"], t.one.likeness) and equal(s["value"], (0.1 + t.one.likeness) ** 0.3)
    ),
    "part_unlike": lambda t, s: not t.facts.topics(t.a) & t.facts.topics(t.b) and equal(s["value"], 0.1**0.3),
    "part_none": lambda t, s: not t.common() and t.one.score == 0,
}  # fmt: skip
SCOPES = ("local", "regional", "national", "european", "global")
CHECKS |= {scope: lambda t, s, scope=scope: t.facts.node[t.b]["scope"] == scope for scope in SCOPES}
MANY = {
    "partners_member": "partner_member", "partners_know": "partner_knows", "project_partners": "project_partner",
    "paid_partners": "paid_partner", "other_ports": "other_port", "topics": "topic", "topics_ours": "topic_ours",
    "pays_topics": "pays_topic", "peers": "peer", "would_join_many": "would_join", "mediums": "medium",
}  # fmt: skip
CHECKS |= {many: CHECKS[one] for many, one in MANY.items()}
PATTERNS = {"n": r"\d+", "year": r"\d{4}", "x": r"[\d.,]+?", "y": r"[\d.,]+?", "value": r"[\d.,]+?"}
STEPS = {"together", "together_year", "both_members", "both_fund", "spared", "spared_many", "held"}
"""Sentences that describe a step or the ledger; test_paths.py checks both."""


@cache
def pattern(key: str, lang: str) -> re.Pattern[str]:
    """A sentence of one kind about the two bodies A and B, its other blanks as groups."""
    text = re.escape(SENTENCES[key][LANGS.index(lang)]).replace(r"\{a\}", A).replace(r"\{b\}", B)
    return re.compile(re.sub(r"\\\{(\w+)\\\}", lambda m: f"(?P<{m[1]}>{PATTERNS.get(m[1], '.+')})", text))


A, B = "\x01", "\x02"


@cache
def longest(key: str, lang: str) -> str:
    """The longest piece of a sentence that is the same whatever fills its blanks."""
    return max(re.split(r"\{\w+\}", SENTENCES[key][LANGS.index(lang)]), key=len)


def matching(sentence: str, lang: str, a: str, b: str) -> tuple[str, Found]:
    """Which sentence this is, the one with the most words of its own where several fit, and its blanks."""
    marked = sentence
    for name, mark in sorted([(a, A), (b, B)], key=lambda pair: -len(pair[0])):
        marked = marked.replace(name, mark)
    fits = []
    for key in SENTENCES.keys() - STEPS:
        found = pattern(key, lang).fullmatch(marked) if longest(key, lang) in sentence else None
        if found:
            blanks = {blank: text.replace(A, a).replace(B, b) for blank, text in found.groupdict().items()}
            fits.append((sum(map(len, blanks.values())), key, blanks))
    assert fits, f"no sentence reads: {sentence}"
    _, key, blanks = min(fits, key=lambda fit: fit[:2])
    return key, blanks


@pytest.fixture(scope="module")
def facts(torino: Graph) -> Facts:
    return Facts(torino)


def test_every_kind_of_sentence_has_a_check() -> None:
    assert SENTENCES.keys() - STEPS - {"rules"} == CHECKS.keys()


@pytest.mark.parametrize("to", TO)
def test_every_sentence_about_torino_is_true(torino: Graph, facts: Facts, to: str) -> None:
    bodies = [one for one in facts.node if facts.kind(one) == "Stakeholder"]
    said: dict[str, int] = {}
    for a in bodies:
        both = [recommend(torino, a, to, limit=8, lang=lang) for lang in LANGS]
        assert [r.id for r in both[0]] == [r.id for r in both[1]]
        for lang, found in zip(LANGS, both, strict=True):
            for one in found:
                told = Told(facts, a, one, lang)
                names = facts.short(a, lang), facts.short(one.id, lang)
                for sentence in (*one.reasons, *one.cautions, *(part.sentence for part in one.parts)):
                    key, blanks = matching(sentence, lang, *names)
                    assert CHECKS[key](told, blanks), (a, one.id, key, sentence)
                    said[key] = said.get(key, 0) + 1
    assert len(said) >= 8


@pytest.mark.parametrize("to", TO)
def test_the_parts_of_a_score_are_the_score(torino: Graph, to: str) -> None:
    for a in torino.nodes["id"][torino.kinds_of("Stakeholder")][::5]:
        for one in recommend(torino, a, to, limit=5):
            through = sum(part.value for part in one.parts if part.name != "topics")
            factor = prod(part.value for part in one.parts if part.name == "topics")
            assert through * factor == pytest.approx(one.score, abs=1e-9)
