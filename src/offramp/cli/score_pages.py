"""How commands that score show what they found: a page, a file, or JSON."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.markup import escape

from offramp.brief.pages import VIEWS, Page, page_terminal, suffix_of
from offramp.cli.options import folder_of
from offramp.storing import write_whole

Out = Annotated[
    Path | None,
    typer.Option(
        help="write a page instead, with the reliability diagram in HTML; html, json, md, txt"
    ),
]


def check(out: Path | None) -> None:
    """Refuse what could not be written, before minutes of work."""
    if out is not None:
        suffix_of(out)
        folder_of(out)


def show(page: Page, data: dict[str, Any], out: Path | None, as_json: bool) -> None:
    """Print or write what a backtest found."""
    text = json.dumps(data, indent=1) + "\n"
    if out is not None:
        suffix = suffix_of(out)
        write_whole(out, text if suffix == "json" else VIEWS[suffix](page))
        Console(stderr=True).print(f"wrote {escape(str(out))}")
    if as_json:
        sys.stdout.write(text)
    elif out is None:
        Console().print(page_terminal(page))
