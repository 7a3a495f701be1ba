"""The command that lets past crises inform the judgements that no dataset does."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from offramp.cli.application import app
from offramp.cli.options import AsJson, Seed
from offramp.cli.progress import progress
from offramp.engine.prior import SINGLE_JUDGEMENTS
from offramp.library.judging import Evidence, evidence_of, judgements_by_edition
from offramp.library.putting import library_files, read_library
from offramp.storing import write_whole


@app.command()
def judgements(
    out: Annotated[
        Path | None, typer.Option(help="file to write, the one that ships or your own")
    ] = None,
    seed: Seed = 1,
    as_json: AsJson = False,
) -> None:
    """What past crises say of the judgements that no dataset informs, by edition."""
    crises = read_library(library_files(None))
    evidence = []
    with progress(len(crises)) as report:
        for number, crisis in enumerate(crises):
            report(crisis.id, number, len(crises))
            evidence.append(evidence_of(crisis, seed))
    found = _as_json(evidence, seed)
    text = json.dumps(found, indent=1) + "\n"
    if out is not None:
        write_whole(out, text)
        typer.echo(f"wrote {out}", err=True)
    if as_json:
        typer.echo(text, nl=False)
    elif out is None:
        Console().print(_table(found))


def _as_json(evidence: list[Evidence], seed: int) -> dict[str, Any]:
    names = [one.name for one in SINGLE_JUDGEMENTS]
    return {
        "command": f"offramp judgements --seed {seed}",
        "unit": "mean and spread on the judgement's own scale; of each crisis mean and precision "
        "of the evidence in elicited spreads from the elicited mean",
        "editions": judgements_by_edition(evidence),
        "crises": {
            one.crisis: {
                "ended": one.ended.isoformat(),
                "evidence": {
                    name: [round(float(mean), 3), round(float(precision), 3)]
                    for name, mean, precision in zip(names, one.mean, one.precision, strict=True)
                    if precision > 0.0
                },
            }
            for one in evidence
        },
    }


def _table(found: dict[str, Any]) -> Table:
    editions = list(found["editions"])
    table = Table("judgement", "elicited", *editions, box=None, padding=(0, 2, 0, 0))
    for one in SINGLE_JUDGEMENTS:
        pairs = [found["editions"][edition].get(one.name) for edition in editions]
        cells = ["as elicited" if pair is None else _pair(*pair) for pair in pairs]
        table.add_row(one.name, _pair(one.mean, one.spread), *cells)
    table.caption = f"{len(found['crises'])} crises; an edition uses those that had ended by then"
    return table


def _pair(mean: float, spread: float) -> str:
    return f"{mean:+.2f} ± {spread:.2f}"
