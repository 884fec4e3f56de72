"""What the product answers about the Torino starter data, in one go."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tsi_graph import samples
from tsi_graph.analysis import find_gaps, scale, summary
from tsi_graph.errors import Unusable
from tsi_graph.exports import export
from tsi_graph.graph import DOCUMENTED, View, load_graph, one_mode
from tsi_graph.importers import read
from tsi_graph.recommend import recommend, told
from tsi_graph.store import Store

DATASETS = {"tsi-facts": samples.torino, "tsi-additions": samples.additions}
EXAMPLE = "socialfare"
"""The organisation for which introductions are shown."""
PICTURES = ("map.html", "map.svg", "map.png")
WORDS = {
    "it": {
        "here": "Che cosa c'è", "ties": "legami documentati", "bridges": "I dieci ponti più forti",
        "through": "cammini più brevi che passano di qui", "gaps": "Tre vuoti", "until": "fino al {}",
        "networks": "Reti internazionali per {}", "files": "File",
    },
    "en": {
        "here": "What is here", "ties": "documented ties", "bridges": "The ten strongest bridges",
        "through": "shortest ways through it", "gaps": "Three gaps", "until": "until {}",
        "networks": "International networks for {}", "files": "Files",
    },
}  # fmt: skip


def run(store: Store, view: View, folder: Path, lang: str) -> dict[str, Any]:
    """Import the starter data, compute, draw; the same twice changes nothing.

    Raises Unusable where the store holds other data, so that nothing is mixed.
    """
    others = {i.dataset for i in _imports(store) if not i.undoes} - DATASETS.keys()
    if others:
        raise Unusable(f"The store holds other data ({', '.join(sorted(others))}); name another with --store.")
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as fault:
        raise Unusable(f"The pictures cannot go to {folder}: {fault.strerror}.") from fault
    for dataset, place in DATASETS.items():
        store.write(read(place()), dataset)
    graph = load_graph(store, view)
    organisations = one_mode(graph)
    scores = scale(organisations, "betweenness", lang)
    files = [str(export(organisations, folder / name, size=scores, lang=lang)) for name in PICTURES]
    bodies = graph.nodes.set_index("id")
    names = bodies["name"].where(bodies["name_it"].isna() | (lang != "it"), bodies["name_it"])
    until = bodies["valid_to"].fillna("")
    best = scores.sort_values(ascending=False, kind="stable").head(10)
    bridges = [
        {"id": i, "name": names[i], "until": until[i] or None, "betweenness": round(float(b), 1)}
        for i, b in zip(best.index.astype(str), best, strict=True)
    ]
    return {
        "summary": summary(load_graph(store, DOCUMENTED)),
        "bridges": bridges,
        "gaps": find_gaps(graph)[:3],
        "introductions": {
            "of": {"id": EXAMPLE, "name": names[EXAMPLE]},
            "to": recommend(graph, EXAMPLE, to="network", scope="international", limit=5, lang=lang),
        },
        "files": files,
    }


def text(answer: dict[str, Any], lang: str) -> str:
    """The same for a reader."""
    words = WORDS[lang]
    lines = [words["here"], *(f"  {n:>5}  {kind}" for kind, n in answer["summary"]["kinds"].items())]
    lines += [f"  {answer['summary']['edges']:>5}  {words['ties']}"]
    lines += ["", f"{words['bridges']} ({words['through']})"]
    for bridge in answer["bridges"]:
        until = f" ({words['until'].format(bridge['until'])})" if bridge["until"] else ""
        lines.append(f"  {bridge['betweenness']:>8,.0f}  {bridge['name']}{until}")
    lines += ["", words["gaps"], *(f"  - {gap.sentence(lang)}" for gap in answer["gaps"])]
    lines += ["", words["networks"].format(answer["introductions"]["of"]["name"])]
    lines += [told(one, lang) for one in answer["introductions"]["to"]]
    return "\n".join([*lines, "", words["files"], *(f"  {name}" for name in answer["files"])])


def _imports(store: Store) -> tuple[Any, ...]:
    from tsi_graph.errors import StoreUnreachable

    try:
        return store.statements().imports
    except StoreUnreachable:
        return ()
