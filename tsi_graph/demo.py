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
    "it": ("Che cosa c'è", "I dieci ponti più forti", "Tre vuoti", "Reti internazionali per {}", "File", "percorsi più brevi che passano di qui"),
    "en": ("What is here", "The ten strongest bridges", "Three gaps", "International networks for {}", "Files", "shortest paths through it"),
}  # fmt: skip


def run(store: Store, view: View, folder: Path, lang: str) -> dict[str, Any]:
    """Import the starter data, compute, draw; the same twice changes nothing.

    Raises Unusable where the store holds other data, so that nothing is mixed.
    """
    others = {i.dataset for i in _imports(store) if not i.undoes} - DATASETS.keys()
    if others:
        raise Unusable(f"The store holds other data ({', '.join(sorted(others))}); name another with --store.")
    for dataset, place in DATASETS.items():
        store.write(read(place()), dataset)
    graph = load_graph(store, view)
    organisations = one_mode(graph)
    scores = scale(organisations, "betweenness", lang)
    folder.mkdir(parents=True, exist_ok=True)
    files = [str(export(organisations, folder / name, size=scores, lang=lang)) for name in PICTURES]
    shown = "name_it" if lang == "it" else "name"
    names = graph.nodes.set_index("id")[shown].fillna(graph.nodes.set_index("id")["name"])
    best = scores.sort_values(ascending=False, kind="stable").head(10)
    return {
        "summary": summary(load_graph(store, DOCUMENTED)),
        "bridges": [{"id": i, "name": names[i], "betweenness": round(float(b), 1)} for i, b in best.items()],
        "gaps": find_gaps(graph)[:3],
        "introductions": {
            "of": {"id": EXAMPLE, "name": names[EXAMPLE]},
            "to": recommend(graph, EXAMPLE, to="network", scope="international", limit=5, lang=lang),
        },
        "files": files,
    }


def text(answer: dict[str, Any], lang: str) -> str:
    """The same for a reader."""
    here, bridges, gaps, networks, files, through = WORDS[lang]
    lines = [here, *(f"  {n:>5}  {kind}" for kind, n in answer["summary"]["kinds"].items())]
    lines += [f"  {answer['summary']['edges']:>5}  " + ("legami documentati" if lang == "it" else "documented ties")]
    lines += ["", f"{bridges} ({through})"]
    lines += [f"  {b['betweenness']:>8,.0f}  {b['name']}" for b in answer["bridges"]]
    lines += ["", gaps, *(f"  - {gap.sentence(lang)}" for gap in answer["gaps"])]
    lines += ["", networks.format(answer["introductions"]["of"]["name"])]
    lines += [told(one, lang) for one in answer["introductions"]["to"]]
    return "\n".join([*lines, "", files, *(f"  {name}" for name in answer["files"])])


def _imports(store: Store) -> tuple[Any, ...]:
    from tsi_graph.errors import StoreUnreachable

    try:
        return store.statements().imports
    except StoreUnreachable:
        return ()
