"""Fronts that burn: the tempo of attacks, how it spreads, when it ends, what war costs."""

from __future__ import annotations

import math

import numpy as np
from numba import njit

from offramp.engine.dynamics import ACTIVITY, AT_WAR_NOW, BURNING, END_DAY, RATE
from offramp.engine.outcome import LOG_MOST_KILLED, WEEK, Record
from offramp.engine.plan import Draws, FloatArray, FrontColumn, Plan, ScalarColumn, World
from offramp.engine.streams import COUNT, ENDING, TEMPO, TOLL, exponential, uniform
from offramp.quantiles import normal_quantile, poisson_quantile

TEMPO_SPREAD = 0.6
"""Spread of the log of a burning front's daily rate (over-dispersion of its counts)."""
TEMPO_MEMORY_DAYS = 7.0
_KEEP = math.exp(-1.0 / TEMPO_MEMORY_DAYS)
TEMPO_FLOOR = 0.05
CROSS_SHARE = 0.2
"""Share of a front's excess activity that a link of strength 1 passes on."""
_ENDINGS, _SEVERITY = int(FrontColumn.ENDINGS), int(FrontColumn.SEVERITY)
_PERSISTENCE, _SHOCK = int(ScalarColumn.PERSISTENCE), int(ScalarColumn.SHOCK)
_ENDING = int(ScalarColumn.ENDING)
_TOLL_MEAN, _TOLL_SPREAD = int(ScalarColumn.TOLL_MEAN), int(ScalarColumn.TOLL_SPREAD)


@njit(cache=True)
def kindle(draws: Draws, n: int, world: World, key: int, future: int, front: int, day: int) -> None:
    """Draw when the fighting on a front that has begun to burn ends, and how deadly it is."""
    fires = world.fronts[front]
    index = int(fires[_ENDINGS])
    fires[_ENDINGS] += 1.0
    wait = exponential(key, future, ENDING, front, index) / draws.scalars[n, _ENDING]
    fires[END_DAY] = day + 1 + math.floor(min(wait, 1e6))
    z = normal_quantile(uniform(key, future, TOLL, front, index))
    fires[_SEVERITY] = draws.scalars[n, _TOLL_MEAN] + draws.scalars[n, _TOLL_SPREAD] * z


@njit(cache=True)
def burn(
    plan: Plan,
    draws: Draws,
    n: int,
    world: World,
    key: int,
    future: int,
    row: int,
    day: int,
    until: int,
    record: Record,
) -> None:
    """Pass the days from *day* to before *until* on every burning front.

    Each day has its attacks, the toll of war, and the tempo that follows. Activity is a
    discounted mean of the day's attacks over the usual rate; the next day's rate is a mixture
    of the usual and of it (a self-exciting count process with exponential kernel); `link`
    carries excess activity to linked fronts.
    """
    fronts = plan.link.shape[0]
    anything = False
    for front in range(fronts):
        if world.fronts[front, BURNING] == 0.0:
            world.fronts[front, ACTIVITY] = 1.0
        else:
            anything = True
    if not anything:
        return
    share, shock = draws.scalars[n, _PERSISTENCE], draws.scalars[n, _SHOCK]
    excess = np.zeros(fronts)
    for elapsed in range(day - plan.as_of_day, until - plan.as_of_day):
        week = (elapsed - 1) // WEEK
        for front in range(fronts):
            fires = world.fronts[front]
            if fires[BURNING] > 0.0:
                attacks = _attacks(fires, share, key, future, front, elapsed)
                record.attacks[row, front, week] += attacks
                excess[front] = fires[ACTIVITY] - 1.0
                if fires[AT_WAR_NOW] > 0.0:
                    killed = math.exp(min(fires[_SEVERITY], LOG_MOST_KILLED))
                    record.toll[row, front, week] += killed
                    record.war_days[row, front, week] += 1
        for front in range(fronts):
            fires = world.fronts[front]
            if fires[BURNING] > 0.0:
                for other in range(fronts):
                    pull = shock * plan.link[other, front] * excess[other]
                    fires[ACTIVITY] += (1.0 - _KEEP) * CROSS_SHARE * pull
                fires[ACTIVITY] = max(fires[ACTIVITY], 0.0)


@njit(cache=True)
def _attacks(
    fires: FloatArray, share: float, key: int, future: int, front: int, elapsed: int
) -> int:
    """Draw a day's attacks on a burning front and let its activity follow."""
    relative = max((1.0 - share) + share * fires[ACTIVITY], TEMPO_FLOOR)
    z = normal_quantile(uniform(key, future, TEMPO, front, elapsed))
    noise = math.exp(TEMPO_SPREAD * z - 0.5 * TEMPO_SPREAD * TEMPO_SPREAD)
    chance = uniform(key, future, COUNT, front, elapsed)
    attacks = poisson_quantile(fires[RATE] * relative * noise, chance)
    fires[ACTIVITY] = _KEEP * fires[ACTIVITY] + (1.0 - _KEEP) * attacks / fires[RATE]
    return attacks
