"""The board as an ASGI application."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from importlib.metadata import version
from typing import Annotated
from urllib.parse import urlsplit

from fastapi import FastAPI, Query, Request, Response
from fastapi.responses import RedirectResponse
from starlette.middleware.gzip import GZipMiddleware
from starlette.types import ASGIApp

from offramp.board import errors
from offramp.board.adding import adding
from offramp.board.crises import Shelf
from offramp.board.guarding import guarded
from offramp.board.keeping import Answers
from offramp.board.lever_routes import router as lever_router
from offramp.board.log_routes import router as log_router
from offramp.board.logged import Logged
from offramp.board.pages import THEME_COOKIE, THEMES, environment, page, static_files
from offramp.board.record_routes import router as record_router
from offramp.board.routes import router
from offramp.board.runs import Computing, Runs
from offramp.board.seeing import Board
from offramp.board.worker import Worker

TEMPLATES = ("crisis.html", "answers.html", "outlook.html", "grounds.html", "levers.html")
YEAR = 365 * 24 * 3600


def application(crisis: str, *, port: int, computing: Callable[[], Computing] = Worker) -> ASGIApp:
    """Return the application.

    Args:
        crisis: the crisis to open with: one that ships, or a file.
        port: on which it is served.
        computing: makes what computes forecasts.

    Raises:
        CrisisError: the crisis cannot be read.
    """
    shelf = Shelf([crisis])
    runs = Runs(computing, Answers())

    @asynccontextmanager
    async def working(app: FastAPI) -> AsyncIterator[None]:
        async with runs.working():
            yield

    app = FastAPI(
        title="Offramp board",
        version=version("offramp"),
        description="A crisis as dated facts, and calibrated probabilities of the next moves.",
        docs_url=None,  # their pages load scripts from elsewhere
        redoc_url=None,
        lifespan=working,
        servers=[{"url": f"http://127.0.0.1:{port}"}],
    )
    for template in TEMPLATES:
        environment().get_template(template)  # compiled now, not while the first viewer waits
    app.state.board = Board(shelf, runs, Logged(), shelf.main)
    app.include_router(adding(shelf.file, page))
    app.include_router(router)
    app.include_router(lever_router)
    app.include_router(record_router)
    app.include_router(log_router)
    app.add_api_route("/theme", theme, include_in_schema=False)
    app.add_api_route("/static/{name}", static, include_in_schema=False)
    errors.handle(app)
    app.add_middleware(GZipMiddleware, minimum_size=1000, compresslevel=5)
    return guarded(app, port=port)


def static(name: str) -> Response:
    """Serve a style sheet, script or drawing of the board."""
    found = static_files().get(name)
    if found is None:
        raise LookupError(f"no file {name!r}")
    kind, content = found
    return Response(
        content, media_type=kind, headers={"Cache-Control": f"max-age={YEAR}, immutable"}
    )


def theme(
    request: Request,
    theme: Annotated[str, Query(max_length=10)] = "auto",
    back: Annotated[str, Query(max_length=4000)] = "/",
) -> Response:
    """Remember the theme that a viewer chose, and go back to a page of the board."""
    to = urlsplit(back)
    local = back.startswith("/") and not (to.scheme or to.netloc) and "\\" not in back
    answer = RedirectResponse(back if local else "/", 303)
    if theme in THEMES:
        answer.set_cookie(THEME_COOKIE, theme, max_age=YEAR, samesite="strict", httponly=True)
    return answer
