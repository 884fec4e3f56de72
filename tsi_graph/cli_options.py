"""The options that several commands take, said once."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

from tsi_graph.errors import Unusable


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
ViewOption = Annotated[
    str | None,
    typer.Option(
        "--view", metavar="NAME",
        help="A saved view or a preset by its name (`tsi view list`), or its file. It says all but the store.",
    ),
]  # fmt: skip
AsOf = Annotated[
    str | None, typer.Option(help="Only what may have been true then: 2020, 2020-06 or 2020-06-30.", metavar="DATE")
]
Limit = Annotated[int, typer.Option(min=1, help="How many, at most.")]
NoPromoters = Annotated[
    bool, typer.Option("--without-promoters", help="Leave out the promoting bodies, which touch almost everybody.")
]


def alone(view: str | None, **given: object) -> None:
    """Raises Unusable where options are given that a view says already."""
    if view is not None and (named := [f"--{name.replace('_', '-')}" for name, value in given.items() if value]):
        raise Unusable(f"{', '.join(named)}: the view {view!r} says that; save another with `tsi view save`.")
