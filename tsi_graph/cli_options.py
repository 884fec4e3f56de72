"""The options that several commands take, said once."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer


class Lang(StrEnum):
    it = "it"
    en = "en"


StoreOption = Annotated[
    str | None,
    typer.Option("--store", help="A folder, or neo4j://host. Default: TSI_STORE, else tsi.db here.", metavar="STORE"),
]
Json = Annotated[bool, typer.Option("--json", help="JSON on standard output, and nothing else there.")]
LangOption = Annotated[Lang | None, typer.Option("--lang", help="Italian or English. Default: TSI_LANG, else it.")]
Low = Annotated[bool, typer.Option("--low", help="Also what is not verified (low confidence).")]
AsOf = Annotated[
    str | None, typer.Option(help="Only what may have been true then: 2020, 2020-06 or 2020-06-30.", metavar="DATE")
]
