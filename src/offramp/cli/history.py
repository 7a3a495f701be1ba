"""Commands on history: the fit."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape

from offramp.cli.application import app
from offramp.cli.options import day_of


@app.command()
def fit(
    out: Annotated[Path, typer.Option(help="directory to write weights.npz and figures.json to")],
    until: Annotated[str, typer.Option(help="use only what ended by this day")] = "2014-12-31",
    data: Annotated[
        Path | None, typer.Option(help="directory of the datasets; OFFRAMP_DATA if absent")
    ] = None,
) -> None:
    """Derive the shipped figures from the historical datasets."""
    try:
        from offramp.choice.deriving import derive  # needs pandas, which running does not
        from offramp.history.locating import data_directory
    except ModuleNotFoundError as error:
        raise ValueError(f"{error.name} is missing: pip install 'offramp[history]'") from error
    day = day_of(until, "--until")
    console = Console(stderr=True)
    derive(data_directory(data), day, lambda line: console.print(escape(line))).save(out)
    console.print(f"wrote {escape(str(out))}")
