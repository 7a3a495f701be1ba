"""Acts counted beside what was expected of them, future by future.

From one reading to the next the kernel knows the probability of every act. Over the days until a
wanted act happens, the count of such acts less the sum of their probabilities has mean zero: a
martingale, stopped. What is asked of futures goes with it closely, since most of the chance in a
future is whether an act that could have happened did; so it takes most of that chance out of an
estimate (a control variate: Glasserman 2004, *Monte Carlo Methods in Financial Engineering*, 4.1).
The later an act is possible, the more of what is asked hangs on it; so the same is kept a second
time with each day weighed by how late it is, which leaves the mean at zero.
"""

from __future__ import annotations

from offramp.choice.model import EACH
from offramp.compiling import lean_inlined
from offramp.elementary import exp
from offramp.engine.options import share_of_options
from offramp.engine.plan import (
    Draw,
    DyadColumn,
    FloatArray,
    Plan,
    RoomRow,
    WatchedRow,
    World,
    WorldColumn,
)
from offramp.ladder import FORCE_THRESHOLD

_LOWEST, _HIGHEST = int(WatchedRow.LOWEST), int(WatchedRow.HIGHEST)
_LAST_DAY, _DYADS = int(WatchedRow.LAST_DAY), int(WatchedRow.DYADS)
_BY_OPTION = int(WatchedRow.BY_OPTION)
_SURPRISE, _LATE = int(RoomRow.SURPRISE), int(RoomRow.LATE_SURPRISE)
_WATCHED_UNTIL = int(RoomRow.WATCHED_UNTIL)
_ACTOR = int(DyadColumn.ACTOR)
_HAZARD, _MASS = int(WorldColumn.HAZARD), int(WorldColumn.MASS)
_FORCE = int(FORCE_THRESHOLD)


@lean_inlined
def begin_watching(plan: Plan, world: World) -> None:
    """Set out: no surprise yet."""
    for place in range(plan.watched.shape[1]):
        world.room[_SURPRISE, place] = 0.0
        world.room[_LATE, place] = 0.0
        world.room[_WATCHED_UNTIL, place] = plan.watched[_LAST_DAY, place] + 1.0


@lean_inlined
def expect(
    plan: Plan,
    draw: Draw,
    world: World,
    dyad: int,
    first: float,
    until: float,
    share: float = 1.0,
) -> None:
    """Expect of a dyad, as last read, what it may do on the days from *first* to before *until*.

    With a *share* of -1 the same is no longer expected.
    """
    hazard = world.dyads[dyad, _HAZARD]
    begin = max(first, plan.as_of_day + 1.0)
    if plan.watched.shape[1] == 0 or hazard <= 0.0 or until <= begin:
        return
    factor, mass = draw.factor[plan.dyads[dyad, _ACTOR]], world.dyads[dyad, _MASS:]
    # The probability of an act on a day, by what its masses add up to.
    by_mass = share * (1.0 - exp(-hazard)) / ((1.0 - mass[0]) + (mass[2] - mass[1]) * factor)
    for place in range(plan.watched.shape[1]):
        if plan.watched[_DYADS + dyad, place] > 0.0:
            days = min(until, world.room[_WATCHED_UNTIL, place]) - begin
            if days > 0.0:
                expected = days * by_mass * _wanted(plan, draw, mass, factor, place, dyad)
                world.room[_SURPRISE, place] -= expected
                middle = begin + 0.5 * (days - 1.0)
                world.room[_LATE, place] -= expected * _lateness(plan, place, middle)


@lean_inlined
def _lateness(plan: Plan, place: int, day: float) -> float:
    """Return how late a day is between the as-of day, 0, and the last that is watched, 1."""
    return float((day - plan.as_of_day) / (plan.watched[_LAST_DAY, place] - plan.as_of_day))


@lean_inlined
def _wanted(
    plan: Plan, draw: Draw, mass: FloatArray, factor: float, place: int, dyad: int
) -> float:
    """Return the mass of what is watched at a place among what a dyad may do."""
    wanted = 0.0
    low, high = int(plan.watched[_LOWEST, place]), int(plan.watched[_HIGHEST, place])
    for level in range(low, high + 1):
        own = mass[EACH + level] * (factor if level >= _FORCE else mass[0])
        if own > 0.0 and plan.watched[_BY_OPTION, place] > 0.0:
            own *= share_of_options(plan, draw, place, dyad, level)
        wanted += own
    return wanted


@lean_inlined
def count_act(plan: Plan, world: World, dyad: int, day: int, level: int, option: int) -> None:
    """Count an act, its option -1 for none.

    The day of the first act that is wanted is the last that is watched.
    """
    for place in range(plan.watched.shape[1]):
        if (
            plan.watched[_DYADS + dyad, place] > 0.0
            and plan.watched[_LOWEST, place] <= level <= plan.watched[_HIGHEST, place]
            and plan.watched_options[place, option] > 0.0
            and day < world.room[_WATCHED_UNTIL, place]
        ):
            world.room[_SURPRISE, place] += 1.0
            world.room[_LATE, place] += _lateness(plan, place, day)
            world.room[_WATCHED_UNTIL, place] = day + 1.0


@lean_inlined
def surprise_at(world: World, place: int) -> tuple[float, float]:
    """Return what was counted less what was expected of it: plain, and weighed by lateness."""
    return world.room[_SURPRISE, place], world.room[_LATE, place]
