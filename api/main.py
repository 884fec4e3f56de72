"""The application that a server runs: the one module that acts on import."""

from __future__ import annotations

from tsi_graph.settings import Settings

from .access import door
from .app import create_app

settings = Settings.read()
app = create_app(settings.open(), settings, door(settings), warm=settings.warm)
