"""How likely it is that what a lever sets comes about unasked, and so what pulling it costs.

The cost is how far the setting lies from what its actor would do by itself: minus the base-2
logarithm of that probability, in bits. Of several levers the costs add up, as if they were
independent.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from offramp.crisis.schema import Act, Stance, Statement
from offramp.engine.ensemble import Futures
from offramp.engine.plan import OptionColumn, ScalarColumn
from offramp.engine.timeline import matter_of
from offramp.forecast.events import first_days
from offramp.forecast.levers.declared import STANCES, Kind
from offramp.forecast.levers.effects import Experiment
from offramp.forecast.levers.settings import Setting
from offramp.ladder import Level, level_named

UNASKED_DAYS = 30
"""What comes about by itself within so many days after the lever's day counts as unasked."""
JUDGED_STANCES: dict[Stance, float] = {
    Stance.RESTRAIN: 0.5,
    Stance.GO_AHEAD: 0.1,
    Stance.REFUSE_TO_JOIN: 0.3,
    Stance.WILL_JOIN: 0.1,
    Stance.WILL_DEFEND: 0.4,
    Stance.REFUSE_TO_DEFEND: 0.1,
}
"""Share of patrons, allies and partners that take a stance in a crisis (elicited)."""
JUDGED_WEIGHT = 2.0
"""The elicited share counts as so many statements (elicited)."""
JUDGED_LINK = 0.1
"""Probability that who fights on two fronts parts them unasked (elicited)."""

Basis = Literal["is so", "futures", "timeline", "elicited"]


@dataclass(frozen=True)
class Plausibility:
    """How likely a setting is unasked.

    Attributes:
        probability: above 0, at most 1.
        basis: what it rests on.
    """

    probability: float
    basis: Basis

    @property
    def cost(self) -> float:
        """Cost in bits: 0 of what comes about anyway."""
        return -math.log2(self.probability) + 0.0


def cost_of(experiment: Experiment, settings: Sequence[Setting]) -> float:
    """Return the cost of several settings together, in bits."""
    return sum(plausibility(experiment, setting).cost for setting in settings)


def plausibility(experiment: Experiment, setting: Setting) -> Plausibility:
    """Return how likely a setting is to come about unasked."""
    kind = setting.lever.kind
    if kind is Kind.STANCE:
        return _of_stance(experiment, setting)
    if kind is Kind.WORD:
        return _of_word(experiment, setting)
    if kind is Kind.CEASEFIRE:
        return Plausibility(_ends_unasked(experiment, setting), "futures")
    if kind is Kind.OPTION:
        return Plausibility(_not_taken(experiment, setting), "futures")
    if kind is Kind.WARNING:
        return _of_warning(experiment, setting)
    return Plausibility(JUDGED_LINK if setting.value < 1.0 else 1.0, "elicited")


def _last_day(futures: Futures, setting: Setting) -> int:
    """Return the last day, after the as-of date, on which it still counts as unasked."""
    return (setting.day - futures.compiled.crisis.as_of).days + UNASKED_DAYS


def _smoothed(hits: float, cases: float) -> float:
    """Return a share that is never 0, as finite futures cannot show that."""
    return min((hits + 1.0) / (cases + 2.0), 1.0)


def _of_stance(experiment: Experiment, setting: Setting) -> Plausibility:
    speaker, client, rival = setting.lever.parts
    stance = STANCES[setting.lever.word]
    said = [
        entry
        for entry in experiment.crisis.timeline
        if isinstance(entry, Statement)
        and (entry.speaker, entry.about) == (speaker, client)
        and entry.against in (None, rival)
        and entry.stance in STANCES.values()
        and matter_of(entry.stance) == matter_of(stance)
    ]
    like = sum(entry.stance == stance for entry in said)
    share = (like + JUDGED_WEIGHT * JUDGED_STANCES[stance]) / (len(said) + JUDGED_WEIGHT)
    chance = share if setting.value else 1.0 - share
    return Plausibility(chance, "timeline" if said else "elicited")


def _of_word(experiment: Experiment, setting: Setting) -> Plausibility:
    """An actor that conciliates by itself says as much; taking it back is the contrary."""
    actor, rival = setting.lever.parts
    futures = experiment.futures
    own = np.isin(futures.dyad, futures.compiled.dyads_of(actor, rival))
    level = Level.CONCILIATE if setting.lever.word == "concludes" else Level.VERBAL
    speaks = own & (futures.level == level)
    spoken = int((first_days(futures, speaks) <= _last_day(futures, setting)).sum())
    share = _smoothed(spoken, futures.count)
    return Plausibility(share if setting.value else 1.0 - share, "futures")


def _ends_unasked(experiment: Experiment, setting: Setting) -> float:
    """Fighting ends at a constant daily rate: the mean over draws, without noise."""
    rate = experiment.posterior.draws.scalars[:, ScalarColumn.ENDING]
    return float((1.0 - np.exp(-rate * _last_day(experiment.futures, setting))).mean())


def _not_taken(experiment: Experiment, setting: Setting) -> float:
    """Only futures in which the actor acts at that level count: in others nothing is given up."""
    if setting.value >= 1.0:
        return 1.0
    futures = experiment.futures
    options, (name,) = futures.compiled.options, setting.lever.parts
    places = [place for place, one in enumerate(options) if one.id == name]
    option = options[places[0]]
    occasions = np.isin(futures.dyad, futures.compiled.dyads_of(option.actor, option.target))
    occasions &= futures.level == level_named(option.level)
    acted, taken = (np.zeros(futures.count, bool) for _ in range(2))
    acted[futures.future[occasions]] = True
    taken[futures.future[np.isin(futures.option, places)]] = True
    if not acted.any():
        return 1.0
    return _smoothed(float((acted & ~taken).sum()), float(acted.sum()))


def _of_warning(experiment: Experiment, setting: Setting) -> Plausibility:
    compiled = experiment.compiled
    raids = [one for one in compiled.crisis.timeline if isinstance(one, Act) and one.munitions]
    options = compiled.plan.options
    launches = options[:, OptionColumn.HIGH :].sum(axis=1) > 0
    weight = np.array([one.weight for one in compiled.options])[launches]
    judged = float(weight @ options[launches, OptionColumn.WARNED] / weight.sum())
    warned = sum(one.telegraphed for one in raids)
    share = (warned + JUDGED_WEIGHT * judged) / (len(raids) + JUDGED_WEIGHT)
    chance = share if setting.value else 1.0 - share
    floor = 1.0 / (experiment.futures.count + 2.0)
    return Plausibility(min(max(chance, floor), 1.0), "timeline" if raids else "elicited")
