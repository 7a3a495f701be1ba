"""From a crisis as of a day to the arrays that the engine works on."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date

import numpy as np

from offramp.choice.covariates import Slot, empty_state
from offramp.choice.terms import GRADES
from offramp.crisis.schema import Act, Crisis, Defence, Option, Stance, Statement, TieKind
from offramp.engine.plan import (
    ACT,
    AT_WAR,
    BURNS,
    HAS_BURNED,
    IGNITE,
    SET_SLOT,
    FloatArray,
    Plan,
)
from offramp.ladder import Level, level_named
from offramp.raid import CLASS_NAMES

BURNING_RATE = 0.1
"""A front with fewer attacks a day than this has burned, but does not burn now."""
NO_TIE = GRADES["low"]
"""Dependence on a speaker to whom no tie binds."""
FRIENDLY = (TieKind.PATRON, TieKind.ALLY, TieKind.DEFENCE_PARTNER, TieKind.SPONSOR)


@dataclass(frozen=True)
class Dyad:
    """A directed pair of actors on a front."""

    actor: str
    target: str
    front: str


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
    options, option_start = _options(crisis, dyads)
    layers = tuple(sorted(crisis.defences, key=lambda one: (actors.index(one.defender), one.order)))
    starts, friends = _friends(crisis, dyads)
    events = _events(crisis, dyads, fronts)
    plan = Plan(
        dyad_actor=np.array([actors.index(d.actor) for d in dyads]),
        dyad_target=np.array([actors.index(d.target) for d in dyads]),
        dyad_front=np.array([fronts.index(d.front) for d in dyads]),
        reverse=np.array([dyads.index(Dyad(d.target, d.actor, d.front)) for d in dyads]),
        friends_start=starts,
        friends=friends,
        link=_links(crisis, fronts),
        front_rate=np.array([_rate(crisis, front) for front in fronts]),
        initial_state=np.array([_initial_state(crisis, dyad) for dyad in dyads]),
        option_start=option_start,
        option_warned=np.array([float(o.telegraphed) for o in options]),
        option_low=_munitions(options, 0),
        option_high=_munitions(options, 1),
        option_on_soil=np.array([float(o.soil == o.target) for o in options]),
        layer_start=np.array(
            [sum(actors.index(one.defender) < k for one in layers) for k in range(len(actors) + 1)]
        ),
        layer_against=np.array(
            [[float(name in one.against) for name in CLASS_NAMES] for one in layers]
        ).reshape(len(layers), len(CLASS_NAMES)),
        layer_capacity=np.array([float(one.capacity or math.inf) for one in layers]),
        layer_present=np.array([_takes_part(crisis, one) for one in layers]),
        layer_needs_warning=np.array([float(one.needs_warning) for one in layers]),
        **events,
        coded_day=crisis.coded_from.toordinal(),
        as_of_day=crisis.as_of.toordinal(),
    )
    return Compiled(crisis, plan, actors, fronts, dyads, options, layers, _raids(crisis, actors))


def _options(crisis: Crisis, dyads: tuple[Dyad, ...]) -> tuple[tuple[Option, ...], FloatArray]:
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


def _munitions(options: tuple[Option, ...], end: int) -> FloatArray:
    out = np.zeros((len(options), len(CLASS_NAMES)))
    for place, option in enumerate(options):
        for munition in option.munitions:
            out[place, CLASS_NAMES.index(munition.type)] = munition.launched[end]
    return out


def _friends(crisis: Crisis, dyads: tuple[Dyad, ...]) -> tuple[FloatArray, FloatArray]:
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


def _rate(crisis: Crisis, front: str) -> float:
    """Latest measured tempo of a front, attacks a day; 0 if it never burned."""
    tempo = next(one.tempo for one in crisis.fronts if one.id == front)
    return max(tempo, key=lambda one: (one.end, one.known)).acts_per_day if tempo else 0.0


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
        if not isinstance(act, Act) or not act.munitions:
            continue
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


def failed_share(act: Act) -> float:
    """Share of a raid that the defence defeated, as claimed; 0 where nothing is claimed."""
    if act.intercepted_share is not None:
        return act.intercepted_share
    launched = sum(one.launched for one in act.munitions)
    return sum(one.intercepted or 0 for one in act.munitions) / launched if launched else 0.0


@dataclass(frozen=True)
class _Event:
    """A row of the plan's timeline."""

    day: int
    kind: int
    place: int
    level: int
    evening: bool
    value: tuple[float, float, float, float, float]


def _events(
    crisis: Crisis, dyads: tuple[Dyad, ...], fronts: tuple[str, ...]
) -> dict[str, FloatArray]:
    rows = _ignitions(crisis, fronts) + _acts(crisis, dyads) + _stances(crisis, dyads)
    rows.sort(key=lambda row: row.day)
    return {
        "event_day": np.array([row.day for row in rows], dtype=np.int64),
        "event_kind": np.array([row.kind for row in rows], dtype=np.int64),
        "event_place": np.array([row.place for row in rows], dtype=np.int64),
        "event_level": np.array([row.level for row in rows], dtype=np.int64),
        "event_evening": np.array([row.evening for row in rows], dtype=np.int64),
        "event_value": np.array([row.value for row in rows], dtype=np.float64).reshape(-1, 5),
    }


