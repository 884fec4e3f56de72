"""The application over one store."""

from __future__ import annotations

from fastapi import FastAPI

from tsi_graph import __version__
from tsi_graph.settings import Settings
from tsi_graph.store import Store

from . import problems
from .deps import Graphs
from .pages import about, assets
from .routers import (
    evaluation,
    exports,
    gaps,
    history,
    imports,
    introductions,
    metrics,
    networks,
    portfolios,
    recommendations,
    stakeholders,
)  # fmt: skip

DESCRIPTION = """
Who is here, who bridges, what is missing, whom to introduce: the stakeholder network of an impact
ecosystem. All numbers are about documented ties; that none is documented does not mean that there is none.
"""


def create_app(store: Store, settings: Settings | None = None) -> FastAPI:
    """The pages, the API under /v1 and its description at /openapi.json; nothing is fetched from elsewhere."""
    app = FastAPI(title="TSI Graph", version=__version__, description=DESCRIPTION, docs_url=None, redoc_url=None)
    app.state.store = store
    app.state.settings = settings or Settings()
    app.state.graphs = Graphs(store)
    problems.install(app)
    for router in (
        stakeholders, networks, metrics, gaps, recommendations, evaluation, portfolios, introductions, history, imports,
        exports,
    ):  # fmt: skip
        app.include_router(router.router, prefix="/v1", responses=problems.RESPONSES)

    for pages in (assets, about):
        app.include_router(pages.router)

    @app.get("/livez", include_in_schema=False)
    def alive() -> dict[str, str]:
        return {"status": "ok"}

    @app.get("/readyz", include_in_schema=False)
    def ready() -> dict[str, object]:
        return {"status": "ok", "imports": len(store.statements().imports)}

    return app
