"""The data structures of the engine, named once: arrays that the kernel reads and writes.

Shapes use A actors, D directed dyads, F fronts, O options, L layers of defence, E timeline
events, C changes, N posterior draws, K nodes of belief, T terms, S slots of a dyad's state. What
belongs together stands in the columns of one array, named by the enumerations here: compiled code
is handed few arrays, which it does fast, and not many, which it does slowly.
"""

from __future__ import annotations

from enum import IntEnum
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from numba import njit

from offramp.choice.dyad import SLOT_COUNT
from offramp.choice.model import MASS_COUNT
from offramp.choice.terms import TERM_COUNT
from offramp.compiling import lean
from offramp.ladder import LEVEL_COUNT

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]

NORMAL_EVENTS = 0b111111110
"""On a front that does not burn, every level but hold is an event."""
BURNING_EVENTS = 0b100000010
"""On a burning front only war and a step towards the other side depart from the routine."""
WAR_EVENTS = 0b000000010
"""At war force is left to the front's tempo and its end."""

ACT, SET_SLOT, IGNITE = 0, 1, 2
"""Kinds of timeline event: an act, a statement that sets slots, a front that starts to burn."""

BURNS, AT_WAR, HAS_BURNED = 0, 1, 2
"""How an `IGNITE` event leaves its front: burning, at war, or quiet after it has burned."""

SET, SAY, UNSAY, CEASE, LINK, WEIGH, MAN, WARN = range(8)
"""Kinds of change: a slot set; a word said, or taken back, where it does not stand, or stands; a
front that stops burning; a link; an option weighed anew; a layer manned or not; a warning."""

MOST_LAYERS = 14
"""A raid has room for the random numbers of so many layers."""
FAR = 1.0e12
"""A day that does not come."""

REVIEW_BURNING_DAYS = 60
"""On a burning front only its tempo changes what its dyads weigh, and that slowly."""
SHOCK_BY_LEVEL = np.array([0.0, 0.0, 0.0, 0.0, 0.0, 0.15, 0.35, 1.0, 3.0])
"""Relative tempo that an act adds on a linked front, times the link's strength (elicited)."""
MOST_CROSS = 0.9
"""What all links to a front together pass on of others' excess is at most this share."""
INDIRECT_FROM = 7
"""Acts from this level on provoke the friends of their target too (ICB's indirect trigger)."""


class DyadColumn(IntEnum):
    """Columns of `Plan.dyads`."""

    ACTOR = 0
    TARGET = 1
    FRONT = 2
    REVERSE = 3
    FRIENDS_START = 4
    FRIENDS_END = 5


class OptionColumn(IntEnum):
    """Columns of `Plan.options`."""

    WARNED = 0
    ON_SOIL = 1
    LOW = 2  # fewest munitions launched, by class
    HIGH = 6  # most
    COUNT = 10


class LayerColumn(IntEnum):
    """Columns of `Plan.layers`."""

    AGAINST = 0  # 1 where it engages the class
    CAPACITY = 4  # munitions it can engage in a raid
    PRESENT = 5  # 1 where its owner takes part
    NEEDS_WARNING = 6  # 1 where it is present only if warned
    COUNT = 7


class EventColumn(IntEnum):
    """Columns of `Plan.events`."""

    DAY = 0
    KIND = 1  # ACT, SET_SLOT or IGNITE
    PLACE = 2  # dyad or, for IGNITE, front
    LEVEL = 3  # of an act; slot to set; BURNS, AT_WAR or HAS_BURNED
    EVENING = 4  # 1 where the act answers one of the same day
    KILLED = 5  # or the value to set
    INDIRECT = 6
    CRISIS = 7
    FAILED = 8
    ON_SOIL = 9
    COUNT = 10


class ChangeColumn(IntEnum):
    """Columns of `Plan.changes`."""

    DAY = 0
    KIND = 1  # SET, SAY, UNSAY, CEASE, LINK, WEIGH, MAN or WARN
    PLACE = 2  # dyad, dyad, dyad, front, front, option, layer, option
    WHAT = 3  # slot of the dyad; for LINK the front that it leads to
    VALUE = 4  # of the slot, link, layer or warning; days that a word stands; factor of a weight
    COUNT = 5


class WatchedRow(IntEnum):
    """Rows of `Plan.watched`."""

    LOWEST = 0  # level
    HIGHEST = 1
    LAST_DAY = 2
    BY_OPTION = 3  # 1 where not every option counts
    DYADS = 4  # 1 where the acts of a dyad are watched; a row a dyad


