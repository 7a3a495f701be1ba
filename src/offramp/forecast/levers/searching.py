"""Levers one at a time, in pairs, and in the combinations that lower a risk: the off-ramps.

Only what could lower a risk is tried here: each lever at its calm value. Nothing is searched
for that raises force; a lever at another value is a question that a user asks by hand.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Protocol, TypeVar

import numpy as np

from offramp.crisis.questions import Question
from offramp.engine.ensemble import Futures
from offramp.forecast.levers.declared import Kind
from offramp.forecast.levers.effects import Effect, Experiment, Paired, paired_error
from offramp.forecast.levers.outcomes import asks_for, is_risk
from offramp.forecast.levers.plausibility import cost_of
from offramp.forecast.levers.settings import Setting, calm_setting

CANDIDATES = 8
"""Levers whose combinations are tried."""
TOLD = ("start", "day", "dyad", "level", "option", "killed", "failed", "attacks", "toll")
"""What is told of futures; where none of it differs, nothing does."""
CLEARLY = 2.58
"""Standard errors beyond which a combination is held to raise another headline's risk."""

WORTH_WHILE = 0.005
"""A lever that lowers a risk by less alone, half a percentage point, is not tried further."""

Progress = Callable[[str, int, int], None]
"""Told the name of a step, how much of it is done, and how much there is."""


@dataclass(frozen=True)
class Pulled:
    """Levers pulled together.

    Attributes:
        settings: the levers at their values.
        pairs: by question id, how it comes out in paired futures.
        effects: by question id.
        idle: whether no future differs for it.
    """

    settings: tuple[Setting, ...]
    pairs: Mapping[str, Paired]
    effects: Mapping[str, Effect]
    idle: bool


@dataclass(frozen=True)
class Interaction:
    """Two levers together, against the sum of both alone.

    Attributes:
        settings: the two.
        effects: of both together, by question id.
        beyond: joint effect less the sum of the single ones, by question id.
        monte_carlo_error: of `beyond`.
    """

    settings: tuple[Setting, Setting]
    effects: Mapping[str, Effect]
    beyond: Mapping[str, float]
    monte_carlo_error: Mapping[str, float]


@dataclass(frozen=True)
class OffRamp:
    """A combination of levers that lowers a risk.

    Attributes:
        settings: the levers at their values.
        effects: by question id, from futures that the search has not seen.
        risk: change of the risk that was asked for, below 0.
        cost: in plausibility, bits.
        raises: ids of other questions whose risk it clearly raises.
    """

    settings: tuple[Setting, ...]
    effects: Mapping[str, Effect]
    risk: float
    cost: float
    raises: tuple[str, ...]


def pull(experiment: Experiment, settings: Sequence[Setting]) -> Pulled:
    """Return what pulling levers together does."""
    return compared(experiment, settings, experiment.pulled(settings))


def compared(experiment: Experiment, settings: Sequence[Setting], futures: Futures) -> Pulled:
    """Return what pulling levers together does, seen in the *futures* that it leads to."""
    pairs = experiment.paired(futures)
    same = (
        np.array_equal(getattr(futures, name), getattr(experiment.futures, name)) for name in TOLD
    )
    idle = futures is experiment.futures or all(same)
    return Pulled(tuple(settings), pairs, experiment.effects_of(pairs), idle)


def sweep(experiment: Experiment, progress: Progress | None = None) -> list[Pulled]:
    """Return every declared lever alone, at its calm value, in the order of declaration."""
    settings = [
        calm_setting(lever, experiment.crisis)
        for lever in experiment.levers
        if lever.calm is not None
    ]
    return _each(experiment, [(one,) for one in settings], "levers one at a time", progress)


def _each(
    experiment: Experiment,
    combined: Sequence[tuple[Setting, ...]],
    step: str,
    progress: Progress | None,
) -> list[Pulled]:
    pulled = []
    for done, settings in enumerate(combined):
        if progress:
            progress(step, done, len(combined))
        pulled.append(pull(experiment, settings))
    return pulled


def risk_change(question: Question, effect: Effect) -> float:
    """Return the change of the risk that a question speaks of: below 0 is safer."""
    return effect.change if is_risk(question) else -effect.change


def ranked(experiment: Experiment, pulled: Sequence[Pulled], question: Question) -> list[Pulled]:
    """Return levers by their effect on the risk of a question, the most calming first."""
    return sorted(pulled, key=lambda one: risk_change(question, one.effects[question.id]))


