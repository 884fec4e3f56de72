"""A saved view: what is left in, how it is drawn and where everybody stands, in one small file for page, notebook,
picture and report alike."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from math import isnan
from pathlib import Path
from typing import Annotated, Any, Literal

import pandas as pd
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from tsi_graph.analysis import METRICS, scale
from tsi_graph.dates import DATE
from tsi_graph.errors import DataInvalid, NotFound, Unusable
from tsi_graph.exports import has_places, with_room
from tsi_graph.exports import logo as logos
from tsi_graph.exports.scene import Look, scene
from tsi_graph.exports.words import confidence, relation
from tsi_graph.fields import SECTORS as SORTS
from tsi_graph.graph import Graph, View, one_mode
from tsi_graph.language import Lang, long_date
from tsi_graph.model import EDGE_KINDS, NODE_KINDS
from tsi_graph.store.kept import replace_file

NAME = r"^[a-z0-9][a-z0-9-]{0,59}$"
LARGEST = 5_000_000
"""Bytes of a file that is read as a view."""
ATTRIBUTES = tuple(
    dict.fromkeys(
        ["kind", *(name for kind in NODE_KINDS.values() for name in kind.model_fields if name not in ("id", "place"))]
    )
)
"""What a store may say of a node, which makes groups. A graph of one's own may have others."""


