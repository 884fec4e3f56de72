"""Which imports count at a moment, and which of them decides about each statement."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import chain

import numpy as np
import pandas as pd

from tsi_graph.statements import Import


def in_force(imports: Iterable[Import], known_at: datetime | None = None) -> dict[int, Import]:
    """The imports that count, by number: done, come by then, and not taken back by one that counts."""
    out: dict[int, Import] = {}
    taken_back: set[int] = set()
    for one in sorted(imports, key=lambda i: -i.number):
        if one.number in taken_back or not one.done or (known_at is not None and one.at > known_at):
            continue
        out[one.number] = one
        if one.undoes:
            taken_back.add(one.undoes)
    return out


def strongest(changes: Iterable[Sequence[int]], imports: dict[int, Import]) -> np.ndarray:
    """The change that decides about each statement: its signed import number, or 0 if none is in force.

    The last change by hand outranks any file. Without one, a statement stands while any dataset says it,
    each dataset by its own last change; of several the later import decides.
    """
    lists = list(changes)
    flat = np.fromiter(chain.from_iterable(lists), np.int64)
    owner = np.repeat(np.arange(len(lists)), np.fromiter(map(len, lists), np.int64))
    voice = {number: "" if one.by_hand else f"file {one.dataset}" for number, one in imports.items()}
    said = pd.DataFrame({"owner": owner, "change": flat, "number": np.abs(flat)})
    said = said[said["number"].isin(list(voice))]
    said["voice"] = said["number"].map(voice)
    last = said.sort_values("number").drop_duplicates(["owner", "voice"], keep="last")
    # Best last: by hand, then who still says it, then the later import.
    last = last.assign(by_hand=last["voice"] == "", stands=last["change"] > 0)
    best = last.sort_values(["by_hand", "stands", "number"]).drop_duplicates("owner", keep="last")
    decided = np.zeros(len(lists), np.int64)
    decided[best["owner"].to_numpy()] = best["change"].to_numpy()
    return decided
