"""What an act does: which option it takes, what it launches, whom it kills, and its record."""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from offramp.compiling import lean_inlined
from offramp.elementary import exp, log
from offramp.engine.dynamics import ACTS, TARGET, apply_act
from offramp.engine.expecting import count_act
from offramp.engine.options import pick_option
from offramp.engine.plan import Draw, LayerColumn, OptionColumn, Plan, RoomRow, ScalarColumn, World
from offramp.engine.streams import HARM, NOTED, OPTION, RAID, uniform
from offramp.ladder import FORCE_THRESHOLD, Level
from offramp.quantiles import normal_quantile
from offramp.raid import CLASS_COUNT, fly, toll

MAX_ACTS = 250
"""Acts kept of one future; what is beyond is counted and reported."""
WEEK = 7
LOG_MOST_KILLED = 12.0
_FORCE, _MAJOR = int(FORCE_THRESHOLD), int(Level.MAJOR)
_PRESSURE, _DISPLAY = int(Level.PRESSURE), int(Level.DISPLAY)
_WARNED, _ON_SOIL = int(OptionColumn.WARNED), int(OptionColumn.ON_SOIL)
_LOW, _HIGH = int(OptionColumn.LOW), int(OptionColumn.HIGH)
_AGAINST, _CAPACITY = int(LayerColumn.AGAINST), int(LayerColumn.CAPACITY)
_PRESENT, _NEEDS_WARNING = int(LayerColumn.PRESENT), int(LayerColumn.NEEDS_WARNING)
_LAUNCHED, _LEAKERS = int(RoomRow.LAUNCHED), int(RoomRow.LEAKERS)
_PRESENT_NOW, _CHANCES = int(RoomRow.PRESENT), int(RoomRow.CHANCES)
_KILLED_PER_LEAKER = int(ScalarColumn.KILLED_PER_LEAKER)
_DILIGENCE_PRESSURE = int(ScalarColumn.DILIGENCE_PRESSURE)
_DILIGENCE_DISPLAY = int(ScalarColumn.DILIGENCE_DISPLAY)
_NUMBERS_A_RAID = 64


class Record(NamedTuple):
    """What is kept of a chunk of futures: C futures, M acts, F fronts, W weeks.

    Attributes:
        count: acts of each future, (C,); may exceed M, then the rest is lost.
        day: of each act, days after the as-of date from 1, (C, M).
        dyad: who to whom, (C, M).
        level: (C, M).
        option: index of the option, or -1, (C, M).
        killed: (C, M).
        failed: share of a raid that the defence defeated, (C, M).
        attacks: on burning fronts by week, (C, F, W).
        toll: killed in war by week, (C, F, W).
        war_days: days at war by week, (C, F, W).
        surprise: acts that are watched, counted, less what was expected of them, by column of
            `Plan.watched`: plain, and with each day weighed by how late it is, (C, W, 2).
    """

    count: npt.NDArray[np.int32]  # type: ignore[assignment]
    day: npt.NDArray[np.int16]
    dyad: npt.NDArray[np.int8]
    level: npt.NDArray[np.int8]
    option: npt.NDArray[np.int16]
    killed: npt.NDArray[np.float32]
    failed: npt.NDArray[np.float32]
    attacks: npt.NDArray[np.float32]
    toll: npt.NDArray[np.float32]
    war_days: npt.NDArray[np.int8]
    surprise: npt.NDArray[np.float32]


def room_for_acts(chunk: int) -> dict[str, npt.NDArray[Any]]:
    """Return those fields of an empty :class:`Record` of *chunk* futures that hold their acts."""
    acts = (chunk, MAX_ACTS)
    return {
        "count": np.zeros(chunk, np.int32),
        "day": np.zeros(acts, np.int16),
        "dyad": np.zeros(acts, np.int8),
        "level": np.zeros(acts, np.int8),
        "option": np.zeros(acts, np.int16),
        "killed": np.zeros(acts, np.float32),
        "failed": np.zeros(acts, np.float32),
    }


