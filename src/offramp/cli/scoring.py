"""Commands that score: backtests on what came after."""

from __future__ import annotations

import shlex
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape

from offramp.brief.backtest_page import backtest_page, response_page, tempo_page
from offramp.cli.application import Commands, app
from offramp.cli.options import AsJson
from offramp.cli.progress import progress
from offramp.cli.score_pages import Out, check, show

backtest = typer.Typer(
    cls=Commands,
    name="backtest",
    help="How good it would have been: scores beside baselines, out of time.",
)
app.add_typer(backtest)

Data = Annotated[
    Path | None,
    typer.Option(help="directory of the datasets; those added, or OFFRAMP_DATA, if absent"),
]


@backtest.command()
def tempo(data: Data = None, out: Out = None, as_json: AsJson = False) -> None:
    """Daily counts and totals of acts on burning fronts (KEDS Levant), rolling origin."""
    try:
        from offramp.choice.deriving import levant_fronts  # needs pandas, which running does not
        from offramp.history.locating import shelf
        from offramp.score.tempo import backtest_tempo
    except ModuleNotFoundError as error:
        raise ValueError(f"{error.name} is missing: pip install 'offramp[history]'") from error
    check(out)
    console = Console(stderr=True)
    fronts = levant_fronts(shelf(data).file("keds"))
    result = backtest_tempo(fronts, lambda line: console.print(escape(line)))
    show(tempo_page(result, _again("tempo", None, data)), result, out, as_json)


Split = Annotated[
    int | None,
    typer.Option(metavar="YEAR", help="first year of the test; rolling origin if absent"),
]


@backtest.command()
def mie(split: Split = None, data: Data = None, out: Out = None, as_json: AsJson = False) -> None:
    """The gravest that a state does in the 30 days after an act on it, since 1946 (MIE-30)."""
    try:
        from offramp.choice.pairing import History  # needs pandas, which running does not
        from offramp.history.locating import shelf
        from offramp.score.mie_backtest import backtest_rolling, backtest_split
    except ModuleNotFoundError as error:
        raise ValueError(f"{error.name} is missing: pip install 'offramp[history]'") from error
    check(out)
    history = History.read(shelf(data))
    with progress(1) as tell:
        if split is None:
            found = backtest_rolling(history, tell)
        else:
            found = backtest_split(history, split, tell)
    page = backtest_page({"None, short of force, or force": found}, _again("mie", split, data))
    show(page, found.as_json(), out, as_json)


@backtest.command()
def icb(
    split: Split = None,
    leave_one_crisis_out: Annotated[
        bool, typer.Option("--leave-one-crisis-out", help="each crisis from all others")
    ] = False,
    data: Data = None,
    out: Out = None,
    as_json: AsJson = False,
) -> None:
    """Major responses of actors in ICB's crises and their days, from what the trigger showed."""
    if leave_one_crisis_out and split is not None:
        raise ValueError("--leave-one-crisis-out goes without --split")
    try:
        from offramp.choice.pairing import History  # needs pandas, which running does not
        from offramp.history.locating import shelf
        from offramp.score import icb_response
    except ModuleNotFoundError as error:
        raise ValueError(f"{error.name} is missing: pip install 'offramp[history]'") from error
    check(out)
    history = History.read(shelf(data))
    with progress(1) as tell:
        if leave_one_crisis_out:
            found = icb_response.backtest_leaving_out(history, tell)
        elif split is None:
            found = icb_response.backtest_rolling(history, tell)
        else:
            found = icb_response.backtest_split(history, split, tell)
    again = _again(
        "icb", split, data, *(["--leave-one-crisis-out"] if leave_one_crisis_out else [])
    )
    more = {"three_classes": found.three.as_json(), "day": asdict(found.day)}
    show(response_page(found, again), found.classes.as_json() | more, out, as_json)


@backtest.command()
def icb_outcome(
    split: Split = None, data: Data = None, out: Out = None, as_json: AsJson = False
) -> None:
    """Serious clashes and full-scale war in ICB's crises, from what the first trigger showed."""
    try:
        from offramp.choice.pairing import History  # needs pandas, which running does not
        from offramp.history.icb import read_icb_outcomes
        from offramp.history.locating import shelf
        from offramp.score.icb_outcome import backtest_outcomes
    except ModuleNotFoundError as error:
        raise ValueError(f"{error.name} is missing: pip install 'offramp[history]'") from error
    check(out)
    datasets = shelf(data)
    ends = read_icb_outcomes(datasets.file("icb-crises"))
    with progress(1) as tell:
        found = backtest_outcomes(History.read(datasets), ends, split, tell)
    named = dict(zip(("full-scale war", "serious clashes or war"), found, strict=True))
    page = backtest_page(
        {name.capitalize(): one for name, one in named.items()}, _again("icb-outcome", split, data)
    )
    show(page, {name: one.as_json() for name, one in named.items()}, out, as_json)


def _again(name: str, split: int | None, data: Path | None, *flags: str) -> str:
    given = [] if split is None else ["--split", str(split)]
    where = [] if data is None else ["--data", str(data)]
    return shlex.join(["offramp", "backtest", name, *given, *flags, *where])
