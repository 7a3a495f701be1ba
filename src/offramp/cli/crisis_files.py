"""Commands on crisis files: what ships, what a file says, whether it is right, a new one."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from offramp.cli.application import app
from offramp.cli.options import EXIT_BAD_INPUT, AsJson, AsOf, CrisisName, read
from offramp.cli.reading import AllowPrivate, Dateline, draft_from
from offramp.crisis.as_of import canonical_json, read_crisis
from offramp.crisis.describing import describe
from offramp.crisis.library import shipped
from offramp.crisis.problems import CrisisError
from offramp.crisis.template import write_template
from offramp.forecast.words import counted


@app.command()
def check(name: CrisisName, as_json: AsJson = False) -> None:
    """Check a crisis file: every problem at once, with file, line, field and the fix."""
    try:
        crisis = read(name, None)
    except CrisisError as error:
        if as_json:
            problems = [asdict(problem) for problem in error.problems]
            typer.echo(json.dumps({"valid": False, "problems": problems}, indent=1, default=str))
            raise typer.Exit(EXIT_BAD_INPUT) from None
        raise
    if as_json:
        typer.echo(json.dumps({"valid": True, "problems": []}, indent=1))
    else:
        parts = (
            counted(len(crisis.actors), "actor"),
            counted(len(crisis.fronts), "front"),
            counted(len(crisis.timeline), "timeline entry", "timeline entries"),
        )
        asked = counted(len(crisis.questions), "question")
        typer.echo(f"{name}: fine. {', '.join(parts)} and {asked} as of {crisis.as_of}.")


@app.command()
def new(
    name: Annotated[str, typer.Argument(help="lower case, digits, hyphens; becomes NAME.yaml")],
    article: Annotated[
        str | None,
        typer.Option("--from", metavar="WHAT", help="draft it from a file, folder or address"),
    ] = None,
    dateline: Dateline = None,
    allow_private: AllowPrivate = False,
) -> None:
    """Write a commented crisis file to start from, or with --from a draft from reporting, here."""
    if article is None:
        path = write_template(name, Path.cwd())
    else:
        path = draft_from(article, name, Path.cwd(), dateline, allow_private)
    typer.echo(f"wrote {path.name}; next: offramp check {path.name}")


@app.command()
def show(name: CrisisName, as_of: AsOf = None, as_json: AsJson = False) -> None:
    """Actors, ties, fronts and timeline of a crisis, as a person reads them."""
    crisis = read(name, as_of)
    if as_json:
        sys.stdout.write(canonical_json(crisis).decode() + "\n")
    else:
        Console().print(describe(crisis))


@app.command()
def crises(as_json: AsJson = False) -> None:
    """The crises that ship."""
    found = [read_crisis(name) for name in shipped()]
    if as_json:
        rows = [{"id": one.id, "title": one.title, "as_of": str(one.as_of)} for one in found]
        typer.echo(json.dumps(rows, indent=1))
        return
    table = Table("id", "as of", "title", box=None)
    for one in found:
        table.add_row(one.id, str(one.as_of), escape(one.title))
    Console().print(table)
