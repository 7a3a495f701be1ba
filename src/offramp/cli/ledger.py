"""Commands of the ledger: log forecasts, resolve questions, and what the record says."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer
from pydantic import ValidationError
from rich.console import Console
from rich.markup import escape
from rich.text import Text

from offramp.brief.columns import Columns
from offramp.brief.inert import inert_text
from offramp.brief.record_page import (
    LEFT_OUT,
    SCORES,
    TYPES,
    gap_value,
    record_drawing,
    record_page,
    saved,
    spread,
    summary,
    value,
)
from offramp.cli.application import Commands, app
from offramp.cli.options import (
    DEFAULT_FUTURES,
    MOST_FUTURES,
    AsJson,
    AsOf,
    Seed,
    day_of,
    read,
)
from offramp.cli.progress import progress
from offramp.crisis.problems import field_name
from offramp.forecast import forecast
from offramp.forecast.document import Forecast
from offramp.forecast.words import share
from offramp.ledger import keeping
from offramp.ledger.database import Ledger, LedgerError, open_ledger
from offramp.ledger.entries import FORECASTER, Entry, Resolution
from offramp.ledger.exchange import export_text, import_file
from offramp.ledger.record import Record, Section
from offramp.ledger.scoring import track_record
from offramp.ledger.verifying import faults
from offramp.storing import write_whole

Place = Annotated[
    str | None,
    typer.Option(
        "--ledger",
        metavar="URL",
        help="database or SQLite file; OFFRAMP_LEDGER, else a file in the workspace, if absent",
    ),
]
InCrisis = Annotated[
    str | None, typer.Option("--crisis", metavar="CRISIS", help="id of the crisis it is of")
]

ledger = typer.Typer(
    cls=Commands, name="ledger", help="The ledger as a file, and whether it is whole."
)
app.add_typer(ledger)


@app.command()
def log(
    name: Annotated[
        str | None,
        typer.Argument(metavar="[CRISIS]", help="a crisis that ships, or a .yaml file"),
    ] = None,
    as_of: AsOf = None,
    futures: Annotated[
        int, typer.Option(min=100, max=MOST_FUTURES, help="how many to simulate")
    ] = DEFAULT_FUTURES,
    seed: Seed = 1,
    brief: Annotated[
        Path | None,
        typer.Option("--from", metavar="FILE", help="record this brief in JSON instead"),
    ] = None,
    place: Place = None,
    as_json: AsJson = False,
) -> None:
    """Record the answers of a forecast in the ledger."""
    if (name is None) == (brief is None) or (brief is not None and as_of is not None):
        raise ValueError("name a CRISIS (with --as-of, if wanted), or a brief with --from")
    kept = open_ledger(place)
    made = _brief(brief) if brief else _forecast(str(name), as_of, futures, seed, kept)
    added, known = keeping.log(kept, made)
    if as_json:
        typer.echo(json.dumps({"recorded": _rows(added), "already": known}, indent=1))
        return
    told = f"{len(added)} answers of {made.crisis} as of {made.as_of} recorded"
    if known:
        told += f", {known} in the ledger already"
    _say(f"{told}.{_head(added)}")


def _forecast(name: str, as_of: str | None, futures: int, seed: int, kept: Ledger) -> Forecast:
    crisis = read(name, as_of)
    kept.prepare()  # not only after minutes of simulation
    with progress(futures) as report:
        return forecast(crisis, futures, seed, progress=report)


def _brief(path: Path) -> Forecast:
    try:
        return Forecast.model_validate_json(path.read_bytes())
    except ValidationError as error:
        first = error.errors()[0]
        where = field_name(first["loc"])
        said = f"{where}: {first['msg']}" if where else first["msg"]
        raise ValueError(f"{path}: not a brief in JSON: {said}") from None


@app.command()
def resolve(
    question: Annotated[str, typer.Argument(help="id of the question")],
    outcome: Annotated[
        str,
        typer.Argument(help="yes, no, a level, a number, a day, none or annulled"),
    ],
    on: Annotated[str, typer.Option(metavar="DAY", help="the day that decided it")],
    source: Annotated[str, typer.Option(metavar="TEXT", help="who says so: a title or an address")],
    crisis: InCrisis = None,
    closes: Annotated[
        str | None,
        typer.Option(metavar="DAY", help="only where the question closes on this day"),
    ] = None,
    correct: Annotated[
        bool, typer.Option("--correct", help="correct an earlier resolution, which stays")
    ] = False,
    reason: Annotated[str | None, typer.Option(metavar="TEXT", help="of the correction")] = None,
    place: Place = None,
    as_json: AsJson = False,
) -> None:
    """Record what became of a question."""
    if correct != bool(reason):
        raise ValueError("a correction needs both --correct and --reason")
    if not source.strip():
        raise ValueError("--source is empty: say who reports the outcome")
    verdict = keeping.Verdict(
        question,
        outcome,
        day_of(on, "--on"),
        source,
        crisis,
        None if closes is None else day_of(closes, "--closes"),
        reason,
    )
    added = keeping.resolve(open_ledger(place), verdict)
    if as_json:
        typer.echo(json.dumps({"recorded": _rows(added)}, indent=1))
    else:
        _say_resolved(added)


def _say_resolved(added: Sequence[Entry]) -> None:
    for entry in added:
        one = entry.parsed
        assert isinstance(one, Resolution)
        span = f"{one.open_time} to {one.scheduled_close_time}"
        done = "corrected to" if one.reason else "resolved"
        _say(f"{one.question} of {one.crisis}, {span}: {done} {one.resolution}.")
    _say(_head(added).strip())


@app.command()
def record(
    crisis: InCrisis = None,
    forecaster: Annotated[
        str, typer.Option(metavar="NAME", help="whose forecasts; others come by import")
    ] = FORECASTER,
    out: Annotated[
        Path | None, typer.Option(help="write a page (.html) or the diagram (.svg) instead")
    ] = None,
    place: Place = None,
    as_json: AsJson = False,
) -> None:
    """The track record: calibration and scores of what was logged, beside baselines."""
    writers = {".html": record_page, ".svg": record_drawing}
    if out is not None and out.suffix.lower() not in writers:
        raise ValueError(f"--out {out}: unknown suffix {out.suffix!r}; .html or .svg")
    found = track_record(open_ledger(place).entries(), crisis, forecaster)
    if out is not None:
        write_whole(out, writers[out.suffix.lower()](found))
        Console(stderr=True).print(f"wrote {escape(str(out))}")
    if as_json:
        typer.echo(json.dumps(found.as_json(), indent=1, allow_nan=False))
    elif out is None:
        _show(found)


@ledger.command(name="export")
def export_(
    path: Annotated[Path, typer.Argument(metavar="FILE", help="to write: .csv or .json")],
    place: Place = None,
) -> None:
    """Write all entries to a file."""
    entries = open_ledger(place).entries()
    write_whole(path, export_text(entries, path.suffix))
    _say(f"wrote {len(entries)} entries to {path}.")


@ledger.command(name="import")
def import_(
    path: Annotated[Path, typer.Argument(metavar="FILE", help="to read: .csv or .json")],
    place: Place = None,
) -> None:
    """Add what a file holds, all of it or nothing."""
    added, known = import_file(open_ledger(place), path)
    _say(f"{len(added)} entries recorded, {known} in the ledger already.{_head(added)}")


@ledger.command()
def verify(
    head: Annotated[
        str | None,
        typer.Option(metavar="HASH", help="a hash noted before, which must still be there"),
    ] = None,
    place: Place = None,
    as_json: AsJson = False,
) -> None:
    """Check that no entry was rewritten, removed or moved."""
    kept = open_ledger(place)
    entries = kept.entries()
    found = faults(entries, head)
    if as_json:
        last = entries[-1].hash if entries else None
        rows = [{"entry": one.number or None, "message": one.message} for one in found]
        typer.echo(json.dumps({"entries": len(entries), "head": last, "faults": rows}, indent=1))
        if found:
            sys.exit(2)
        return
    if found:
        raise LedgerError("\n".join([f"ledger {kept.name}:", *map(str, found)]))
    _say(f"{len(entries)} entries, all as they were written.{_head(entries)}")


def _rows(entries: Sequence[Entry]) -> list[dict[str, object]]:
    return [
        {"number": one.number, "recorded": one.recorded, "hash": one.hash} | json.loads(one.content)
        for one in entries
    ]


def _head(entries: Sequence[Entry]) -> str:
    """Return a sentence with the hash of the last entry, to be noted elsewhere."""
    return (
        f" The last entry, {entries[-1].number}, has the hash {entries[-1].hash}."
        if entries
        else ""
    )


def _say(text: str) -> None:
    typer.echo(inert_text(text))


def _show(found: Record) -> None:
    console = Console()
    console.print(escape(f"Forecasts of {inert_text(found.forecaster)}. {summary(found)}"))
    left = [f"{count} {LEFT_OUT[why]}" for why, count in found.left_out.items() if count]
    if left:
        console.print(escape(f"Not scored: {'; '.join(left)}."))
    for section in found.sections.values():
        for score in section.offramp:
            _print_scores(console, section, score, found.forecaster)
    if found.calibration:
        _print_calibration(console, found)
    console.print("Lower is better. Differences are ours less the baseline's: below 0, ours is.")


def _print_scores(console: Console, section: Section, score: str, forecaster: str) -> None:
    titles = ("forecast", "loss", "90 %", "ours less its", "90 %", "skill", "questions")
    ours = section.offramp[score]
    name = inert_text(forecaster)
    rows = [(name, value(ours), spread(ours), "", "", "", str(section.questions))]
    for other, means in section.baselines.items():
        if score not in means:
            continue
        gap = section.paired[other][score]
        rows.append(
            (
                other,
                value(means[score]),
                spread(means[score]),
                gap_value(gap),
                spread(gap.difference),
                saved(gap),
                str(section.covered[other]),
            )
        )
    heading = (
        f"{TYPES[section.type]}, {SCORES[score]}: {section.forecasts} forecasts, "
        f"crises: {section.crises}"
    )
    console.print(Text(heading, "bold"), Columns(titles, rows), "")


def _print_calibration(console: Console, found: Record) -> None:
    slope = found.sections["binary"].slope
    heading = "Calibration" if slope is None else f"Calibration, slope {slope:.2f}"
    rows = [
        (
            share(one.forecast),
            share(one.observed),
            f"{share(one.low)} to {share(one.high)}",
            str(one.cases),
        )
        for one in found.calibration
    ]
    titles = ("forecast", "came true", "90 %", "forecasts")
    console.print(Text(heading, "bold"), Columns(titles, rows), "")
