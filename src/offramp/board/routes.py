"""The pages of a crisis, and the same as JSON, CSV and SVG."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Coroutine
from datetime import timedelta
from typing import Annotated, Any, TypeVar

from fastapi import APIRouter, Depends, Path, Query, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import HTMLResponse, RedirectResponse, StreamingResponse

from offramp.board import tables
from offramp.board.computing import Telling, ToldFutures
from offramp.board.crisis_page import CHART, chart, crisis_page, futures_page, of_facts
from offramp.board.document import BoardPage, CrisisNote, board_page
from offramp.board.errors import PAGE_OR_JSON
from offramp.board.levering import watch_job
from offramp.board.pages import SVG, drawing_file, own_style, page
from offramp.board.runs import Event
from offramp.board.seeing import Board, Seen, board_of, seen
from offramp.board.state import View
from offramp.board.worker import CalledOffError
from offramp.brief import render
from offramp.brief.inert import inert_text
from offramp.crisis.problems import nearest, quoted
from offramp.forecast.document import Forecast
from offramp.ladder import LEVEL_NAMES

router = APIRouter()
Looked = Annotated[Seen, Depends(seen)]
Shared = Annotated[Board, Depends(board_of)]
Result = TypeVar("Result")

NOT_FOUND: dict[int | str, dict[str, Any]] = {
    404: {"description": "no such crisis, table or chart", "content": PAGE_OR_JSON},
    422: {"description": "not a day, number or lever that it takes", "content": PAGE_OR_JSON},
    503: {"description": "it could not be computed", "content": PAGE_OR_JSON},
}


def given_as(
    *kinds: str, otherwise: dict[int | str, dict[str, Any]] = NOT_FOUND
) -> dict[int | str, dict[str, Any]]:
    """Return responses of a route that answers with something of these types, or *otherwise*."""
    return otherwise | {200: {"content": {kind: {} for kind in kinds}}}


BRIEFS = {
    "html": "text/html",
    "md": "text/markdown",
    "json": "application/json",
    "txt": "text/plain",
}
LOOK = 0.5
"""Seconds between looks whether a viewer has left."""


async def unless_left(request: Request, work: Coroutine[Any, Any, Result]) -> Result:
    """Return what *work* returns; it is called off where the viewer leaves.

    Raises:
        CalledOffError: the viewer left.
    """
    task = asyncio.create_task(work)
    try:
        while True:
            done, _ = await asyncio.wait({task}, timeout=LOOK)
            if done:
                return task.result()
            if await request.is_disconnected():
                raise CalledOffError
    finally:
        task.cancel()


def streamed(events: AsyncIterator[Event]) -> StreamingResponse:
    """Return events as server-sent events, as they come."""

    async def told() -> AsyncIterator[str]:
        async for event in events:
            yield f"event: {event.kind}\ndata: {json.dumps(event.data)}\n\n"

    return StreamingResponse(told(), media_type="text/event-stream")


def wants_json(request: Request) -> bool:
    """Whether a client prefers JSON to HTML."""
    accepted = request.headers.get("accept", "")
    at = {kind: accepted.find(kind) for kind in ("application/json", "text/html")}
    return at["application/json"] >= 0 and (
        at["text/html"] < 0 or at["application/json"] < at["text/html"]
    )


@router.get("/", include_in_schema=False)
def home(board: Shared) -> Response:
    """Lead to the crisis that the board was opened with."""
    return RedirectResponse(f"/crises/{board.main}", 307)


@router.get("/crises.json")
def crises_data(board: Shared) -> list[CrisisNote]:
    """The crises that the board shows."""
    notes = []
    for name in board.shelf.ids:
        title = inert_text(board.shelf.title(name))
        notes.append(CrisisNote(id=name, title=title, url=f"/crises/{name}"))
    return notes


@router.get("/crises", response_class=HTMLResponse)
def crises_list(request: Request, board: Shared) -> Response:
    """The crises that the board shows, as a page."""
    return page(request, "crises.html", crises=crises_data(board))


def whole_page(look: Seen, forecast: Forecast | None) -> BoardPage:
    """Return the page of a crisis as data."""
    return board_page(look.opened, look.crisis, look.view, forecast, look.past)


@router.get("/crises/{identifier}.json", responses=NOT_FOUND, response_model=BoardPage)
async def crisis_data(request: Request, look: Looked) -> Response:
    """A crisis as of a day: facts, ties, what was logged, and the forecast, which is awaited."""
    forecast = await unless_left(request, look.board.runs.forecast(look.task))
    # Written in a thread, as all that takes milliseconds: meanwhile others are answered.
    text = await run_in_threadpool(lambda: whole_page(look, forecast).model_dump_json())
    return Response(text, media_type="application/json")


@router.get(
    "/crises/{identifier}",
    response_class=HTMLResponse,
    responses=given_as("application/json", "text/html"),
)
async def crisis_shown(
    request: Request,
    look: Looked,
    day: Annotated[
        int | None, Query(ge=0, le=100_000, description="as-of day, counted from the first")
    ] = None,
    wait: Annotated[str, Query(max_length=10, description="`yes` waits for the forecast")] = "",
) -> Response:
    """A crisis as of a day, as a page; what is not computed yet follows."""
    if day is not None:
        chosen = look.days[0] + timedelta(days=day)
        return RedirectResponse(look.view.but(as_of=chosen).url(), 303)
    if wants_json(request):
        return await crisis_data(request, look)
    if wait:
        await unless_left(request, look.board.runs.forecast(look.task))
        await unless_left(request, look.board.runs.made(watch_job(look.task)))
        return RedirectResponse(look.view.url(), 303)
    return await run_in_threadpool(crisis_page, request, look)


@router.get(
    "/crises/{identifier}/progress",
    response_class=StreamingResponse,
    responses=given_as("text/event-stream"),
)
async def progress(look: Looked) -> Response:
    """Follow the forecast while it is computed: server-sent events until it is there."""
    return streamed(look.board.runs.events(look.task, [watch_job(look.task)]))


@router.get(
    "/crises/{identifier}/brief.{suffix}",
    response_class=Response,
    responses=given_as(*BRIEFS.values()),
)
async def brief(
    request: Request, look: Looked, suffix: Annotated[str, Path(pattern=f"^({'|'.join(BRIEFS)})$")]
) -> Response:
    """The brief of a crisis, as HTML, Markdown, JSON or text."""
    forecast = await unless_left(request, look.board.runs.forecast(look.task))
    text = await run_in_threadpool(render, forecast, suffix)
    headers = own_style(text, BRIEFS[suffix]) if suffix == "html" else None
    return Response(text, headers=headers, media_type=BRIEFS[suffix])


@router.get(
    "/crises/{identifier}/tables/{name}.csv",
    response_class=Response,
    responses=given_as("text/csv"),
)
async def table(
    request: Request,
    look: Looked,
    name: Annotated[
        str, Path(description="of the table", json_schema_extra={"enum": list(tables.NAMES)})
    ],
) -> Response:
    """A table of the page as CSV."""
    if name not in tables.NAMES:
        raise LookupError(f"no table {quoted(name)}: {nearest(name, tables.NAMES, 'there are')}")
    forecast: Forecast | None = None
    if tables.needs_forecast(name):
        forecast = await unless_left(request, look.board.runs.forecast(look.task))
    text = await run_in_threadpool(lambda: tables.table(name, whole_page(look, forecast)))
    return Response(
        text,
        media_type="text/csv; charset=utf-8; header=present",
        headers={"Content-Disposition": f'attachment; filename="{look.crisis.id}-{name}.csv"'},
    )


@router.get(
    "/crises/{identifier}/charts/{name}.svg",
    response_class=Response,
    responses=given_as(SVG),
)
async def drawing(
    request: Request,
    look: Looked,
    name: Annotated[
        str,
        Path(
            description="of the chart: of facts, or one of the forecast by its number",
            json_schema_extra={"pattern": CHART},
        ),
    ],
) -> Response:
    """A chart of the page as SVG."""
    forecast: Forecast | None = None
    if not of_facts(name):
        forecast = await unless_left(request, look.board.runs.forecast(look.task))
    drawn = await run_in_threadpool(chart, name, look, forecast)
    return drawing_file(drawn)


Front = Annotated[str, Query(max_length=64, description="id of a front; the first if absent")]
LevelNamed = Annotated[
    str,
    Query(
        max_length=16,
        description="a level of the ladder",
        json_schema_extra={"enum": list(LEVEL_NAMES)},
    ),
]
By = Annotated[int, Query(ge=1, le=730, description="days after the as-of date")]


def telling(look: Looked, front: Front = "", level: LevelNamed = "limited", by: By = 14) -> Telling:
    """Return which futures are to be told.

    Raises:
        ValueError: no such front or level; the message names what comes nearest.
    """
    fronts = [one.id for one in look.crisis.fronts]
    front = front or fronts[0]
    if front not in fronts:
        raise ValueError(f"no front {quoted(front)}: {nearest(front, fronts, 'there are')}")
    if level not in LEVEL_NAMES:
        raise ValueError(f"no level {quoted(level)}: {nearest(level, LEVEL_NAMES, 'there are')}")
    view: View = look.view
    return Telling(look.crisis, view.seed, view.settings, front, level, by)


Asked = Annotated[Telling, Depends(telling)]


@router.get("/crises/{identifier}/futures.json", responses=NOT_FOUND)
async def futures_data(request: Request, look: Looked, asked: Asked) -> ToldFutures:
    """Futures in which a front is at a level in the week before a day, told day by day."""
    return await unless_left(request, look.board.runs.told(asked))


@router.get(
    "/crises/{identifier}/futures",
    response_class=HTMLResponse,
    responses=given_as("application/json", "text/html"),
)
async def futures_shown(request: Request, look: Looked, asked: Asked) -> Response:
    """The same as a page."""
    told = await futures_data(request, look, asked)
    if wants_json(request):
        return Response(told.model_dump_json(), media_type="application/json")
    return await run_in_threadpool(futures_page, request, look, asked, told)