def _ignitions(crisis: Crisis, fronts: tuple[str, ...]) -> list[_Event]:
    rows = []
    for front in crisis.fronts:
        if not (front.tempo or front.war):
            continue
        since = min((one.start for one in front.tempo), default=crisis.coded_from)
        state = AT_WAR if front.war else BURNS
        if not front.war and _rate(crisis, front.id) < BURNING_RATE:
            state = HAS_BURNED
        day = min(since, crisis.as_of).toordinal()
        rows.append(_Event(day, IGNITE, fronts.index(front.id), state, False, (0.0,) * 5))
    return rows


def _acts(crisis: Crisis, dyads: tuple[Dyad, ...]) -> list[_Event]:
    rows: list[_Event] = []
    done: set[tuple[date, Dyad]] = set()
    for act in crisis.timeline:
        if not isinstance(act, Act):
            continue
        dyad = Dyad(act.actor, act.target, act.front)
        level = level_named(act.level)
        value = (
            float(act.harm.killed if act.harm else 0),
            float(act.through is not None or level == Level.DENIABLE),
            float(act.crisis_trigger),
            failed_share(act),
            float(act.soil == act.target),
        )
        evening = (act.day, Dyad(act.target, act.actor, act.front)) in done
        done.add((act.day, dyad))
        rows.append(_Event(act.day.toordinal(), ACT, dyads.index(dyad), int(level), evening, value))
    return rows


def _stances(crisis: Crisis, dyads: tuple[Dyad, ...]) -> list[_Event]:
    """Statements as the slots that they set; what a speaker said last counts."""
    rows: list[_Event] = []
    held: dict[tuple[int, str], Statement] = {}
    statements = [one for one in crisis.timeline if isinstance(one, Statement)]
    for said in sorted(statements, key=lambda one: one.day):
        day = said.day.toordinal()
        for place, dyad in enumerate(dyads):
            if said.stance in (Stance.CONCLUDED, Stance.THREAT):
                rows += _word(said, place, dyad, day)
            elif dyad.actor == said.about and said.against in (None, dyad.target):
                held[place, f"{said.speaker}/{_matter(said.stance)}"] = said
                rows += _pressure(crisis, held, place, dyad, day)
    return rows


def _slot_event(day: int, place: int, slot: Slot, value: float) -> _Event:
    return _Event(day, SET_SLOT, place, int(slot), False, (value, 0.0, 0.0, 0.0, 0.0))


def _word(said: Statement, place: int, dyad: Dyad, day: int) -> list[_Event]:
    own = (dyad.actor, dyad.target) == (said.speaker, said.about)
    back = (dyad.target, dyad.actor) == (said.speaker, said.about)
    if said.stance == Stance.THREAT:
        return [_slot_event(day, place, Slot.THREAT_DAY, day)] if own else []
    if own:
        return [_slot_event(day, place, Slot.CONCLUDED_DAY, day)]
    return [_slot_event(day, place, Slot.RIVAL_CONCLUDED_DAY, day)] if back else []


def _matter(stance: Stance) -> str:
    if stance in (Stance.RESTRAIN, Stance.GO_AHEAD):
        return "use of force"
    if stance in (Stance.REFUSE_TO_JOIN, Stance.WILL_JOIN):
        return "offence"
    return "defence"


def _pressure(
    crisis: Crisis, held: dict[tuple[int, str], Statement], place: int, dyad: Dyad, day: int
) -> list[_Event]:
    """The dyad's slots for what its patrons and partners now hold, noisy-or over speakers."""
    dependence: dict[Stance, list[float]] = {stance: [] for stance in Stance}
    for (where, _), said in held.items():
        if where == place:
            dependence[said.stance].append(_dependence(crisis, said.speaker, dyad.actor))
    partners = [
        tie
        for tie in crisis.ties
        if tie.receiver == dyad.actor and tie.kind == TieKind.DEFENCE_PARTNER
    ]
    defending = len(dependence[Stance.WILL_DEFEND]) / max(len(partners), 1)
    return [
        _slot_event(day, place, Slot.RESTRAINT, _either(dependence[Stance.RESTRAIN])),
        _slot_event(day, place, Slot.GO_AHEAD, _either(dependence[Stance.GO_AHEAD])),
        _slot_event(day, place, Slot.REFUSAL, _either(dependence[Stance.REFUSE_TO_JOIN])),
        _slot_event(day, place, Slot.DEFENCE, min(defending, 1.0)),
    ]


def _dependence(crisis: Crisis, giver: str, receiver: str) -> float:
    grades = [
        GRADES[tie.dependence]
        for tie in crisis.ties
        if tie.giver == giver and tie.receiver == receiver
    ]
    return max(grades, default=NO_TIE)


def _either(shares: list[float]) -> float:
    return 1.0 - math.prod(1.0 - share for share in shares)