def interactions(
    experiment: Experiment, singles: Sequence[Pulled], progress: Progress | None = None
) -> list[Interaction]:
    """Return all pairs of single levers, with what they do beyond the sum of both."""
    pairs = list(combinations(singles, 2))
    both = _each(
        experiment,
        [(*one.settings, *other.settings) for one, other in pairs],
        "levers in pairs",
        progress,
    )
    return [
        _interaction(experiment, one, other, joint)
        for (one, other), joint in zip(pairs, both, strict=True)
    ]


def _interaction(experiment: Experiment, one: Pulled, other: Pulled, joint: Pulled) -> Interaction:
    beyond = {
        name: pair.change - one.pairs[name].change - other.pairs[name].change
        for name, pair in joint.pairs.items()
    }
    return Interaction(
        (one.settings[0], other.settings[0]),
        joint.effects,
        {name: float(value.mean()) for name, value in beyond.items()},
        {name: paired_error(experiment.futures, value) for name, value in beyond.items()},
    )


class _Weighed(Protocol):
    """What lowers a risk at a cost."""

    @property
    def risk(self) -> float: ...

    @property
    def cost(self) -> float: ...


W = TypeVar("W", bound=_Weighed)


def pareto(weighed: Sequence[W]) -> list[W]:
    """Return those that no other beats in risk and cost alike, the cheapest first."""
    best: list[W] = []
    for one in sorted(weighed, key=lambda one: (one.cost, one.risk)):
        if not best or one.risk < best[-1].risk:
            best.append(one)
    return best


@dataclass(frozen=True)
class _Tried:
    settings: tuple[Setting, ...]
    risk: float
    cost: float


def off_ramps(
    search: Experiment,
    final: Experiment,
    question: Question,
    most: int,
    progress: Progress | None = None,
) -> list[OffRamp]:
    """Return combinations of up to *most* levers that lower the risk of a question.

    No other combination that was tried lowers it as much for as little. Candidates are the
    levers that clearly lower it alone, other than to give up the very acts that are asked for,
    which is the aim and no way to it; of these, all combinations of the `CANDIDATES` that do
    most for their cost. What is returned is judged by the futures of *final*, and left out if it
    clearly raises the risk of another headline.

    Args:
        search: experiment in which combinations are tried; asks *question* at least.
        final: another on the same draws, of other futures; asks every question.
        question: whose risk is to be lowered.
        most: levers in a combination, at least 1.
        progress: told how far the search is.
    """
    singles = [
        _tried(search, final, one, question)
        for one in sweep(search, progress)
        if not one.idle
        and one.effects[question.id].is_clear
        and not any(_is_the_aim(search, question, setting) for setting in one.settings)
    ]
    lowering = _foremost([one for one in singles if one.risk <= -WORTH_WHILE], CANDIDATES)
    tried = lowering + [
        _tried(search, final, one, question)
        for one in _each(search, _combined(lowering, most), "combinations", progress)
    ]
    chosen = pareto([one for one in tried if one.risk < 0.0])
    judged = []
    for done, one in enumerate(chosen):
        if progress:
            progress("off-ramps on other futures", done, len(chosen))
        judged.append(_judged(final, one, question))
    return pareto([one for one in judged if one.risk < 0.0 and not one.raises])


def _is_the_aim(search: Experiment, question: Question, setting: Setting) -> bool:
    """Whether a lever is to give up the very acts that are asked for: that is no way there."""
    lever = setting.lever
    return lever.kind is Kind.OPTION and asks_for(question, search.compiled, lever.parts[0])


def _combined(tried: Sequence[_Tried], most: int) -> list[tuple[Setting, ...]]:
    """Return the settings of every two and more, up to *most*, together."""
    return [
        tuple(setting for one in several for setting in one.settings)
        for size in range(2, most + 1)
        for several in combinations(tried, size)
    ]


def _tried(search: Experiment, final: Experiment, one: Pulled, question: Question) -> _Tried:
    risk = risk_change(question, one.effects[question.id])
    return _Tried(one.settings, risk, cost_of(final, one.settings))


def _foremost(tried: Sequence[_Tried], count: int) -> list[_Tried]:
    """Return up to *count*, front by front of those that none beats."""
    left, found = list(tried), list[_Tried]()
    while left and len(found) < count:
        front = pareto(left)
        found += front
        left = [one for one in left if one not in front]
    return found[:count]


def _judged(final: Experiment, tried: _Tried, question: Question) -> OffRamp:
    effects = pull(final, tried.settings).effects
    raises = tuple(
        one.id
        for one in final.questions
        if one.headline
        and risk_change(one, effects[one.id]) > CLEARLY * effects[one.id].monte_carlo_error
    )
    risk = risk_change(question, effects[question.id])
    return OffRamp(tried.settings, effects, risk, tried.cost, raises)
