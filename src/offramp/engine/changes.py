"""What a lever changes while a future runs: the rows of `Plan.changes`, made on their days.

A change that leaves things as they are touches nothing: no dyad is read anew for it, so a future
that it does not bear on stays the same to the last byte.
"""

from __future__ import annotations

from offramp.choice.dyad import NEVER
from offramp.compiling import lean
from offramp.engine.dynamics import BURNING, FRONT, SETTLED, TOUCHED, end_fighting
from offramp.engine.expecting import expect
from offramp.engine.plan import (
    CEASE,
    LINK,
    MAN,
    SAY,
    SET,
    UNSAY,
    WARN,
    WEIGH,
    ChangeColumn,
    Draw,
    FloatArray,
    LayerColumn,
    OptionColumn,
    Plan,
    ScalarColumn,
    World,
    pull_to,
)

_DAY, _KIND, _PLACE = int(ChangeColumn.DAY), int(ChangeColumn.KIND), int(ChangeColumn.PLACE)
_WHAT, _VALUE = int(ChangeColumn.WHAT), int(ChangeColumn.VALUE)
_WARNED, _PRESENT = int(OptionColumn.WARNED), int(LayerColumn.PRESENT)
_PERSISTENCE, _CROSS = int(ScalarColumn.PERSISTENCE), int(ScalarColumn.CROSS)

NONE_LEFT = 1 << 40
"""A day that does not come."""


@lean
def next_change(plan: Plan, made: int) -> int:
    """Return the day of the first change after the *made* ones, `NONE_LEFT` if there is none."""
    return int(plan.changes[made, _DAY]) if made < plan.changes.shape[0] else NONE_LEFT


@lean
def make_changes(plan: Plan, draw: Draw, world: World, day: int, made: int) -> int:
    """Make the changes of *day* in this future's plan, draw and world; return how many are made.

    Args:
        plan: a copy that is this future's own.
        draw: likewise.
        world: likewise.
        day: of the future, at its beginning.
        made: how many changes, by day, were made before.
    """
    while next_change(plan, made) <= day:
        _make(plan, draw, world, day, plan.changes[made])
        made += 1
    return made


@lean
def _make(plan: Plan, draw: Draw, world: World, day: int, change: FloatArray) -> None:
    kind, place, what = int(change[_KIND]), int(change[_PLACE]), int(change[_WHAT])
    value = change[_VALUE]
    if kind == SET:
        _set(world, place, what, value)
    elif kind == SAY:
        if day - world.dyads[place, what] > value:
            _set(world, place, what, day)
    elif kind == UNSAY:
        if day - world.dyads[place, what] <= value:
            _set(world, place, what, NEVER)
    elif kind == CEASE:
        if world.fronts[place, BURNING] > 0.0:
            end_fighting(plan, world, place, day)
    elif kind == LINK:
        _link(plan, draw, world, place, what, value)
    elif kind == WEIGH:
        # Of days past, what was expected was so by the old weight; they are settled by the new.
        for dyad in range(plan.dyads.shape[0]):
            expect(plan, draw, world, dyad, world.dyads[dyad, SETTLED], day)
        draw.option_weight[place] *= value
        for dyad in range(plan.dyads.shape[0]):
            expect(plan, draw, world, dyad, world.dyads[dyad, SETTLED], day, -1.0)
    elif kind == MAN:
        plan.layers[place, _PRESENT] = value
    elif kind == WARN:
        plan.options[place, _WARNED] = value


@lean
def _set(world: World, dyad: int, slot: int, value: float) -> None:
    if world.dyads[dyad, slot] != value:
        world.dyads[dyad, slot] = value
        world.schedule[TOUCHED, dyad] = 1.0


@lean
def _link(plan: Plan, draw: Draw, world: World, giver: int, receiver: int, value: float) -> None:
    """Set the strength of a link; who stands on the front feels it while the other burns."""
    felt = plan.link[giver, receiver] != value and world.fronts[giver, BURNING] > 0.0
    plan.link[giver, receiver] = value
    pull_to(receiver, plan.link, draw.scalars[_PERSISTENCE], draw.scalars[_CROSS], draw.pull)
    for dyad in range(plan.dyads.shape[0]):
        if felt and plan.dyads[dyad, FRONT] == receiver:
            world.schedule[TOUCHED, dyad] = 1.0
