"""Tables as plain values, for JSON."""

from __future__ import annotations

import math
from dataclasses import asdict, is_dataclass
from datetime import datetime
from typing import Any

import numpy as np
import pandas as pd


def plain(value: Any) -> Any:
    """The same value in types that JSON knows: what is undefined is null, a table is a list of rows.

    >>> plain(pd.DataFrame({"id": ["a"], "constraint": [float("nan")]}))
    [{'id': 'a', 'constraint': None}]
    """
    if isinstance(value, pd.DataFrame):
        named = value.reset_index() if value.index.name else value
        columns = [str(name) for name in named.columns]
        return [dict(zip(columns, map(plain, row), strict=True)) for row in named.itertuples(index=False, name=None)]
    if is_dataclass(value) and not isinstance(value, type):
        return plain(asdict(value))
    if isinstance(value, dict):
        return {str(k): plain(v) for k, v in value.items()}
    if isinstance(value, (list, tuple, set, frozenset, np.ndarray)):
        return [plain(v) for v in value]
    if isinstance(value, np.generic):
        return plain(value.item())
    if isinstance(value, datetime):
        return value.isoformat(timespec="seconds")
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value
