"""The pages that add facts, standing alone with a bare frame around them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from fastapi import FastAPI
from jinja2 import ChoiceLoader, Environment, FileSystemLoader, PackageLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from offramp.board.adding import adding
from offramp.board.crisis_file import CrisisFile

FRAME = Path(__file__).parent / "standing"


def application(crises: dict[str, str]) -> FastAPI:
    """Return an application for crises by id, each with its name or path."""
    environment = Environment(
        loader=ChoiceLoader([FileSystemLoader(FRAME), PackageLoader("offramp.board")]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )

    def show(request: Request, name: str, status: int, **shown: Any) -> Response:
        return HTMLResponse(environment.get_template(name).render(**shown), status)

    app = FastAPI()
    app.include_router(adding(lambda name: CrisisFile(crises[name]), show))
    return app
