"""Commands that look forward: the brief, one future, and the table of terms."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from offramp.brief import FORMATS, render, terminal_page
from offramp.choice.editions import figures_for
from offramp.choice.judgements import JUDGEMENTS
from offramp.choice.terms import ELICITED, EXPECTED_RETALIATION, TERMS
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
from offramp.forecast import forecast, simulate_crisis, tell
from offramp.storing import write_whole


@app.command()
def brief(
    name: CrisisName,
    as_of: AsOf = None,
    weights: Weights = None,
    futures: FutureCount = DEFAULT_FUTURES,
    seed: Seed = 1,
    out: Annotated[
        Path | None,
        typer.Option(help=f"write a file instead, by suffix: {', '.join(sorted(FORMATS))}"),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """What's next: the brief of a crisis."""
    if out is not None and out.suffix.lower().removeprefix(".") not in FORMATS:
        known = ", ".join(sorted(f".{name}" for name in FORMATS))
        raise ValueError(f"--out {out}: unknown suffix {out.suffix!r}; one of {known}")
    crisis = read(name, as_of)
    figures = figures_for(crisis.as_of, weights)
    with progress(futures) as report:
        # A page shows how the forecast is built up, which takes longer than the forecast itself.
        page = out is not None and out.suffix.lower() in (".html", ".md")
        result = forecast(crisis, futures, seed, figures=figures, decomposed=page, progress=report)
    if out is not None:
        write_whole(out, render(result, out.suffix))
        Console(stderr=True).print(f"wrote {escape(str(out))}")
    if as_json:
        sys.stdout.write(render(result, ".json"))
    elif out is None:
        Console().print(terminal_page(result))


@app.command()
def future(
    name: CrisisName,
    number: Annotated[int, typer.Option(min=0, max=2**32 - 1, help="which future")] = 0,
    as_of: AsOf = None,
    weights: Weights = None,
    seed: Seed = 1,
    as_json: AsJson = False,
) -> None:
    """One simulated future, told day by day."""
    crisis = read(name, as_of)
    figures = figures_for(crisis.as_of, weights)
    with progress(1) as report:
        simulated = simulate_crisis(crisis, 1, seed, first=number, figures=figures, progress=report)
    lines = tell(simulated.futures, 0)
    typer.echo(
        json.dumps({"number": number, "lines": lines}, indent=1) if as_json else "\n".join(lines)
    )


@app.command()
def terms(as_json: AsJson = False) -> None:
    """The table of terms: every covariate and every elicited prior, with its reason."""
    weighted = [*TERMS, EXPECTED_RETALIATION]
    if as_json:
        rows = [
            {
                "name": one.name,
                "unit": one.unit,
                "meaning": one.meaning,
                "elicited": one.elicited,
                "mean": one.mean,
                "spread": one.spread,
                "reason": one.reason,
            }
            for one in weighted
        ]
        other = [vars(one) for one in JUDGEMENTS]
        typer.echo(json.dumps({"terms": rows, "judgements": other}, indent=1))
        return
    table = Table("term", "meaning", "weight", box=None, padding=(0, 2, 0, 0))
    for one in weighted:
        weight = f"elicited {one.mean:+.2f} ± {one.spread:.2f}" if one.elicited else "estimated"
        table.add_row(one.name, f"{one.meaning} ({one.unit})", weight)
    for judgement in JUDGEMENTS:
        prior = f"elicited {judgement.mean:+.2f} ± {judgement.spread:.2f} ({judgement.scale})"
        table.add_row(judgement.name, judgement.meaning, prior)
    Console().print(table)
    typer.echo(f"{len(ELICITED) + 1 + len(JUDGEMENTS)} elicited, with reasons under --json.")
