"""Commands on history: the fit."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape

from offramp.choice.editions import EDITIONS, NEWEST
from offramp.cli.application import app
from offramp.cli.options import day_of, folder_of
from offramp.storing import write_whole

WEIGHTS = "weights.npz"


@app.command()
def fit(
    out: Annotated[
        Path, typer.Option(help=f"file to write, or a directory, for {WEIGHTS} or the editions")
    ],
    until: Annotated[
        str | None,
        typer.Option(
            metavar="DAY", help=f"use only what ended by it; if absent {EDITIONS[NEWEST]}"
        ),
    ] = None,
    editions: Annotated[
        bool, typer.Option("--editions", help="all that ship; only what is out of date is made")
    ] = False,
    report: Annotated[
        Path | None,
        typer.Option(help="HTML page to write too: diagnostics, weights, predictive checks"),
    ] = None,
    data: Annotated[
        Path | None,
        typer.Option(help="directory of the datasets; those added, or OFFRAMP_DATA, if absent"),
    ] = None,
) -> None:
    """Derive figures from the historical datasets: the weights and all that goes with them."""
    if editions and (until is not None or report is not None):
        raise ValueError("--editions goes with neither --until nor --report")
    if report is not None:
        folder_of(report, "--report")  # not only after minutes of fitting
    day = EDITIONS[NEWEST] if until is None else day_of(until, "--until")
    try:
        if editions:
            _fit_editions(data, out)
        else:
            _fit_one(data, out, day, report)
    except ModuleNotFoundError as error:
        raise ValueError(f"{error.name} is missing: pip install 'offramp[history]'") from error


def _tell(line: str) -> None:
    Console(stderr=True).print(escape(line))


def _fit_editions(data: Path | None, out: Path) -> None:
    from offramp.choice.deriving import derive_editions  # needs pandas
    from offramp.history.locating import shelf

    made = derive_editions(shelf(data), out, _tell)
    _tell(f"wrote {', '.join(made)} to {out}" if made else f"{out}: nothing to do")


def _fit_one(data: Path | None, out: Path, day: date, report: Path | None) -> None:
    from offramp.brief.fit_page import fit_page
    from offramp.choice.deriving import KEEP_ONE_IN, Sources, derive
    from offramp.choice.diagnosing import diagnose  # all of these need pandas
    from offramp.choice.records import thinned
    from offramp.history.locating import shelf

    datasets = shelf(data)
    _tell("reading the datasets")
    path = out if out.suffix == ".npz" else out / WEIGHTS
    derived = derive(Sources.read(datasets), day, _tell)
    path.parent.mkdir(parents=True, exist_ok=True)
    derived.figures.save(path)
    _tell(f"wrote {path}")
    if report is not None:
        _tell("checking the fit")
        diagnosis = diagnose(derived.fitted, thinned(derived.records, KEEP_ONE_IN))
        write_whole(report, fit_page(derived.figures, diagnosis, derived.tempo))
        _tell(f"wrote {report}")
