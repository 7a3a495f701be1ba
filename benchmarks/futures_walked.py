"""The questions of `conditional.py`, read from futures one by one in compiled loops.

Written from what the language means (docs/questions.md) and not from the code that answers it.
Every pair that is asked about faces each other on one front only and is alone there, so that half
of that front's routine fighting is of either side, and all war on it theirs.
"""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from numba import njit

from offramp.engine.ensemble import Futures
from offramp.ladder import Level

QUESTIONS = (
    "war on direct by 2024-08-01 given that ISR holds on IRN below deniable until 2024-05-01",
    "IRN acts on ISR at level >= limited within 14 days after ISR acts on IRN at level >= limited "
    "by 2024-08-01 given that ISR acts on IRN at level >= limited by 2024-05-15",
    "killed on direct >= 50 by 2024-08-01 or quiet on direct for 60 days by 2024-08-01 given that "
    "not war on lebanon by 2024-06-01 and USA acts on IRN at level >= display by 2024-06-01",
    "ISR acts on HZB at level >= limited at least 3 times by 2024-04-22 given that HZB acts on ISR "
    "at level >= limited before ISR acts on IRN at level >= deniable by 2024-06-01",
)
AS_OF = date(2024, 4, 15)
APRIL_22 = (date(2024, 4, 22) - AS_OF).days
MAY_1 = (date(2024, 5, 1) - AS_OF).days
MAY_15 = (date(2024, 5, 15) - AS_OF).days
JUNE_1 = (date(2024, 6, 1) - AS_OF).days
AUGUST_1 = (date(2024, 8, 1) - AS_OF).days
DISPLAY, DENIABLE = int(Level.DISPLAY), int(Level.DENIABLE)
LIMITED, WAR = int(Level.LIMITED), int(Level.WAR)
WEEK = 7
A_DAY = 1000
"""A moment is so many times its day, and its place within the day."""
AT_THE_END = A_DAY - 1
NEVER = 10**6
GOLDEN = (5**0.5 - 1) / 2


class Told(NamedTuple):
    """What futures tell; the fields are those of `Futures`, and the front of each dyad."""

    start: npt.NDArray[np.int64]
    day: npt.NDArray[np.int16]
    dyad: npt.NDArray[np.int8]
    level: npt.NDArray[np.int8]
    killed: npt.NDArray[np.float32]
    attacks: npt.NDArray[np.float32]
    toll: npt.NDArray[np.float32]
    war_days: npt.NDArray[np.int8]
    number: npt.NDArray[np.int64]
    front: npt.NDArray[np.int64]


class Ways(NamedTuple):
    """Who does something to whom: indices of dyads."""

    israel_on_iran: int
    iran_on_israel: int
    states_on_iran: int
    israel_on_hezbollah: int
    hezbollah_on_israel: int


@njit(cache=True)
def first_day_of_war(told: Told, row: int, front: int) -> int:
    """Return the day on which a front is first at war, that goes on or begins with an act."""
    begun = NEVER
    for k in range(told.start[row], told.start[row + 1]):
        if told.front[told.dyad[k]] == front and told.level[k] == WAR and told.day[k] < begun:
            begun = int(told.day[k])
    since_then = max(WEEK + 1 - begun, 0)
    return 1 if told.war_days[row, front, 0] > since_then else begun


@njit(cache=True)
def first_attack_asked(number: int) -> int:
    """Return which attack is the first of one side's: a coin is thrown until it shows heads."""
    dice = (number + 1) * GOLDEN % 1
    thrown = 1
    while dice < 0.5**thrown:
        thrown += 1
    return thrown


