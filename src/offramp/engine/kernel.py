"""The kernel: futures from the end of a timeline, each a pure function of seed and number.

The order of a day, in replay and in simulation alike:

1. fronts whose fighting ends; dyads that are due are read anew;
2. the morning: every dyad whose hazard is used up acts, on what it knew the day before;
3. these acts work, and on the evening whoever was provoked may answer at once;
4. burning fronts: the day's attacks, and the toll of war;
5. whoever was touched reads its state anew for the next day.

Each dyad carries an exponential clock that its hazard uses up (the random time change of a
point process), so days on which nothing happens cost nothing, and a lever that changes one
hazard leaves the other clocks alone.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from numba import njit

from offramp.choice.model import choose
from offramp.engine.dynamics import (
    FAR,
    apply_act,
    end_fighting,
    events_of,
    note_act,
    pass_evening,
    read_dyad,
    settle,
    world_at,
)
from offramp.engine.plan import Draws, Plan, World
from offramp.engine.replay import answers_tonight, settle_and_read
from offramp.engine.streams import (
    CLOCK,
    COUNT,
    ENDING,
    HARM,
    LEVEL,
    OPTION,
    RAID,
    TEMPO,
    TOLL,
    exponential,
    uniform,
)
from offramp.engine.threads import in_threads
from offramp.ladder import LEVEL_COUNT, Level
from offramp.quantiles import normal_quantile, poisson_quantile
from offramp.raid import CLASS_COUNT, fly, toll

MAX_ACTS = 250
"""Acts kept of one future; what is beyond is counted and reported."""
WEEK = 7
TEMPO_SPREAD = 0.6
"""Spread of the log of a burning front's daily rate (over-dispersion of its counts)."""
TEMPO_MEMORY_DAYS = 7.0
TEMPO_FLOOR = 0.05
_MAJOR, _LIMITED = int(Level.MAJOR), int(Level.LIMITED)


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
    """

    count: npt.NDArray[np.int32]
    day: npt.NDArray[np.int16]
    dyad: npt.NDArray[np.int8]
    level: npt.NDArray[np.int8]
    option: npt.NDArray[np.int16]
    killed: npt.NDArray[np.float32]
    failed: npt.NDArray[np.float32]
    attacks: npt.NDArray[np.float32]
    toll: npt.NDArray[np.float32]
    war_days: npt.NDArray[np.int8]


@njit(cache=True)
def _schedule(world: World, dyad: int, day: int) -> None:
    hazard = world.hazard[dyad]
    if hazard <= 0.0:
        world.act_day[dyad] = FAR
        return
    days = math.ceil(max(world.remaining[dyad], 1e-12) / hazard) - 1.0
    world.act_day[dyad] = FAR if days > 1e9 else day + int(max(days, 0.0))


@njit(cache=True)
def _wind(world: World, key: int, future: int, dyad: int) -> None:
    world.remaining[dyad] = exponential(key, future, CLOCK, dyad, world.acts[dyad])


@njit(cache=True)
def _pick_option(plan: Plan, draws: Draws, n: int, dyad: int, level: int, chance: float) -> int:
    first = plan.option_start[dyad * LEVEL_COUNT + level]
    last = plan.option_start[dyad * LEVEL_COUNT + level + 1]
    total = 0.0
    for option in range(first, last):
        total += math.exp(draws.option_log_weight[n, option])
    target = chance * total
    for option in range(first, last):
        target -= math.exp(draws.option_log_weight[n, option])
        if target < 0.0:
            return option
    return last - 1 if last > first else -1


@njit(cache=True)
def _raid(
    plan: Plan, draws: Draws, n: int, key: int, future: int, dyad: int, act: int, option: int
) -> tuple[int, float]:
    """Return killed and the share defeated of the raid that *option* launches."""
    target = plan.dyad_target[dyad]
    first, last = plan.layer_start[target], plan.layer_start[target + 1]
    index = act * 64
    launched = np.zeros(CLASS_COUNT)
    leakers = np.zeros(CLASS_COUNT)
    for k in range(CLASS_COUNT):
        if plan.option_high[option, k] > 0.0:
            chance = uniform(key, future, RAID, dyad, index + k)
            low, high = math.log(plan.option_low[option, k]), math.log(plan.option_high[option, k])
            launched[k] = math.floor(math.exp(low + chance * (high - low)) + 0.5)
    present = plan.layer_present[first:last].copy()
    if plan.option_warned[option] == 0.0:
        present *= 1.0 - plan.layer_needs_warning[first:last]
    uniforms = np.empty((last - first + 1, CLASS_COUNT))
    for k in range(uniforms.size):
        uniforms.flat[k] = uniform(key, future, RAID, dyad, index + CLASS_COUNT + k)
    fly(
        launched,
        draws.reliability[n],
        draws.kill[n, first:last],
        plan.layer_against[first:last],
        plan.layer_capacity[first:last],
        present,
        uniforms,
        leakers,
    )
    killed = toll(
        leakers.sum(),
        draws.killed_per_leaker[n],
        uniform(key, future, HARM, dyad, 2 * act),
        uniform(key, future, HARM, dyad, 2 * act + 1),
    )
    return killed, 1.0 - leakers.sum() / launched.sum()


@njit(cache=True)
def _harm(draws: Draws, key: int, future: int, dyad: int, act: int, level: int) -> int:
    none, mean, spread = draws.harm[level]
    chance = uniform(key, future, HARM, dyad, 2 * act)
    if chance < none:
        return 0
    z = normal_quantile(uniform(key, future, HARM, dyad, 2 * act + 1))
    return math.ceil(math.exp(min(mean + spread * z, 12.0)))


@njit(cache=True)
def _act(
    plan: Plan,
    draws: Draws,
    n: int,
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
    act = world.acts[dyad] - 1
    option = _pick_option(plan, draws, n, dyad, level, uniform(key, future, OPTION, dyad, act))
    killed, failed, on_soil = 0, 0.0, False
    if option >= 0:
        on_soil = plan.option_on_soil[option] > 0.0
    if option >= 0 and plan.option_high[option].sum() > 0.0:
        killed, failed = _raid(plan, draws, n, key, future, dyad, act, option)
    elif level >= 5:
        killed = _harm(draws, key, future, dyad, act, level)
    apply_act(
        plan, draws, n, world, dyad, day, level, killed, False, level >= _MAJOR, failed, on_soil
    )
    place = record.count[row]
    record.count[row] += 1
    if place < record.day.shape[1]:
        record.day[row, place] = day - plan.as_of_day
        record.dyad[row, place] = dyad
        record.level[row, place] = level
        record.option[row, place] = option
        record.killed[row, place] = killed
        record.failed[row, place] = failed


@njit(cache=True)
def _decide(
    plan: Plan, draws: Draws, n: int, world: World, key: int, future: int, dyad: int, day: int
) -> int:
    level = choose(
        world.utility[dyad],
        draws.resolve[n, plan.dyad_actor[dyad]],
        events_of(plan, world, dyad),
        uniform(key, future, LEVEL, dyad, world.acts[dyad]),
    )
    note_act(plan, draws, n, world, dyad, day, level)
    _wind(world, key, future, dyad)
    return level


@njit(cache=True)
def _morning(
    plan: Plan,
    draws: Draws,
    n: int,
    world: World,
    key: int,
    future: int,
    row: int,
    day: int,
    chosen: npt.NDArray[np.int64],
    record: Record,
) -> bool:
    any_act = False
    for dyad in range(chosen.shape[0]):
        chosen[dyad] = 0
        if world.act_day[dyad] == day:
            settle(plan, draws, world, dyad, day)
            chosen[dyad] = _decide(plan, draws, n, world, key, future, dyad, day)
            any_act = True
    if any_act:
        for dyad in range(chosen.shape[0]):
            if chosen[dyad]:
                _act(plan, draws, n, world, key, future, row, dyad, day, chosen[dyad], record)
    return any_act


@njit(cache=True)
def _evening(
    plan: Plan,
    draws: Draws,
    n: int,
    world: World,
    key: int,
    future: int,
    row: int,
    day: int,
    chosen: npt.NDArray[np.int64],
    record: Record,
) -> None:
    for dyad in range(chosen.shape[0]):
        chosen[dyad] = 0
        if world.touched[dyad] and answers_tonight(plan, world, dyad, day):
            settle(plan, draws, world, dyad, day + 1)
            read_dyad(plan, draws, n, world, dyad, day)
            if world.remaining[dyad] <= world.hazard[dyad]:
                chosen[dyad] = _decide(plan, draws, n, world, key, future, dyad, day)
            else:
                pass_evening(plan, draws, world, dyad, day)
    for dyad in range(chosen.shape[0]):
        if chosen[dyad]:
            _act(plan, draws, n, world, key, future, row, dyad, day, chosen[dyad], record)


@njit(cache=True)
def _kindle(
    draws: Draws, n: int, world: World, key: int, future: int, front: int, day: int
) -> None:
    """Draw when the fighting on a front that has begun to burn ends, and how deadly it is."""
    index = world.endings[front]
    world.endings[front] += 1
    wait = exponential(key, future, ENDING, front, index) / draws.ending[n]
    world.end_day[front] = day + 1 + int(min(wait, 1e6))
    z = normal_quantile(uniform(key, future, TOLL, front, index))
    world.severity[front] = draws.war_toll[n, 0] + draws.war_toll[n, 1] * z


@njit(cache=True)
def _burn(
    plan: Plan,
    draws: Draws,
    n: int,
    world: World,
    key: int,
    future: int,
    row: int,
    day: int,
    record: Record,
) -> None:
    """Pass a day on every burning front: attacks, the toll of war, and the tempo that follows.

    Activity is a discounted mean of the day's attacks over the usual rate; the next day's
    rate is a mixture of the usual and of it (a self-exciting count process, exponential
    kernel); `link` carries excess activity to linked fronts.
    """
    fronts = plan.link.shape[0]
    keep = math.exp(-1.0 / TEMPO_MEMORY_DAYS)
    elapsed = day - plan.as_of_day
    week = (elapsed - 1) // WEEK
    excess = np.zeros(fronts)
    for front in range(fronts):
        if not world.burning[front]:
            world.activity[front] = 1.0
            continue
        share = draws.persistence[n]
        relative = max((1.0 - share) + share * world.activity[front], TEMPO_FLOOR)
        z = normal_quantile(uniform(key, future, TEMPO, front, elapsed))
        noise = math.exp(TEMPO_SPREAD * z - 0.5 * TEMPO_SPREAD * TEMPO_SPREAD)
        attacks = poisson_quantile(
            world.rate[front] * relative * noise, uniform(key, future, COUNT, front, elapsed)
        )
        record.attacks[row, front, week] += attacks
        world.activity[front] = (
            keep * world.activity[front] + (1.0 - keep) * attacks / world.rate[front]
        )
        excess[front] = world.activity[front] - 1.0
        if world.war[front]:
            record.toll[row, front, week] += math.exp(min(world.severity[front], 12.0))
            record.war_days[row, front, week] += 1
    for front in range(fronts):
        if world.burning[front]:
            for other in range(fronts):
                pull = draws.shock[n] * plan.link[other, front] * excess[other]
                world.activity[front] += (1.0 - keep) * 0.2 * pull
            world.activity[front] = max(world.activity[front], 0.0)


@njit(cache=True)
def _turn_page(
    plan: Plan, draws: Draws, n: int, world: World, key: int, future: int, day: int
) -> None:
    """End a day: fronts newly burning draw their end, the touched read their state anew."""
    for front in range(plan.link.shape[0]):
        if world.burning[front] and world.end_day[front] == FAR:
            _kindle(draws, n, world, key, future, front, day)
    for dyad in range(plan.dyad_actor.shape[0]):
        if world.touched[dyad]:
            settle_and_read(plan, draws, n, world, dyad, day + 1)
            _schedule(world, dyad, day + 1)
            world.touched[dyad] = 0


@njit(cache=True)
def simulate_one(
    plan: Plan,
    draws: Draws,
    n: int,
    world: World,
    key: int,
    future: int,
    row: int,
    horizon: int,
    record: Record,
) -> None:
    """Simulate one future from *world*, which is used up, into row *row* of *record*."""
    dyads = plan.dyad_actor.shape[0]
    chosen = np.zeros(dyads, np.int64)
    world.acts[:] = 0
    world.touched[:] = 1
    world.settled[:] = plan.as_of_day + 1
    for dyad in range(dyads):
        _wind(world, key, future, dyad)
    _turn_page(plan, draws, n, world, key, future, plan.as_of_day)
    for day in range(plan.as_of_day + 1, plan.as_of_day + horizon + 1):
        for front in range(plan.link.shape[0]):
            if world.end_day[front] == day:
                end_fighting(plan, world, front, day)
        for dyad in range(dyads):
            if world.touched[dyad] or world.review_day[dyad] <= day:
                settle_and_read(plan, draws, n, world, dyad, day)
                _schedule(world, dyad, day)
                world.touched[dyad] = 0
        if _morning(plan, draws, n, world, key, future, row, day, chosen, record):
            _evening(plan, draws, n, world, key, future, row, day, chosen, record)
        _burn(plan, draws, n, world, key, future, row, day, record)
        _turn_page(plan, draws, n, world, key, future, day)


@njit(cache=True, nogil=True)
def simulate_range(
    plan: Plan,
    draws: Draws,
    worlds: World,
    key: int,
    first: int,
    begin: int,
    end: int,
    horizon: int,
    record: Record,
) -> None:
    """Simulate futures *first* + *begin* to *first* + *end*, each into its row of *record*."""
    count = draws.resolve.shape[0]
    for row in range(begin, end):
        future = first + row
        n = future % count
        simulate_one(plan, draws, n, world_at(worlds, n), key, future, row, horizon, record)


def simulate(
    plan: Plan,
    draws: Draws,
    worlds: World,
    key: int,
    first: int,
    horizon: int,
    record: Record,
) -> None:
    """Simulate futures *first* and on, one a row of *record*; future k uses draw k mod N."""

    def work(begin: int, end: int) -> None:
        simulate_range(plan, draws, worlds, key, first, begin, end, horizon, record)

    in_threads(len(record.count), work)


def room_for_record(chunk: int, fronts: int, horizon: int) -> Record:
    """Return an empty :class:`Record` for *chunk* futures over *horizon* days."""
    weeks = -(-horizon // WEEK)
    acts = (chunk, MAX_ACTS)
    by_week = (chunk, fronts, weeks)
    return Record(
        np.zeros(chunk, np.int32),
        np.zeros(acts, np.int16),
        np.zeros(acts, np.int8),
        np.zeros(acts, np.int8),
        np.zeros(acts, np.int16),
        np.zeros(acts, np.float32),
        np.zeros(acts, np.float32),
        np.zeros(by_week, np.float32),
        np.zeros(by_week, np.float32),
        np.zeros(by_week, np.int8),
    )
