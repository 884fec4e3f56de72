"""The application over one store."""

from __future__ import annotations

from fastapi import FastAPI
from starlette.middleware import Middleware

from tsi_graph import __version__
from tsi_graph.errors import StoreUnreachable
from tsi_graph.fields import VISIBILITIES
from tsi_graph.settings import Settings
from tsi_graph.store import Store
from tsi_graph.visibility import TEAM, Seen, narrowed

from . import problems
from .access import Access, Door
from .answers import Answers, Methods
from .deps import Graphs
from .description import describe
from .headers import Headers
from .last import Last
from .limits import Limits
from .logs import Requests
from .pages import (
    about,
    asking,
    assets,
    data,
    docs,
    enter,
    importing,
    missing,
    month,
    networking,
    organisations,
    searching,
)
from .pages import (
    introductions as introduction_pages,
)
from .rates import Rates
from .repeats import Repeats
from .routers import (
    doors,
    evaluation,
    exports,
    gaps,
    history,
    imports,
    introductions,
    metrics,
    networks,
    portfolios,
    questions,
    recommendations,
    reports,
    search,
    sources,
    stakeholders,
    views,
)  # fmt: skip
from .warm import Warm

DESCRIPTION = """
Who is here, who bridges, what is missing, whom to introduce: the stakeholder network of an impact
ecosystem. All numbers are about documented ties; that none is documented does not mean that there is none.
"""


def create_app(
    store: Store, settings: Settings | None = None, door: Door | None = None, *, warm: bool = False
) -> FastAPI:
    """The pages, the API under /v1 and its description at /openapi.json; nothing is fetched from elsewhere.

    door: how callers are told apart. Without one nobody is asked who he is, so it is not for a server (`api.main`).
    warm: compute what the first pages need ahead, now and after each change of the statements.
    """
    door = door or Door()
    settings = settings or Settings()
    app = FastAPI(
        title="TSI Graph", version=__version__, description=DESCRIPTION, docs_url=None, redoc_url=None,
        openapi_url=None,  # `pages/docs.py` answers it
        # Outermost first: what answers early still gets its log line and its headers.
        middleware=[
            Middleware(Requests), Middleware(Headers), Middleware(Rates, settings.rate, settings.rate_address),
            Middleware(Access, door), Middleware(Methods), Middleware(Limits), Middleware(Answers),
            Middleware(Repeats, settings.requests or store.beside("requests") or settings.keys.with_suffix(".req")),
        ],
    )  # fmt: skip
    app.state.last = last = Last(store, settings.kept)
    app.state.store = last.as_store()
    app.state.kept_in = store
    app.state.settings = settings
    app.state.door = door
    app.state.seen = {who: Seen(app.state.store, who) for who in VISIBILITIES[:-1]} | {TEAM: app.state.store}
    ahead = Warm(app.state.store, settings)
    app.state.graphs = Graphs(app.state.store, settings, ahead.wake)
    if warm:
        ahead.start(app.state.graphs)
    problems.install(app)
    for router in (
        stakeholders, networks, metrics, gaps, recommendations, evaluation, portfolios, introductions, history, imports,
        exports, doors, search, questions, sources, views, reports,
    ):  # fmt: skip
        app.include_router(router.router, prefix="/v1", responses=problems.RESPONSES)

    for pages in (
        assets, docs, about, enter, importing, asking, data, month, introduction_pages, networking, organisations,
        missing, searching,
    ):  # fmt: skip
        app.include_router(pages.router)

    app.openapi = describe(app)  # type: ignore[method-assign]

    @app.get("/livez", include_in_schema=False)
    async def alive() -> dict[str, str]:  # in the event loop: no thread that is busy keeps it waiting
        return {"status": "ok"}

    @app.get("/readyz", include_in_schema=False)
    def ready() -> dict[str, object]:
        imports = len(narrowed(last.statements(), VISIBILITIES[0]).imports)  # asked for without a key
        if last.reason:
            raise StoreUnreachable(last.reason)
        return {"status": "ok", "imports": imports}

    return app