@njit(cache=True)
def fighting(told: Told, row: int, front: int, last: int) -> npt.NDArray[np.bool_]:
    """Return whether one side of a front fights on each day up to *last*, as no act tells."""
    fought = np.zeros(last + 1, np.bool_)
    begun = first_day_of_war(told, row, front)
    for day in range(begun, last + 1):
        week = (day - 1) // WEEK
        opens = max(WEEK * week + 1, begun)
        days_at_war = int(told.war_days[row, front, week])
        if opens == begun:
            days_at_war = max(days_at_war, 1)
        fought[day] = day - opens < days_at_war
    wanted = first_attack_asked(told.number[row])
    attack = 0
    for week in range((last - 1) // WEEK + 1):
        of_the_week = int(told.attacks[row, front, week])
        for k in range(1, of_the_week + 1):
            attack += 1
            if attack == wanted:
                wanted += 2
                day = WEEK * week + (WEEK * k + of_the_week) // (of_the_week + 1)
                if day <= last:
                    fought[day] = True
    return fought


@njit(cache=True)
def moments(told: Told, row: int, way: int, least: int, last: int) -> npt.NDArray[np.int64]:
    """Return when one acts on another at a level or above, up to day *last*, in no order."""
    fought = fighting(told, row, told.front[way], last)
    first = told.start[row]
    found = np.zeros(told.start[row + 1] - first + last, np.int64)
    count = 0
    for k in range(first, told.start[row + 1]):
        if told.dyad[k] == way and told.level[k] >= least and told.day[k] <= last:
            found[count] = A_DAY * told.day[k] + k - first
            fought[told.day[k]] = False  # of fighting that no act tells, told days have none
            count += 1
    for day in range(1, last + 1):
        if fought[day]:
            found[count] = A_DAY * day + AT_THE_END
            count += 1
    return found[:count]


@njit(cache=True)
def killed(told: Told, row: int, front: int, last: int) -> float:
    """Return how many are killed on a front up to a day."""
    total = 0.0
    for k in range(told.start[row], told.start[row + 1]):
        if told.front[told.dyad[k]] == front and told.day[k] <= last:
            total += told.killed[k]
    for week in range((last - 1) // WEEK + 1):
        total += told.toll[row, front, week] * min(last - WEEK * week, WEEK) / WEEK
    return total


@njit(cache=True)
def longest_quiet(told: Told, row: int, front: int, last: int) -> int:
    """Return the most days on end without force on a front, up to a day."""
    force = np.zeros(last + 1, np.bool_)
    for k in range(told.start[row], told.start[row + 1]):
        if told.front[told.dyad[k]] == front and told.level[k] >= DENIABLE and told.day[k] <= last:
            force[told.day[k]] = True
    longest = quiet = 0
    for day in range(1, last + 1):
        week = (day - 1) // WEEK
        burns = told.attacks[row, front, week] > 0 or told.war_days[row, front, week] > 0
        quiet = 0 if force[day] or burns else quiet + 1
        longest = max(longest, quiet)
    return longest


@njit(cache=True)
def answered_within(
    moments: npt.NDArray[np.int64], triggers: npt.NDArray[np.int64], days: int
) -> bool:
    """Tell whether a moment comes after a trigger, and by so many days after."""
    for one in moments:
        for trigger in triggers:
            if trigger < one and one // A_DAY - trigger // A_DAY <= days:
                return True
    return False


@njit(cache=True)
def earliest(moments: npt.NDArray[np.int64]) -> int:
    first = NEVER * A_DAY
    for one in moments:
        first = min(first, one)
    return first


@njit(cache=True)
def war_after_restraint(told: Told, row: int, ways: Ways) -> tuple[bool, bool]:
    """Return whether the condition of the first question holds, and whether the answer is yes."""
    acts = moments(told, row, ways.israel_on_iran, DENIABLE, MAY_1)
    front = told.front[ways.israel_on_iran]
    return len(acts) == 0, first_day_of_war(told, row, front) <= AUGUST_1


@njit(cache=True)
def answer_to_a_strike(told: Told, row: int, ways: Ways) -> tuple[bool, bool]:
    """Return the same for the second question."""
    triggers = moments(told, row, ways.israel_on_iran, LIMITED, AUGUST_1)
    answers = moments(told, row, ways.iran_on_israel, LIMITED, AUGUST_1)
    return earliest(triggers) // A_DAY <= MAY_15, answered_within(answers, triggers, 14)


@njit(cache=True)
def many_killed_or_quiet(told: Told, row: int, ways: Ways) -> tuple[bool, bool]:
    """Return the same for the third question."""
    war = first_day_of_war(told, row, told.front[ways.israel_on_hezbollah]) <= JUNE_1
    steps = moments(told, row, ways.states_on_iran, DISPLAY, JUNE_1)
    front = told.front[ways.israel_on_iran]
    yes = killed(told, row, front, AUGUST_1) >= 50
    yes = yes or longest_quiet(told, row, front, AUGUST_1) >= 60
    return not war and len(steps) > 0, yes


@njit(cache=True)
def three_strikes_on_the_other_front(told: Told, row: int, ways: Ways) -> tuple[bool, bool]:
    """Return the same for the fourth question."""
    one = earliest(moments(told, row, ways.hezbollah_on_israel, LIMITED, JUNE_1))
    other = earliest(moments(told, row, ways.israel_on_iran, DENIABLE, JUNE_1))
    strikes = moments(told, row, ways.israel_on_hezbollah, LIMITED, APRIL_22)
    return one < other, len(strikes) >= 3


@njit(cache=True)
def _read(told: Told, ways: Ways) -> npt.NDArray[np.bool_]:
    found = np.zeros((4, 2, len(told.start) - 1), np.bool_)
    for row in range(len(told.start) - 1):
        found[0, 0, row], found[0, 1, row] = war_after_restraint(told, row, ways)
        found[1, 0, row], found[1, 1, row] = answer_to_a_strike(told, row, ways)
        found[2, 0, row], found[2, 1, row] = many_killed_or_quiet(told, row, ways)
        found[3, 0, row], found[3, 1, row] = three_strikes_on_the_other_front(told, row, ways)
    return found


def walk(futures: Futures) -> npt.NDArray[np.bool_]:
    """Return where the condition of each question holds and where its answer is yes, (4, 2, K).

    Raises:
        ValueError: the crisis is not the one that the questions are written for.
    """
    compiled = futures.compiled
    pairs = {front.id: front.pairs for front in compiled.crisis.fronts}
    if compiled.crisis.as_of != AS_OF or futures.horizon < WEEK * -(-AUGUST_1 // WEEK):
        raise ValueError(f"expected futures from {AS_OF} to the end of the week of the last close")

    def way(actor: str, target: str) -> int:
        dyads = enumerate(compiled.dyads)
        (found,) = (k for k, one in dyads if (one.actor, one.target) == (actor, target))
        if len(pairs[compiled.dyads[found].front]) != 1:
            raise ValueError(f"{actor} and {target} are not alone on their front")
        return found

    names = (("ISR", "IRN"), ("IRN", "ISR"), ("USA", "IRN"), ("ISR", "HZB"), ("HZB", "ISR"))
    fronts = np.array([compiled.fronts.index(one.front) for one in compiled.dyads])
    told = Told._make([*(getattr(futures, name) for name in Told._fields[:-1]), fronts])
    found: npt.NDArray[np.bool_] = _read(told, Ways(*(way(*one) for one in names)))
    return found
