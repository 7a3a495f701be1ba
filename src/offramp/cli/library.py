"""The command that scores past crises: what was forecast as of their days, and what followed."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import Annotated

import typer

from offramp.brief.library_page import library_page
from offramp.cli.application import app
from offramp.cli.options import AsJson, Seed
from offramp.cli.progress import progress
from offramp.cli.score_pages import Out, check, show
from offramp.library.putting import library_files, put_questions, read_library
from offramp.library.scoring import scored

DEFAULT_FUTURES = 20_000


@app.command()
def library(
    directory: Annotated[
        Path | None, typer.Option("--from", help="score the crisis files of this folder instead")
    ] = None,
    futures: Annotated[
        int, typer.Option(min=100, max=1_000_000, help="how many of each crisis and day")
    ] = DEFAULT_FUTURES,
    seed: Seed = 1,
    out: Out = None,
    as_json: AsJson = False,
) -> None:
    """Every past crisis, as of every day of its aftermath, every question: scored."""
    check(out)
    crises = read_library(library_files(directory))
    with progress(len(crises)) as report:
        found = scored(list(put_questions(crises, futures, seed, report)))
    again = ["offramp", "library", *(["--from", str(directory)] if directory else [])]
    page = library_page(found, shlex.join([*again, "--futures", str(futures), "--seed", str(seed)]))
    show(page, found.as_json(), out, as_json)
