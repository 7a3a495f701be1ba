"""What went wrong, as a page or as JSON, with the nearest thing that would have gone right."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qsl, urlencode

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException
from starlette.routing import Match

from offramp.board.crises import UnknownCrisisError
from offramp.board.pages import page
from offramp.board.seeing import board_of
from offramp.board.state import LEAST_FUTURES, MOST_FUTURES
from offramp.board.worker import CalledOffError, ComputationError
from offramp.brief.inert import inert_text
from offramp.crisis.problems import CrisisError, quoted

HINTS = {
    "as_of": "write a day as 2024-04-15",
    "futures": f"a whole number from {LEAST_FUTURES:,} to {MOST_FUTURES:,}",
    "seed": "a whole number, 0 or more",
    "day": "a whole number, 0 or more",
    "by": "a whole number of days from 1 to 730",
    "factor": "a number from 0 to 100",
    "bin": "a whole number from 1 to 10",
}
REMEDIES = {
    ("pull", "lever", "factor"): "Show the levers as they were",
    ("set",): "Show it with nothing set",
    ("offramps", "question"): "Search for nothing",
    ("front", "level", "by"): "Show the first front",
}
"""What a request may name that does not exist, and what would do without it."""
TITLES = {404: "There is no such page", 422: "That cannot be shown", 503: "It failed"}
PAGE_OR_JSON: dict[str, Any] = {"text/html": {}, "application/json": {}}
"""As what errors are answered, and what else is a page or data."""
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE")
DATA = (".json", ".csv", ".svg", ".md", ".txt", "/progress")
Nearest = tuple[str, str] | None


def handle(app: FastAPI) -> None:
    """Let an application answer errors with pages."""
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(UnknownCrisisError, _unknown)
    app.add_exception_handler(CrisisError, _unreadable)
    app.add_exception_handler(LookupError, _missing)
    app.add_exception_handler(ValueError, _wrong)
    app.add_exception_handler(ComputationError, _failed)
    app.add_exception_handler(CalledOffError, _left)
    app.add_exception_handler(HTTPException, _http)


def answer(request: Request, status: int, lines: list[str], nearest: Nearest = None) -> Response:
    """Return an error, as JSON where the address or the client asks for data."""
    lines = [inert_text(line) for line in lines]
    path, accepted = request.url.path, request.headers.get("accept", "")
    if path.endswith(DATA) or ("json" in accepted and "html" not in accepted):
        body: dict[str, Any] = {"detail": lines}
        if nearest:
            body["nearest"] = nearest[1]
        return JSONResponse(body, status)
    title = TITLES.get(status, "That did not work")
    return page(
        request, "problem.html", status, code=status, title=title, lines=lines, nearest=nearest
    )


def _without(request: Request, *names: str, **more: str) -> str:
    """Return the address of a request without some parts of its query, and with others."""
    query = [pair for pair in parse_qsl(request.url.query) if pair[0] not in names]
    text = urlencode([*query, *more.items()])
    return request.url.path + (f"?{text}" if text else "")


async def _invalid(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    lines, names, more = [], [], {}
    for one in error.errors():
        name = str(one["loc"][1]) if len(one["loc"]) > 1 else str(one["loc"][0])
        hint = HINTS.get(name, one["msg"])
        lines.append(f"{name} {quoted(str(one['input']))}: {hint}")
        names.append(name)
        bound = one.get("ctx", {}).get("ge", one.get("ctx", {}).get("le"))
        if bound is not None:
            more[name] = str(bound)
    shown = ", ".join(f"{name} {value}" for name, value in more.items())
    to = _without(request, *names, **more)
    return answer(request, 422, lines, (f"Show it with {shown}" if more else "Show it without", to))


async def _unknown(request: Request, error: Exception) -> Response:
    assert isinstance(error, UnknownCrisisError)
    nearest = None
    if error.suggested:
        nearest = (f"Show {error.suggested}", f"/crises/{error.suggested}")
    return answer(request, 404, [str(error)], nearest)


async def _unreadable(request: Request, error: Exception) -> Response:
    """Answer for a crisis that cannot be read, or not as of the day."""
    nearest: Nearest = None
    name = request.path_params.get("identifier", "")
    try:
        first, last = board_of(request).shelf.open(name).days
        asked = request.query_params.get("as_of", "")
        day = first if asked < first.isoformat() else last
        nearest = (f"Show it as of {day}", _without(request, "as_of", as_of=str(day)))
    except (CrisisError, ValueError):
        pass  # the file itself cannot be read: no day would do
    return answer(request, 422, str(error).splitlines(), nearest)


async def _missing(request: Request, error: Exception) -> Response:
    return answer(request, 404, [str(error.args[0] if error.args else error)])


async def _wrong(request: Request, error: Exception) -> Response:
    """Answer for a value that a request names and that does not exist."""
    for names, text in REMEDIES.items():
        if any(name in request.query_params for name in names):
            nearest = (text, _without(request, *names))
            return answer(request, 422, str(error).splitlines(), nearest)
    return answer(request, 422, str(error).splitlines())


async def _failed(request: Request, error: Exception) -> Response:
    return answer(request, 503, str(error).splitlines())


async def _left(request: Request, error: Exception) -> Response:
    return Response(status_code=499)


async def _http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    told = answer(request, error.status_code, [str(error.detail)])
    told.headers.update(error.headers or {})
    if error.status_code == 405:
        told.headers["Allow"] = ", ".join(methods(request))
    return told


def methods(request: Request) -> list[str]:
    """Return every method that the path of a request takes.

    The route that refuses a method knows its own alone, but a path may have several.
    """
    routes = request.app.router.routes
    return [
        method
        for method in METHODS
        if any(one.matches({**request.scope, "method": method})[0] is Match.FULL for one in routes)
    ]
