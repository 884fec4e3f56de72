"""Where everybody stood in the last picture, kept beside the store, so that the next one looks like it."""

from __future__ import annotations

import json
from contextlib import suppress
from pathlib import Path

from pydantic import ValidationError

from tsi_graph.analysis import scale
from tsi_graph.errors import Unusable
from tsi_graph.exports import has_places, with_room
from tsi_graph.exports.scene import Look
from tsi_graph.exports.views import LARGEST, Places, asked, names, pictured, placed, save, with_places
from tsi_graph.graph import Graph, View, load_graph, one_mode
from tsi_graph.store import Store
from tsi_graph.store.kept import OURS, replace_file
from tsi_graph.visibility import TEAM

MOST = 4 * LARGEST
"""Bytes of a file of places."""


def drawn_now(
    facts: Graph,
    size: str,
    lang: str,
    path: Path | None,
    form: str | None = None,
    *,
    everything: bool = False,
    keep: bool = True,
    who: str = TEAM,
) -> tuple[Graph, Look]:
    """The organisations of a documented graph, or everything in it, to be drawn near their last places.

    path: the file of these; None where nobody needs a place. form: the ending of the file that is drawn, as for
    `pictured`. who: the audience that sees it, which has its own. Raises Unusable for more than it has room for.
    """
    graph = facts if everything else one_mode(facts)
    with_room(graph, form)
    look = Look(size=scale(graph, size, lang), lang=lang, facts=facts)
    if path is None or not has_places(form):
        return graph, look
    return graph, continued(graph, look, path, f"{who}/{'everything' if everything else 'organisations'}", keep=keep)


def drawn_view(
    store: Store, name: str, folder: Path, settings: View, lang: str, form: str | None = None
) -> tuple[Graph, Look]:
    """A saved view to be drawn; its file keeps the places, that of a preset which was never saved too, as far as it can
    be written and holds so many. A file that is named by its path stays as it is."""
    saved = asked(name, folder)
    graph, look = pictured(saved, load_graph(store, saved.view(settings)), lang, form)
    if has_places(form) and name in names(folder) and (now := with_places(saved, look)) != saved:
        with suppress(OSError, Unusable):
            save(now, folder)
    return graph, look


def continued(graph: Graph, look: Look, path: Path, key: str, *, keep: bool = True) -> Look:
    """The look with a place for everybody, near that of the last picture of the same key.

    keep: whether this one becomes the last. Where the file cannot be read or written, pictures begin anew.
    """
    known = _read(path)
    old = known.get(key)
    found = placed(graph, look, old.table() if old else None)
    assert found.last is not None
    now = Places.of(found.last)
    if keep and now != old:
        data = _text({**known, key: now}).encode("utf-8")
        if len(data) <= MOST:
            with suppress(OSError):
                replace_file(path, data, OURS)  # who is hidden from others stands in it
    return found


def _read(path: Path) -> dict[str, Places]:
    with suppress(OSError, ValueError, ValidationError, AttributeError):
        if path.stat().st_size <= MOST:
            return {key: Places.model_validate(one) for key, one in json.loads(path.read_bytes()).items()}
    return {}


def _text(known: dict[str, Places]) -> str:
    return json.dumps({key: one.model_dump(mode="json") for key, one in sorted(known.items())}, ensure_ascii=False)
