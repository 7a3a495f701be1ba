"""The track record of the ledger: calibration, scores beside baselines, and the questions behind.

The ledger is read anew for each request: it may have grown. Beside it stand the model's scores on
past crises, where the workspace has them.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import HTMLResponse
from starlette.concurrency import run_in_threadpool

from offramp.board.errors import PAGE_OR_JSON
from offramp.board.library_scores import LibraryScores, library_scores, making
from offramp.board.pages import SVG, chart_style, drawing_file, page
from offramp.board.routes import given_as
from offramp.board.tables import written
from offramp.brief.charts import svg
from offramp.brief.inert import inert_text
from offramp.brief.record_page import diagram, shown
from offramp.ledger.contests import Case
from offramp.ledger.database import LedgerError, open_ledger
from offramp.ledger.entries import Entry
from offramp.ledger.record import Record
from offramp.ledger.scoring import cases_by_bin, track_record

router = APIRouter(tags=["track record"])
UNREADABLE: dict[int | str, dict[str, Any]] = {
    404: {"description": "nothing of that kind is there yet", "content": PAGE_OR_JSON},
    422: {
        "description": "the ledger is not as it was written, or no point",
        "content": PAGE_OR_JSON,
    },
}


@router.get("/record", response_class=HTMLResponse, responses=UNREADABLE)
async def record_shown(
    request: Request,
    point: Annotated[
        int | None,
        Query(alias="bin", ge=1, le=10, description="point of the diagram, from the left"),
    ] = None,
) -> Response:
    """The track record; with a point of the diagram, the forecasts that it stands for."""
    return await run_in_threadpool(_page, request, point)


def _page(request: Request, point: int | None) -> Response:
    entries = _entries()
    record = track_record(entries)
    bins = cases_by_bin(entries)
    if point is not None and point > len(bins):
        raise LookupError(f"bin {point}: the diagram has {len(bins)} points")
    links = [f"/record?bin={number + 1}#bin" for number in range(len(bins))]
    return page(
        request,
        "record.html",
        point=point,
        cases=[_row(one) for one in _sorted(bins[point - 1])] if point else [],
        commands=("offramp record", making()),
        **_library(),
        **shown(record, links),
    )


@router.get("/record.json", responses=UNREADABLE)
def record_data() -> dict[str, Any]:
    """The track record, as `offramp record --json` tells it."""
    return track_record(_entries()).as_json()


@router.get(
    "/record.csv", response_class=Response, responses=given_as("text/csv", otherwise=UNREADABLE)
)
def record_table() -> Response:
    """Every scored yes/no forecast as CSV, with its point of the diagram."""
    columns = ("bin", "crisis", "question", "title", "as_of", "closes", "probability", "outcome")
    rows = (
        (number, *_row(one).values())
        for number, cases in enumerate(cases_by_bin(_entries()), start=1)
        for one in _sorted(cases)
    )
    return Response(written(columns, rows), media_type="text/csv; charset=utf-8; header=present")


@router.get("/record.svg", response_class=Response, responses=given_as(SVG, otherwise=UNREADABLE))
def record_drawing() -> Response:
    """The reliability diagram as SVG."""
    record: Record = track_record(_entries())
    if not record.calibration:
        raise LookupError("no reliability diagram: no forecast of a yes/no question is scored yet")
    return drawing_file(svg.standing_alone(diagram(record), chart_style()))


@router.get("/library.json", responses=UNREADABLE)
def library_data() -> LibraryScores:
    """The scores on past crises, where they were made: what the track record shows of them."""
    return library_scores()[0]


@router.get(
    "/library.csv", response_class=Response, responses=given_as("text/csv", otherwise=UNREADABLE)
)
def library_table() -> Response:
    """The same by crisis, as CSV."""
    text = library_scores()[0].as_table()
    return Response(text, media_type="text/csv; charset=utf-8; header=present")


def _library() -> dict[str, Any]:
    """Return what the page shows of the scores on past crises, or why it shows nothing."""
    try:
        found, made = library_scores()
    except LookupError:
        return {"library": None, "library_problem": ""}
    except ValueError as error:
        return {"library": None, "library_problem": str(error)}
    return {"library": found, "library_made": made}


def _entries() -> Sequence[Entry]:
    """Return the entries of the ledger; none where there is no ledger yet."""
    try:
        return open_ledger().entries()
    except LedgerError as error:
        if "starts one" in str(error):
            return []
        raise


def _sorted(cases: Sequence[Case]) -> list[Case]:
    return sorted(cases, key=lambda one: (*one.question, one.forecast.as_of))


def _row(case: Case) -> dict[str, Any]:
    made = case.forecast
    return {
        "crisis": inert_text(made.crisis),
        "question": inert_text(made.question),
        "title": inert_text(made.title),
        "as_of": made.as_of,
        "closes": made.scheduled_close_time,
        "probability": made.probability_yes,
        "outcome": inert_text(case.outcome),
    }
