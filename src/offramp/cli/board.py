"""The command that opens the board."""

from __future__ import annotations

import sys
import threading
import webbrowser
from typing import Annotated

import typer

from offramp.cli.application import app
from offramp.cli.options import CrisisName

HOST = "127.0.0.1"
DEFAULT_PORT = 8044


@app.command()
def board(
    name: CrisisName = "israel-iran-2024-04",
    port: Annotated[int, typer.Option(min=1, max=65535, help="to serve it on")] = DEFAULT_PORT,
    no_open: Annotated[bool, typer.Option("--no-open", help="open no browser")] = False,
) -> None:
    """The crisis on one screen: a local web app, until it is interrupted."""
    import uvicorn  # what serves is needed by no other command

    from offramp.board.application import application
    from offramp.board.connections import TimedProtocol

    served = application(name, port=port)
    address = f"http://{HOST}:{port}/"
    config = uvicorn.Config(
        served,
        host=HOST,
        port=port,
        http=TimedProtocol,
        ws="none",
        log_level="warning",
        server_header=False,
        lifespan="on",
        timeout_keep_alive=75,
        timeout_graceful_shutdown=1,  # whoever follows a computation would hold it up
    )
    sys.setswitchinterval(0.001)  # readers need not wait long for what is being rendered
    typer.echo(f"{address} (Ctrl-C ends it)")
    if not no_open:
        threading.Timer(1.0, webbrowser.open, [address]).start()
    uvicorn.Server(config).run()
