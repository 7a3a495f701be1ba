"""Fronts that burn: the tempo of attacks, how it spreads, when it ends, what war costs."""

from __future__ import annotations

import math

import numpy as np
from numba import njit

from offramp.compiling import lean, lean_inlined
from offramp.elementary import exp
from offramp.engine.dynamics import ACTIVITY, AT_WAR_NOW, BURNING, END_DAY, RATE, TOLD
from offramp.engine.outcome import LOG_MOST_KILLED, WEEK, Record
from offramp.engine.plan import Draw, FloatArray, FrontColumn, Plan, RoomRow, ScalarColumn, World
from offramp.engine.streams import COUNT, ENDING, SILENCE, TEMPO, TOLL, exponential, uniform
from offramp.quantiles import normal_quantile, normal_quantiles, poisson_quantile_at

TEMPO_FLOOR = 0.05
WAR_TOLD_DAYS = 7.0
"""A file tells a war under way by about an act a week (a rule of coding, and elicited)."""
_ENDINGS, _SEVERITY = int(FrontColumn.ENDINGS), int(FrontColumn.SEVERITY)
_PERSISTENCE, _KEEP = int(ScalarColumn.PERSISTENCE), int(ScalarColumn.KEEP)
_SPREAD = int(ScalarColumn.TEMPO_SPREAD)
_ENDING, _EXCESS = int(ScalarColumn.ENDING), int(RoomRow.EXCESS)
_TOLL_MEAN, _TOLL_SPREAD = int(ScalarColumn.TOLL_MEAN), int(ScalarColumn.TOLL_SPREAD)


NOISE, CHANCE, QUANTILE = range(3)
"""What is drawn ahead for each day of a burning front: the factor of its rate; the chance of its
count of attacks; the normal quantile of that chance."""


@njit(cache=True)
def room_for_luck(fronts: int, horizon: int) -> FloatArray:
    """Return room for what is drawn ahead, by kind, front and day from 1 on, (3, F, days + 1)."""
    return np.zeros((3, fronts, horizon + 1))


@lean_inlined
def kindle(
    plan: Plan,
    draw: Draw,
    world: World,
    key: int,
    future: int,
    front: int,
    day: int,
    luck: FloatArray,
) -> None:
    """Draw when the fighting on a front that has begun to burn ends, and how deadly it is.

    The chance of every day until then is drawn at once, which takes less time than day by day.
    """
    fires = world.fronts[front]
    index = int(fires[_ENDINGS])
    fires[_ENDINGS] += 1.0
    wait = exponential(key, future, ENDING, front, index) / draw.scalars[_ENDING]
    fires[END_DAY] = day + 1 + math.floor(min(wait, 1e6))
    z = normal_quantile(uniform(key, future, TOLL, front, index))
    fires[_SEVERITY] = draw.scalars[_TOLL_MEAN] + draw.scalars[_TOLL_SPREAD] * z
    first = day - plan.as_of_day
    last = int(min(fires[END_DAY] - plan.as_of_day, luck.shape[2]))
    _draw_ahead(key, future, front, first, last, draw.scalars[_SPREAD], luck[:, front])


@lean
def _draw_ahead(
    key: int, future: int, front: int, first: int, last: int, spread: float, luck: FloatArray
) -> None:
    """Draw the luck of a front, (3, days), on the days from *first* to before *last*."""
    noise, chance = luck[NOISE, first:last], luck[CHANCE, first:last]
    for k in range(noise.shape[0]):
        noise[k] = uniform(key, future, TEMPO, front, first + k)
        chance[k] = uniform(key, future, COUNT, front, first + k)
    quantile = luck[QUANTILE, first:last]
    normal_quantiles(noise, quantile)
    for k in range(noise.shape[0]):
        noise[k] = exp(spread * quantile[k] - 0.5 * spread * spread)
    normal_quantiles(chance, quantile)


@lean_inlined
def over_already(plan: Plan, draw: Draw, world: World, key: int, future: int, front: int) -> bool:
    """Draw whether a war of which nothing has been told for days had ended by the as-of day.

    A file tells a war under way by an act a week, by chance on any day; a war that is over it does
    not tell. So the odds of an end n days ago or less against silence in a war that goes on are
    e Σ q^k, k < n, to q^n, with e the probability that fighting ends on a day and q that it goes on
    over a day of which nothing is told.
    """
    fires = world.fronts[front]
    silent = plan.as_of_day - fires[TOLD]
    if fires[AT_WAR_NOW] == 0.0 or silent <= 0.0:
        return False
    lasts = exp(-draw.scalars[_ENDING])
    untold = lasts * exp(-1.0 / WAR_TOLD_DAYS)
    goes_on = untold**silent
    ended = (1.0 - lasts) * (1.0 - goes_on) / (1.0 - untold)
    chance = uniform(key, future, SILENCE, front, 0)
    return bool(chance * (ended + goes_on) < ended)


@lean_inlined
def burn(
    plan: Plan,
    draw: Draw,
    world: World,
    luck: FloatArray,
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
    fade = 1.0 - draw.scalars[_KEEP]
    excess = world.room[_EXCESS]
    excess[:fronts] = 0.0
    for elapsed in range(day - plan.as_of_day, until - plan.as_of_day):
        week = (elapsed - 1) // WEEK
        for front in range(fronts):
            fires = world.fronts[front]
            if fires[BURNING] > 0.0:
                attacks = _attacks(draw, fires, luck[:, front, elapsed])
                record.attacks[row, front, week] += attacks
                excess[front] = fires[ACTIVITY] - 1.0
                if fires[AT_WAR_NOW] > 0.0:
                    killed = exp(min(fires[_SEVERITY], LOG_MOST_KILLED))
                    record.toll[row, front, week] += killed
                    record.war_days[row, front, week] += 1
        for front in range(fronts):
            if world.fronts[front, BURNING] > 0.0:
                activity = world.fronts[front, ACTIVITY]
                for other in range(fronts):
                    activity += fade * draw.pull[other, front] * excess[other]
                world.fronts[front, ACTIVITY] = max(activity, 0.0)


@lean_inlined
def _attacks(draw: Draw, fires: FloatArray, luck: FloatArray) -> int:
    """Return a day's attacks on a burning front, given its luck, and let its activity follow."""
    share, keep = draw.scalars[_PERSISTENCE], draw.scalars[_KEEP]
    relative = max((1.0 - share) + share * fires[ACTIVITY], TEMPO_FLOOR)
    mean = fires[RATE] * relative * luck[NOISE]
    attacks = poisson_quantile_at(mean, luck[CHANCE], luck[QUANTILE])
    fires[ACTIVITY] = keep * fires[ACTIVITY] + (1.0 - keep) * attacks / fires[RATE]
    return attacks
