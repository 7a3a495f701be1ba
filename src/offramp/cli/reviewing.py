"""Review of proposals one by one at the terminal: accept, edit or drop."""

from __future__ import annotations

from collections.abc import Sequence

import typer

from offramp.reader.proposals import AnyProposal
from offramp.reader.reviewing import EditError, editable, edited, summary, when


def review(proposals: Sequence[AnyProposal]) -> list[AnyProposal]:
    """Return what a person accepts, asked of each proposal in turn."""
    accepted: list[AnyProposal] = []
    for number, proposal in enumerate(proposals, start=1):
        one = proposal
        while True:
            typer.echo(f"\n[{number}/{len(proposals)}] {summary(one)}")
            typer.echo(f"  {when(one)}, confidence {one.confidence:.2f}")
            for evidence in one.evidence:
                typer.echo(f"  {evidence.document}: {evidence.sentence}")
            answer = typer.prompt("accept, edit, drop or stop here", default="drop").strip().lower()
            if answer[:1] == "e":
                one = _edited(one)
                continue
            break
        if answer[:1] == "a":
            accepted.append(one)
        elif answer[:1] == "s":
            break
    return accepted


def _edited(one: AnyProposal) -> AnyProposal:
    """Return a proposal with one field changed, or as it was where the change is refused."""
    change = typer.prompt(f"field=value, of {', '.join(editable(one))}", default="")
    name, separator, value = change.partition("=")
    name = name.strip()
    if not separator or name not in editable(one):
        typer.echo(f"  no such field: {name!r}")
        return one
    try:
        return edited(one, {name: value})
    except EditError as error:
        typer.echo(f"  refused: {error}")
        return one
