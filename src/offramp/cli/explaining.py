"""Commands that explain a forecast: signposts, claims, from base rate to forecast, a trace."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, TypeVar

import typer
from pydantic import BaseModel
from rich.console import Console
from rich.markup import escape

from offramp.brief.explained import claims_page, trace_page, watch_page, why_page
from offramp.brief.pages import Page, page_terminal, suffix_of, written
from offramp.choice.editions import figures_for
from offramp.cli.application import app
from offramp.cli.options import AsJson, AsOf, CrisisName, Seed, Weights, read
from offramp.cli.progress import progress
from offramp.forecast import simulate_crisis
from offramp.forecast.claims import SIZE
from offramp.forecast.explaining import LEAST_EXPLAINED, Explaining
from offramp.forecast.forecasting import Progress
from offramp.forecast.outcomes import explainable
from offramp.forecast.tracing import FACTS
from offramp.storing import write_whole

MOST = 5_000_000
Data = TypeVar("Data", bound=BaseModel)

QuestionId = Annotated[
    str | None,
    typer.Option("--question", metavar="ID", help="of one question; the headlines if absent"),
]
Futures = Annotated[int, typer.Option(min=LEAST_EXPLAINED, max=MOST, help="how many to simulate")]
Out = Annotated[
    Path | None, typer.Option(help="write a file instead, by suffix: html, json, md, txt")
]


@app.command()
def signposts(
    name: CrisisName,
    question: QuestionId = None,
    within: Annotated[int, typer.Option(min=1, max=730, help="days to look ahead")] = 30,
    as_of: AsOf = None,
    weights: Weights = None,
    futures: Futures = 100_000,
    seed: Seed = 1,
    out: Out = None,
    as_json: AsJson = False,
) -> None:
    """What to watch for: the observations that would move the forecast most, by when."""
    flags = [*_question(question), "--within", str(within)]
    _show(
        _Run(name, as_of, weights, futures, seed, out, as_json, question),
        lambda explaining, report: explaining.watch_list(question, within),
        lambda found: watch_page(found, flags),
    )


@app.command()
def claims(
    name: CrisisName,
    question: QuestionId = None,
    size: Annotated[
        float, typer.Option(min=0.01, max=5.0, help="log-odds of force from which a claim holds")
    ] = SIZE,
    as_of: AsOf = None,
    weights: Weights = None,
    futures: Futures = 100_000,
    seed: Seed = 1,
    out: Out = None,
    as_json: AsJson = False,
) -> None:
    """The forecast if a quoted claim holds, if it does not, and what the evidence supports."""
    flags = [*_question(question), "--size", f"{size:g}"]
    _show(
        _Run(name, as_of, weights, futures, seed, out, as_json, question),
        lambda explaining, report: explaining.claims(question, size),
        lambda found: claims_page(found, flags),
    )


@app.command()
def why(
    name: CrisisName,
    question: QuestionId = None,
    as_of: AsOf = None,
    weights: Weights = None,
    futures: Futures = 10_000,
    seed: Seed = 1,
    out: Out = None,
    as_json: AsJson = False,
) -> None:
    """From base rate to forecast, step by step: what each thing that is known adds."""
    _show(
        _Run(name, as_of, weights, futures, seed, out, as_json, question),
        lambda explaining, report: explaining.why(question),
        lambda found: why_page(found, _question(question)),
    )


@app.command()
def trace(
    name: CrisisName,
    question: Annotated[str, typer.Option("--question", metavar="ID", help="whose answer")],
    facts: Annotated[
        int, typer.Option(min=0, max=1000, help="how many of the latest to leave out in turn")
    ] = FACTS,
    as_of: AsOf = None,
    weights: Weights = None,
    futures: Futures = 20_000,
    seed: Seed = 1,
    out: Out = None,
    as_json: AsJson = False,
) -> None:
    """Where an answer comes from: futures to read, draws that separate them, facts behind them."""
    flags = [*_question(question), "--facts", str(facts)]
    _show(
        _Run(name, as_of, weights, futures, seed, out, as_json, question),
        lambda explaining, report: explaining.trace(question, facts, report),
        lambda found: trace_page(found, flags),
    )


def _question(question: str | None) -> list[str]:
    return [] if question is None else ["--question", question]


class _Run:
    """What is explained, and where it goes; what can be wrong with it is found before any work."""

    def __init__(
        self,
        name: str,
        as_of: str | None,
        weights: Path | None,
        futures: int,
        seed: int,
        out: Path | None,
        as_json: bool,
        question: str | None,
    ) -> None:
        self.suffix = None if out is None else suffix_of(out)
        self.crisis = read(name, as_of)
        self.figures = figures_for(self.crisis.as_of, weights)
        if question is not None:
            explainable(self.crisis.questions, question)
        self.futures, self.seed, self.out, self.as_json = futures, seed, out, as_json


def _show(
    run: _Run, explain: Callable[[Explaining, Progress], Data], put: Callable[[Data], Page]
) -> None:
    """Simulate a crisis, explain it, and print or write what comes of it."""
    with progress(run.futures) as report:
        simulated = simulate_crisis(
            run.crisis, run.futures, run.seed, figures=run.figures, progress=report
        )
        found = explain(Explaining(simulated, run.figures, run.seed), report)
    page = put(found)
    if run.out is not None and run.suffix is not None:
        write_whole(run.out, written(page, found, run.suffix))
        Console(stderr=True).print(f"wrote {escape(str(run.out))}")
    if run.as_json:
        sys.stdout.write(written(page, found, "json"))
    elif run.out is None:
        Console().print(page_terminal(page))
