"""The command that answers questions in the language."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from offramp.brief import asked_page
from offramp.choice.editions import figures_for
from offramp.cli.application import app
from offramp.cli.options import (
    DEFAULT_FUTURES,
    AsJson,
    AsOf,
    CrisisName,
    FutureCount,
    Seed,
    Weights,
    read,
)
from offramp.cli.progress import progress
from offramp.crisis.whole import read_whole
from offramp.forecast.asking import ask, in_language


@app.command(name="ask")
def ask_command(
    name: CrisisName,
    questions: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[QUESTION]...", help="in the language of questions; none lists the file's own"
        ),
    ] = None,
    file: Annotated[
        Path | None, typer.Option(help="questions from a file, one a line; # begins a comment")
    ] = None,
    as_of: AsOf = None,
    weights: Weights = None,
    futures: FutureCount = DEFAULT_FUTURES,
    seed: Seed = 1,
    resolve: Annotated[
        bool, typer.Option("--resolve", help="say how it came out, by the file's later facts")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Ask about a crisis: whether, when, how many, in what order, given what."""
    crisis = read(name, as_of)
    texts = [*(questions or []), *(_lines(file) if file else [])]
    if not texts:
        own = {question.id: in_language(question) for question in crisis.questions}
        typer.echo(json.dumps(own, indent=1) if as_json else "\n".join(own.values()))
        return
    figures = figures_for(crisis.as_of, weights)
    whole = read_whole(name) if resolve else None
    with progress(futures) as report:
        asked = ask(crisis, texts, futures, seed, figures=figures, whole=whole, progress=report)
    if as_json:
        sys.stdout.write(asked.model_dump_json(indent=1) + "\n")
    else:
        Console().print(asked_page(asked))


def _lines(path: Path) -> list[str]:
    """Return the questions in a file.

    Raises:
        ValueError: it is no text, or has none.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise ValueError(f"--file {path}: not text in UTF-8") from None
    lines = [line.partition("#")[0].strip() for line in text.splitlines()]
    if not any(lines):
        raise ValueError(f"--file {path}: no question in it; write one a line")
    return [line for line in lines if line]
