"""Pages that add facts to a crisis: by form, or from a pasted article after review.

Each form carries the digest of the file that it was made from. Where the file has changed since,
nothing is written, and the form comes back with all that was typed.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from functools import partial
from http import HTTPStatus
from types import MappingProxyType
from typing import Annotated, Any, Literal, get_args
from urllib.parse import parse_qsl, quote, urlencode

from anyio import CapacityLimiter, to_thread
from fastapi import APIRouter, HTTPException, Query
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response

from offramp.board.crisis_file import ChangedError, CrisisFile, Version
from offramp.board.errors import PAGE_OR_JSON
from offramp.board.fact_forms import FieldError, Typed, groups, with_fact
from offramp.board.pasted import ARTICLE_FIELDS, ArticleError, Review, review, with_accepted
from offramp.crisis.problems import CrisisError
from offramp.reader.reviewing import CHOICES, summary, when
from offramp.reader.writing import Outcome

Show = Callable[..., Response]
"""Answers a request with a template and a status, and with what the template shows as keywords."""

Kind = Literal["act", "statement"]
Problems = Sequence[tuple[str, str]]
"""What is wrong, by field; an empty field stands for the whole form."""

Wanted = Annotated[Sequence[str], Query(alias="id", description="ids of facts")]

SHOWN: dict[int | str, dict[str, Any]] = {
    200: {"description": "a page, or JSON where that is asked for", "content": PAGE_OR_JSON},
    404: {"description": "no such crisis", "content": PAGE_OR_JSON},
    422: {"description": "the crisis cannot be read, or has no such form", "content": PAGE_OR_JSON},
}
TAKEN: dict[int | str, dict[str, Any]] = {
    303: {"description": "written; leads to what was"},
    400: {"description": "the body is no form", "content": PAGE_OR_JSON},
    409: {"description": "the file has changed; nothing was written", "content": PAGE_OR_JSON},
    422: {
        "description": "it cannot be written as it stands; the fields are named",
        "content": PAGE_OR_JSON,
    },
}
_FIELDS = {
    "type": "object",
    "description": "`version` as the form gives it, and the form's fields",
    "properties": {"version": {"type": "string"}},
    "additionalProperties": {"type": "string"},
}
_KINDS = ("application/x-www-form-urlencoded", "application/json")


def form_body(schema: dict[str, Any]) -> dict[str, Any]:
    """Return what the description of a route says of a form that it takes, with these fields."""
    content = {kind: {"schema": schema} for kind in _KINDS}
    return {"requestBody": {"required": True, "content": content}}


A_FORM = form_body(_FIELDS)
MOST_FIELDS = 20_000
_CHANGED = (
    "The crisis file has changed since this page was made, so nothing was written. "
    "What you typed is below: look at it again, then send it once more."
)


def adding(files: Callable[[str], CrisisFile], show: Show) -> APIRouter:
    """Return the routes below ``/crises/{identifier}/add``.

    Args:
        files: finds the file of a crisis by its id; what it raises is passed on.
        show: of the board's templates, with escaping.
    """
    router = APIRouter(
        prefix="/crises/{identifier}/add", tags=["add facts"], default_response_class=HTMLResponse
    )

    def page(request: Request, identifier: str) -> _Page:
        return _Page(request, identifier, files(identifier), show)

    _route_articles(router, page)
    for kind in get_args(Kind):
        _route_facts(router, page, kind)
    return router


def _route_articles(router: APIRouter, page: Callable[[Request, str], _Page]) -> None:
    # Reading is work for the processor: one article at a time leaves the rest to the forecast.
    reader = CapacityLimiter(1)

    @router.get("", summary="The form for an article", responses=SHOWN)
    def article(request: Request, identifier: str) -> Response:
        return page(request, identifier).article()

    @router.post(
        "",
        summary="Read an article, and write what is accepted of it",
        responses=SHOWN | TAKEN,
        openapi_extra=A_FORM,
    )
    async def read(request: Request, identifier: str) -> Response:
        typed = await form_of(request)
        work = partial(page(request, identifier).read, typed)
        return await to_thread.run_sync(work, limiter=reader)

    @router.get("/written", summary="Facts that were added, by their ids", responses=SHOWN)
    def written(request: Request, identifier: str, wanted: Wanted = ()) -> Response:
        return page(request, identifier).written(wanted)


def _route_facts(router: APIRouter, page: Callable[[Request, str], _Page], kind: Kind) -> None:
    """Add the routes of one kind of fact, so that no other word is taken for a kind."""

    @router.get(f"/{kind}", summary=f"The form for a fact: {kind}", responses=SHOWN)
    def form(request: Request, identifier: str) -> Response:
        return page(request, identifier).fact(kind, {}, [])

    @router.post(
        f"/{kind}", summary=f"Add a fact: {kind}", responses=SHOWN | TAKEN, openapi_extra=A_FORM
    )
    async def take(request: Request, identifier: str) -> Response:
        typed = await form_of(request)
        return await to_thread.run_sync(page(request, identifier).take_fact, kind, typed)


async def form_of(request: Request) -> dict[str, str]:
    """Return the fields of a form, sent as a browser does or as JSON; the last of a name counts.

    Raises:
        HTTPException: the body is no form.
    """
    body = await request.body()
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind == "application/json":
        try:
            data = json.loads(body)
        except (ValueError, RecursionError):
            raise HTTPException(400, "the body is not JSON") from None
        if not isinstance(data, dict) or not all(isinstance(v, str) for v in data.values()):
            raise HTTPException(400, "the body is not one JSON object whose values are text")
        # JSON can write halves of characters, which no page can show.
        return {_whole(name): _whole(text) for name, text in data.items()}
    try:
        text = body.decode("ascii")
        return dict(parse_qsl(text, keep_blank_values=True, max_num_fields=MOST_FIELDS))
    except ValueError:
        raise HTTPException(
            400, "the body is not a form (application/x-www-form-urlencoded)"
        ) from None


def _whole(text: str) -> str:
    return text.encode(errors="replace").decode()


class _Page:
    """What answers one request for a crisis."""

    def __init__(self, request: Request, identifier: str, file: CrisisFile, show: Show) -> None:
        self.here = f"/crises/{quote(identifier, safe='')}/add"
        self.as_json = "application/json" in request.headers.get("accept", "")
        self.file = file
        self.request = request
        self.show = show

    # --- Forms of facts

    def take_fact(self, kind: Kind, typed: Typed) -> Response:
        """Add the fact of a form that was filled in."""
        written: list[str] = []

        def new(version: Version) -> str:
            name = str(version.path)
            text, entry = with_fact(kind, typed, version.crisis, version.content, name)
            written.append(entry)
            return text

        status, problems = self._change(typed, new)
        return self.fact(kind, typed, problems, status) if problems else self._done(written)

    def fact(
        self, kind: Kind, typed: Typed, problems: Problems, status: int = HTTPStatus.OK
    ) -> Response:
        """Show a form with what was typed."""
        form = groups(kind, self.file.now().crisis)
        fields = [field for group in form for field in group.fields]
        if self.as_json:
            rows = [asdict(field) for field in fields]
            return self._json({"fields": rows, "problems": problems}, status)
        labels = {field.name: field.label for field in fields}
        shown = {"kind": kind, "groups": form, "typed": typed, "labels": labels}
        return self._html("fact", problems, status, **shown)

    # --- Articles

    def article(
        self, typed: Typed = MappingProxyType({}), problems: Problems = (), status: int = 200
    ) -> Response:
        """Show the form for an article."""
        if self.as_json:
            return self._json({"fields": ARTICLE_FIELDS, "problems": problems}, status)
        return self._html("article", problems, status, typed=typed, labels=ARTICLE_FIELDS)

    def read(self, typed: Typed) -> Response:
        """Read an article; write what is accepted, and show what is left to decide."""
        try:
            found = review(typed, self.file.now().crisis)
        except ArticleError as error:
            return self.article(typed, error.problems, HTTPStatus.UNPROCESSABLE_ENTITY)
        if not found.accepted:
            return self._review(found, typed)
        outcomes: list[Outcome] = []

        def new(version: Version) -> str:
            name = str(version.path)
            text, outcome = with_accepted(found, version.crisis, version.content, name)
            outcomes.append(outcome)
            return text

        status, problems = self._change(typed, new)
        if problems:
            return self._review(found, typed, problems, status)
        left = found.left_by(outcomes[0])
        if all(item.decision == "drop" for item in left.items):
            return self._done(outcomes[0].written)
        return self._review(left, typed, written=outcomes[0].written)

    def _review(
        self,
        found: Review,
        typed: Typed,
        problems: Problems = (),
        status: int = HTTPStatus.OK,
        written: Sequence[str] = (),
    ) -> Response:
        if self.as_json:
            rows = [item.as_json() for item in found.items]
            shown = {"written": written, "proposals": rows, "notes": found.notes}
            return self._json(shown | {"problems": problems}, status)
        return self._html(
            "review",
            problems,
            status,
            review=found,
            typed={name: typed.get(name, "") for name in ARTICLE_FIELDS},
            labels={},
            written=written,
            summary=summary,
            when=when,
            choices={name: [(one, one) for one in some] for name, some in CHOICES.items()},
        )

    # --- What all share

    def written(self, identifiers: Sequence[str]) -> Response:
        """Show facts that were added, by their ids."""
        crisis = self.file.now().crisis
        entries = [*crisis.timeline, *crisis.ties, *crisis.claims]
        found = [
            entry.model_dump(mode="json", by_alias=True, exclude_defaults=True)
            for entry in entries
            if entry.id in identifiers
        ]
        if self.as_json:
            return self._json({"written": found}, HTTPStatus.OK)
        return self._html("written", (), HTTPStatus.OK, entries=found, labels={})

    def _change(self, typed: Typed, new: Callable[[Version], str]) -> tuple[int, Problems]:
        """Change the file; return a status and what is wrong, by field."""
        try:
            self.file.change(typed.get("version", ""), new)
        except ChangedError:
            return HTTPStatus.CONFLICT, [("", _CHANGED)]
        except (FieldError, ArticleError) as error:
            return HTTPStatus.UNPROCESSABLE_ENTITY, error.problems
        except CrisisError as error:
            return HTTPStatus.UNPROCESSABLE_ENTITY, [("", str(one)) for one in error.problems]
        return HTTPStatus.OK, []

    def _done(self, written: Sequence[str]) -> Response:
        if self.as_json:
            return self._json({"written": written}, HTTPStatus.OK)
        query = urlencode([("id", one) for one in written])
        return RedirectResponse(f"{self.here}/written?{query}", HTTPStatus.SEE_OTHER)

    def _json(self, shown: Mapping[str, object], status: int) -> Response:
        version = self.file.now()
        place = {"path": str(version.path), "version": version.digest}
        return JSONResponse(place | dict(shown), status)

    def _html(self, name: str, problems: Problems, status: int, **shown: object) -> Response:
        version = self.file.now()
        by_field: dict[str, list[str]] = {}
        for field, said in problems:
            by_field.setdefault(field, []).append(said)
        return self.show(
            self.request,
            f"adding/{name}.html",
            status,
            crisis=version.crisis,
            version=version.digest,
            path=version.path,
            copied_to=self.file.copy if self.file.ships else None,
            add_url=self.here,
            problems=problems,
            by_field=by_field,
            **shown,
        )
