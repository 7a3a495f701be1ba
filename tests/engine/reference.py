"""The model, day by day: a plain simulation to hold the engine against.

Slow and readable. Every dyad draws every day; there are no clocks, no schedule and no
counter-based numbers, and probabilities are written out from the definition of the choice.
What is shared with the engine is what has one implementation only: how an act changes a
state, the covariates, the utilities, the expected retaliation, and the tables of figures.

A day, in order: fighting that ends; what a lever changes; dyads whose state is due are read anew;
in the morning all choose at once, on what they knew the day before; these acts work; on the
evening those in a crisis since that day may answer, and the answers work; burning fronts have
their day; those touched are read anew the next day.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from offramp.choice.covariates import covariates, covariates_if_provoked
from offramp.choice.dyad import COUNT_SCALES, NEVER, Slot, commit, hazard_bin, next_review, receive
from offramp.choice.model import (
    expected_retaliation,
    provocation_factors,
    utilities,
)
from offramp.choice.terms import TERM_COUNT
from offramp.engine.compile import Compiled
from offramp.engine.condition import Posterior
from offramp.engine.dynamics import EXCHANGE_DAYS, REIGNITE_DAYS, ROUTINE_DAYS
from offramp.engine.ensemble import Futures
from offramp.engine.fires import TEMPO_FLOOR, WAR_TOLD_DAYS
from offramp.engine.outcome import LOG_MOST_KILLED, WEEK
from offramp.engine.plan import (
    CEASE,
    INDIRECT_FROM,
    LINK,
    MAN,
    MOST_CROSS,
    REVIEW_BURNING_DAYS,
    SAY,
    SET,
    SHOCK_BY_LEVEL,
    UNSAY,
    WARN,
    WEIGH,
    ChangeColumn,
    DyadColumn,
    FloatArray,
    FrontColumn,
    LayerColumn,
    OptionColumn,
    ScalarColumn,
    WorldColumn,
)
from offramp.ladder import FORCE_THRESHOLD, LEVEL_COUNT, Level
from offramp.raid import CLASS_COUNT, TOLL_LOG_SPREAD

EVERY_ACT = tuple(range(Level.CONCILIATE, LEVEL_COUNT))
CONCILIATION = (int(Level.CONCILIATE),)


@dataclass
class Dyad:
    """One actor facing another, and what it has last read of its state."""

    place: int
    actor: int
    target: int
    front: int
    reverse: int
    friends: list[int]
    state: FloatArray
    acted: float
    forced: float
    touched: bool = True
    review: float = 0.0
    events: tuple[int, ...] = ()
    up_to: FloatArray | None = None  # cumulative probability of no event and each event, (9,)
    seen: FloatArray | None = None  # their probabilities at each node of resolve, (nodes, 9)


@dataclass
class Front:
    """A front and its fires."""

    war: bool
    burning: bool
    burned: bool
    activity: float
    usual: float  # attacks a day as measured
    rate: float
    kindled: bool
    severity: float
    told: float  # last day of which force was told


@dataclass
class Deed:
    """An act of a future: as the fields of `Futures`."""

    day: int
    dyad: int
    level: int
    option: int
    killed: float
    failed: float


def probabilities(
    utility: FloatArray, resolve: FloatArray, events: tuple[int, ...] = EVERY_ACT
) -> FloatArray:
    """Return the probabilities of the nine levels on a day, a row for each *resolve*.

    A day is two questions: is force used, and which; if it is not, what else is done. Lower levels
    that are no events are no choices, and force that is none is routine.
    """
    mass = np.exp(utility)
    force = np.exp(resolve)[:, None] * mass[FORCE_THRESHOLD:]
    no_force = 1.0 / (1.0 + force.sum(axis=1, keepdims=True))
    lower = mass[:FORCE_THRESHOLD]
    lower[Level.HOLD] = 1.0
    lower[[level not in (Level.HOLD, *events) for level in range(FORCE_THRESHOLD)]] = 0.0
    chances = no_force * np.hstack([np.tile(lower / lower.sum(), (len(resolve), 1)), force])
    chances[:, [level not in events for level in range(LEVEL_COUNT)]] = 0.0
    chances[:, Level.HOLD] = 1.0 - chances.sum(axis=1)
    return chances


class Future:
    """One future of draw *n*, simulated day by day."""

    def __init__(
        self, compiled: Compiled, posterior: Posterior, n: int, random: np.random.Generator
    ) -> None:
        plan = compiled.plan
        self.plan = plan._replace(  # of its own, as a lever may change it
            link=plan.link.copy(), options=plan.options.copy(), layers=plan.layers.copy()
        )
        self.n, self.random = n, random
        draws, worlds = posterior.draws, posterior.worlds
        self.choice = draws.choice[n]
        self.provoked = np.empty((LEVEL_COUNT, LEVEL_COUNT))
        provocation_factors(self.choice, self.provoked)
        self.scalars = dict(zip(ScalarColumn, draws.scalars[n], strict=False))
        self.resolve = draws.resolve[n]
        self.option_weight = np.exp(draws.option_log_weight[n])
        self.reliability, self.kill = draws.kill[n, 0], draws.kill[n, 1:]
        self.node_resolve = np.log(draws.node_factor)
        self.node_factor, self.by_level = draws.node_factor, draws.by_level
        self.belief = worlds.belief[n].copy()
        self.exchanged = worlds.exchanged[n].copy()
        self.dyads = [
            self._dyad(place, worlds.dyads[n, place]) for place in range(len(self.plan.dyads))
        ]
        self.fronts = [
            self._front(row, usual)
            for row, usual in zip(worlds.fronts[n], self.plan.front_rate, strict=True)
        ]
        self.deeds: list[Deed] = []

    def _dyad(self, place: int, row: FloatArray) -> Dyad:
        column = self.plan.dyads[place]
        friends = self.plan.friends[
            column[DyadColumn.FRIENDS_START] : column[DyadColumn.FRIENDS_END]
        ]
        return Dyad(
            place,
            int(column[DyadColumn.ACTOR]),
            int(column[DyadColumn.TARGET]),
            int(column[DyadColumn.FRONT]),
            int(column[DyadColumn.REVERSE]),
            [int(friend) for friend in friends],
            row[: len(Slot)].copy(),
            row[WorldColumn.ACTED],
            row[WorldColumn.FORCED],
        )

    def _front(self, row: FloatArray, usual: float) -> Front:
        return Front(
            war=bool(row[FrontColumn.WAR]),
            burning=bool(row[FrontColumn.BURNING]),
            burned=bool(row[FrontColumn.BURNED]),
            activity=row[FrontColumn.ACTIVITY],
            usual=usual,
            rate=row[FrontColumn.RATE],
            kindled=False,
            severity=row[FrontColumn.SEVERITY],
            told=row[FrontColumn.TOLD],
        )

    def run(self, horizon: int) -> None:
        """Simulate *horizon* days."""
        shape = (len(self.fronts), -(-horizon // WEEK))
        self.attacks, self.toll, self.war_days = np.zeros(shape), np.zeros(shape), np.zeros(shape)
        over = [self.over_already(front) for front in self.fronts]
        for elapsed in range(1, horizon + 1):
            day = self.plan.as_of_day + elapsed
            for front in range(len(self.fronts)):
                if over[front] and elapsed == 1:
                    self.end_fighting(front, day)
                self.end(front, day)
            for change in self.plan.changes:
                if change[ChangeColumn.DAY] == day:
                    self.change(change, day)
            for dyad in self.dyads:
                if dyad.touched or dyad.review <= day:
                    self.read(dyad, day)
                    dyad.touched = False
            self.work(self.morning(day), day)
            self.work(self.evening(day), day)
            self.kindle()
            self.burn(day)

    def change(self, row: FloatArray, day: int) -> None:
        """Make one change of a lever."""
        kind, place, what = (int(number) for number in row[1:4])
        value = row[ChangeColumn.VALUE]
        if kind in (SET, SAY, UNSAY):
            dyad = self.dyads[place]
            stands = day - dyad.state[what] <= value
            if kind == SET and dyad.state[what] != value:
                dyad.state[what], dyad.touched = value, True
            elif kind == SAY and not stands:
                dyad.state[what], dyad.touched = day, True
            elif kind == UNSAY and stands:
                dyad.state[what], dyad.touched = NEVER, True
        elif kind == CEASE and self.fronts[place].burning:
            self.end_fighting(place, day)
        elif kind == LINK:
            changed = self.plan.link[place, what] != value
            self.plan.link[place, what] = value
            for dyad in self.dyads:
                dyad.touched |= changed and self.fronts[place].burning and dyad.front == what
        elif kind == WEIGH:
            self.option_weight[place] *= value
        elif kind == MAN:
            self.plan.layers[place, LayerColumn.PRESENT] = value
        elif kind == WARN:
            self.plan.options[place, OptionColumn.WARNED] = value

    # What an actor reads, and how it chooses.

    def read(self, dyad: Dyad, day: int) -> None:
        """Read the state of *dyad* for its choices from *day* on."""
        front = self.fronts[dyad.front]
        dyad.events = EVERY_ACT
        if front.burning:
            dyad.events = CONCILIATION if front.war else (*CONCILIATION, int(Level.WAR))
        self.set_context(dyad, day)
        x, retaliation = np.empty(TERM_COUNT), np.empty(LEVEL_COUNT)
        covariates_if_provoked(self.dyads[dyad.reverse].state, day, x)
        rival = dyad.target
        expected_retaliation(
            self.choice,
            self.provoked,
            x,
            self.belief[rival],
            self.node_factor[rival],
            retaliation,
        )
        covariates(dyad.state, day, x)
        utility = np.empty(LEVEL_COUNT)
        utilities(self.choice, x, hazard_bin(dyad.state, day), utility)
        departure = retaliation - self.by_level[:, 0]
        utility[Level.VERBAL :] += (
            self.scalars[ScalarColumn.RETALIATION] * departure[Level.VERBAL :]
        )
        utility[Level.PRESSURE] += self.scalars[ScalarColumn.DILIGENCE_PRESSURE]
        utility[Level.DISPLAY] += self.scalars[ScalarColumn.DILIGENCE_DISPLAY]
        utility[Level.DENIABLE : Level.WAR] += self.scalars[ScalarColumn.DILIGENCE_FORCE]
        dyad.review = day + REVIEW_BURNING_DAYS if front.burning else next_review(dyad.state, day)
        # One row for the resolve that the actor has, the others for those that it may have.
        resolves = np.append(self.resolve[dyad.actor], self.node_resolve[dyad.actor])
        chances = probabilities(utility, resolves, dyad.events)
        dyad.up_to = np.cumsum(chances[0])
        dyad.seen = chances[1:]

    def set_context(self, dyad: Dyad, day: int) -> None:
        """Set what of the state depends on other dyads and fronts."""
        dyad.state[Slot.LINKED] = sum(
            self.plan.link[other, dyad.front]
            for other, front in enumerate(self.fronts)
            if front.burning
        )
        opponents = {
            other.target
            for other in self.dyads
            if other.actor == dyad.actor
            and (
                self.fronts[other.front].burning
                or day - self.exchanged[other.actor, other.target] <= EXCHANGE_DAYS
            )
        }
        dyad.state[Slot.OVERSTRETCH] = len(opponents - {dyad.target})
        front = self.fronts[dyad.front]
        if front.burning:
            daily = 1.0 - math.exp(-0.5 * front.rate * front.activity)
            for k, scale in enumerate(COUNT_SCALES):
                dyad.state[Slot.OWN_RECENT + k] = daily / (1.0 - math.exp(-1.0 / scale))
            dyad.state[Slot.COUNT_DAY] = day
            dyad.state[Slot.PROVOKED_DAY] = day - ROUTINE_DAYS
            dyad.state[Slot.PROVOKED_LEVEL] = 0.0
            dyad.state[Slot.ANSWERED] = 2.0
            dyad.state[Slot.HARM] = 0.0

    def chooses(self, dyad: Dyad) -> int:
        """Draw what a dyad does, and let others see it."""
        assert dyad.up_to is not None
        assert dyad.seen is not None
        level = int(np.searchsorted(dyad.up_to, self.random.random() * dyad.up_to[-1]))
        believed = self.belief[dyad.actor] * dyad.seen[:, level]
        self.belief[dyad.actor] = believed / believed.sum()
        return level

    def morning(self, day: int) -> list[tuple[Dyad, int]]:
        """All choose at once."""
        chosen = [(dyad, self.chooses(dyad)) for dyad in self.dyads]
        acts = [(dyad, level) for dyad, level in chosen if level]
        for dyad, _ in acts:
            dyad.acted = day
        return acts

    def evening(self, day: int) -> list[tuple[Dyad, int]]:
        """Those whom today's act set into a crisis, who have not acted, may answer tonight."""
        acts = []
        for dyad in self.dyads:
            provoked = (
                dyad.state[Slot.PROVOKED_DAY] == day
                and dyad.state[Slot.PROVOKED_LEVEL] > 0.0
                and dyad.state[Slot.PROVOKED_CRISIS] > 0.0
            )
            if not provoked or dyad.acted == day or self.fronts[dyad.front].burning:
                continue
            self.read(dyad, day)
            level = self.chooses(dyad)
            if level:
                dyad.acted = day
                acts.append((dyad, level))
        return acts

    # What an act does.

    def work(self, acts: list[tuple[Dyad, int]], day: int) -> None:
        """Let acts work, one after the other."""
        for dyad, level in acts:
            option = self.pick_option(dyad, level)
            killed, failed = self.harm(dyad, level, option)
            on_soil = option >= 0 and bool(self.plan.options[option, OptionColumn.ON_SOIL])
            if self.works(level):
                self.apply(dyad, level, day, killed, failed, on_soil)
            elapsed = day - self.plan.as_of_day
            self.deeds.append(Deed(elapsed, dyad.place, level, option, killed, failed))

    def works(self, level: int) -> bool:
        """Whether an act is one that datasets would hold: of those told, their share is."""
        told = {
            Level.PRESSURE: self.scalars[ScalarColumn.DILIGENCE_PRESSURE],
            Level.DISPLAY: self.scalars[ScalarColumn.DILIGENCE_DISPLAY],
        }
        return bool(self.random.random() < math.exp(-told.get(Level(level), 0.0)))

    def apply(
        self, dyad: Dyad, level: int, day: int, killed: float, failed: float, on_soil: bool
    ) -> None:
        back = self.dyads[dyad.reverse]
        crisis = level >= Level.MAJOR
        if commit(dyad.state, day, level):
            dyad.touched = True
        if receive(back.state, day, level, killed, False, crisis, failed, on_soil):
            back.touched = True
        if level < FORCE_THRESHOLD:
            return
        if level >= INDIRECT_FROM or crisis:
            for place in dyad.friends:
                friend = self.dyads[place]
                if self.fronts[friend.front].burning:
                    continue
                receive(friend.state, day, level, 0.0, True, False, failed, False)
                friend.touched = True
        if level >= Level.LIMITED:
            self.exchange(dyad, day)
        dyad.forced = day
        shock = self.scalars[ScalarColumn.SHOCK] * SHOCK_BY_LEVEL[level]
        for other, front in enumerate(self.fronts):
            front.activity += shock * self.plan.link[dyad.front, other]
        front = self.fronts[dyad.front]
        if level == Level.WAR and not front.war:
            if not front.burning:
                front.activity = 1.0
            front.rate = max(front.usual, 1.0) * self.scalars[ScalarColumn.WAR_FACTOR]
            front.war = True
            self.ignite(front)
        elif (
            level >= Level.LIMITED
            and front.burned
            and not front.burning
            and day - back.forced <= REIGNITE_DAYS
        ):
            front.rate = front.usual
            self.ignite(front)

    def exchange(self, dyad: Dyad, day: int) -> None:
        """Note overt force between two; where it is new, both are stretched further."""
        burning = any(
            self.fronts[other.front].burning
            for other in self.dyads
            if (other.actor, other.target) == (dyad.actor, dyad.target)
        )
        last = self.exchanged[dyad.actor, dyad.target]
        if not burning and day - last > EXCHANGE_DAYS:
            for other in self.dyads:
                if other.actor in (dyad.actor, dyad.target):
                    other.touched = True
        self.exchanged[dyad.actor, dyad.target] = self.exchanged[dyad.target, dyad.actor] = day

    def pick_option(self, dyad: Dyad, level: int) -> int:
        cell = LEVEL_COUNT * dyad.place + level
        first, last = self.plan.option_start[cell], self.plan.option_start[cell + 1]
        if first == last:
            return -1
        weight = self.option_weight[first:last]
        if not weight.any():
            return -1
        return int(first + self.random.choice(last - first, p=weight / weight.sum()))

    def harm(self, dyad: Dyad, level: int, option: int) -> tuple[float, float]:
        """Return how many an act kills, and the share of its raid that was defeated."""
        if option >= 0 and self.plan.options[option, OptionColumn.HIGH :].sum() > 0:
            return self.raid(dyad, self.plan.options[option])
        if level < FORCE_THRESHOLD:
            return 0.0, 0.0
        _, none, mean, spread = self.by_level[level]
        if self.random.random() < none:
            return 0.0, 0.0
        return math.ceil(math.exp(min(self.random.normal(mean, spread), LOG_MOST_KILLED))), 0.0

    def raid(self, dyad: Dyad, option: FloatArray) -> tuple[float, float]:
        """Fly a raid: launched, arrived, through each layer, killed."""
        low = option[OptionColumn.LOW : OptionColumn.LOW + CLASS_COUNT]
        high = option[OptionColumn.HIGH : OptionColumn.HIGH + CLASS_COUNT]
        launched = np.zeros(CLASS_COUNT, np.int64)
        for k in np.flatnonzero(high):
            log_count = self.random.uniform(math.log(low[k]), math.log(high[k]))
            launched[k] = math.floor(math.exp(log_count) + 0.5)
        through = self.random.binomial(launched, self.reliability)
        for layer in range(*self.plan.layer_start[dyad.target : dyad.target + 2]):
            row = self.plan.layers[layer]
            asleep = row[LayerColumn.NEEDS_WARNING] and not option[OptionColumn.WARNED]
            if not row[LayerColumn.PRESENT] or asleep:
                continue
            meets = row[LayerColumn.AGAINST : LayerColumn.AGAINST + CLASS_COUNT] > 0
            coming = through[meets].sum()
            share = min(1.0, row[LayerColumn.CAPACITY] / coming) if coming else 1.0
            for k in np.flatnonzero(meets):
                engaged = math.floor(through[k] * share + 0.5)
                through[k] -= self.random.binomial(engaged, self.kill[layer, k])
        failed = 1.0 - through.sum() / launched.sum()
        severity = math.exp(self.random.normal(-0.5 * TOLL_LOG_SPREAD**2, TOLL_LOG_SPREAD))
        mean = through.sum() * self.scalars[ScalarColumn.KILLED_PER_LEAKER] * severity
        return float(self.random.poisson(mean)), float(failed)

    # Fronts that burn.

    def ignite(self, front: Front) -> None:
        front.burning = front.burned = True
        for dyad in self.dyads:
            dyad.touched = True

    def over_already(self, front: Front) -> bool:
        """Draw histories of the days of which nothing is told until one is as it was."""
        silent = int(self.plan.as_of_day - front.told)
        if not front.war or silent <= 0:
            return False
        while True:
            lasts = self.random.exponential(1.0 / self.scalars[ScalarColumn.ENDING])
            told = self.random.exponential(WAR_TOLD_DAYS)
            if told >= min(math.ceil(lasts) - 1, silent):
                return lasts < silent

    def end(self, place: int, day: int) -> None:
        """End fighting that has run its course."""
        front = self.fronts[place]
        if front.kindled and self.random.random() < 1.0 - math.exp(
            -self.scalars[ScalarColumn.ENDING]
        ):
            self.end_fighting(place, day)

    def kindle(self) -> None:
        """Draw how deadly fighting that is new would be as war."""
        for front in self.fronts:
            if front.burning and not front.kindled:
                front.kindled = True
                front.severity = self.random.normal(
                    self.scalars[ScalarColumn.TOLL_MEAN], self.scalars[ScalarColumn.TOLL_SPREAD]
                )

    def end_fighting(self, place: int, day: int) -> None:
        front = self.fronts[place]
        front.war = front.burning = front.kindled = False
        front.activity = 1.0
        for dyad in self.dyads:
            dyad.touched = True
            if dyad.front == place:
                self.exchanged[dyad.actor, dyad.target] = day
                dyad.state[Slot.PROVOKED_DAY] = day
                dyad.state[Slot.PROVOKED_LEVEL] = 0.0
                dyad.state[Slot.ANSWERED] = 2.0

    def burn(self, day: int) -> None:
        """The day's attacks, the toll of war, and the tempo that follows from them."""
        week = (day - self.plan.as_of_day - 1) // WEEK
        share = self.scalars[ScalarColumn.PERSISTENCE]
        fade = 1.0 - self.scalars[ScalarColumn.KEEP]
        spread = self.scalars[ScalarColumn.TEMPO_SPREAD]
        excess = np.zeros(len(self.fronts))
        for place, front in enumerate(self.fronts):
            if not front.burning:
                front.activity = 1.0
                continue
            relative = max(1.0 - share + share * front.activity, TEMPO_FLOOR)
            noise = math.exp(self.random.normal(-0.5 * spread**2, spread))
            attacks = self.random.poisson(front.rate * relative * noise)
            front.activity += fade * (attacks / front.rate - front.activity)
            excess[place] = front.activity - 1.0
            self.attacks[place, week] += attacks
            if front.war:
                self.toll[place, week] += math.exp(min(front.severity, LOG_MOST_KILLED))
                self.war_days[place, week] += 1
        for place, front in enumerate(self.fronts):
            if front.burning:
                weight = self.scalars[ScalarColumn.CROSS] * self.plan.link[:, place]
                weight /= max(1.0, weight.sum() / MOST_CROSS)
                pull = (1.0 - share) * weight @ excess
                front.activity = max(front.activity + fade * pull, 0.0)


