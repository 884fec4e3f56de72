"""A file of ties between ids, as arrays of positions: for networks too large to be statements in a store."""

from __future__ import annotations

import csv
from array import array
from collections.abc import Iterator, Sequence
from importlib.util import find_spec
from math import nan
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from tsi_graph.batch import Problem
from tsi_graph.errors import DataInvalid
from tsi_graph.fields import normal
from tsi_graph.importers.mistakes import shown
from tsi_graph.kernels.csr import HEAVIEST, LIGHTEST, WRONG_WEIGHT, is_weight

NEEDED = ("source", "target")
COLUMNS = (*NEEDED, "weight")
EXPECTED = "Expected: columns source, target and maybe weight, separated by commas, in UTF-8."

Ties = tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray | None]
Rows = Iterator[tuple[int, Sequence[str]]]


def read_ties(path: Path) -> Ties:
    """The ids, and each tie's source, target (positions among the ids) and weight, if there is a column of it.

    Raises DataInvalid at the first fault, with its row: of a CSV as a spreadsheet shows it, of a Parquet from 1.
    """
    if path.suffix.lower() not in (".csv", ".parquet"):
        raise DataInvalid(f"{path.name}: a file of ties is a .csv or a .parquet with columns source, target, weight.")
    if not path.is_file():
        raise DataInvalid(f"{path.name}: there is no such file.")
    found = _at_once(path) if find_spec("pyarrow") else None
    return found or _row_by_row(path)


def _at_once(path: Path) -> Ties | None:
    """By pyarrow, in less time; None where anything is wrong or is not written as it will be kept."""
    import pyarrow as pa
    import pyarrow.csv
    import pyarrow.parquet

    try:
        if path.suffix.lower() == ".csv":
            types = {**dict.fromkeys(NEEDED, pa.string()), "weight": pa.float64()}
            said = pa.csv.ConvertOptions(column_types=types, strings_can_be_null=True, null_values=[""])
            table = pa.csv.read_csv(path, convert_options=said)
        else:
            table = pa.parquet.read_table(path)
        ends = [table[end].cast(pa.string()) for end in NEEDED]
        weight = _numbers(table["weight"]) if "weight" in table.column_names else None
    except (pa.ArrowException, KeyError, ValueError, OSError):
        return None
    if any(column.null_count for column in ends):
        return None
    texts = pa.chunked_array([chunk for column in ends for chunk in column.chunks], pa.string())
    coded = texts.dictionary_encode().combine_chunks()
    codes, ids = coded.indices.to_numpy(), coded.dictionary.to_pandas().to_numpy()
    return (ids, codes[: table.num_rows], codes[table.num_rows :], weight) if _as_kept(ids) else None


def _numbers(column: Any) -> np.ndarray:
    """A column of pyarrow as numbers. Raises ValueError where it holds anything else, such as days or yes and no."""
    import pyarrow as pa

    kind = column.type
    if not (pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_decimal(kind)):
        raise ValueError(f"{kind} is no number")
    number: np.ndarray = column.cast(pa.float64()).to_numpy()
    if not is_weight(number).all():
        raise ValueError("not all are in range")
    return number


def _as_kept(ids: Sequence[str]) -> bool:
    """Whether every id is written as it is kept."""
    try:
        return all(_id(text) == text for text in ids)
    except ValueError:
        return False


def _row_by_row(path: Path) -> Ties:
    """The definition of what is read, and what is refused with its place."""
    rows = _csv_rows(path) if path.suffix.lower() == ".csv" else _parquet_rows(path)
    _, headings = next(rows, (0, []))
    place = _places(path, headings)
    ends: dict[str, list[str]] = {name: [] for name in NEEDED}
    weights, kept = array("d"), dict[str, str]()
    for number, row in rows:
        if len(row) != len(headings) and (len(row) < len(headings) or any(map(str.strip, row[len(headings) :]))):
            wide = (
                f"this row has {len(row)} cells, the headings are {len(headings)}: is a comma inside a cell not quoted?"
            )
            raise _fault(path, number, "", ",".join(row), wide)
        name = text = ""
        try:
            for name, end in ends.items():
                text = row[place[name]]
                if text not in kept:
                    kept[text] = _id(text)
                end.append(kept[text])
            if "weight" in place:
                name, text = "weight", row[place["weight"]]
                weights.append(_weight(text))
        except ValueError as fault:
            raise _fault(path, number, name, text, str(fault)) from fault
    codes, ids = pd.factorize(np.array([*ends["source"], *ends["target"]], dtype=object))
    m = len(ends["source"])
    return ids, codes[:m], codes[m:], np.array(weights) if "weight" in place else None


def _csv_rows(path: Path) -> Rows:
    """The rows that hold anything. A line break inside quotes is no new row."""
    number = 0
    with path.open(encoding="utf-8-sig", errors="surrogateescape", newline="") as file:
        try:
            for number, row in enumerate(csv.reader(file, strict=True), 1):
                if any(map(str.strip, row)):
                    yield number, row
        except csv.Error as fault:
            quote = f"a quotation mark opens and does not close, or text follows the closing one ({fault})"
            raise _fault(path, number + 1, "", "", quote) from fault


def _parquet_rows(path: Path) -> Rows:
    if not find_spec("pyarrow"):
        raise DataInvalid(f"{path.name}: a Parquet file needs pyarrow: pip install 'tsi-graph[arrow]'.")
    import pyarrow as pa
    import pyarrow.parquet

    try:
        table = pa.parquet.read_table(path)
        blank = pa.chunked_array([pa.nulls(table.num_rows, pa.string())])
        texts = [
            table.column(k).cast(pa.string()) if name.strip() in COLUMNS else blank
            for k, name in enumerate(table.schema.names)
        ]
    except (pa.ArrowException, OSError) as fault:
        raise DataInvalid(f"{path.name}: {str(fault).strip()} {EXPECTED}") from fault
    yield 0, table.column_names
    for number, row in enumerate(zip(*(text.to_pylist() for text in texts), strict=True), 1):
        yield number, [cell or "" for cell in row]


def _places(path: Path, headings: Sequence[str]) -> dict[str, int]:
    """Where each of our columns stands."""
    names = [heading.strip() for heading in headings]
    for name in COLUMNS:
        if names.count(name) > 1:
            raise DataInvalid(f"{path.name}: the column {name!r} stands twice.")
        if name in NEEDED and name not in names:
            has = ", ".join(map(repr, names)) or "nothing"
            raise DataInvalid(f"{path.name}: no column {name!r}; it has {shown(has)}. {EXPECTED}")
    return {name: names.index(name) for name in COLUMNS if name in names}


def _id(text: str) -> str:
    """As imports keep ids: composed, stripped, nothing invisible in them."""
    if not text.isascii() and any("\ud800" <= sign <= "\udfff" for sign in text):
        raise ValueError("this is not written in UTF-8")
    clean: str = normal(text)
    if not clean:
        raise ValueError("an id is missing: every row needs one")
    if "\n" in clean or "\t" in clean:
        raise ValueError("control characters are not allowed")
    return clean


def _weight(text: str) -> float:
    try:
        # Python reads 1_000 and the digits of every script, files of ties do not.
        number = float(text) if text.isascii() and "_" not in text else nan
    except ValueError:
        number = nan
    if not (number == 0 or LIGHTEST <= number <= HEAVIEST):
        raise ValueError(f"{WRONG_WEIGHT}, such as 1 or 0.5")
    return number


def _fault(path: Path, row: int, column: str, value: str, message: str) -> DataInvalid:
    return DataInvalid(f"{Problem(path.name, row, column, shown(value), message)}.")
