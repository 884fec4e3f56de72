"""A file of ties between ids, as arrays of positions: for networks too large to be statements in a store."""

from __future__ import annotations

import warnings
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from tsi_graph.errors import DataInvalid

NEEDED = ("source", "target")
EXPECTED = "Expected: columns source, target and maybe weight, separated by commas, in UTF-8."
HEAVIEST = 1e100
"""Beyond this, sums of weights could leave the numbers that there are."""


def read_ties(path: Path) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray | None]:
    """The ids, and each tie's source, target (positions among the ids) and weight, if there is a column of it."""
    if path.suffix.lower() not in (".csv", ".parquet"):
        raise DataInvalid(f"{path.name}: a file of ties is a .csv or a .parquet with columns source, target, weight.")
    if not path.is_file():
        raise DataInvalid(f"{path.name}: there is no such file.")
    if find_spec("pyarrow"):
        return _with_arrow(path)
    if path.suffix.lower() == ".parquet":
        raise DataInvalid(f"{path.name}: a Parquet file needs pyarrow: pip install 'tsi-graph[arrow]'.")
    return _with_pandas(path)


def _with_arrow(path: Path) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray | None]:
    import pyarrow as pa
    import pyarrow.csv
    import pyarrow.parquet

    try:
        if path.suffix.lower() == ".csv":
            ids_are_text = pa.csv.ConvertOptions(
                column_types=dict.fromkeys(NEEDED, pa.string()), strings_can_be_null=True, null_values=[""]
            )
            table = pa.csv.read_csv(path, convert_options=ids_are_text)
        else:
            table = pa.parquet.read_table(path)
    except (pa.ArrowInvalid, pa.ArrowKeyError, OSError) as fault:
        raise DataInvalid(f"{path.name}: {str(fault).strip()} {EXPECTED}") from fault
    _has_columns(path, table.column_names)
    ends = [table[end].cast(pa.string()) for end in NEEDED]
    for end, column in zip(NEEDED, ends, strict=True):
        if column.null_count:
            _refuse(path, int(np.flatnonzero(column.is_null().to_numpy())[0]), end, "is blank")
    texts = pa.chunked_array([chunk for column in ends for chunk in column.chunks], pa.string())
    coded = texts.dictionary_encode().combine_chunks()
    codes, ids = coded.indices.to_numpy(), coded.dictionary.to_pandas().to_numpy()
    weight = _numbers(path, table["weight"]) if "weight" in table.column_names else None
    m = table.num_rows
    return ids, codes[:m], codes[m:], weight


def _with_pandas(path: Path) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray | None]:
    texts = dict.fromkeys(NEEDED, str)
    try:
        with warnings.catch_warnings():
            # without this a row with more cells than headings would be cut
            warnings.simplefilter("error", pd.errors.ParserWarning)
            table = pd.read_csv(path, dtype=texts, keep_default_na=False, na_values=[""], index_col=False)
    except (ValueError, OSError, pd.errors.ParserWarning) as fault:
        raise DataInvalid(f"{path.name}: {str(fault).strip()} {EXPECTED}") from fault
    _has_columns(path, list(table.columns))
    for end in NEEDED:
        if table[end].isna().any():
            _refuse(path, int(np.flatnonzero(table[end].isna())[0]), end, "is blank")
    codes, ids = pd.factorize(np.concatenate([table[end].to_numpy(object) for end in NEEDED]))
    weight = _numbers(path, table["weight"]) if "weight" in table.columns else None
    return ids, codes[: len(table)], codes[len(table) :], weight


def _numbers(path: Path, column: Any) -> np.ndarray:
    """A column of either library as numbers; text is read as such only to say which cell is none."""
    values = column.to_numpy()
    number = values.astype(float) if values.dtype.kind in "iuf" else pd.to_numeric(pd.Series(values), errors="coerce")
    number = np.asarray(number, float)
    wrong = np.flatnonzero(~((number >= 0) & (number <= HEAVIEST)))
    if len(wrong):
        cell = values[wrong[0]]
        said = "is blank" if pd.isna(cell) else f"is {cell}"
        _refuse(path, int(wrong[0]), "weight", f"{said}, not a number from 0 to {HEAVIEST:g}")
    return number


def _has_columns(path: Path, columns: list[str]) -> None:
    for name in (*NEEDED, "weight"):
        if columns.count(name) > 1 or f"{name}.1" in columns:
            raise DataInvalid(f"{path.name}: the column {name!r} stands twice.")
        if name in NEEDED and name not in columns:
            raise DataInvalid(f"{path.name}: no column {name!r}; it has {', '.join(map(repr, columns))}. {EXPECTED}")


def _refuse(path: Path, index: int, column: str, what: str) -> None:
    raise DataInvalid(f"{path.name} row {index + 2}, {column}: {what}.")