def simulate(
    compiled: Compiled,
    posterior: Posterior,
    count: int,
    horizon: int,
    seed: int,
    kind: type[Future] = Future,
) -> Futures:
    """Return *count* futures of the reference, or of a *kind* that departs from it."""
    random = np.random.default_rng(seed)
    draws = len(posterior.draws.resolve)
    told = [kind(compiled, posterior, number % draws, random) for number in range(count)]
    for one in told:
        one.run(horizon)
    deeds = [deed for one in told for deed in one.deeds]
    columns = {
        name: np.array([getattr(deed, name) for deed in deeds], kind_of_number)
        for name, kind_of_number in (
            ("day", np.int16),
            ("dyad", np.int8),
            ("level", np.int8),
            ("option", np.int16),
            ("killed", np.float32),
            ("failed", np.float32),
        )
    }
    return Futures(
        compiled=compiled,
        horizon=horizon,
        first=0,
        draws=draws,
        start=np.cumsum([0, *(len(one.deeds) for one in told)]),
        attacks=np.array([one.attacks for one in told], np.float32),
        toll=np.array([one.toll for one in told], np.float32),
        war_days=np.array([one.war_days for one in told], np.int8),
        surprise=np.zeros((len(told), 0, 2), np.float32),
        overflowed=0,
        **columns,
    )
