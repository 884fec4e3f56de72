"""What is said of a store, in Italian and English."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tsi_graph.language import filled, number

if TYPE_CHECKING:
    from tsi_graph.store.rescue import Missing

WHAT = {
    "imports": ("importazioni", "imports"),
    "statements": ("affermazioni", "statements"),
    "nodes": ("nodi", "nodes"),
    "introductions": ("presentazioni", "introductions"),
    "events": ("eventi del registro", "events of the ledger"),
    "marks": ("note sui presentatori", "marks of introducers"),
}
SAYS = {
    "count": ("{found} {what_it} invece di {expected}", "{found} {what_en} instead of {expected}"),
    "hash": (
        "le affermazioni non sono quelle scritte (impronta diversa)",
        "the statements are not those that were written (another hash)",
    ),
    "ledger_hash": (
        "il registro delle presentazioni non è quello scritto (impronta diversa)",
        "the ledger is not what was written (another hash)",
    ),
    "identity": (
        "{found} affermazioni sono cambiate da quando furono scritte: {where}",
        "{found} statements changed since they were written: {where}",
    ),
    "derived": (
        "{found} affermazioni hanno date o fatto che non seguono da ciò che dicono: {where}",
        "{found} statements have days or a fact that do not follow from what they say: {where}",
    ),
    "origin_import": (
        "{found} affermazioni sono di importazioni che non ci sono: {where}",
        "{found} statements are of imports that are not there: {where}",
    ),
    "forgotten": (
        "il magazzino ha perso la memoria di ciò che deve contenere: {where}",
        "the store has lost its memory of what it should hold: {where}",
    ),
    "numbers": ("mancano importazioni: {where}", "imports are missing: {where}"),
    "undescribed": (
        "{found} estremi di legami non sono descritti da alcuna affermazione: {where}",
        "{found} ends of ties are described by no statement: {where}",
    ),
    "nodes_missing": ("{found} nodi mancano nel grafo: {where}", "{found} nodes are missing from the graph: {where}"),
    "nodes_extra": (
        "{found} nodi del grafo non risultano dalle affermazioni: {where}",
        "{found} nodes of the graph do not follow from the statements: {where}",
    ),
    "nodes_differ": (
        "{found} nodi del grafo dicono altro che le affermazioni: {where}",
        "{found} nodes of the graph say something else than the statements: {where}",
    ),
    "ties_missing": ("{found} legami mancano nel grafo: {where}", "{found} ties are missing from the graph: {where}"),
    "ties_extra": (
        "{found} legami del grafo non risultano dalle affermazioni: {where}",
        "{found} ties of the graph do not follow from the statements: {where}",
    ),
    "ties_differ": (
        "{found} legami del grafo dicono altro che le affermazioni: {where}",
        "{found} ties of the graph say something else than the statements: {where}",
    ),
    "dangling": (
        "{found} legami portano a qualcosa che non è nel grafo: {where}",
        "{found} ties lead to something that is not in the graph: {where}",
    ),
    "events_alone": (
        "{found} eventi del registro non hanno la loro presentazione: {where}",
        "{found} events of the ledger lack their introduction: {where}",
    ),
    "introductions_alone": (
        "{found} presentazioni non hanno eventi: {where}",
        "{found} introductions have no events: {where}",
    ),
    "snapshot": (
        "la copia per la lettura accanto alla cartella non è uguale: cancellatela, si rifà da sola",
        "the snapshot beside the folder is not the same: delete it, it is made anew",
    ),
    "restoring": (
        "un ripristino è in corso o fu interrotto: se nessuno sta ripristinando, ripetete "
        "`tsi store restore FILE --replace`",
        "a restore is under way, or was broken off: if nobody is restoring, run "
        "`tsi store restore FILE --replace` again",
    ),
    "unreadable": ("non si riesce a leggere: {where}", "it cannot be read: {where}"),
}
"""Each sort of finding of a check."""
RECORDS = {
    "it": ("importazioni", "affermazioni", "presentazioni", "eventi", "note sui presentatori"),
    "en": ("imports", "statements", "introductions", "events", "marks of introducers"),
}
"""What a backup holds, in the order in which it is counted."""
SENTENCES = {
    "graph": ("{nodes} nodi, {ties} legami", "{nodes} nodes, {ties} ties"),
    "hash": ("impronta {hash}", "hash {hash}"),
    "under_way": ("{n} importazioni in corso o interrotte", "{n} imports under way or broken off"),
    "not_kept": (
        "Di una versione precedente: conteggi e impronta si conservano dalla prossima scrittura.",
        "Of an earlier version: counts and hash are kept from the next writing on.",
    ),
    "whole": ("Il magazzino è integro.", "The store is whole."),
    "damaged": ("Il magazzino è danneggiato:", "The store is damaged:"),
    "advice": (
        "Rimedio: `tsi store restore FILE --replace` con l'ultima copia; senza copia, prima "
        "`tsi store backup FILE --damaged`, che salva ciò che resta.",
        "What helps: `tsi store restore FILE --replace` with the last backup; without one, first "
        "`tsi store backup FILE --damaged`, which saves what is left.",
    ),
    "current": (
        "Il magazzino è di questa versione; non c'è niente da fare.",
        "The store is of this version; there is nothing to do.",
    ),
    "migration": (
        "V{version} {name}: {n} istruzioni",
        "V{version} {name}: {n} statements",
    ),
    "to_apply": ("Da applicare: lo stesso senza --dry-run.", "To be applied: the same without --dry-run."),
    "applied": ("Applicato.", "Applied."),
    "missing": (
        "IL MAGAZZINO È DANNEGGIATO: IN QUESTO FILE NON C'È TUTTO.",
        "THE STORE IS DAMAGED: THIS FILE DOES NOT HOLD ALL OF IT.",
    ),
    "missing_count": ("{found} {what} invece di {expected}", "{found} {what} instead of {expected}"),
    "missing_changed": (
        "{n} affermazioni sono cambiate da quando furono scritte e sono rimaste fuori: {where}",
        "{n} statements changed since they were written and were left out: {where}",
    ),
    "missing_imports": (
        "delle importazioni {where} resta solo il numero; ciò che fu annullato da importazioni perdute "
        "può tornare a valere",
        "of the imports {where} the number alone is left; what lost imports had taken back may count again",
    ),
    "missing_places": (
        "{n} punti dei file non si riescono a leggere",
        "{n} places in the files cannot be read",
    ),
    "missing_nothing": (
        "Affermazioni e registro ci sono tutti; il resto del magazzino si rifà con `tsi store restore FILE --replace`.",
        "Statements and ledger are all there; the rest of the store is made anew by "
        "`tsi store restore FILE --replace`.",
    ),
}


def counted(counts: dict[str, int], lang: str) -> str:
    """How many records of each sort."""
    return ", ".join(f"{number(n, lang)} {word}" for n, word in zip(counts.values(), RECORDS[lang], strict=True))


def missing(found: Missing, lang: str) -> list[str]:
    """What a rescue could not save, a line each."""
    if not found:
        return [sentence("missing_nothing", lang)]
    lines = [
        sentence("missing_count", lang, found=n, what=filled(lang, WHAT[what]), expected=once)
        for what, (n, once) in found.counts.items()
    ]
    if found.changed:
        cases = ", ".join(f"{i} ({fact})" for i, fact in found.changed[:10])
        more = " ..." if len(found.changed) > 10 else ""
        lines.append(sentence("missing_changed", lang, n=len(found.changed), where=cases + more))
    if found.imports:
        lines.append(sentence("missing_imports", lang, where=", ".join(map(str, found.imports))))
    if found.unreadable:
        lines.append(sentence("missing_places", lang, n=found.unreadable))
    return [sentence("missing", lang), *(f"- {line}" for line in lines)]


def sentence(name: str, lang: str, **values: object) -> str:
    """One of the sentences, filled."""
    told = {key: number(value, lang) if isinstance(value, int) else value for key, value in values.items()}
    return filled(lang, SENTENCES[name], **told)
