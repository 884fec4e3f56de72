"""Files in, looked at first if wanted, and back out."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePath
from typing import Annotated, Any

from fastapi import APIRouter, File, Form, Header, Query, Response, UploadFile
from fastapi import Path as PathParameter
from pydantic import BaseModel, ConfigDict, Field

from tsi_graph.deliveries import LISTS, Pending, commit, drop, held, look, mend, names_of, receive, waiting
from tsi_graph.deliveries.grid import MOST, refuse_many
from tsi_graph.errors import TooLarge, Unusable
from tsi_graph.exports.delivery import annotated, template
from tsi_graph.exports.tables import plain
from tsi_graph.importers import FILES, read

from ..deps import LangDep, StoreDep
from ..description import XLSX
from ..paging import PageDep

router = APIRouter(prefix="/imports", tags=["imports"])
LARGEST = 20 * 2**20
"""Bytes of an upload, all its files together."""
LONGEST = 100
"""Characters of a file's name."""

Files = Annotated[list[UploadFile], File(description="CSV files of one delivery, or one XLSX workbook.")]
PreviewId = Annotated[
    str, PathParameter(max_length=50, description="As the preview was given.", examples=["Zk0t0cVxQ1m3hXn9sJw2bA"])
]


class CellText(BaseModel):
    """What is to stand in one cell."""

    model_config = ConfigDict(extra="forbid")

    file: Annotated[str, Field(max_length=300, description="The table, as the preview names it.")]
    row: Annotated[int, Field(ge=1, le=2_000_000, description="As a spreadsheet shows it.")]
    column: Annotated[int, Field(ge=0, le=1_000, description="From 0.")]
    text: Annotated[str, Field(max_length=10_000)]


class Mending(BaseModel):
    """Cells to correct in a delivery that waits."""

    model_config = ConfigDict(extra="forbid")

    cells: Annotated[list[CellText], Field(min_length=1, max_length=1_000)]


@router.get("")
def imports(store: StoreDep, page: PageDep) -> list[Any]:
    """The imports there have been, oldest first: files, corrections, and what was taken back."""
    return [plain(one) for one in page.of(store.statements().imports, lambda one: one.number)]


@router.post("", status_code=201)
def add(
    store: StoreDep,
    files: Files,
    dataset: Annotated[str, Form(min_length=1, max_length=200, description="What this source is called, each time.")],
    complete: Annotated[bool, Form(description="What the dataset no longer says is withdrawn.")] = False,
    partial: Annotated[bool, Form(description="Keep the good rows and leave out those with problems.")] = False,
) -> dict[str, Any]:
    """Import a delivery in one step: all of it, or nothing and a list of the rows to mend. The same delivery twice
    changes nothing; an edited one updates what its dataset said before. To look first: POST /v1/imports/previews."""
    with laid_out(files) as path:
        batch = read(path, names=names_of(held(store)))
        refuse_many(sum(table.rows for table in batch.tables))
        counts = store.write(batch, dataset, complete, partial=partial)
    resolved = [plain(one) for one in batch.resolved[:1000]]
    left = {"ignored": batch.ignored, "persons": batch.persons, "formulas": plain(batch.formulas)}
    return {**plain(counts), **left, "resolved": resolved}


@router.get("/template.xlsx", response_class=Response, responses={200: {"content": {XLSX: {}}}})
def template_workbook(lang: LangDep) -> Response:
    """A workbook to fill in: drop-downs for relations, kinds and confidence, one example row a sheet, notes.
    It imports back as it is."""
    return workbook(template(lang), "legami.xlsx" if lang == "it" else "ties.xlsx")


@router.post("/previews", status_code=201)
def preview(
    store: StoreDep,
    lang: LangDep,
    files: Files,
    response: Response,
    dataset: Annotated[
        str, Form(max_length=200, description="What this source is called. Default: its file name.")
    ] = "",
    complete: Annotated[bool, Form(description="What the dataset no longer says is withdrawn.")] = False,
) -> dict[str, Any]:  # fmt: skip
    """What a delivery would do, row by row: new, changed (before and after), unchanged, refused with what is wrong
    and what would be right. Nothing is written; it waits some weeks for corrections and its import."""
    with laid_out(files) as path:
        kept = receive(store, path, dataset, complete)
    response.headers["location"] = f"/v1/imports/previews/{kept.id}"
    return told(store, kept, lang)


