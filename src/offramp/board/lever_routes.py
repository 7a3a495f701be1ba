"""The pages of levers and off-ramps, and what to watch, with the same as data."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import HTMLResponse, RedirectResponse, StreamingResponse

from offramp.board.ahead import moves
from offramp.board.keeping import key_of
from offramp.board.lever_page import (
    LeversData,
    Move,
    effects_drawing,
    effects_table,
    levers_data,
    levers_page,
    moved,
    searched,
)
from offramp.board.levering import (
    PulledLevers,
    Ways,
    ahead_job,
    pull_jobs,
    search_job,
    watch_job,
)
from offramp.board.pages import SVG, drawing_file
from offramp.board.routes import (
    NOT_FOUND,
    Looked,
    given_as,
    streamed,
    unless_left,
    wants_json,
)
from offramp.board.runs import Job
from offramp.board.seeing import Seen
from offramp.board.watching import watch_table
from offramp.forecast.explanations import WatchList
from offramp.forecast.levers.effects import question_of

router = APIRouter(tags=["levers"])

Sought = Annotated[
    str, Query(max_length=64, description="id of the question whose off-ramps are searched for")
]


def move(
    pull: Annotated[
        str, Query(max_length=200, description="a lever to set, as NAME=VALUE; NAME= takes it back")
    ] = "",
    lever: Annotated[str, Query(max_length=200, description="a lever that takes a factor")] = "",
    factor: Annotated[float, Query(ge=0, le=100, description="of that; 1 takes it back")] = 1.0,
    offramps: Sought = "",
) -> Move:
    """Return what a form of the page changes."""
    return Move(pull, lever, factor, offramps)


def _jobs(look: Seen, question: str) -> list[Job]:
    jobs = pull_jobs(look.task)
    return [*jobs, search_job(look.task, question)] if question else jobs


@router.get(
    "/crises/{identifier}/levers",
    response_class=HTMLResponse,
    responses=given_as("text/html", "application/json"),
)
async def levers_shown(
    request: Request,
    look: Looked,
    move: Annotated[Move, Depends(move)],
    wait: Annotated[str, Query(max_length=10, description="`yes` waits for the answer")] = "",
) -> Response:
    """What the levers that are set do to each question, and forms that set others."""
    question = searched(look, move.offramps)
    more = {"offramps": question} if question else {}
    if move.pull or move.lever:
        return RedirectResponse(moved(look, move).url("/levers", **more), 303)
    jobs, runs = _jobs(look, question), look.board.runs
    if wants_json(request):
        return Response((await _data(request, look)).model_dump_json(), media_type=JSON)
    if wait:
        await unless_left(request, runs.made(*jobs))
        return RedirectResponse(look.view.url("/levers", **more), 303)
    found: PulledLevers | None = runs.finest(pull_jobs(look.task))
    ways: Ways | None = runs.finest(jobs[-1:]) if question else None
    done = found is not None and found.pairs == look.view.futures and (ways or not question)
    follow = None if done else look.view.url("/levers/progress", **more)
    return await run_in_threadpool(levers_page, request, look, found, ways, question, follow)


JSON = "application/json"


async def _pulled(request: Request, look: Seen) -> PulledLevers:
    found: PulledLevers = await unless_left(request, look.board.runs.made(*pull_jobs(look.task)))
    return found


async def _data(request: Request, look: Seen) -> LeversData:
    return levers_data(look, await _pulled(request, look))


@router.get("/crises/{identifier}/levers.json", responses=NOT_FOUND)
async def levers_as_data(request: Request, look: Looked) -> LeversData:
    """The levers of a crisis, and what those that are set do."""
    return await _data(request, look)


@router.get(
    "/crises/{identifier}/levers.csv", response_class=Response, responses=given_as("text/csv")
)
async def levers_table(request: Request, look: Looked) -> Response:
    """What the levers that are set do, as CSV."""
    text = effects_table(await _pulled(request, look))
    return Response(text, media_type="text/csv; charset=utf-8; header=present")


@router.get("/crises/{identifier}/levers.svg", response_class=Response, responses=given_as(SVG))
async def levers_drawing(request: Request, look: Looked) -> Response:
    """What the levers that are set do, as SVG."""
    return drawing_file(effects_drawing(look, await _pulled(request, look)))


@router.get("/crises/{identifier}/offramps.json", responses=NOT_FOUND)
async def ways_as_data(request: Request, look: Looked, question: Sought = "") -> Ways:
    """Off-ramps of a question; of the first headline with yes or no if none is named."""
    asked = question_of(look.crisis, question or None).id
    found: Ways = await unless_left(request, look.board.runs.made(search_job(look.task, asked)))
    return found


@router.get("/crises/{identifier}/watch.json", responses=NOT_FOUND)
async def watch_as_data(request: Request, look: Looked) -> WatchList:
    """What to watch for in the coming days, the most telling first."""
    found: WatchList = await unless_left(request, look.board.runs.made(watch_job(look.task)))
    return found


@router.get(
    "/crises/{identifier}/watch.csv", response_class=Response, responses=given_as("text/csv")
)
async def watch_as_table(request: Request, look: Looked) -> Response:
    """The same as CSV."""
    text = watch_table(await watch_as_data(request, look))
    return Response(text, media_type="text/csv; charset=utf-8; header=present")


@router.get(
    "/crises/{identifier}/levers/progress",
    response_class=StreamingResponse,
    responses=given_as("text/event-stream"),
)
async def levers_progress(look: Looked, offramps: Sought = "") -> Response:
    """Follow the answers to levers while they are computed: server-sent events."""
    return streamed(look.board.runs.follow(_jobs(look, searched(look, offramps))))


@router.get(
    "/crises/{identifier}/levers/ahead",
    response_class=StreamingResponse,
    responses=given_as("text/event-stream"),
)
async def levers_ahead(look: Looked) -> Response:
    """Have each view that is one move away answered, and follow how many are: server-sent events.

    Each answer is the full one, and is kept, so that the move then shows it at once. This goes
    after all that is asked for, and goes on for as long as somebody follows it. `progress` tells
    how many of how many are `done`; `done` comes in the end.
    """
    jobs = await run_in_threadpool(lambda: [ahead_job(task) for task in moves(look)])
    return streamed(look.board.runs.ahead(f"ahead/{key_of(look.task)}", jobs))
