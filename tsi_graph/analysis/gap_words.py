"""Gaps in words, Italian and English: what a reader sees of them."""

from __future__ import annotations

from tsi_graph.language import listed, number

GROUPS = {
    "public body": ("enti pubblici", "public bodies"),
    "foundation": ("fondazioni", "foundations"),
    "bank": ("banche", "banks"),
    "investor": ("investitori", "investors"),
    "university": ("università", "universities"),
    "research": ("enti di ricerca", "research bodies"),
    "incubator": ("incubatori", "incubators"),
    "cooperative": ("cooperative", "cooperatives"),
    "association": ("associazioni", "associations"),
    "social enterprise": ("imprese sociali", "social enterprises"),
    "company": ("imprese", "companies"),
    "other": ("altre organizzazioni", "other organisations"),
    "not stated": ("organizzazioni senza settore indicato", "organisations without a stated sector"),
}


def group(value: str, lang: str) -> str:
    """A group's name in the plural; values that are not sectors of ours stand for themselves."""
    italian, english = GROUPS.get(value, (value, value))
    return italian if lang == "it" else english


def sectors(
    first: str,
    second: str,
    observed: int,
    *,
    expected: float,
    for_activity: float,
    p: float,
    significant: bool,
    coverage: tuple[int, int],
) -> dict[str, str]:
    """Two groups with fewer ties than expected."""

    k, n = coverage

    def say(lang: str) -> tuple[str, ...]:
        a, b = group(first, lang), group(second, lang)
        pair = listed(lang, [a[:1].upper() + a[1:], b])
        return pair, number(expected, lang, 1), number(for_activity, lang, 1), number(p, lang, 4)

    pair, size, activity, chance = say("it")
    verdict = "più che un caso" if significant else "può essere un caso"
    one = "legame documentato" if observed == 1 else "legami documentati"
    italian = (
        f"{pair}: {observed} {one}, dove se ne attenderebbero {size} per il loro numero e {activity} per "
        f"quanti legami hanno in tutto ({verdict}, p = {chance}). "
        f"Qualche legame oltre l'adesione è documentato per {k} organizzazioni su {n}."
    )
    pair, size, activity, chance = say("en")
    verdict = "more than chance" if significant else "may be chance"
    one = "documented tie" if observed == 1 else "documented ties"
    english = (
        f"{pair}: {observed} {one}, where {size} would be expected for their numbers and {activity} for how "
        f"many ties they have in all ({verdict}, p = {chance}). "
        f"Some tie beyond membership is documented for {k} of {n} organisations."
    )
    return {"it": italian, "en": english}


def topic(names: tuple[str, str], lacks: tuple[str, ...], workers: int, coverage: tuple[int, int]) -> dict[str, str]:
    """A topic without a funder, a project or both; `names` in Italian and English."""
    missing_it = listed("it", [{"funder": "nessun finanziatore", "project": "nessun progetto"}[part] for part in lacks])
    missing_en = listed("en", [{"funder": "no funder", "project": "no project"}[part] for part in lacks])
    at_work_it = {0: "nessuno ci lavora", 1: "1 soggetto ci lavora"}.get(
        workers, f"{workers} fra organizzazioni e progetti ci lavorano"
    )
    at_work_en = {0: "nobody works on it", 1: "1 body works on it"}.get(
        workers, f"{workers} bodies and projects work on it"
    )
    return {
        "it": f"{names[0]}: {missing_it} fra i legami documentati; {at_work_it}. "
        f"Qualche tema è documentato per {coverage[0]} progetti su {coverage[1]}.",
        "en": f"{names[1]}: {missing_en} among the documented ties; {at_work_en}. "
        f"Some topic is documented for {coverage[0]} of {coverage[1]} projects.",
    }


def isolated(
    names: tuple[str, str], listed_by: tuple[str, str] | None, sector: str, coverage: tuple[int, int]
) -> dict[str, str]:
    """An organisation without documented ties, or one that a single project lists; names in Italian and English."""
    known_it = (
        f"nota solo perché un progetto la elenca, {listed_by[0]}"
        if listed_by
        else "nessun legame documentato oltre l'adesione"
    )
    known_en = (
        f"known only because one project lists it, {listed_by[1]}"
        if listed_by
        else "no documented tie beyond membership"
    )
    return {
        "it": f"{names[0]}: {known_it}. "
        f"Nel suo settore ({group(sector, 'it')}) qualche legame è documentato per {coverage[0]} su {coverage[1]}.",
        "en": f"{names[1]}: {known_en}. "
        f"In its sector ({group(sector, 'en')}) some tie is documented for {coverage[0]} of {coverage[1]}.",
    }
