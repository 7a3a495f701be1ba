"""Logging what the page of a crisis answers: into the ledger, as `offramp log` does."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import JSONResponse, RedirectResponse

from offramp.board import errors
from offramp.board.adding import form_body, form_of
from offramp.board.routes import NOT_FOUND, Looked, unless_left, wants_json

router = APIRouter(tags=["track record"])
TAKEN: dict[int | str, dict[str, Any]] = NOT_FOUND | {
    200: {"description": "recorded, where JSON is asked for", "content": {"application/json": {}}},
    303: {"description": "recorded; leads back to the page"},
    400: {"description": "the body is no form", "content": errors.PAGE_OR_JSON},
    409: {
        "description": "the facts have changed; nothing was recorded",
        "content": errors.PAGE_OR_JSON,
    },
}
FIELDS = {
    "type": "object",
    "required": ["facts_sha256"],
    "properties": {
        "facts_sha256": {"type": "string", "description": "of the forecast that was looked at"}
    },
}


@router.post("/crises/{identifier}/log", responses=TAKEN, openapi_extra=form_body(FIELDS))
async def log_answers(request: Request, look: Looked) -> Response:
    """Record the answers of a forecast in the ledger; what it holds already is not recorded again.

    They are those that were looked at: where the facts have changed since, nothing is recorded.
    """
    typed = await form_of(request)
    view = look.view
    if view.settings:
        raise ValueError("with levers set it is no forecast, but what would be: take them back")
    if typed.get("facts_sha256") != look.facts:
        said = "These are not the facts that were looked at, so nothing was logged."
        return errors.answer(request, 409, [said], ("Look at it as it is now", view.url()))
    forecast = await unless_left(request, look.board.runs.forecast(look.task))
    added = await run_in_threadpool(look.board.logged.add, forecast)
    if wants_json(request):
        rows = [{"number": one.number, "hash": one.hash} for one in added]
        return JSONResponse({"recorded": rows, "already": len(forecast.answers) - len(added)})
    return RedirectResponse(f"{view.url()}#log", 303)
