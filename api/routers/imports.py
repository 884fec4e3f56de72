"""Files in, and back out."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path, PurePath
from typing import Annotated, Any

from fastapi import APIRouter, Form, UploadFile
from fastapi import Path as PathParameter

from tsi_graph.errors import Refused, Unusable
from tsi_graph.exports.tables import plain
from tsi_graph.importers import read

from ..deps import StoreDep

router = APIRouter(prefix="/imports", tags=["imports"])
LARGEST = 20 * 2**20
"""Bytes of an upload."""


@router.get("")
def imports(store: StoreDep) -> list[dict[str, Any]]:
    """The imports there have been, oldest first: files, corrections, and what was taken back."""
    return [plain(one) for one in store.statements().imports]


@router.post("", status_code=201)
def add(
    store: StoreDep,
    files: Annotated[list[UploadFile], "CSV files of one delivery, or one XLSX workbook."],
    dataset: Annotated[str, Form(min_length=1, max_length=200, description="What this source is called, each time.")],
    complete: Annotated[bool, Form(description="What the dataset no longer says is withdrawn.")] = False,
    partial: Annotated[bool, Form(description="Keep the good rows and leave out those with problems.")] = False,
) -> dict[str, Any]:
    """Import a delivery: all of it, or nothing and a list of the rows to mend. The same delivery twice changes
    nothing; an edited one updates what its dataset said before."""
    with tempfile.TemporaryDirectory() as folder:
        for file in files:
            _keep(file, Path(folder))
        whole = Path(folder)
        batch = read(whole / PurePath(files[0].filename or "").name if len(files) == 1 else whole)
        counts = store.write(batch, dataset, complete, partial=partial)
    return {**plain(counts), "ignored": batch.ignored, "persons": batch.persons}


def _keep(file: UploadFile, folder: Path) -> None:
    """Lay one uploaded file into a folder of its own, under its bare name."""
    name = PurePath((file.filename or "").replace("\\", "/")).name
    if PurePath(name).suffix.lower() not in (".csv", ".xlsx"):
        raise Unusable(f"An upload is .csv or .xlsx, not {name!r}.")
    if file.size is None or file.size > LARGEST:
        raise Refused(f"{name} is larger than {LARGEST // 2**20} MB; import it with `tsi import` instead.")
    with (folder / name).open("wb") as out:
        shutil.copyfileobj(file.file, out)


@router.post("/{number}/undo")
def undo(
    store: StoreDep, number: Annotated[int, PathParameter(ge=1, le=2**31, description="The number of an import.")]
) -> dict[str, Any]:
    """Take an import back, as if it had never come. Undo the number that it returns to bring it back."""
    found: dict[str, Any] = plain(store.undo(number))
    return found
