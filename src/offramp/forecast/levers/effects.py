"""Effects of levers, from paired futures: each future once as it is, once with the levers pulled.

Both members of a pair share posterior draw and every random number, so that they differ only
where the lever reaches, and the noise that they share drops out of their difference. Of what is
left, what goes with the surprise of either (the acts that a question turns on, less what was
expected of them: `offramp.engine.expecting`) is taken out, for surprise has mean zero.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple, TypeVar

import numpy as np

from offramp.choice.editions import edition_for
from offramp.choice.figures import Figures
from offramp.crisis.questions import KilledNumberQuestion, Question
from offramp.crisis.schema import Crisis
from offramp.engine.compile import Compiled, compile_crisis
from offramp.engine.condition import DRAWS, Posterior
from offramp.engine.ensemble import Futures, run
from offramp.engine.plan import FloatArray
from offramp.engine.prior import prior_of
from offramp.engine.threads import in_order
from offramp.forecast.answering import Answering
from offramp.forecast.conditioned import conditioned
from offramp.forecast.events import by_draw
from offramp.forecast.levers.changing import changed
from offramp.forecast.levers.declared import Lever, declared_levers
from offramp.forecast.levers.outcomes import event_of, watching
from offramp.forecast.levers.settings import Setting
from offramp.forecast.outcomes import (
    horizon_needed,
    killed_by_the_close,
    open_questions,
    question_named,
)
from offramp.forecast.uncertainty import credible_interval

Result = TypeVar("Result")
NINETY = 1.645
"""Standard errors either side of an estimate that hold 90 %."""
FEWEST_DIFFERING = 20
"""Of fewer pairs that differ nothing is taken out."""
PAIRS_A_DRAW = 4
"""From fewer pairs the effect of a draw cannot be told from chance."""


@dataclass(frozen=True)
class Effect:
    """What an intervention does to the probability that stands for one question.

    Attributes:
        question: its id.
        before: probability without it.
        after: with it.
        interval: 90 % of the effect over posterior draws, finite futures taken off.
        monte_carlo_error: standard error of the effect from finite futures, given the draws.
    """

    question: str
    before: float
    after: float
    interval: tuple[float, float]
    monte_carlo_error: float

    @property
    def change(self) -> float:
        """The effect: after less before."""
        return self.after - self.before

    @property
    def is_clear(self) -> bool:
        """Whether the effect is told apart from none by finite futures (90 %)."""
        return abs(self.change) > NINETY * self.monte_carlo_error


class Paired(NamedTuple):
    """A question in paired futures, K of them.

    Attributes:
        difference: 1 where the levers bring the event about, -1 where they avert it, (K,).
        before: 1 where it comes about without them, less what goes with surprise, (K,).
        change: `difference` less what goes with surprise, (K,).
    """

    difference: FloatArray
    before: FloatArray
    change: FloatArray


@dataclass(frozen=True)
class Experiment:
    """A crisis conditioned once, and its futures as they are, to pair others with.

    Attributes:
        compiled: the crisis.
        posterior: draws given its timeline, the same for every intervention.
        figures: what history says.
        futures: as they are, without any lever.
        seed: of the futures.
        outcomes: by question id, the event that stands for it in each future, (K,).
        thresholds: by id of a question for a number, the number that its event exceeds.
    """

    compiled: Compiled
    posterior: Posterior
    figures: Figures
    futures: Futures
    seed: int
    outcomes: Mapping[str, FloatArray]
    thresholds: Mapping[str, float]

    @property
    def crisis(self) -> Crisis:
        """The crisis, as of its day."""
        return self.compiled.crisis

    @property
    def levers(self) -> tuple[Lever, ...]:
        """The levers that the crisis declares."""
        return declared_levers(self.compiled)

    @property
    def questions(self) -> list[Question]:
        """The questions that are asked, in the order of the file."""
        return [one for one in self.crisis.questions if one.id in self.outcomes]

    def answering(self, futures: Futures) -> Answering:
        """Return what answers the questions from futures of this experiment."""
        return Answering(futures, self.posterior, self.figures.base_rates)

    def pulled(
        self, settings: Sequence[Setting], progress: Callable[[int], None] | None = None
    ) -> Futures:
        """Return the futures with levers pulled, paired one by one with `futures`.

        Where the levers leave all as it is, they are the same futures.
        """
        compiled = changed(self.compiled, settings)
        if not len(compiled.plan.changes):
            return self.futures
        return run(
            compiled,
            self.posterior,
            self.futures.count,
            self.seed,
            self.futures.horizon,
            first=self.futures.first,
            progress=progress,
        )

    def outcomes_of(self, futures: Futures) -> dict[str, FloatArray]:
        """Return the event that stands for each question in each of *futures*, (K,) each."""
        return self._of_each(
            lambda place, one: event_of(one, futures, self.thresholds.get(one.id, 0.0))
        )

    def paired(self, futures: Futures) -> dict[str, Paired]:
        """Return each question as it comes out in these futures and in their pairs, *futures*."""
        after = self.outcomes_of(futures)
        return self._of_each(
            lambda place, one: paired(
                self.outcomes[one.id],
                after[one.id],
                _surprise(self.futures, place),
                _surprise(futures, place),
            )
        )

    def _of_each(self, work: Callable[[int, Question], Result]) -> dict[str, Result]:
        """Return what *work* makes of each question and its place, in threads."""
        asked = self.questions
        made = in_order(lambda place: work(place, asked[place]), range(len(asked)))
        return {one.id: found for one, found in zip(asked, made, strict=True)}

    def effects(self, futures: Futures) -> dict[str, Effect]:
        """Return the effect on each question of what made *futures* out of those as they are."""
        return self.effects_of(self.paired(futures))

    def effects_of(self, pairs: Mapping[str, Paired]) -> dict[str, Effect]:
        """Return the effect on each question that paired futures show."""
        return {name: effect_of(name, self.futures, one) for name, one in pairs.items()}


def _surprise(futures: Futures, place: int) -> FloatArray:
    """Return the surprises of the acts that the question at a place turns on, (K, 2 or 0)."""
    found = futures.surprise[:, place : place + 1]
    return found.reshape(futures.count, 2 * found.shape[1]).astype(np.float64)


def question_of(crisis: Crisis, identifier: str | None) -> Question:
    """Return an open question; without an id the first headline with yes or no.

    Raises:
        ValueError: no open question has that id.
    """
    questions = open_questions(crisis)
    if identifier is not None:
        return question_named(questions, identifier)
    headlines = [one for one in questions if one.headline] or questions
    decided = [one for one in headlines if one.type in ("act", "war", "killed", "quiet")]
    return (decided or headlines)[0]


def draws_for(pairs: int) -> int:
    """Return how many posterior draws pairs take turns with: as a brief, or fewer.

    Each has `PAIRS_A_DRAW` of them at least.
    """
    return max(min(DRAWS, pairs // PAIRS_A_DRAW), 1)


def prepare(
    crisis: Crisis,
    count: int,
    seed: int,
    *,
    draws: int | None = None,
    figures: Figures | None = None,
    questions: Sequence[str] | None = None,
    first: int = 0,
    progress: Callable[[str, int, int], None] | None = None,
) -> Experiment:
    """Condition a crisis on its timeline and simulate its futures as they are.

    Args:
        crisis: read as of its day.
        count: how many futures.
        seed: same seed, same result.
        draws: how many posterior draws the futures take turns with; `draws_for` them if absent.
        figures: what history says; if absent, the newest edition that ends before the as-of date.
        questions: ids of those to ask, all that are open if absent; futures reach no further
            than these need.
        first: number of the first future.
        progress: told the name of a step, how much of it is done, and how much there is.
    """
    figures = figures or edition_for(crisis.as_of)
    tell = progress or (lambda step, done, total: None)
    tell("conditioning on the timeline", 0, 1)
    compiled = compile_crisis(crisis)
    draws = draws or draws_for(count)
    posterior = conditioned(prior_of(compiled, figures), seed, draws)
    tell("conditioning on the timeline", 1, 1)
    return experiment(
        compiled, posterior, figures, count, seed, questions=questions, first=first, progress=tell
    )


def experiment(
    compiled: Compiled,
    posterior: Posterior,
    figures: Figures,
    count: int,
    seed: int,
    *,
    questions: Sequence[str] | None = None,
    first: int = 0,
    progress: Callable[[str, int, int], None] | None = None,
) -> Experiment:
    """Return the experiment on a crisis that is conditioned; arguments as `prepare`.

    Raises:
        ValueError: no question is open.
    """
    crisis = compiled.crisis
    asked = [one for one in open_questions(crisis) if questions is None or one.id in questions]
    horizon = max(horizon_needed(one, crisis.as_of) for one in asked)
    tell = progress or (lambda step, done, total: None)
    compiled = watching(asked, compiled)
    futures = run(
        compiled,
        posterior,
        count,
        seed,
        horizon,
        first=first,
        progress=lambda done: tell("simulating futures", done, count),
    )
    thresholds = {
        one.id: float(np.median(killed_by_the_close(one, futures)))
        for one in asked
        if isinstance(one, KilledNumberQuestion)
    }
    outcomes = {one.id: event_of(one, futures, thresholds.get(one.id, 0.0)) for one in asked}
    return Experiment(compiled, posterior, figures, futures, seed, outcomes, thresholds)


def paired(
    before: FloatArray, after: FloatArray, surprise: FloatArray, surprise_after: FloatArray
) -> Paired:
    """Return outcomes as they are, (K,), and with levers pulled, (K,), as a pair.

    What goes with the surprises of either side, mean zero, (K, S), is taken out, unless so few
    pairs differ that they could be explained by chance as well.
    """
    difference = change = after - before
    if np.count_nonzero(difference) >= FEWEST_DIFFERING:
        change = without_surprise(difference, np.hstack([surprise, surprise_after]))
    return Paired(difference, without_surprise(before, surprise), change)


def effect_of(question: str, futures: Futures, pair: Paired) -> Effect:
    """Return the effect on a question, by its id, that paired *futures* show."""
    change = float(pair.change.mean())
    moved = change - float(pair.difference.mean())
    low, high = (edge + moved for edge in interval_over_draws(futures, pair.difference))
    # A lever that only ever averts has no effect above zero, one that only brings about none below.
    least = -1.0 if (pair.difference < 0).any() else 0.0
    most = 1.0 if (pair.difference > 0).any() else 0.0
    before = float(np.clip(pair.before.mean(), 0.0, 1.0))
    after = float(np.clip(before + np.clip(change, least, most), 0.0, 1.0))
    return Effect(
        question,
        before,
        after,
        (
            min(float(np.clip(low, least, most)), after - before),
            max(float(np.clip(high, least, most)), after - before),
        ),
        paired_error(futures, pair.change),
    )


def without_surprise(values: FloatArray, surprises: FloatArray) -> FloatArray:
    """Return values, (K,), less what of them goes with surprises of mean zero, (K, S).

    The mean stays what it is expected to be, and scatters less (control variates by regression:
    Glasserman 2004, *Monte Carlo Methods in Financial Engineering*, 4.1.2).
    """
    centred = surprises - surprises.mean(axis=0)
    weights = np.linalg.pinv(centred.T @ centred, hermitian=True) @ (centred.T @ values)
    told: FloatArray = values - surprises @ weights
    return told


def paired_error(futures: Futures, difference: FloatArray) -> float:
    """Return the standard error of the mean of *difference*, (K,), from finite futures.

    The draws are given; within a draw pairs are independent.
    """
    mean, count = by_draw(futures, difference)
    square, _ = by_draw(futures, difference**2)
    within = np.maximum(square - mean**2, 0.0) * count / np.maximum(count - 1.0, 1.0)
    several = count > 1
    within[~several] = within[several].mean() if several.any() else difference.var()
    used = count > 0
    share = count / count.sum()
    return float(np.sqrt((share[used] ** 2 * within[used] / count[used]).sum()))


def interval_over_draws(futures: Futures, difference: FloatArray) -> tuple[float, float]:
    """Return the 90 % interval of the effect over posterior draws.

    The effect is the probability that a lever brings the event about, less the probability that
    it averts it. Each has its credible interval, finite futures taken off, and that of the
    difference follows from the two (variance recovery: Zou and Donner 2008, *Statistics in
    Medicine* 27, 1693–1702). So a lever that only ever averts has no interval above zero.

    Args:
        futures: to which the differences belong.
        difference: 1 where the lever brings the event about, -1 where it averts it, (K,).
    """
    if not difference.any():
        return (0.0, 0.0)
    brought = (difference > 0).astype(np.float64)
    averted = (difference < 0).astype(np.float64)
    low, high = credible_interval(futures, brought)
    least, most = credible_interval(futures, averted)
    more, less = float(brought.mean()), float(averted.mean())
    return (
        max(more - less - math.hypot(more - low, most - less), -1.0),
        min(more - less + math.hypot(high - more, less - least), 1.0),
    )
