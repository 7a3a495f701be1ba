"""Fronts that burn: the tempo of attacks, how it spreads, when it ends, what war costs."""

from __future__ import annotations

import math

from offramp.compiling import lean
from offramp.engine.dynamics import ACTIVITY, AT_WAR_NOW, BURNING, END_DAY, RATE
from offramp.engine.outcome import LOG_MOST_KILLED, WEEK, Record
from offramp.engine.plan import Draw, FloatArray, FrontColumn, Plan, RoomRow, ScalarColumn, World
from offramp.engine.streams import COUNT, ENDING, TEMPO, TOLL, exponential, uniform
from offramp.quantiles import normal_quantile, poisson_quantile

TEMPO_FLOOR = 0.05
_ENDINGS, _SEVERITY = int(FrontColumn.ENDINGS), int(FrontColumn.SEVERITY)
_PERSISTENCE, _KEEP = int(ScalarColumn.PERSISTENCE), int(ScalarColumn.KEEP)
_SPREAD = int(ScalarColumn.TEMPO_SPREAD)
_ENDING, _EXCESS = int(ScalarColumn.ENDING), int(RoomRow.EXCESS)
_TOLL_MEAN, _TOLL_SPREAD = int(ScalarColumn.TOLL_MEAN), int(ScalarColumn.TOLL_SPREAD)


@lean
def kindle(draw: Draw, world: World, key: int, future: int, front: int, day: int) -> None:
    """Draw when the fighting on a front that has begun to burn ends, and how deadly it is."""
    fires = world.fronts[front]
    index = int(fires[_ENDINGS])
    fires[_ENDINGS] += 1.0
    wait = exponential(key, future, ENDING, front, index) / draw.scalars[_ENDING]
    fires[END_DAY] = day + 1 + math.floor(min(wait, 1e6))
    z = normal_quantile(uniform(key, future, TOLL, front, index))
    fires[_SEVERITY] = draw.scalars[_TOLL_MEAN] + draw.scalars[_TOLL_SPREAD] * z


@lean
def burn(
    plan: Plan,
    draw: Draw,
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
    fade = 1.0 - draw.scalars[_KEEP]
    excess = world.room[_EXCESS]
    excess[:] = 0.0
    for elapsed in range(day - plan.as_of_day, until - plan.as_of_day):
        week = (elapsed - 1) // WEEK
        for front in range(fronts):
            fires = world.fronts[front]
            if fires[BURNING] > 0.0:
                attacks = _attacks(draw, fires, key, future, front, elapsed)
                record.attacks[row, front, week] += attacks
                excess[front] = fires[ACTIVITY] - 1.0
                if fires[AT_WAR_NOW] > 0.0:
                    killed = math.exp(min(fires[_SEVERITY], LOG_MOST_KILLED))
                    record.toll[row, front, week] += killed
                    record.war_days[row, front, week] += 1
        for front in range(fronts):
            if world.fronts[front, BURNING] > 0.0:
                activity = world.fronts[front, ACTIVITY]
                for other in range(fronts):
                    activity += fade * draw.pull[other, front] * excess[other]
                world.fronts[front, ACTIVITY] = max(activity, 0.0)


@lean
def _attacks(draw: Draw, fires: FloatArray, key: int, future: int, front: int, elapsed: int) -> int:
    """Draw a day's attacks on a burning front and let its activity follow."""
    share, keep, spread = draw.scalars[_PERSISTENCE], draw.scalars[_KEEP], draw.scalars[_SPREAD]
    relative = max((1.0 - share) + share * fires[ACTIVITY], TEMPO_FLOOR)
    z = normal_quantile(uniform(key, future, TEMPO, front, elapsed))
    noise = math.exp(spread * z - 0.5 * spread * spread)
    chance = uniform(key, future, COUNT, front, elapsed)
    attacks = poisson_quantile(fires[RATE] * relative * noise, chance)
    fires[ACTIVITY] = keep * fires[ACTIVITY] + (1.0 - keep) * attacks / fires[RATE]
    return attacks
