"""Commands that look back: base rates by query, and the analogues of a crisis."""

from __future__ import annotations

import json
from datetime import date
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from offramp.brief import phrases
from offramp.choice.counting import COVERAGE, FROM_DAY, KINDS, Among, Count, Query, count
from offramp.choice.decision_points import SILENT, DecisionPoints
from offramp.choice.editions import figures_for
from offramp.choice.querying import days_in, levels_in
from offramp.cli.application import app
from offramp.cli.datasets import points_here
from offramp.cli.options import AsJson, AsOf, CrisisName, Weights, day_of, read
from offramp.forecast.analogues import IN_BRIEF, crisis_analogues
from offramp.forecast.document import AnalogueNote
from offramp.forecast.words import interval, share
from offramp.ladder import Level
from offramp.state_names import name_of


@app.command()
def baserate(
    after: Annotated[str, typer.Option(metavar="LEVEL", help="act received: limited, 6, '>=4'")],
    level: Annotated[
        str, typer.Option(metavar="LEVEL", help="act that counts as having followed: '>=6'")
    ],
    within: Annotated[
        str, typer.Option(metavar="TIME", help="days from the act received, as 30d or 4w")
    ] = "30d",
    where: Annotated[
        str, typer.Option(metavar="WORDS", help="which cases, as 'reciprocated and not allied'")
    ] = "",
    among: Annotated[
        str, typer.Option(metavar="KIND", help="acts (MIE) or triggers (of crises, ICB)")
    ] = "acts",
    since: Annotated[
        str, typer.Option(metavar="DAY", help="cases from this day on")
    ] = FROM_DAY.isoformat(),
    as_of: Annotated[
        str | None, typer.Option("--as-of", metavar="DAY", help="only what was known by this day")
    ] = None,
    cases: Annotated[bool, typer.Option("--cases", help="the cases behind it, too")] = False,
    as_json: AsJson = False,
) -> None:
    """How often what followed what in history, with an interval and the cases behind it."""
    query = Query(
        after=levels_in(after),
        followed=levels_in(level),
        within=days_in(within),
        where=where,
        among=_among(among),
        since=day_of(since, "--since"),
        as_of=None if as_of is None else day_of(as_of),
    )
    points = points_here()
    counted = count(points, query)
    if as_json:
        typer.echo(json.dumps(_as_data(query, counted, points, cases), indent=1))
        return
    if counted.rate is None or counted.low is None or counted.high is None:
        typer.echo("no such case in history")
        return
    typer.echo(
        f"{share(counted.rate)} ({interval(counted.low, counted.high)}): {counted.hits:,} of "
        f"{counted.cases:,} cases, of {counted.pairs:,} pairs of states"
    )
    typer.echo(f"{_in_words(query)}.")
    typer.echo(f"The interval is {100 * COVERAGE:.0f} %, with the cases of a pair not independent.")
    typer.echo(_source(points))
    if cases:
        Console().print(_table(query, counted))


def _among(text: str) -> Among:
    for kind in KINDS:
        if text == kind:
            return kind
    raise ValueError(f"--among {text!r}: one of {', '.join(KINDS)}")


def _levels(levels: frozenset[Level]) -> str:
    return " or ".join(level.label for level in sorted(levels))


def _in_words(query: Query) -> str:
    what = "an act of a rival" if query.among == "acts" else "a crisis's trigger"
    text = (
        f"After {what} at {_levels(query.after)}, an act at {_levels(query.followed)} against it "
        f"within {query.within} days; from {query.since}"
    )
    if query.as_of is not None:
        text += f", known by {query.as_of}"
    return f"{text}; where {query.where.strip()}" if query.where.strip() else text


def _source(points: DecisionPoints) -> str:
    named = ", ".join(points.provenance.get("datasets", []))
    if points.added:
        return f"Counted in the history added here: {named}."
    return f"No history that suffices was added here; counted in the cases that ship, from {named}."


def _rows(query: Query, counted: Count) -> list[dict[str, Any]]:
    """Return the cases, the newest first."""
    points = counted.points
    return [
        {
            "day": date.fromordinal(int(points.day[place])).isoformat(),
            "actor": name_of(int(points.actor[place])),
            "rival": name_of(int(points.rival[place])),
            "received": Level(int(points.level[place])).label,
            "followed": bool(counted.days[place] <= query.within),
            "days": int(counted.days[place]) if counted.days[place] < SILENT else None,
        }
        for place in reversed(range(len(points)))
    ]


def _as_data(query: Query, counted: Count, points: DecisionPoints, cases: bool) -> dict[str, Any]:
    data: dict[str, Any] = {
        "after": [level.label for level in sorted(query.after)],
        "level": [level.label for level in sorted(query.followed)],
        "within_days": query.within,
        "where": query.where,
        "among": query.among,
        "since": query.since.isoformat(),
        "as_of": None if query.as_of is None else query.as_of.isoformat(),
        "rate": counted.rate,
        "interval": None if counted.rate is None else [counted.low, counted.high],
        "coverage": COVERAGE,
        "hits": counted.hits,
        "cases": counted.cases,
        "pairs": counted.pairs,
        "source": "added" if points.added else "shipped",
        "datasets": points.provenance.get("datasets", []),
    }
    return data | ({"list": _rows(query, counted)} if cases else {})


def _table(query: Query, counted: Count) -> Table:
    table = Table("day", "who", "against", "received", "followed", box=None)
    for row in _rows(query, counted):
        followed = phrases.after_days(row["days"]) if row["followed"] else "–"
        table.add_row(row["day"], row["actor"], row["rival"], row["received"], followed)
    return table


@app.command()
def analogues(
    name: CrisisName,
    as_of: AsOf = None,
    weights: Weights = None,
    actor: Annotated[
        str | None, typer.Option(metavar="ID", help="only what this actor faces")
    ] = None,
    how_many: Annotated[
        int, typer.Option("--count", min=1, max=50, help="cases to show of each decision")
    ] = IN_BRIEF,
    as_json: AsJson = False,
) -> None:
    """The past decisions nearest to those of a crisis: what was done, and after how many days."""
    crisis = read(name, as_of)
    figures = figures_for(crisis.as_of, weights)
    points_here()
    notes = crisis_analogues(crisis, figures, actor=actor, count=how_many)
    if as_json:
        typer.echo(json.dumps([note.model_dump(mode="json") for note in notes], indent=1))
        return
    if not notes:
        of = "between states" if actor is None else f"of another state on {actor}"
        typer.echo(f"no act {of} awaits an answer: nothing to compare")
        return
    console = Console()
    for note in notes:
        console.print(
            escape(f"{phrases.dyad(note.actor, note.target)}, {note.front}"), style="bold"
        )
        console.print(escape(f"{phrases.awaited(note)}. {phrases.analogue_summary(note)}"))
        console.print(_analogues_table(note))
    typer.echo(phrases.analogue_source(notes))
    typer.echo("Distance is by the model's covariates, each weighted as the fit weighs it.")


def _analogues_table(note: AnalogueNote) -> Table:
    table = Table("who", "when", "received", "did", "distance", box=None)
    for case in note.nearest:
        row = phrases.analogue(case)
        table.add_row(*(escape(text) for text in row), f"{case.distance:.2f}")
    return table
