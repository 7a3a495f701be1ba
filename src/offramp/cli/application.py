"""The application that the commands register with, and how it ends."""

from __future__ import annotations

import sys
from typing import Any

import typer
from rich.console import Console
from rich.markup import escape
from typer.core import TyperGroup

from offramp.cli.options import EXIT_BAD_INPUT
from offramp.crisis.problems import CrisisError


class Commands(TyperGroup):
    """A group whose help has the whole summary of each command, wrapped and not cut off."""

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        """Write name and summary of each command."""
        named = [(name, self.get_command(ctx, name)) for name in self.list_commands(ctx)]
        with formatter.section("Commands"):
            formatter.write_dl([(name, one.get_short_help_str(1000)) for name, one in named if one])


app = typer.Typer(
    name="offramp",
    cls=Commands,
    help="What's next in a crisis: calibrated probabilities, with reasons and base rates.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


def main() -> None:
    """Run the command line; bad input ends with code 2 and its reasons, an interrupt with 130."""
    errors = Console(stderr=True, soft_wrap=True, highlight=False)
    try:
        app(prog_name="offramp")
    except CrisisError as error:
        errors.print(escape(str(error)))
        sys.exit(EXIT_BAD_INPUT)
    except (ValueError, OSError) as error:
        errors.print(f"offramp: {escape(_reason(error))}")
        sys.exit(EXIT_BAD_INPUT)


def _reason(error: ValueError | OSError) -> str:
    """Return what was wrong; of a file, its name and no number of the system's."""
    if isinstance(error, OSError) and error.filename is not None and error.strerror:
        return f"{error.filename}: {error.strerror.lower()}"
    return str(error)
