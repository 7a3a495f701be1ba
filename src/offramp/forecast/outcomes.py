"""What each question comes to in each future: when, how often and at which level.

An answer needs only where each future stands when the question closes. Whoever asks what an
observation, a draw or a fact would change needs to know too whether the question is still open
on a day before that. What was known as of the day counts from the day on which the question was
opened.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache, cached_property, singledispatch

import numpy as np

from offramp.crisis.problems import nearest
from offramp.crisis.questions import (
    ActEvent,
    ActQuestion,
    FirstDayQuestion,
    FirstResponseQuestion,
    KilledNumberQuestion,
    KilledQuestion,
    Question,
    QuietQuestion,
    WarQuestion,
)
from offramp.crisis.schema import Crisis
from offramp.engine.ensemble import Futures, killed_by
from offramp.engine.plan import FloatArray, IntArray
from offramp.forecast.events import Matcher, event_days, first_war_days, longest_quiet
from offramp.forecast.told import DAY, Told
from offramp.ladder import Level, level_named

NO_RESPONSE = "none"

ByDay = Callable[[int], IntArray]
"""From days after the as-of date to what has come true by then: 0 nothing yet, (K,)."""


def horizon_needed(question: Question, as_of: date) -> int:
    """Return how many days after the as-of date a question closes; below 1 if it has."""
    if question.within_days is not None:
        return question.within_days
    assert question.by is not None
    return (question.by - as_of).days


def days_that_count(question: Question, as_of: date) -> tuple[date, date]:
    """Return the first day and the last on which what happens counts for a question."""
    closes = as_of + timedelta(days=horizon_needed(question, as_of))
    return question.opened or as_of + DAY, closes


@dataclass(frozen=True)
class Outcomes:
    """How one question comes out in each future.

    Attributes:
        question: whose outcomes these are.
        closes: days after the as-of date; below 1 if it has closed.
        names: of the outcomes; the first is that nothing has come true.
        by_day: place in `names` of what has come true by a day, (K,).
    """

    question: Question
    closes: int
    names: tuple[str, ...]
    by_day: ByDay

    @property
    def text(self) -> str:
        """What is asked, where it has several outcomes as: whether any of them comes true."""
        asked = self.question
        if isinstance(asked, FirstResponseQuestion):
            return f"{asked.text} (at any level)"
        if isinstance(asked, FirstDayQuestion):
            return f"{asked.text} (by the close)"
        return asked.text

    @cached_property
    def settled(self) -> bool:
        """Whether no future can change it: it has closed, or come true by the as-of date."""
        return self.closes < 1 or bool((self.by_day(0) > 0).all())

    @cached_property
    def final(self) -> IntArray:
        """Place in `names` at the close, (K,)."""
        return self.by_day(self.closes)

    @cached_property
    def true(self) -> FloatArray:
        """1 where it comes true at all, (K,)."""
        return (self.final > 0).astype(np.float64)


def outcomes_of(question: Question, futures: Futures) -> Outcomes:
    """Return how a question comes out in each future.

    Raises:
        ValueError: the question asks for a number, which has no outcome to come true.
    """
    closes = horizon_needed(question, futures.compiled.crisis.as_of)
    names: tuple[str, ...] = ("no", "yes")
    if isinstance(question, FirstResponseQuestion):
        low = level_named(question.at_least)
        names = (NO_RESPONSE, *(level.label for level in Level if level >= low))
    return Outcomes(question, closes, names, cache(_by_day(question, futures)))


def explained(
    questions: Sequence[Question], settled: Collection[str], wanted: str | None = None
) -> list[Question]:
    """Return the questions to explain: the one wanted, else the headlines that can be.

    Left out, unless wanted: questions that are settled, and those that ask for a number.

    Args:
        questions: of the crisis.
        settled: ids of those that are.
        wanted: id of one.

    Raises:
        ValueError: there is no such question, or it is settled or asks for a number.
    """
    if wanted is None:
        fit: list[Question] = [one for one in questions if one.type != "killed_number"]
        left = [one for one in fit if one.id not in settled]
        return [one for one in left if one.headline] or left
    found = explainable(questions, wanted)
    if wanted in settled:
        raise ValueError(f"question {wanted!r} is settled by the timeline")
    return [found]


def explainable(questions: Sequence[Question], wanted: str) -> Question:
    """Return a question that can be explained, unless it is settled.

    Raises:
        ValueError: there is no such question, or it asks for a number.
    """
    found = question_named(questions, wanted)
    if found.type == "killed_number":
        reason = "asks for a number: ask whether at least so many are killed"
        raise ValueError(f"question {wanted!r} {reason}")
    return found


def open_questions(crisis: Crisis) -> list[Question]:
    """Return the questions that close after the as-of day.

    Raises:
        ValueError: there is none.
    """
    found = [one for one in crisis.questions if horizon_needed(one, crisis.as_of) >= 1]
    if not found:
        raise ValueError("no question of the crisis is open on its as-of day")
    return found


def question_named(questions: Sequence[Question], wanted: str) -> Question:
    """Return the question with an id.

    Raises:
        ValueError: there is none.
    """
    for one in questions:
        if one.id == wanted:
            return one
    meant = nearest(wanted, [one.id for one in questions], "there are")
    raise ValueError(f"--question {wanted!r}: no such question is open; {meant}")


def first_days_of(
    question: ActQuestion | FirstDayQuestion | WarQuestion, futures: Futures
) -> IntArray:
    """Return the day on which what is asked first happens, in days after the as-of date, (K,).

    It is below 1 where the timeline tells of it, and `NEVER` where it does not happen within the
    days that are simulated.
    """
    crisis = futures.compiled.crisis
    event = (
        ActEvent(front=question.front, level="= war")
        if isinstance(question, WarQuestion)
        else question.event
    )
    known = Told(crisis, crisis.as_of).matching(event, *days_that_count(question, crisis.as_of))
    if known:
        return np.full(futures.count, (known[0].day - crisis.as_of).days, np.int64)
    if isinstance(question, WarQuestion):
        return first_war_days(futures, futures.compiled.fronts.index(question.front))
    return event_days(futures, event)


def killed_of(
    question: KilledQuestion | KilledNumberQuestion, futures: Futures, day: int
) -> FloatArray:
    """Return how many are killed by a day, with those that the timeline tells of, (K,)."""
    crisis = futures.compiled.crisis
    counted = days_that_count(question, crisis.as_of)
    before = Told(crisis, crisis.as_of).killed(question.front, *counted)
    return killed_by(futures, futures.compiled.fronts.index(question.front), day) + before


def killed_by_the_close(question: KilledNumberQuestion, futures: Futures) -> FloatArray:
    """Return how many are killed by the close of a question, (K,)."""
    return killed_of(question, futures, horizon_needed(question, futures.compiled.crisis.as_of))


def response_asked(question: FirstResponseQuestion) -> ActEvent:
    """Return the act that is a response."""
    level = f">= {question.at_least}"
    return ActEvent(actor=question.actor, target=question.target, level=level)


@singledispatch
def _by_day(question: Question, futures: Futures) -> ByDay:
    raise ValueError(f"question {question.id!r} asks for a number, which does not come true")


@_by_day.register(ActQuestion)
@_by_day.register(FirstDayQuestion)
@_by_day.register(WarQuestion)
def _(question: ActQuestion | FirstDayQuestion | WarQuestion, futures: Futures) -> ByDay:
    days = first_days_of(question, futures)
    return lambda day: (days <= day).astype(np.int64)


@_by_day.register
def _(question: KilledQuestion, futures: Futures) -> ByDay:
    return lambda day: (killed_of(question, futures, day) >= question.at_least).astype(np.int64)


@_by_day.register
def _(question: QuietQuestion, futures: Futures) -> ByDay:
    crisis = futures.compiled.crisis
    place = futures.compiled.fronts.index(question.front)
    told = Told(crisis, crisis.as_of)
    first, closes = days_that_count(question, crisis.as_of)
    longest, _ = told.longest_quiet(question.front, first, min(closes, crisis.as_of))
    if longest >= question.days:
        return lambda day: np.ones(futures.count, np.int64)
    before = told.quiet_until(question.front, first, crisis.as_of)
    return lambda day: (longest_quiet(futures, place, day, before) >= question.days).astype(
        np.int64
    )


@_by_day.register
def _(question: FirstResponseQuestion, futures: Futures) -> ByDay:
    crisis = futures.compiled.crisis
    event, below = response_asked(question), int(level_named(question.at_least)) - 1
    known = Told(crisis, crisis.as_of).following(question.after, event)
    if known:
        return lambda day: np.full(futures.count, level_named(known[0].level) - below, np.int64)
    places = np.flatnonzero(Matcher(event).simulated(futures))[::-1]
    level = np.zeros(futures.count, np.int64)
    first = np.full(futures.count, np.iinfo(np.int64).max)
    level[futures.future[places]] = futures.level[places].astype(np.int64) - below
    first[futures.future[places]] = futures.day[places]
    return lambda day: np.where(first <= day, level, 0)
