"""The pages that add facts, standing alone with a bare frame around them."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import uvicorn
from fastapi import FastAPI
from jinja2 import ChoiceLoader, Environment, FileSystemLoader, PackageLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from offramp.board.adding import adding
from offramp.board.connections import TimedProtocol
from offramp.board.crisis_file import CrisisFile
from offramp.board.guarding import guarded

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


def main(port: int, path: str) -> None:
    """Serve the crisis of a file, as the board does."""
    config = uvicorn.Config(
        guarded(application({"border": path}), port=port),
        port=port,
        http=TimedProtocol,
        ws="none",
        log_level="warning",
    )
    uvicorn.Server(config).run()


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2])