class WorldColumn(IntEnum):
    """Columns of `World.dyads`; the slots of the dyad's state come first."""

    UTILITY = SLOT_COUNT  # of each level, without resolve, as last read
    MASS = SLOT_COUNT + LEVEL_COUNT  # what `masses` wrote
    HAZARD = SLOT_COUNT + LEVEL_COUNT + MASS_COUNT  # minus log probability of a day without event
    REMAINING = SLOT_COUNT + LEVEL_COUNT + MASS_COUNT + 1  # hazard left until the next act
    SETTLED = SLOT_COUNT + LEVEL_COUNT + MASS_COUNT + 2  # first day not yet accounted for
    ACTED = SLOT_COUNT + LEVEL_COUNT + MASS_COUNT + 3  # day of the last act
    FORCED = SLOT_COUNT + LEVEL_COUNT + MASS_COUNT + 4  # day of the last use of force
    ACTS = SLOT_COUNT + LEVEL_COUNT + MASS_COUNT + 5  # how many acts so far
    COUNT = SLOT_COUNT + LEVEL_COUNT + MASS_COUNT + 6


class ScheduleRow(IntEnum):
    """Rows of `World.schedule`: what every event day asks of every dyad, side by side."""

    ACT_DAY = 0  # day on which it acts
    REVIEW_DAY = 1  # day on which its state is read anew
    TOUCHED = 2  # 1 where something happened that bears on it
    CHOSEN = 3  # level at which it acts this morning or evening, 0 if it does not
    COUNT = 4


class RoomRow(IntEnum):
    """Rows of `World.room`."""

    COVARIATES = 0
    RETALIATION = 1
    EXCESS = 2  # of activity, by front
    LAUNCHED = 3  # of a raid, by class
    LEAKERS = 4  # likewise
    PRESENT = 5  # 1 where a layer of defence engages the raid, by layer
    CHANCES = 6  # of a raid, a row a layer
    SURPRISE = CHANCES + 1 + MOST_LAYERS  # of acts that are watched, by column of `Plan.watched`
    LATE_SURPRISE = SURPRISE + 1
    WATCHED_UNTIL = SURPRISE + 2  # day before which they are
    COUNT = SURPRISE + 3


class FrontColumn(IntEnum):
    """Columns of `World.fronts`."""

    WAR = 0  # 1 while at war
    BURNING = 1  # 1 while it burns
    BURNED = 2  # 1 if it ever burned
    ACTIVITY = 3  # tempo over its usual, discounted mean
    RATE = 4  # attacks a day when activity is 1
    END_DAY = 5  # on which the fighting ends
    ENDINGS = 6  # how many ends were drawn
    SEVERITY = 7  # log killed a day while at war
    TOLD = 8  # last day of which force was told; FAR where the file has it at war
    COUNT = 9


ROOM_WIDTH = max(TERM_COUNT, LEVEL_COUNT)


class ScalarColumn(IntEnum):
    """Columns of `Draws.scalars`."""

    RETALIATION = 0  # weight of expected retaliation; negative deters
    KILLED_PER_LEAKER = 1
    PERSISTENCE = 2  # share of a front's tempo that follows its recent past
    SHOCK = 3  # multiplier of SHOCK_BY_LEVEL
    WAR_FACTOR = 4  # tempo of war over the tempo before
    ENDING = 5  # daily probability that fighting on a burning front ends
    TOLL_MEAN = 6  # of the log of killed a day of war
    TOLL_SPREAD = 7
    DILIGENCE_WORDS = 8  # log-odds by which a file records words more often than datasets
    DILIGENCE_PRESSURE = 9  # the same for pressure
    DILIGENCE_DISPLAY = 10  # for displays
    DILIGENCE_FORCE = 11  # for force short of war
    KEEP = 12  # share of a front's activity that lasts a day
    TEMPO_SPREAD = 13  # of the log of a burning front's daily rate: over-dispersion
    CROSS = 14  # share of a front's excess activity that a link of strength 1 passes on
    COUNT = 15


_PERSISTENCE, _CROSS = int(ScalarColumn.PERSISTENCE), int(ScalarColumn.CROSS)