class Places(BaseModel):
    """Where everybody stood: id, x, y, group, part; the ties that decided it, by the ids of their ends; and of which
    data (`Scene.fingerprint`)."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    nodes: tuple[tuple[str, float | None, float | None, int, int], ...] = ()
    ties: tuple[tuple[str, str], ...] = ()
    fingerprint: Annotated[str, Field(pattern="^[0-9a-f]*$")] = ""

    @classmethod
    def of(cls, table: pd.DataFrame) -> Places:
        nodes = tuple(
            (str(node), None if isnan(x) else round(x, 6), None if isnan(y) else round(y, 6), int(group), int(part))
            for node, x, y, group, part in table[["x", "y", "group", "part"]].itertuples(name=None)
        )
        pairs = (tie.split("\t") for tie in table.attrs.get("ties", ()))
        return cls(nodes=nodes, ties=tuple((a, b) for a, b in pairs), fingerprint=table.attrs.get("of", ""))

    def table(self) -> pd.DataFrame | None:
        """As `positions` takes it; None where nobody has a place yet."""
        if not self.nodes:
            return None
        ids, x, y, group, part = zip(*self.nodes, strict=True)
        columns = {"x": pd.Series(x, dtype=float), "y": pd.Series(y, dtype=float), "group": group, "part": part}
        out = pd.DataFrame(columns).set_index(pd.Index(ids, name="id"))
        out.attrs |= {"ties": tuple(f"{a}\t{b}" for a, b in self.ties), "of": self.fingerprint}
        return out


class SavedView(BaseModel):
    """Filter, style, language, logo and places under a name. A file of it holds nothing that runs.

    everything: projects, networks and funds too, not organisations alone. relations: only these kinds of tie.
    sectors: only organisations of these sorts. between: an attribute; only ties between its groups. scopes: only
    networks of these scopes and who reaches them in two steps. size: the metric that marks grow with.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    format: Literal[1] = 1
    name: Annotated[str, Field(pattern=NAME)]
    title: dict[Lang, Annotated[str, Field(max_length=200)]] = {}
    lead: dict[Lang, Annotated[str, Field(max_length=400)]] = {}
    lang: Lang | None = None
    everything: bool = False
    confidence: Literal[1, 2, 3] = 2
    as_of: Annotated[str, Field(pattern=DATE)] | None = None
    without_promoters: bool = False
    relations: tuple[str, ...] = ()
    sectors: tuple[Annotated[str, Field(max_length=60)], ...] = ()
    between: Annotated[str, Field(max_length=60)] = ""
    scopes: tuple[Literal["local", "regional", "national", "european", "global"], ...] = ()
    size: str = "betweenness"
    logo: Annotated[str, Field(max_length=logos.LARGEST * 3 // 2)] = ""
    places: Places = Places()

    @field_validator("relations")
    @classmethod
    def known_relations(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        if unknown := [kind for kind in value if kind not in EDGE_KINDS]:
            raise ValueError(f"no relation {unknown[0]!r}; known: {', '.join(EDGE_KINDS)}")
        return value

    @field_validator("between")
    @classmethod
    def groups(cls, value: str) -> str:
        if value == "id":
            raise ValueError("an id is of one alone and makes no groups; sector does")
        return value

    @field_validator("size")
    @classmethod
    def known_size(cls, value: str) -> str:
        single = [name for name, metric in METRICS.items() if not metric.columns]
        if value not in single:
            raise ValueError(f"no metric {value!r} to size by; known: {', '.join(single)}")
        return value

    @field_validator("logo")
    @classmethod
    def picture_only(cls, value: str) -> str:
        if value:
            logos.printed(value)
        return value

    def without_places(self) -> SavedView:
        return self.model_copy(update={"places": Places()})

    def language(self, lang: str) -> Lang:
        """That of the view, else the one that whoever asks speaks."""
        return self.lang or ("it" if lang == "it" else "en")

    def view(self, settings: View) -> View:
        """What of the store it looks at, on top of what the settings say of home and promoters."""
        without = tuple(dict.fromkeys([*settings.without, *(settings.promoters if self.without_promoters else ())]))
        return replace(settings, confidence=self.confidence, as_of=self.as_of, without=without)

    def told(self, lang: str) -> dict[str, str]:
        """What it leaves in and how it draws, in words, by heading."""
        said = {
            ("Che cosa", "What"): self._what(lang),
            ("Attendibilità", "Confidence"): confidence(self.confidence, lang),
            ("Data", "Date"): long_date(self.as_of, lang) if self.as_of else ("tutte", "all")[lang != "it"],
            ("Filtri", "Filters"): "; ".join(self.filters(lang, ties=True)) or "–",
            ("Grandezza", "Size"): METRICS[self.size].says(lang),
            ("Posizioni", "Places"): str(len(self.places.nodes)),
        }
        return {heading[lang != "it"]: text for heading, text in said.items()}

    def _what(self, lang: str) -> str:
        if self.everything:
            return ("organizzazioni, progetti, reti, fondi e temi", "organisations, projects, networks, funds, topics")[
                lang != "it"
            ]
        return ("organizzazioni", "organisations")[lang != "it"]

    def filters(self, lang: str, *, ties: bool = False) -> tuple[str, ...]:
        """What it leaves out, for the foot of a picture; ties: of the drawn ties too, which concerns maps alone."""
        from tsi_graph.exports.bodies import NETWORKS, SECTORS

        english, out = lang != "it", []
        if self.relations:
            reads = ", ".join(relation(kind, lang) for kind in self.relations)
            out.append(("solo legami: ", "ties only: ")[english] + reads)
        if self.sectors:
            names = ", ".join(SECTORS[one][english] if one in SECTORS else one for one in self.sectors)
            out.append(("solo ", "only ")[english] + names)
        if ties and self.between:
            out.append(
                ("solo legami fra settori diversi", "ties between different sectors only")[english]
                if self.between == "sector"
                else ("solo legami fra gruppi diversi di ", "ties between different groups only, by ")[english]
                + self.between
            )
        if self.scopes:
            out.append(
                ("solo reti internazionali e chi le raggiunge in due passi",
                 "international networks only, and who reaches them in two steps")[english]
                if set(self.scopes) == {"european", "global"}
                else ("solo reti di questi ambiti, e chi le raggiunge in due passi: ",
                      "networks of these scopes only, and who reaches them in two steps: ")[english]
                + ", ".join(NETWORKS[one][english] for one in self.scopes)
            )  # fmt: skip
        return tuple(out)


PRESETS: dict[str, SavedView] = {
    one.name: one
    for one in (
        SavedView(
            name="board-report",
            title={"it": "L'ecosistema in una pagina", "en": "The ecosystem on one page"},
            lead={
                "it": "Vicino = legato. I segni più grandi stanno fra molti altri.",
                "en": "Near = tied. The largest marks stand between many others.",
            },
        ),
        SavedView(
            name="bridges-between-sectors",
            title={"it": "Ponti fra settori", "en": "Bridges between sectors"},
            lead={
                "it": "Solo i legami fra organizzazioni di settori diversi; grande = unisce molte coppie di settori.",
                "en": "Only ties between organisations of different sectors; large = joins many pairs of sectors.",
            },
            between="sector",
            size="brokering_activity",
        ),
        SavedView(
            name="routes-to-international-networks",
            title={"it": "Strade verso le reti internazionali", "en": "Routes to international networks"},
            lead={
                "it": "Le reti europee e mondiali, chi vi aderisce o vi lavora, e chi è legato a questi.",
                "en": "European and global networks, who belongs to them or works with them, and who is tied to those.",
            },
            everything=True,
            scopes=("european", "global"),
        ),
        SavedView(
            name="who-funds-what",
            title={"it": "Chi finanzia che cosa", "en": "Who funds what"},
            lead={
                "it": "Finanziamenti, investimenti, quote e gestione di fondi documentati.",
                "en": "Documented grants, investments, shareholdings and management of funds.",
            },
            everything=True,
            relations=("FUNDS", "INVESTS_IN", "SHAREHOLDER_OF", "MANAGES"),
            size="degree",
        ),
    )
}


def pictured(saved: SavedView, facts: Graph, lang: str = "it", form: str | None = None) -> tuple[Graph, Look]:
    """The graph to draw and how, from the documented graph of the view; everybody where they stood before.

    form: the ending of the file. One that is no picture needs no places; of a picture it is asked first whether it has
    room for so many. Raises Unusable where it has not, and where nothing is left of the graph.
    """
    language, kept = saved.language(lang), _kept(saved, facts)
    graph = kept if saved.everything else _some(saved, one_mode(kept), facts)
    if saved.between:
        graph = _some(saved, _between(graph, saved.between), facts)
    with_room(graph, form)
    look = Look(
        size=scale(graph, saved.size, language) if len(graph) else None,
        title=saved.title.get(language), lead=saved.lead.get(language), lang=language, facts=kept,
        filters=saved.filters(language, ties=True), logo=saved.logo,
    )  # fmt: skip
    return graph, placed(graph, look, saved.places.table()) if has_places(form) else look


def placed(graph: Graph, look: Look, last: pd.DataFrame | None) -> Look:
    """The look with a place for everybody, near that of the last edition."""
    found = scene(graph, replace(look, last=last)).places
    # as a file keeps them, so that the first picture and the second are the same
    return replace(look, last=found.assign(x=found["x"].round(6), y=found["y"].round(6)))


def with_places(saved: SavedView, look: Look) -> SavedView:
    """The view as it is to be kept after drawing: with the places of this edition."""
    return saved if look.last is None else saved.model_copy(update={"places": Places.of(look.last)})


def left(saved: SavedView, facts: Graph) -> Graph:
    """What a view leaves of the documented graph, for pictures and reports of its organisations.

    Raises Unusable where none is left.
    """
    found = _kept(saved, facts)
    if not found.kinds_of("Stakeholder").any():
        return _some(saved, Graph(found.nodes[:0], found.edges[:0]), facts)
    return found


def _kept(saved: SavedView, facts: Graph) -> Graph:
    nodes, edges = facts.nodes, facts.edges
    if saved.sectors:
        nodes = nodes[~facts.kinds_of("Stakeholder") | nodes["sector"].isin(saved.sectors)]
        edges = edges[edges["source"].isin(nodes["id"]) & edges["target"].isin(nodes["id"])]
    if saved.relations:
        edges = edges[edges["kind"].isin(saved.relations)]
        nodes = nodes[nodes["id"].isin(pd.concat([edges["source"], edges["target"]]))]
    if saved.scopes:
        nodes, edges = _reaching(Graph(nodes, edges), saved.scopes)
    if nodes is facts.nodes and edges is facts.edges:
        return facts
    nodes, edges = nodes.reset_index(drop=True), edges.reset_index(drop=True)
    return _some(saved, Graph(nodes, edges, facts.directed, facts.view, facts.imported, facts.seat), facts)


def _some(saved: SavedView, graph: Graph, facts: Graph) -> Graph:
    if not len(graph) and len(facts):
        raise Unusable(f"The view {saved.name!r} leaves nothing of these data; take out some of its filters.")
    return graph


def _reaching(graph: Graph, scopes: Iterable[str]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The networks of some scopes, whatever is tied to them, and the organisations tied to that; topics left out."""
    nodes, edges = graph.nodes, graph.edges
    topics = set(nodes["id"][graph.kinds_of("Topic")])
    edges = edges[~(edges["source"].isin(topics) | edges["target"].isin(topics))]
    networks = set(nodes["id"][graph.kinds_of("Network") & nodes["scope"].isin(list(scopes)).to_numpy()])
    ports = _tied(edges, networks) | networks
    bodies = set(nodes["id"][graph.kinds_of("Stakeholder")])
    keep = ports | (_tied(edges, ports) & bodies)
    on_the_way = (edges["source"].isin(ports) | edges["target"].isin(ports)) & (
        edges["source"].isin(keep) & edges["target"].isin(keep)
    )
    return nodes[nodes["id"].isin(keep)], edges[on_the_way]


def _tied(edges: pd.DataFrame, some: set[str]) -> set[str]:
    ahead = edges["target"][edges["source"].isin(some)]
    return set(ahead) | set(edges["source"][edges["target"].isin(some)])


def _between(graph: Graph, attribute: str) -> Graph:
    """The ties that join two groups, and whoever has one."""
    if attribute not in graph.nodes:
        known = ", ".join(map(str, graph.nodes.columns))
        raise Unusable(f"No attribute {attribute!r} whose groups could be joined. Known: {known}.")
    group = graph.nodes.set_index("id")[attribute].astype(object).fillna("")
    across = graph.edges["source"].map(group).to_numpy() != graph.edges["target"].map(group).to_numpy()
    edges = graph.edges[across].reset_index(drop=True)
    nodes = graph.nodes[graph.nodes["id"].isin(pd.concat([edges["source"], edges["target"]]))].reset_index(drop=True)
    return Graph(nodes, edges, graph.directed, graph.view, graph.imported)


# ---- files


def save(saved: SavedView, folder: Path) -> Path:
    """Writes the view under its name, over a preset too; the folder is made. Raises Unusable for one that could not be
    opened again."""
    data = as_json(saved).encode("utf-8")
    if len(data) > LARGEST:
        raise Unusable(f"The view {saved.name!r} is too large to be saved: at most {LARGEST // 1_000_000} MB.")
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{saved.name}.json"
    replace_file(path, data)
    return path


def as_json(saved: SavedView) -> str:
    """Only what differs from the usual, one place a line, so that two versions can be compared."""
    data = saved.model_dump(mode="json", exclude_defaults=True, exclude={"places"})
    text = json.dumps({"format": 1, **data}, ensure_ascii=False, indent=1)
    if not saved.places.nodes:
        return text + "\n"
    lists = {
        name: "[\n" + ",\n".join(json.dumps(row, ensure_ascii=False) for row in rows) + "\n]"
        for name, rows in (("nodes", saved.places.nodes), ("ties", saved.places.ties))
    }
    places = ", ".join(f'"{name}": {rows}' for name, rows in lists.items())
    return f'{text[:-2]},\n "places": {{"fingerprint": "{saved.places.fingerprint}", {places}}}\n}}\n'


def named(name: str, folder: Path) -> SavedView:
    """The view of that name: the file, else the preset. Raises NotFound with the known ones, DataInvalid, also for a
    file whose name is not its own: what is saved of it would go into another."""
    path = folder / f"{name}.json"
    if name.replace("-", "").isalnum() and path.is_file():
        found = read_view(path)
        if found.name != name:
            raise DataInvalid(f"{path.name}, name: it says {found.name!r}; a view is called as its file is.")
        return found
    if name in PRESETS:
        return PRESETS[name]
    raise NotFound(f"No view {name!r}. Known: {', '.join(names(folder))}.")


def asked(text: str, folder: Path) -> SavedView:
    """The view that a person names: by its name, or by its file where that ends in .json. Raises as `named`."""
    path = Path(text)
    if path.suffix != ".json":
        return named(text, folder)
    if not path.is_file():
        raise NotFound(f"No file {text!r} of a view.")
    return read_view(path)


def changed_view(name: str, folder: Path, like: str | None, given: Mapping[str, Any]) -> SavedView:
    """The view of the name, or one like another, with what is given in place of what it says.

    Raises NotFound for an unknown `like`, Unusable for what no view can say.
    """
    known = like or (name if name in names(folder) else None)
    base = named(known, folder).model_dump(mode="json") if known else {}
    data = {**base, **given, "name": name}
    for words in ("title", "lead"):
        if isinstance(given.get(words), Mapping):  # what is no such thing is refused below
            data[words] = {**base.get(words, {}), **given[words]}
    try:
        found = SavedView.model_validate_json(json.dumps(data))
    except ValidationError as fault:
        raise Unusable(f"{_where(fault)}.") from fault
    for field, values, kept in (("sectors", found.sectors, SORTS), ("between", {found.between} - {""}, ATTRIBUTES)):
        if unknown := sorted({*values} - {*kept}):
            raise Unusable(f"{field}: no store has {unknown[0]!r}; known: {', '.join(kept)}.")
    return found


def _where(fault: ValidationError) -> str:
    first = fault.errors()[0]
    return f"{'.'.join(map(str, first['loc'])) or 'file'}: {first['msg']}"


def names(folder: Path) -> list[str]:
    """The presets, then what is saved."""
    found = (path.stem for path in folder.glob("*.json")) if folder.is_dir() else ()
    saved = sorted(name for name in found if re.fullmatch(NAME, name))
    return [*PRESETS, *(name for name in saved if name not in PRESETS)]


def known(folder: Path, lang: str) -> list[dict[str, Any]]:
    """The presets, then what is saved, each with its name, its title and whether it is as it came; of a file that
    cannot be read its name and why."""
    out: list[dict[str, Any]] = []
    for name in names(folder):
        try:
            found = named(name, folder)
        except (DataInvalid, OSError) as fault:
            out.append({"name": name, "title": name, "preset": False, "fault": str(fault)})
            continue
        title = found.title.get("it" if lang == "it" else "en") or name
        out.append({"name": name, "title": title, "preset": found.without_places() == PRESETS.get(name)})
    return out


def read_view(path: Path) -> SavedView:
    """A view from its file. Raises DataInvalid naming the field and what would be right."""
    if path.stat().st_size > LARGEST:
        raise DataInvalid(f"{path.name} is too large for a view: at most {LARGEST // 1_000_000} MB.")
    try:
        return SavedView.model_validate_json(path.read_bytes())
    except ValidationError as fault:
        raise DataInvalid(f"{path.name}, {_where(fault)}.") from fault


__all__ = [
    "PRESETS",
    "Places",
    "SavedView",
    "asked",
    "changed_view",
    "known",
    "left",
    "named",
    "names",
    "pictured",
    "placed",
    "save",
    "with_places",
]
