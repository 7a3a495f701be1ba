"""Commands on the datasets of this machine: add one, list them, remove one, derive the cases."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from offramp.choice.decision_points import DecisionPoints, current_points
from offramp.cli.application import Commands, app
from offramp.cli.options import AsJson
from offramp.store import DECISION_POINTS, workspace

if TYPE_CHECKING:
    from offramp.history.library import Library

group = typer.Typer(
    cls=Commands,
    name="history",
    help="The publishers' datasets on this machine.",
    no_args_is_help=True,
    rich_markup_mode=None,
)
app.add_typer(group)


def library() -> Library:
    """Return the datasets of this machine's workspace.

    Raises:
        ValueError: what it takes to read datasets is not installed.
    """
    try:
        from offramp.history.library import Library  # needs pandas and DuckDB; running does not
    except ModuleNotFoundError as error:
        raise ValueError(f"{error.name} is missing: pip install 'offramp[history]'") from error
    return Library(workspace())


@group.command("add")
def add(
    dataset: Annotated[
        str, typer.Argument(metavar="[DATASET]", help="told by the columns if left out")
    ],
    file: Annotated[
        Path | None, typer.Argument(metavar="FILE", help="as its publisher gives it, plain or .gz")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Check a publisher's file whole and keep it, for the fit, base rates and analogues."""
    name, path = (None, Path(dataset)) if file is None else (dataset, file)
    entry = library().add(path.expanduser(), name)
    if as_json:
        typer.echo(json.dumps(asdict(entry), indent=1))
        return
    span = "" if entry.first_year is None else f", {entry.first_year}–{entry.last_year}"
    typer.echo(f"{entry.dataset}: {entry.rows:,} rows{span}. Cite: {entry.citation}.")
    typer.echo(f"Terms: {entry.licence}.")


@group.command("list")
def show(as_json: AsJson = False) -> None:
    """The datasets that were added: version, rows, span, hash, citation and terms."""
    entries = library().entries()
    if as_json:
        typer.echo(json.dumps([asdict(entry) for entry in entries], indent=1))
        return
    if not entries:
        typer.echo("nothing was added; next: offramp history add FILE")
        return
    table = Table("dataset", "version", "rows", "span", "added", "SHA-256", box=None)
    for entry in entries:
        span = "–" if entry.first_year is None else f"{entry.first_year}–{entry.last_year}"
        version = escape(entry.version) or "–"
        row = (version, f"{entry.rows:,}", span, entry.added[:10], entry.sha256[:12])
        table.add_row(entry.dataset, *row)
    Console().print(table)
    for entry in entries:
        typer.echo(f"{entry.dataset}: {entry.citation}. Terms: {entry.licence}.")


@group.command("remove")
def remove(
    dataset: Annotated[str, typer.Argument(metavar="DATASET", help="as the list names it")],
) -> None:
    """Take a dataset out again, its file with it."""
    library().remove(dataset)
    typer.echo(f"{dataset}: removed")


@group.command("points")
def points(
    out: Annotated[
        Path | None, typer.Option(help="file to write, .npz; into the workspace if absent")
    ] = None,
    data: Annotated[
        Path | None, typer.Option(help="directory of the datasets; those added here if absent")
    ] = None,
) -> None:
    """Derive the decision points that base rates and analogues are counted on."""
    made = _gather(data)
    path = workspace() / DECISION_POINTS if out is None else out
    made.save(path)
    last = date.fromordinal(int(made.day.max()))
    typer.echo(f"wrote {path}: {len(made):,} decision points, the last on {last}")


def _gather(data: Path | None) -> DecisionPoints:
    try:
        from offramp.choice.gathering import gather_from
        from offramp.history.locating import shelf
    except ModuleNotFoundError as error:
        raise ValueError(f"{error.name} is missing: pip install 'offramp[history]'") from error
    Console(stderr=True).print("deriving decision points from the datasets, about a minute")
    return gather_from(shelf(data))


def points_here() -> DecisionPoints:
    """Return the decision points to count on, made first where datasets were added since.

    Where what was added does not suffice, those that ship serve, and standard error says so.
    """
    home = workspace()
    if (home / "history" / "catalogue.duckdb").exists() and not (home / DECISION_POINTS).exists():
        from offramp.history.sources import DatasetError

        try:
            _gather(None).save(home / DECISION_POINTS)
        except DatasetError as error:
            Console(stderr=True, soft_wrap=True).print(
                f"the cases that ship serve, since what was added does not suffice: "
                f"{escape(str(error))}"
            )
    return current_points()