class Plan(NamedTuple):
    """A crisis as of a day, compiled.

    Attributes:
        dyads: columns `DyadColumn`, (D, 6).
        friends: dyads from friends of a dyad's target to its actor.
        link: strength of the link from front to front, (F, F).
        front_rate: attacks a day on a front when it burns: as measured last, (F,).
        initial_state: state of each dyad before its first event, (D, S).
        option_start: start of the options of dyad d, level l at index 9 d + l, (9 D + 1,).
        options: columns `OptionColumn`, (O, 10).
        layer_start: start of each actor's layers of defence, (A + 1,).
        layers: columns `LayerColumn`, (L, 7).
        events: the timeline, by day; columns `EventColumn`, (E, 10).
        changes: what a lever changes on days to come, by day; columns `ChangeColumn`, (C, 5).
        watched: acts that are counted beside what is expected of them, W kinds of them, rows
            `WatchedRow`, (4 + D, W); at most `ROOM_WIDTH`.
        watched_options: 1 where an option counts, and in the last column acts without one,
            (W, O + 1).
        coded_day: from this day on silence is a hold.
        as_of_day: last day of the timeline.
    """

    dyads: IntArray
    friends: IntArray
    link: FloatArray
    front_rate: FloatArray
    initial_state: FloatArray
    option_start: IntArray
    options: FloatArray
    layer_start: IntArray
    layers: FloatArray
    events: FloatArray
    changes: FloatArray
    watched: FloatArray
    watched_options: FloatArray
    coded_day: int
    as_of_day: int


class Draws(NamedTuple):
    """Posterior (or prior) draws of everything that is uncertain, N of each.

    Attributes:
        choice: weights of the choice model, see `offramp.choice.model`, (N, 9 + T, 9).
        scalars: columns `ScalarColumn`, (N, 13).
        resolve: of each actor, (N, A).
        factor: e^resolve, which multiplies the mass of every force level, (N, A).
        option_log_weight: of each option within its level, (N, O).
        kill: row 0: probability that a launched munition arrives; row 1 + layer: probability
            of kill; by class, (N, 1 + L, 4).
        node_factor: e^resolve at what others hold possible of each actor, (A, K).
        node_weight: prior probability of the nodes, (K,).
        by_level: history's mean of expected retaliation; of the harm of an act without
            munitions: probability of none killed, mean and spread of the log, (9, 4).
    """

    choice: FloatArray
    scalars: FloatArray
    resolve: FloatArray
    factor: FloatArray
    option_log_weight: FloatArray
    kill: FloatArray
    node_factor: FloatArray
    node_weight: FloatArray
    by_level: FloatArray


class Draw(NamedTuple):
    """One of `Draws`, for the compiled code; fields as there, without the first axis.

    Attributes:
        choice: (9 + T, 9).
        provoked: from `offramp.choice.model.provocation_factors`, (9, 9).
        pull: share of each front's excess activity that links pass on to each, (F, F).
        scalars: (13,).
        factor: (A,).
        option_weight: of each option within its level, (O,).
        kill: (1 + L, 4).
        node_factor: (A, K).
        node_weight: (K,).
        by_level: (9, 4).
    """

    choice: FloatArray
    provoked: FloatArray
    pull: FloatArray
    scalars: FloatArray
    factor: FloatArray
    option_weight: FloatArray
    kill: FloatArray
    node_factor: FloatArray
    node_weight: FloatArray
    by_level: FloatArray


class World(NamedTuple):
    """Where one future stands: what the kernel writes.

    Attributes:
        dyads: columns: the slots of the state, then `WorldColumn`, (D, W).
        schedule: rows `ScheduleRow`, (4, D).
        exchanged: day of the last overt force between two actors, `FAR` while they fight on a
            burning front, (A, A).
        belief: probabilities of the nodes of each actor's resolve, (A, K).
        fronts: columns `FrontColumn`, (F, 8).
        room: to work in, rows `RoomRow`.
    """

    dyads: FloatArray
    schedule: FloatArray
    exchanged: FloatArray
    belief: FloatArray
    fronts: FloatArray
    room: FloatArray


@lean
def pull_to(
    front: int, link: FloatArray, persistence: float, cross: float, pull: FloatArray
) -> None:
    """Write what links pass on to one *front* into its column of *pull*; see `pull_of_links`."""
    total = 0.0
    for other in range(link.shape[0]):
        total += cross * link[other, front]
    share = (1.0 - persistence) / max(1.0, total / MOST_CROSS)
    for other in range(link.shape[0]):
        pull[other, front] = cross * link[other, front] * share


@njit(cache=True)
def pull_of_links(link: FloatArray, persistence: float, cross: float) -> FloatArray:
    """Return the share of each front's excess activity that is passed on to each, (F, F).

    Of what does not follow a front's own past, links pass on a share; the shares that a front
    receives are scaled to at most `MOST_CROSS` together. So each row of the linear recursion of
    activity sums to less than 1, and it cannot run away.

    Args:
        link: strength of the link from front to front, (F, F).
        persistence: share of a front's tempo that follows its recent past.
        cross: share that a link of strength 1 passes on.
    """
    pull = np.empty(link.shape)
    for front in range(link.shape[0]):
        pull_to(front, link, persistence, cross, pull)
    return pull
