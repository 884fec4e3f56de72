"""Files become checked records and named problems."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from tsi_graph.batch import Batch, Problem
from tsi_graph.errors import NotFound, Refused, Unusable
from tsi_graph.importers.names import Names
from tsi_graph.importers.tabular import names_others, read_csv, read_workbook
from tsi_graph.model import Node, labels

Importer = Callable[[Path, Mapping[str, str], bool, Names | None], Batch]

FILES = (".csv", ".tsv", ".xlsx")
"""The files of a folder that are read; others, such as README.md, are passed over."""


def read_folder(path: Path, columns: Mapping[str, str], persons: bool, names: Names | None = None) -> Batch:
    """The tables of a folder as one delivery, by file name. Folders inside and hidden files are passed over."""
    files = [f for f in sorted(path.iterdir()) if f.is_file() and f.suffix.lower() in FILES and f.name[0] not in ".~"]
    if not files:
        raise NotFound(f"The folder {path.name} holds no table; organisations.csv, ties.csv or a workbook would be.")
    batch = Batch()
    for file in files if names is None else sorted(files, key=lambda file: names_others(file.stem)):
        batch += IMPORTERS[file.suffix.lower()](file, columns, persons, names)
    return batch


def read(
    path: Path | str, columns: Mapping[str, str] = {}, *, persons: bool = False, names: Names | None = None
) -> Batch:
    """The records of a folder of CSV files, of one CSV file or of an XLSX workbook, with a problem for each bad row.

    columns: a file's heading -> a field of ours, on top of the headings that are known ("" leaves the column out).
    persons: keep what stands in columns about people, joined in `Stakeholder.contact`; otherwise it is dropped and
    counted. Addresses and numbers of people inside other texts are always replaced by "…" and counted.
    names: what known bodies are called: a name is then understood where an id is expected, and said in `resolved`.
    Raises NotFound, Unusable (a form that we do not read) or Refused (harmful or broken).
    """
    path = Path(path)
    try:
        if not path.exists():
            raise NotFound(f"There is no file or folder {str(path)!r}.")
        name = "folder" if path.is_dir() else path.suffix.lower()
        if name not in IMPORTERS:
            raise Unusable(f"{path.name} cannot be read; these can: {', '.join(IMPORTERS)}.")
        return one_kind_each(IMPORTERS[name](path, columns, persons, names))
    except OSError as fault:
        raise Refused(f"{path.name} cannot be opened ({fault}).") from fault


CALLED = {
    "Stakeholder": "an organisation", "Fund": "a fund", "Network": "a network", "Project": "a project",
    "Topic": "a topic",
}  # fmt: skip
"""How a reader knows our kinds of node."""


def one_kind_each(batch: Batch) -> Batch:
    """The batch without the rows whose id another row of it gives to another kind of thing; these are problems."""
    first: dict[str, Node] = {}
    kept = []
    for node in batch.nodes:
        other = first.setdefault(node.id, node)
        mine, theirs = (labels(one.kind)[1] for one in (node, other))
        if mine == theirs:
            kept.append(node)
            continue
        file, _, row = node.place.rpartition(" row ")
        message = f"{other.place} gives this id to {CALLED[theirs]}, this row to {CALLED[mine]}; give one a new id"
        batch.problems.append(Problem(file, int(row), "id", node.id, message))
    batch.nodes = kept
    return batch


IMPORTERS: dict[str, Importer] = {
    "folder": read_folder,
    ".csv": read_csv,
    ".tsv": read_csv,
    ".xlsx": read_workbook,
}
