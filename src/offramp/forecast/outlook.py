"""The outlook: next moves by day, levels over time, what the other fronts look like."""

from __future__ import annotations

from typing import Literal

import numpy as np
import numpy.typing as npt

from offramp.engine.ensemble import Futures
from offramp.engine.outcome import WEEK
from offramp.engine.plan import IntArray
from offramp.engine.timeline import BURNING_RATE, tempo_now
from offramp.forecast.document import Curve, LevelsOverTime, NextMove, Spillover
from offramp.forecast.events import (
    by_draw_and_day,
    first_days_of_acts,
    first_war_days,
    strongest_by_week,
)
from offramp.forecast.uncertainty import interval_over_draws
from offramp.ladder import LEVEL_NAMES, Level

CURVE_DAYS = (1, 2, 3, 5, 7, 10, 14, 21, 30, 45, 60, 90, 120, 150, 180, 240, 300, 365, 540, 730)
MOVES: tuple[tuple[str, int, int], ...] = (
    ("display", Level.DISPLAY, Level.DISPLAY),
    ("deniable", Level.DENIABLE, Level.DENIABLE),
    ("overt force", Level.LIMITED, Level.WAR),
    ("major", Level.MAJOR, Level.WAR),
    ("war", Level.WAR, Level.WAR),
)
"""Kinds of move that are followed: name, lowest and highest level."""
QUIET_DAYS = 30
TEMPO_DAY = 30
ENDS_DAY = 90
DIGITS = 5
"""Of the probabilities of a curve; more would be noise of the simulation."""


def curve(futures: Futures, name: str, days: IntArray) -> Curve:
    """Return the probability by day of something whose first day in each future is given."""
    grid = [day for day in CURVE_DAYS if day <= futures.horizon]
    if not grid or grid[-1] != futures.horizon:
        grid.append(futures.horizon)
    chance, count = by_draw_and_day(futures, days, grid)
    intervals = [interval_over_draws(one, count) for one in chance.T]
    probability = count @ chance / count.sum()
    return Curve(
        name=name,
        days=grid,
        probability=[round(float(one), DIGITS) for one in probability],
        low=[round(low, DIGITS) for low, _ in intervals],
        high=[round(high, DIGITS) for _, high in intervals],
    )


def next_moves(futures: Futures) -> list[NextMove]:
    """Return what each actor may do next, on fronts that do not burn now."""
    out = []
    for place, dyad in enumerate(futures.compiled.dyads):
        if tempo_now(futures.compiled.crisis, dyad.front) >= BURNING_RATE:
            continue
        mine = np.flatnonzero(futures.dyad == place)
        level = futures.level[mine]
        curves = [
            curve(
                futures,
                name,
                first_days_of_acts(futures, mine[(level >= low) & (level <= high)]),
            )
            for name, low, high in MOVES
        ]
        anything = first_days_of_acts(futures, mine[level > Level.VERBAL])
        out.append(
            NextMove(
                actor=dyad.actor,
                target=dyad.target,
                front=dyad.front,
                curves=curves,
                quiet=float((anything > QUIET_DAYS).mean()),
            )
        )
    return out


def levels_over_time(futures: Futures) -> list[LevelsOverTime]:
    """Return, by front and week, the shares of futures by gravest level."""
    out = []
    for place, front in enumerate(futures.compiled.fronts):
        strongest = strongest_by_week(futures, place)
        shares = [
            [float(share) for share in np.bincount(week, minlength=len(Level)) / futures.count]
            for week in strongest.T
        ]
        out.append(
            LevelsOverTime(
                front=front,
                days=[min((week + 1) * WEEK, futures.horizon) for week in range(len(shares))],
                levels=list(LEVEL_NAMES),
                shares=shares,
            )
        )
    return out


def _status(futures: Futures, front: str) -> Literal["at war", "burning", "has burned", "quiet"]:
    crisis = futures.compiled.crisis
    if next(one for one in crisis.fronts if one.id == front).war:
        return "at war"
    rate = tempo_now(crisis, front)
    if rate >= BURNING_RATE:
        return "burning"
    return "has burned" if rate > 0 else "quiet"


def spillover(futures: Futures) -> list[Spillover]:
    """Return what each front looks like ahead."""
    out = []
    for place, front in enumerate(futures.compiled.crisis.fronts):
        rate = tempo_now(futures.compiled.crisis, front.id)
        status = _status(futures, front.id)
        burns = status in ("at war", "burning")
        attacks = futures.attacks[:, place]
        out.append(
            Spillover(
                front=front.id,
                name=front.name,
                status=status,
                tempo_now=rate,
                tempo_change=_tempo_change(attacks, rate) if burns else None,
                war=curve(futures, "war", first_war_days(futures, place)),
                ends=_ends(attacks) if burns else None,
            )
        )
    return out


def _tempo_change(
    attacks: npt.NDArray[np.float32], rate: float
) -> tuple[float, float, float] | None:
    week = TEMPO_DAY // WEEK
    if attacks.shape[1] <= week or rate <= 0.0:
        return None
    low, middle, high = np.quantile(attacks[:, week] / (rate * WEEK), (0.05, 0.5, 0.95))
    return float(low), float(middle), float(high)


def _ends(attacks: npt.NDArray[np.float32]) -> float | None:
    """Share of futures in which the week that holds day 90 has no attack at all."""
    week = ENDS_DAY // WEEK
    return float((attacks[:, week] == 0).mean()) if attacks.shape[1] > week else None