@router.get("/previews/{preview}")
def look_again(
    store: StoreDep,
    lang: LangDep,
    preview: PreviewId,
    begin: Annotated[
        int, Query(ge=0, le=10_000_000, description="How many of each list, and of each status, were told before.")
    ] = 0,
) -> dict[str, Any]:
    """What a delivery that waits would do now. Repairs, warnings, names and the rows of each status are told 500 at a
    time; the counts say how many there are."""
    return told(store, waiting(store, preview), lang, begin)


@router.patch("/previews/{preview}")
def mend_cells(store: StoreDep, lang: LangDep, preview: PreviewId, wanted: Mending) -> dict[str, Any]:
    """Correct cells of a delivery that waits, and see what it would do then."""
    cells = {(one.file, one.row, one.column): one.text for one in wanted.cells}
    return told(store, mend(store, preview, cells), lang)


@router.get("/previews/{preview}/annotated.xlsx", response_class=Response, responses={200: {"content": {XLSX: {}}}})
def annotated_workbook(store: StoreDep, lang: LangDep, preview: PreviewId) -> Response:
    """The rows of the delivery with what is wrong beside each, to mend and to upload again."""
    kept = waiting(store, preview)
    return workbook(
        annotated(kept.rows(), look(store, kept, lang, most=None), lang), f"{PurePath(kept.file).stem}-note.xlsx"
    )


@router.post("/previews/{preview}/commit", status_code=201)
def commit_rows(
    store: StoreDep,
    preview: PreviewId,
    key: Annotated[
        str,
        Header(alias="Idempotency-Key", max_length=200, description="Again with the same key, nothing more happens."),
    ] = "",
) -> dict[str, Any]:
    """Import the good rows of a delivery that waits; the others go on waiting. Undo its number to take it back."""
    found: dict[str, Any] = plain(commit(store, preview, key))
    return found


@router.delete("/previews/{preview}", status_code=204)
def forget(store: StoreDep, preview: PreviewId) -> None:
    """Drop a delivery that waits to be imported: nothing of it is kept."""
    drop(store, preview)


@router.post("/{number}/undo")
def undo(
    store: StoreDep,
    number: Annotated[int, PathParameter(ge=1, le=2**31, description="The number of an import.", examples=[2])],
) -> dict[str, Any]:
    """Take an import back, as if it had never come. Undo the number that it returns to bring it back."""
    found: dict[str, Any] = plain(store.undo(number))
    return found


def told(store: Any, kept: Pending, lang: str, begin: int = 0) -> dict[str, Any]:
    """A delivery that waits, with what it would do."""
    return {
        "id": kept.id, "file": kept.file, "dataset": kept.dataset, "complete": kept.complete,
        "until": kept.until, "corrected": len(kept.corrections),
        **plain(look(store, kept, lang, dict.fromkeys(LISTS, begin))),
    }  # fmt: skip


def workbook(content: bytes, name: str) -> Response:
    safe = "".join(c if c.isascii() and (c.isalnum() or c in "-_.") else "-" for c in name)
    return Response(content, media_type=XLSX, headers={"content-disposition": f'attachment; filename="{safe}"'})


@contextmanager
def laid_out(files: list[UploadFile]) -> Iterator[Path]:
    """Uploaded files in a folder of their own, for as long as they are read. Raises Refused, Unusable."""
    if sum(file.size or 0 for file in files) > LARGEST:
        raise TooLarge(
            f"An upload is at most {LARGEST // 2**20} MB and {MOST:,} rows; import a larger one with `tsi import FILE`."
        )
    with tempfile.TemporaryDirectory() as folder:
        kept = [_keep(file, Path(folder)) for file in files]
        yield kept[0] if len(kept) == 1 else Path(folder)


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
