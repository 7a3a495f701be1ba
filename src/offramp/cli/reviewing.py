"""Review of proposals one by one at the terminal: accept, edit or drop."""

from __future__ import annotations

from collections.abc import Sequence

import typer

from offramp.reader.proposals import AnyProposal
from offramp.reader.reviewing import EditError, editable, edited, summary, when

_ANSWERS = ("accept", "edit", "drop", "stop here", "yes", "no")


def review(proposals: Sequence[AnyProposal]) -> list[AnyProposal]:
    """Return what a person accepts, asked of each proposal in turn.

    Raises:
        typer.Abort: the review was interrupted; whether to write what was accepted is asked
            first, and where it cannot be asked the answer is no.
    """
    accepted: list[AnyProposal] = []
    try:
        for number, proposal in enumerate(proposals, start=1):
            kept, more = _reviewed(proposal, f"[{number}/{len(proposals)}]")
            accepted += [] if kept is None else [kept]
            if not more:
                break
    except typer.Abort:
        if not accepted:
            typer.echo("\ninterrupted: nothing was accepted, nothing is written", err=True)
            raise
        if not _kept_all_the_same(len(accepted)):
            raise
    return accepted


def _kept_all_the_same(count: int) -> bool:
    """Ask after an interruption whether what was accepted is written."""
    try:
        if typer.confirm(f"\ninterrupted: write the {count} accepted so far?", default=False):
            return True
    except typer.Abort:
        pass
    typer.echo(f"\nnothing is written; {count} had been accepted", err=True)
    return False


def _reviewed(one: AnyProposal, number: str) -> tuple[AnyProposal | None, bool]:
    """Return a proposal as accepted, or None, and whether the review goes on."""
    while True:
        typer.echo(f"\n{number} {summary(one)}")
        typer.echo(f"  {when(one)}, confidence {one.confidence:.2f}")
        for evidence in one.evidence:
            typer.echo(f"  {evidence.document}: {evidence.sentence}")
        answer = typer.prompt("accept, edit, drop or stop here", default="drop").strip().lower()
        match next((word for word in _ANSWERS if answer and word.startswith(answer)), None):
            case "accept" | "yes":
                return one, True
            case "edit":
                one = _edited(one)
            case "drop" | "no":
                return None, True
            case "stop here":
                return None, False
            case _:
                typer.echo(f"  {answer!r} is none of them: a, e, d or s")


def _edited(one: AnyProposal) -> AnyProposal:
    """Return a proposal with one field changed, or as it was where the change is refused.

    A day that is given here is the only day; the first day may be changed after it.
    """
    change = typer.prompt(f"field=value, of {', '.join(editable(one))}", default="")
    name, separator, value = change.partition("=")
    name = name.strip()
    if not separator or name not in editable(one):
        typer.echo(f"  no such field: {name!r}")
        return one
    changes = {name: value} | ({"first_day": value} if name == "day" else {})
    try:
        return edited(one, changes)
    except EditError as error:
        typer.echo(f"  refused: {error}")
        return one
