"""The commands of saved views: what a picture shows, how, and where everybody stands, as a small file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tsi_graph.cli_options import AsOf, Json, LangOption
from tsi_graph.cli_settings import read_settings
from tsi_graph.console import answer

if TYPE_CHECKING:
    from tsi_graph.exports.views import SavedView

view = typer.Typer(
    no_args_is_help=True, help="Saved views: filter, style, language, logo and places under a name, for every picture."
)
Name = Annotated[str, typer.Argument(help="Small letters, digits and hyphens.", metavar="NAME")]
Several = list[str] | None


@view.command()
def save(
    name: Name,
    like: Annotated[
        str | None, typer.Option(help="Begin from this view or preset. Default: the view of the name.")
    ] = None,
    title: Annotated[str | None, typer.Option(help="What stands above the picture.")] = None,
    lead: Annotated[str | None, typer.Option(help="The line below the title.")] = None,
    everything: Annotated[
        bool | None, typer.Option("--everything/--organisations", help="Projects, networks and funds too, or not.")
    ] = None,
    confidence: Annotated[
        int | None, typer.Option(min=1, max=3, help="3 high, 2 and medium, 1 and unverified.")
    ] = None,
    as_of: AsOf = None,
    without_promoters: Annotated[bool | None, typer.Option("--without-promoters/--with-promoters")] = None,
    relation: Annotated[Several, typer.Option(help="Only this kind of tie, such as FUNDS; may be repeated.")] = None,
    sector: Annotated[Several, typer.Option(help="Only organisations of this sort; may be repeated.")] = None,
    between: Annotated[str | None, typer.Option(help="Only ties between groups of this attribute: sector.")] = None,
    scope: Annotated[Several, typer.Option(help="Only networks of this scope and who reaches them.")] = None,
    size: Annotated[str | None, typer.Option(help="The metric that marks grow with.")] = None,
    logo: Annotated[Path | None, typer.Option(help="A PNG, JPEG or GIF at the head of all that it draws.")] = None,
    lang: LangOption = None,
    json: Json = False,
) -> None:
    """Save a view, or change what is given of one that is there; its places stay."""
    from tsi_graph.exports.logo import address
    from tsi_graph.exports.views import changed_view
    from tsi_graph.exports.views import save as saved_in

    settings = read_settings()
    language = str(lang or settings.lang)
    given: dict[str, Any] = {
        "title": {language: title} if title is not None else None,
        "lead": {language: lead} if lead is not None else None,
        "everything": everything, "confidence": confidence, "as_of": as_of, "without_promoters": without_promoters,
        "relations": relation, "sectors": sector, "between": between, "scopes": scope, "size": size,
        "logo": address(logo) if logo else None, "lang": str(lang) if lang else None,
    }  # fmt: skip
    found = changed_view(name, settings.views, like, {key: value for key, value in given.items() if value is not None})
    path = saved_in(found, settings.views)
    answer(_plain(found), json, lambda: f"{path} written")


@view.command("list")
def list_(lang: LangOption = None, json: Json = False) -> None:
    """The presets and what is saved."""
    from tsi_graph.exports.views import known

    settings = read_settings()
    rows = known(settings.views, str(lang or settings.lang))
    answer(rows, json, lambda: "\n".join(f"{row['name']}: {row.get('fault', row['title'])}" for row in rows))


@view.command()
def show(name: Name, lang: LangOption = None, json: Json = False) -> None:
    """What a view leaves in and how it draws; `tsi export map.html --view NAME` draws it."""
    from tsi_graph.exports.views import named

    settings = read_settings()
    language = str(lang or settings.lang)
    found = named(name, settings.views)
    told = found.told(language)
    lines = [_title(found, language), *(f"  {heading}: {text}" for heading, text in told.items())]
    answer(_plain(found), json, lambda: "\n".join(lines))


def _title(one: SavedView, lang: str) -> str:
    return one.title.get("it" if lang == "it" else "en") or one.name


def _plain(one: SavedView) -> dict[str, Any]:
    """Without the places, which are long."""
    return {**one.model_dump(mode="json", exclude={"places", "logo"}), "places": len(one.places.nodes)}
