"""The command line."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from offramp.brief import FORMATS, render, terminal_page
from offramp.choice.terms import ELICITED, EXPECTED_RETALIATION, JUDGEMENTS, TERMS, claimable_terms
from offramp.crisis.as_of import canonical_json, read_crisis
from offramp.crisis.describing import describe
from offramp.crisis.library import shipped
from offramp.crisis.problems import CrisisError
from offramp.crisis.schema import Crisis
from offramp.crisis.template import write_template
from offramp.forecast import forecast, simulate_crisis, tell
from offramp.forecast.forecasting import Progress as Report
from offramp.storing import write_whole

app = typer.Typer(
    name="offramp",
    help="What's next in a crisis: calibrated probabilities, with reasons and base rates.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
EXIT_BAD_INPUT = 2
DEFAULT_FUTURES = 100_000
MOST_FUTURES = 5_000_000

CrisisName = Annotated[
    str, typer.Argument(metavar="CRISIS", help="a crisis that ships, or a .yaml file")
]
AsOf = Annotated[
    str | None,
    typer.Option("--as-of", metavar="DAY", help="YYYY-MM-DD; the file's own day if absent"),
]
Seed = Annotated[int, typer.Option(min=0, max=2**63 - 1, help="same seed, same result")]
AsJson = Annotated[bool, typer.Option("--json", help="print JSON")]


def main() -> None:
    """Run the command line; bad input ends with code 2 and its reasons, an interrupt with 130."""
    errors = Console(stderr=True, soft_wrap=True, highlight=False)
    try:
        app()
    except CrisisError as error:
        errors.print(escape(str(error)))
        sys.exit(EXIT_BAD_INPUT)
    except (ValueError, OSError) as error:
        errors.print(f"offramp: {escape(str(error))}")
        sys.exit(EXIT_BAD_INPUT)


def _day(text: str | None) -> date | None:
    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ValueError(f"--as-of {text!r}: not a day; write it as 2024-04-15") from None


def _read(name: str, as_of: str | None) -> Crisis:
    return read_crisis(name, _day(as_of), claimable_terms())


@contextmanager
def _progress(count: int) -> Iterator[Report]:
    """Show on standard error how far the work is, where that is a terminal."""
    bar = Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=Console(stderr=True),
        transient=True,
    )
    with bar:
        task = bar.add_task("starting (the first run compiles, about a minute)", total=count)

        def report(step: str, done: int, total: int) -> None:
            bar.update(task, description=step, completed=done, total=total)

        yield report


@app.command()
def brief(
    name: CrisisName,
    as_of: AsOf = None,
    futures: Annotated[
        int, typer.Option(min=100, max=MOST_FUTURES, help="how many to simulate")
    ] = DEFAULT_FUTURES,
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
    crisis = _read(name, as_of)
    with _progress(futures) as report:
        result = forecast(crisis, futures, seed, progress=report)
    if out is not None:
        write_whole(out, render(result, out.suffix))
        Console(stderr=True).print(f"wrote {escape(str(out))}")
    if as_json:
        sys.stdout.write(render(result, ".json"))
    elif out is None:
        Console().print(terminal_page(result))


@app.command()
def check(name: CrisisName, as_json: AsJson = False) -> None:
    """Check a crisis file: every problem at once, with file, line, field and the fix."""
    try:
        crisis = _read(name, None)
    except CrisisError as error:
        if as_json:
            problems = [asdict(problem) for problem in error.problems]
            typer.echo(json.dumps({"valid": False, "problems": problems}, indent=1, default=str))
            raise typer.Exit(EXIT_BAD_INPUT) from None
        raise
    if as_json:
        typer.echo(json.dumps({"valid": True, "problems": []}, indent=1))
    else:
        facts = len(crisis.timeline)
        typer.echo(
            f"{name}: fine. {len(crisis.actors)} actors, {len(crisis.fronts)} fronts, "
            f"{facts} timeline entries and {len(crisis.questions)} questions as of {crisis.as_of}."
        )


@app.command()
def new(
    name: Annotated[str, typer.Argument(help="lower case, digits, hyphens; becomes NAME.yaml")],
) -> None:
    """Write a commented crisis file to start from, here."""
    path = write_template(name, Path.cwd())
    typer.echo(f"wrote {path.name}; next: offramp check {path.name}")


@app.command()
def show(name: CrisisName, as_of: AsOf = None, as_json: AsJson = False) -> None:
    """Actors, ties, fronts and timeline of a crisis, as a person reads them."""
    crisis = _read(name, as_of)
    if as_json:
        sys.stdout.write(canonical_json(crisis).decode() + "\n")
    else:
        Console().print(describe(crisis))


@app.command()
def future(
    name: CrisisName,
    number: Annotated[int, typer.Option(min=0, max=2**32 - 1, help="which future")] = 0,
    as_of: AsOf = None,
    seed: Seed = 1,
    as_json: AsJson = False,
) -> None:
    """One simulated future, told day by day."""
    crisis = _read(name, as_of)
    with _progress(1) as report:
        simulated = simulate_crisis(crisis, 1, seed, first=number, progress=report)
    lines = tell(simulated.futures, 0)
    typer.echo(
        json.dumps({"number": number, "lines": lines}, indent=1) if as_json else "\n".join(lines)
    )


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


@app.command()
def fit(
    out: Annotated[Path, typer.Option(help="directory to write weights.npz and figures.json to")],
    until: Annotated[str, typer.Option(help="use only what ended by this day")] = "2014-12-31",
    data: Annotated[
        Path | None, typer.Option(help="directory of the datasets; OFFRAMP_DATA if absent")
    ] = None,
) -> None:
    """Derive the shipped figures from the historical datasets."""
    try:
        from offramp.choice.deriving import derive  # needs pandas, which running does not
        from offramp.history.locating import data_directory
    except ModuleNotFoundError as error:
        raise ValueError(f"{error.name} is missing: pip install 'offramp[history]'") from error
    day = _day(until)
    assert day is not None
    console = Console(stderr=True)
    derive(data_directory(data), day, lambda line: console.print(escape(line))).save(out)
    console.print(f"wrote {escape(str(out))}")
