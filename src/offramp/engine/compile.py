"""From a crisis as of a day to the arrays that the engine works on."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from offramp.choice.dyad import Slot, empty_state
from offramp.choice.terms import GRADES
from offramp.crisis.schema import (
    Act,
    ActorKind,
    Crisis,
    Defence,
    Option,
    Stance,
    Statement,
    TieKind,
)
from offramp.engine.plan import (
    MOST_LAYERS,
    ChangeColumn,
    FloatArray,
    IntArray,
    LayerColumn,
    OptionColumn,
    Plan,
    WatchedRow,
)
from offramp.engine.timeline import Dyad, tempo_now, timeline_events
from offramp.ladder import Level
from offramp.raid import CLASS_NAMES

MOST_DYADS = 127
"""A record of futures keeps a dyad in eight bits."""
UNMEASURED_RATE = 1.0
"""Attacks a day on a burning front whose tempo no one measured (elicited)."""
FRIENDLY = (TieKind.PATRON, TieKind.ALLY, TieKind.DEFENCE_PARTNER, TieKind.SPONSOR)


@dataclass(frozen=True)
class Raid:
    """A raid of the timeline, as the conditioning sees it.

    Attributes:
        act: id of the act.
        defender: index of the actor that was attacked.
        launched: by class, (4,).
        intercepted: by class, NaN where not given, (4,).
        share: of all that was launched, or None.
        warned: whether it was telegraphed.
    """

    act: str
    defender: int
    launched: FloatArray
    intercepted: FloatArray
    share: float | None
    warned: bool


@dataclass(frozen=True)
class Compiled:
    """A crisis as arrays, and the names behind their places."""

    crisis: Crisis
    plan: Plan
    actors: tuple[str, ...]
    fronts: tuple[str, ...]
    dyads: tuple[Dyad, ...]
    options: tuple[Option, ...]
    layers: tuple[Defence, ...]
    raids: tuple[Raid, ...]

    def dyads_of(self, actor: str, target: str) -> list[int]:
        """Return the places of the dyads from *actor* to *target*, on any front."""
        return [
            place
            for place, dyad in enumerate(self.dyads)
            if dyad.actor == actor and dyad.target == target
        ]


def compile_crisis(crisis: Crisis) -> Compiled:
    """Compile a crisis that was read as of its `as_of` day."""
    actors = tuple(actor.id for actor in crisis.actors)
    fronts = tuple(front.id for front in crisis.fronts)
    dyads = tuple(
        Dyad(a, b, front.id)
        for front in crisis.fronts
        for pair in front.pairs
        for a, b in (pair, pair[::-1])
    )
    if len(dyads) > MOST_DYADS:
        raise ValueError(f"{len(dyads)} directed pairs on the fronts: at most {MOST_DYADS}")
    crowded = [d for d in actors if sum(one.defender == d for one in crisis.defences) > MOST_LAYERS]
    if crowded:
        raise ValueError(f"more than {MOST_LAYERS} layers defend {', '.join(crowded)}")
    options, option_start = _options(crisis, dyads)
    layers = tuple(sorted(crisis.defences, key=lambda one: (actors.index(one.defender), one.order)))
    friends_start, friends = _friends(crisis, dyads)
    plan = Plan(
        dyads=_dyad_table(dyads, actors, fronts, friends_start),
        friends=friends,
        link=_links(crisis, fronts),
        front_rate=np.array([tempo_now(crisis, front) or UNMEASURED_RATE for front in fronts]),
        initial_state=np.array([_initial_state(crisis, dyad) for dyad in dyads]),
        option_start=option_start,
        options=np.array([_option_row(option) for option in options]).reshape(
            len(options), OptionColumn.COUNT
        ),
        layer_start=np.array(
            [sum(actors.index(one.defender) < k for one in layers) for k in range(len(actors) + 1)]
        ),
        layers=np.array([_layer_row(crisis, layer) for layer in layers]).reshape(
            len(layers), LayerColumn.COUNT
        ),
        events=timeline_events(crisis, dyads, fronts),
        changes=np.zeros((0, ChangeColumn.COUNT)),
        watched=np.zeros((WatchedRow.DYADS + len(dyads), 0)),
        watched_options=np.zeros((0, len(options) + 1)),
        coded_day=crisis.coded_from.toordinal(),
        as_of_day=crisis.as_of.toordinal(),
    )
    return Compiled(crisis, plan, actors, fronts, dyads, options, layers, _raids(crisis, actors))


def _options(crisis: Crisis, dyads: tuple[Dyad, ...]) -> tuple[tuple[Option, ...], IntArray]:
    options: list[Option] = []
    start = [0]
    for dyad in dyads:
        for level in Level:
            options += [
                option
                for option in crisis.options
                if (option.actor, option.target) == (dyad.actor, dyad.target)
                and option.level == level.label
            ]
            start.append(len(options))
    return tuple(options), np.array(start)


def _option_row(option: Option) -> list[float]:
    low, high = [0.0] * len(CLASS_NAMES), [0.0] * len(CLASS_NAMES)
    for munition in option.munitions:
        place = CLASS_NAMES.index(munition.type)
        low[place], high[place] = float(munition.launched[0]), float(munition.launched[1])
    return [float(option.telegraphed), float(option.soil == option.target), *low, *high]


def _layer_row(crisis: Crisis, layer: Defence) -> list[float]:
    return [
        *(float(name in layer.against) for name in CLASS_NAMES),
        float(layer.capacity or math.inf),
        _takes_part(crisis, layer),
        float(layer.needs_warning),
    ]


def _dyad_table(
    dyads: tuple[Dyad, ...],
    actors: tuple[str, ...],
    fronts: tuple[str, ...],
    friends_start: IntArray,
) -> IntArray:
    return np.array(
        [
            [
                actors.index(dyad.actor),
                actors.index(dyad.target),
                fronts.index(dyad.front),
                dyads.index(Dyad(dyad.target, dyad.actor, dyad.front)),
                friends_start[place],
                friends_start[place + 1],
            ]
            for place, dyad in enumerate(dyads)
        ]
    )


def _friends(crisis: Crisis, dyads: tuple[Dyad, ...]) -> tuple[IntArray, IntArray]:
    """For each dyad from j to k: the dyads to j of those who stand behind k."""
    start, friends = [0], []
    for dyad in dyads:
        behind = {
            tie.giver for tie in crisis.ties if tie.receiver == dyad.target and tie.kind in FRIENDLY
        }
        friends += [
            place
            for place, other in enumerate(dyads)
            if other.actor in behind and other.target == dyad.actor
        ]
        start.append(len(friends))
    return np.array(start), np.array(friends, dtype=np.int64)


def _links(crisis: Crisis, fronts: tuple[str, ...]) -> FloatArray:
    out = np.zeros((len(fronts), len(fronts)))
    for link in crisis.links:
        out[fronts.index(link.giver), fronts.index(link.receiver)] = GRADES[link.strength]
    return out


def _initial_state(crisis: Crisis, dyad: Dyad) -> FloatArray:
    state = empty_state()
    by_id = {actor.id: actor for actor in crisis.actors}
    own, rival = by_id[dyad.actor], by_id[dyad.target]
    pair = next(p for p in crisis.pairs if set(p.between) == {dyad.actor, dyad.target})
    if own.cinc and rival.cinc:
        state[Slot.POWER] = float(np.clip(math.log(own.cinc / rival.cinc), -4.0, 4.0))
    state[Slot.NUCLEAR_SELF] = float(own.nuclear)
    state[Slot.NUCLEAR_RIVAL] = float(rival.nuclear)
    state[Slot.CONTIGUOUS] = float(pair.contiguous)
    state[Slot.DISTANCE] = math.log1p(pair.distance_km / 1000.0)
    state[Slot.ALLIED] = float(pair.allied)
    state[Slot.RIVALS] = float(pair.rivals)
    state[Slot.CONFRONTATIONS] = math.log1p(pair.confrontations)
    state[Slot.CRISIS_GROUP] = float(rival.kind is not ActorKind.STATE)
    return state


def _takes_part(crisis: Crisis, layer: Defence) -> float:
    """1 if the layer's owner defends itself, or has not last refused to defend."""
    stances = [
        entry
        for entry in crisis.timeline
        if isinstance(entry, Statement)
        and entry.speaker == layer.owner
        and entry.about == layer.defender
        and entry.stance in (Stance.WILL_DEFEND, Stance.REFUSE_TO_DEFEND)
    ]
    if layer.owner == layer.defender or not stances:
        return 1.0
    return float(max(stances, key=lambda one: one.day).stance == Stance.WILL_DEFEND)


def _raids(crisis: Crisis, actors: tuple[str, ...]) -> tuple[Raid, ...]:
    raids = []
    for act in crisis.timeline:
        if not isinstance(act, Act) or not act.munitions or act.day < crisis.coded_from:
            continue  # an older raid met another defence
        launched = np.zeros(len(CLASS_NAMES))
        intercepted = np.full(len(CLASS_NAMES), np.nan)
        for munition in act.munitions:
            place = CLASS_NAMES.index(munition.type)
            launched[place] = munition.launched
            if munition.intercepted is not None:
                intercepted[place] = munition.intercepted
        raids.append(
            Raid(
                act.id,
                actors.index(act.target),
                launched,
                intercepted,
                act.intercepted_share,
                act.telegraphed,
            )
        )
    return tuple(raids)
