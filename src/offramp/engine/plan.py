"""The data structures of the engine, named once: arrays that the kernel reads and writes.

Shapes use A actors, D directed dyads, F fronts, O options, L layers of defence, E timeline
events, N posterior draws, K nodes of belief, T terms, S slots of a dyad's state.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from offramp.choice.model import Weights

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]

NORMAL_EVENTS = 0b111111110
"""On a front that does not burn, every level but hold is an event."""
BURNING_EVENTS = 0b100000000
"""On a burning front only war departs from the routine."""
NO_EVENTS = 0
"""At war the front is left to its tempo and its end."""

ACT, SET_SLOT, IGNITE = 0, 1, 2
"""Kinds of timeline event: an act, a statement that sets slots, a front that starts to burn."""

BURNS, AT_WAR, HAS_BURNED = 0, 1, 2
"""How an `IGNITE` event leaves its front: burning, at war, or quiet after it has burned."""

REVIEW_BURNING_DAYS = 7
SHOCK_BY_LEVEL = np.array([0.0, 0.0, 0.0, 0.0, 0.0, 0.15, 0.35, 1.0, 3.0])
"""Relative tempo that an act adds on a linked front, times the link's strength (elicited)."""
INDIRECT_FROM = 7
"""Acts from this level on provoke the friends of their target too (ICB's indirect trigger)."""


class Plan(NamedTuple):
    """A crisis as of a day, compiled.

    Attributes:
        dyad_actor: actor of each directed dyad, (D,).
        dyad_target: its target, (D,).
        dyad_front: the front it stands on, (D,).
        reverse: the dyad back, (D,).
        friends_start: start of each dyad's friends in `friends`, (D + 1,).
        friends: dyads from friends of the target to the actor.
        link: strength of the link from front to front, (F, F).
        front_rate: attacks a day on a burning front at the as-of date, (F,).
        initial_state: state of each dyad before its first event, (D, S).
        option_start: start of the options of dyad d, level l at index 9 d + l, (9 D + 1,).
        option_warned: 1 where the option is telegraphed, (O,).
        option_low: fewest munitions launched by class, (O, 4).
        option_high: most munitions, (O, 4).
        option_on_soil: 1 where it falls on the target's own territory, (O,).
        layer_start: start of each actor's layers of defence, (A + 1,).
        layer_against: 1 where a layer engages a class, (L, 4).
        layer_capacity: munitions a layer can engage in a raid, (L,).
        layer_present: 1 where its owner takes part, (L,).
        layer_needs_warning: 1 where it is present only if warned, (L,).
        event_day: day of each timeline event, ascending, (E,).
        event_kind: `ACT`, `SET_SLOT` or `IGNITE`, (E,).
        event_place: dyad or, for `IGNITE`, front, (E,).
        event_level: level of an act; slot to set; `BURNS`, `AT_WAR` or `HAS_BURNED`, (E,).
        event_evening: 1 where the act answers one of the same day, (E,).
        event_value: columns killed (or the value to set), indirect, crisis, failed, on soil,
            (E, 5).
        coded_day: from this day on silence is a hold.
        as_of_day: last day of the timeline.
    """

    dyad_actor: IntArray
    dyad_target: IntArray
    dyad_front: IntArray
    reverse: IntArray
    friends_start: IntArray
    friends: IntArray
    link: FloatArray
    front_rate: FloatArray
    initial_state: FloatArray
    option_start: IntArray
    option_warned: FloatArray
    option_low: FloatArray
    option_high: FloatArray
    option_on_soil: FloatArray
    layer_start: IntArray
    layer_against: FloatArray
    layer_capacity: FloatArray
    layer_present: FloatArray
    layer_needs_warning: FloatArray
    event_day: IntArray
    event_kind: IntArray
    event_place: IntArray
    event_level: IntArray
    event_evening: IntArray
    event_value: FloatArray
    coded_day: int
    as_of_day: int


class Draws(NamedTuple):
    """Posterior (or prior) draws of everything that is uncertain, N of each.

    Attributes:
        weights: of the choice model.
        resolve: of each actor, (N, A).
        resolve_nodes: what others hold possible of each actor's resolve, (A, K).
        node_log_weight: log prior probability of the nodes, (K,).
        option_log_weight: of each option within its level, (N, O).
        kill: probability of kill by layer and class, (N, L, 4).
        reliability: probability that a launched munition arrives, (N, 4).
        killed_per_leaker: (N,).
        harm: of an act without munitions, by level: probability of none killed, mean and
            spread of the log of killed, (9, 3).
        persistence: share of a front's tempo that follows its recent past, (N,).
        shock: multiplier of `SHOCK_BY_LEVEL`, (N,).
        war_factor: tempo of war over the tempo before, (N,).
        ending: daily probability that fighting on a burning front ends, (N,).
        war_toll: mean and spread of the log of killed a day of war, (N, 2).
    """

    weights: Weights
    resolve: FloatArray
    resolve_nodes: FloatArray
    node_log_weight: FloatArray
    option_log_weight: FloatArray
    kill: FloatArray
    reliability: FloatArray
    killed_per_leaker: FloatArray
    harm: FloatArray
    persistence: FloatArray
    shock: FloatArray
    war_factor: FloatArray
    ending: FloatArray
    war_toll: FloatArray


class World(NamedTuple):
    """Where one future stands: what the kernel writes.

    Attributes:
        state: of each dyad, (D, S).
        utility: of each level, without resolve, as last read, (D, 9).
        mass: what `masses` returned, (D, 4).
        hazard: minus the log probability of a day without event, (D,).
        remaining: hazard left until the dyad's next act, (D,).
        settled: first day whose choice is not yet accounted for, (D,).
        act_day: day of the next act, (D,).
        review_day: day on which the state is read anew, (D,).
        touched: 1 where something happened that bears on the dyad, (D,).
        acted: day of the dyad's last act, (D,).
        forced: day of its last use of force, (D,).
        acts: how many acts so far, (D,).
        log_belief: about each actor's resolve, (A, K).
        war: 1 while a front is at war, (F,).
        burning: 1 while it burns, (F,).
        burned: 1 if it ever burned, (F,).
        activity: tempo over its usual, discounted mean, (F,).
        rate: attacks a day when activity is 1, (F,).
        end_day: day on which the fighting ends, (F,).
        endings: how many ends were drawn, (F,).
        severity: log killed a day while at war, (F,).
    """

    state: FloatArray
    utility: FloatArray
    mass: FloatArray
    hazard: FloatArray
    remaining: FloatArray
    settled: IntArray
    act_day: IntArray
    review_day: IntArray
    touched: IntArray
    acted: IntArray
    forced: IntArray
    acts: IntArray
    log_belief: FloatArray
    war: IntArray
    burning: IntArray
    burned: IntArray
    activity: FloatArray
    rate: FloatArray
    end_day: IntArray
    endings: IntArray
    severity: FloatArray
