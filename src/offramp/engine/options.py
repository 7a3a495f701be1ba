"""Which option an act takes: the chance of each, within its dyad and level."""

from __future__ import annotations

from offramp.compiling import lean_inlined
from offramp.engine.plan import Draw, Plan
from offramp.ladder import LEVEL_COUNT


@lean_inlined
def _options_at(plan: Plan, dyad: int, level: int) -> tuple[int, int]:
    """Return the first option of a level, and the one after its last."""
    place = dyad * LEVEL_COUNT + level
    return plan.option_start[place], plan.option_start[place + 1]


@lean_inlined
def pick_option(plan: Plan, draw: Draw, dyad: int, level: int, chance: float) -> int:
    """Return the option that *chance* picks among those of a level, or -1 if none has weight."""
    first, last = _options_at(plan, dyad, level)
    total = 0.0
    for option in range(first, last):
        total += draw.option_weight[option]
    if total == 0.0:
        return -1
    target = chance * total
    for option in range(first, last):
        target -= draw.option_weight[option]
        if target < 0.0:
            return option
    return int(last) - 1


@lean_inlined
def share_of_options(plan: Plan, draw: Draw, watched: int, dyad: int, level: int) -> float:
    """Return the probability that an act takes an option that row *watched* counts.

    Acts without an option count as the last column of `Plan.watched_options` says.
    """
    first, last = _options_at(plan, dyad, level)
    total = wanted = 0.0
    for option in range(first, last):
        weight = draw.option_weight[option]
        total += weight
        wanted += weight * plan.watched_options[watched, option]
    if total == 0.0:
        return float(plan.watched_options[watched, -1])
    return float(wanted / total)