def room_by_future(
    count: int, fronts: int, horizon: int, watched: int
) -> dict[str, npt.NDArray[Any]]:
    """Return those fields of an empty :class:`Record` that hold as much of every future.

    Args:
        count: how many futures.
        fronts: of the crisis.
        horizon: in days.
        watched: columns of `Plan.watched`.
    """
    by_week = (count, fronts, -(-horizon // WEEK))
    return {
        "attacks": np.zeros(by_week, np.float32),
        "toll": np.zeros(by_week, np.float32),
        "war_days": np.zeros(by_week, np.int8),
        "surprise": np.zeros((count, watched, 2), np.float32),
    }


@lean_inlined
def _is_raid(plan: Plan, option: int) -> bool:
    most = 0.0
    for k in range(CLASS_COUNT):
        most = max(most, plan.options[option, _HIGH + k])
    return most > 0.0


@lean_inlined
def _launched(plan: Plan, option: int, munition: int, chance: float) -> float:
    """Return how many munitions of a class an option launches, log-uniformly by *chance*."""
    if plan.options[option, _HIGH + munition] <= 0.0:
        return 0.0
    low = log(plan.options[option, _LOW + munition])
    high = log(plan.options[option, _HIGH + munition])
    return float(math.floor(exp(low + chance * (high - low)) + 0.5))


@lean_inlined
def _raid(
    plan: Plan,
    draw: Draw,
    world: World,
    key: int,
    future: int,
    dyad: int,
    number: int,
    option: int,
) -> tuple[float, float]:
    """Return killed and the share defeated of the raid that *option* launches."""
    target = plan.dyads[dyad, TARGET]
    first, last = plan.layer_start[target], plan.layer_start[target + 1]
    layers = plan.layers[first:last]
    index = number * _NUMBERS_A_RAID
    launched = world.room[_LAUNCHED, :CLASS_COUNT]
    leakers = world.room[_LEAKERS, :CLASS_COUNT]
    present = world.room[_PRESENT_NOW, : last - first]
    uniforms = world.room[_CHANCES : _CHANCES + last - first + 1, :CLASS_COUNT]
    for k in range(CLASS_COUNT):
        launched[k] = _launched(plan, option, k, uniform(key, future, RAID, dyad, index + k))
    warned = plan.options[option, _WARNED] > 0.0
    for layer in range(last - first):
        asleep = layers[layer, _NEEDS_WARNING] > 0.0 and not warned
        present[layer] = 0.0 if asleep else layers[layer, _PRESENT]
    for layer in range(last - first + 1):
        for k in range(CLASS_COUNT):
            place = index + CLASS_COUNT * (layer + 1) + k
            uniforms[layer, k] = uniform(key, future, RAID, dyad, place)
    fly(
        launched,
        draw.kill[0],
        draw.kill[1 + first : 1 + last],
        layers[:, _AGAINST : _AGAINST + CLASS_COUNT],
        layers[:, _CAPACITY],
        present,
        uniforms,
        leakers,
    )
    through = sent = 0.0
    for k in range(CLASS_COUNT):
        through += leakers[k]
        sent += launched[k]
    killed = toll(
        through,
        draw.scalars[_KILLED_PER_LEAKER],
        uniform(key, future, HARM, dyad, 2 * number),
        uniform(key, future, HARM, dyad, 2 * number + 1),
    )
    return float(killed), 1.0 - through / sent


@lean_inlined
def _harm(draw: Draw, key: int, future: int, dyad: int, number: int, level: int) -> float:
    """Return how many an act without munitions kills."""
    none, mean, spread = (
        draw.by_level[level, 1],
        draw.by_level[level, 2],
        draw.by_level[level, 3],
    )
    if uniform(key, future, HARM, dyad, 2 * number) < none:
        return 0.0
    z = normal_quantile(uniform(key, future, HARM, dyad, 2 * number + 1))
    return float(math.ceil(exp(min(mean + spread * z, LOG_MOST_KILLED))))


@lean_inlined
def _works(draw: Draw, key: int, future: int, dyad: int, number: int, level: int) -> bool:
    """Draw whether an act is one that datasets would hold, or only a diligent file.

    Displays and pressure that only files tell leave no trace in what the actors weigh: the weights
    are those of the acts that datasets hold, and would let small steps feed on themselves.
    """
    if level == _PRESSURE:
        diligence = draw.scalars[_DILIGENCE_PRESSURE]
    elif level == _DISPLAY:
        diligence = draw.scalars[_DILIGENCE_DISPLAY]
    else:
        return True
    return bool(diligence <= 0.0 or uniform(key, future, NOTED, dyad, number) < exp(-diligence))


@lean_inlined
def act(
    plan: Plan,
    draw: Draw,
    world: World,
    key: int,
    future: int,
    row: int,
    dyad: int,
    day: int,
    level: int,
    record: Record,
) -> None:
    """Resolve an act that was chosen, let it work, and record it."""
    number = int(world.dyads[dyad, ACTS]) - 1
    chance = uniform(key, future, OPTION, dyad, number)
    option = pick_option(plan, draw, dyad, level, chance)
    count_act(plan, world, dyad, day, level, option)
    killed, failed, on_soil = 0.0, 0.0, False
    if option >= 0:
        on_soil = plan.options[option, _ON_SOIL] > 0.0
    if option >= 0 and _is_raid(plan, option):
        killed, failed = _raid(plan, draw, world, key, future, dyad, number, option)
    elif level >= _FORCE:
        killed = _harm(draw, key, future, dyad, number, level)
    crisis = level >= _MAJOR
    if _works(draw, key, future, dyad, number, level):
        apply_act(plan, draw, world, dyad, day, level, killed, False, crisis, failed, on_soil)
    place = record.count[row]
    record.count[row] += 1
    if place < record.day.shape[1]:
        record.day[row, place] = day - plan.as_of_day
        record.dyad[row, place] = dyad
        record.level[row, place] = level
        record.option[row, place] = option
        record.killed[row, place] = killed
        record.failed[row, place] = failed
