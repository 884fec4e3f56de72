"""Files in, and back out."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path, PurePath
from typing import Annotated, Any

from fastapi import APIRouter, File, Form, UploadFile
from fastapi import Path as PathParameter

from tsi_graph.errors import Refused, Unusable
from tsi_graph.exports.tables import plain
from tsi_graph.importers import FILES, read

from ..deps import StoreDep

router = APIRouter(prefix="/imports", tags=["imports"])
LARGEST = 20 * 2**20
"""Bytes of an upload, all its files together."""
LONGEST = 100
"""Characters of a file's name."""


@router.get("")
def imports(store: StoreDep) -> list[dict[str, Any]]:
    """The imports there have been, oldest first: files, corrections, and what was taken back."""
    return [plain(one) for one in store.statements().imports]


@router.post("", status_code=201)
def add(
    store: StoreDep,
    files: Annotated[list[UploadFile], File(description="CSV files of one delivery, or one XLSX workbook.")],
    dataset: Annotated[str, Form(min_length=1, max_length=200, description="What this source is called, each time.")],
    complete: Annotated[bool, Form(description="What the dataset no longer says is withdrawn.")] = False,
    partial: Annotated[bool, Form(description="Keep the good rows and leave out those with problems.")] = False,
) -> dict[str, Any]:
    """Import a delivery: all of it, or nothing and a list of the rows to mend. The same delivery twice changes
    nothing; an edited one updates what its dataset said before."""
    if sum(file.size or 0 for file in files) > LARGEST:
        raise Refused(f"An upload is at most {LARGEST // 2**20} MB; import a larger one with `tsi import`.")
    with tempfile.TemporaryDirectory() as folder:
        kept = [_keep(file, Path(folder)) for file in files]
        batch = read(kept[0] if len(kept) == 1 else folder)
        counts = store.write(batch, dataset, complete, partial=partial)
    return {**plain(counts), "ignored": batch.ignored, "persons": batch.persons}


def _keep(file: UploadFile, folder: Path) -> Path:
    """Lay one uploaded file into a folder of its own, under its bare name, which says what table it is."""
    name = PurePath((file.filename or "").replace("\\", "/")).name
    plainly = name.isprintable() and name[:1] not in (".", "~") and len(name) <= LONGEST
    if not plainly or PurePath(name).suffix.lower() not in FILES:
        raise Unusable(f"The name of an upload ends in {', '.join(FILES)}, with at most {LONGEST} plain characters.")
    if (folder / name).exists():
        raise Unusable(f"Two files of the upload are named {name!r}; give each a name of its own.")
    with (folder / name).open("wb") as out:
        shutil.copyfileobj(file.file, out)
    return folder / name


@router.post("/{number}/undo")
def undo(
    store: StoreDep,
    number: Annotated[int, PathParameter(ge=1, le=2**31, description="The number of an import.", examples=[2])],
) -> dict[str, Any]:
    """Take an import back, as if it had never come. Undo the number that it returns to bring it back."""
    found: dict[str, Any] = plain(store.undo(number))
    return found
