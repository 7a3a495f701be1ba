"""What the board computes: a forecast with levers as they are set, and futures told day by day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from pydantic import Field

from offramp.choice.editions import edition_for
from offramp.crisis.schema import Crisis
from offramp.engine.compile import compile_crisis
from offramp.engine.condition import DRAWS
from offramp.engine.ensemble import Futures, run
from offramp.engine.outcome import WEEK
from offramp.forecast import forecast, simulate_crisis, tell
from offramp.forecast.answering import Answering
from offramp.forecast.document import Forecast, Part
from offramp.forecast.events import strongest_by_week
from offramp.forecast.forecasting import Progress, Simulated
from offramp.forecast.levers.changing import changed
from offramp.forecast.levers.declared import Lever, declared_levers
from offramp.forecast.levers.settings import parse_settings
from offramp.forecast.outlook import levels_over_time, next_moves, spillover
from offramp.ladder import level_named

FUTURES_SEARCHED = 4_000
MOST_TOLD = 12


@dataclass(frozen=True)
class Task:
    """A forecast to compute.

    Attributes:
        crisis: as of its day.
        futures: how many.
        seed: of the futures.
        settings: levers that are set, each as `NAME=VALUE`.
        draws: how many posterior draws the futures take turns with.
        facts: hash of the crisis, where it is at hand.
    """

    crisis: Crisis
    futures: int
    seed: int
    settings: tuple[str, ...] = ()
    draws: int = DRAWS
    facts: str = ""


class ToldFuture(Part):
    """One future that does what was asked."""

    number: int = Field(description="by which it can be simulated again")
    lines: list[str] = Field(description="what happens, day by day")


class ToldFutures(Part):
    """Futures in which a front is at a level in the week before a day."""

    front: str
    level: str
    day: int = Field(description="days after the as-of date")
    searched: int = Field(description="futures looked through")
    found: int = Field(description="of them at that level")
    told: list[ToldFuture]


@dataclass(frozen=True)
class Telling:
    """Futures to tell.

    Attributes:
        crisis: as of its day.
        seed: of the futures.
        settings: levers that are set.
        front: id of a front.
        level: name of the gravest level in the week before the day.
        day: days after the as-of date.
        searched: futures to look through.
        draws: how many posterior draws they take turns with.
    """

    crisis: Crisis
    seed: int
    settings: tuple[str, ...]
    front: str
    level: str
    day: int
    searched: int = FUTURES_SEARCHED
    draws: int = DRAWS


def levers_of(crisis: Crisis) -> tuple[Lever, ...]:
    """Return the levers of a crisis."""
    return declared_levers(compile_crisis(crisis))


def full_settings(texts: Sequence[str], crisis: Crisis) -> tuple[str, ...]:
    """Return settings as they are written in full.

    Raises:
        ValueError: one of them is wrong; the message names what comes nearest.
    """
    if not texts:
        return ()
    return tuple(str(one) for one in parse_settings(texts, levers_of(crisis), crisis))


def compute(task: Task, progress: Progress) -> Forecast:
    """Return the forecast; with levers set, what they touch is from futures in which they are."""
    made = forecast(task.crisis, task.futures, task.seed, draws=task.draws, progress=progress)
    if not task.settings:
        return made
    simulated = simulate_crisis(task.crisis, 1, task.seed, draws=task.draws)
    futures = _pulled(task, simulated, made.horizon_days, task.futures, progress)
    base_rates = edition_for(task.crisis.as_of).base_rates
    answering = Answering(futures, simulated.posterior, base_rates)
    answers = [answering.answer(question) for question in task.crisis.questions]
    headlines = [answer for answer in answers if answer.headline] or answers[:3]
    return made.model_copy(
        update={
            "answers": answers,
            "bottom_line": [f"{one.text.rstrip('?')}: {one.words}." for one in headlines],
            "next_moves": next_moves(futures),
            "levels": levels_over_time(futures),
            "spillover": spillover(futures),
        }
    )


def _pulled(
    task: Task | Telling, simulated: Simulated, horizon: int, count: int, progress: Progress
) -> Futures:
    compiled = simulated.prior.compiled
    settings = parse_settings(task.settings, declared_levers(compiled), task.crisis)
    return run(
        changed(compiled, settings),
        simulated.posterior,
        count,
        task.seed,
        horizon,
        progress=lambda done: progress("levers pulled", done, count),
    )


def find_futures(telling: Telling, progress: Progress) -> ToldFutures:
    """Return the first futures that are as asked, told day by day.

    Raises:
        ValueError: there is no such front.
    """
    simulated = simulate_crisis(
        telling.crisis, telling.searched, telling.seed, draws=telling.draws, progress=progress
    )
    futures = simulated.futures
    if telling.settings:
        futures = _pulled(telling, simulated, futures.horizon, futures.count, progress)
    front = futures.compiled.fronts.index(telling.front)
    weeks = strongest_by_week(futures, front)
    week = min(max((telling.day - 1) // WEEK, 0), weeks.shape[1] - 1)
    rows = np.flatnonzero(weeks[:, week] == level_named(telling.level))
    return ToldFutures(
        front=telling.front,
        level=telling.level,
        day=min((week + 1) * WEEK, futures.horizon),
        searched=futures.count,
        found=len(rows),
        told=[
            ToldFuture(number=int(futures.number[row]), lines=tell(futures, int(row))[3:])
            for row in rows[:MOST_TOLD]
        ],
    )
