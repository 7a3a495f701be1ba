"""Rules on questions: when they close, and whether they can come true."""

from __future__ import annotations

from collections.abc import Iterator

from offramp.crisis.draft import Draft
from offramp.crisis.problems import Finding, Path
from offramp.crisis.questions import (
    ActQuestion,
    FirstDayQuestion,
    FirstResponseQuestion,
    KilledQuestion,
    QuestionBase,
    QuietQuestion,
)
from offramp.crisis.schema import Act, Crisis

_MOST_KILLED = 10_000_000


def days_open(question: QuestionBase, crisis: Crisis) -> int | None:
    """Return the days from the as-of date to the day a question closes, or None if unsaid."""
    if question.within_days is not None:
        return question.within_days
    return None if question.by is None else (question.by - crisis.as_of).days


def _close(draft: Draft) -> Iterator[Finding]:
    crisis = draft.crisis
    for path, question in draft.each("questions", crisis.questions):
        if question.within_days is not None and question.by is not None:
            message = "closes twice, by within_days and by a day"
            yield Finding((*path, "by"), message, "keep one of the two")
            continue
        days = days_open(question, crisis)
        if days is None:
            yield Finding(path, "never closes", "add 'within_days: 30', or 'by:' and a day")
        elif days < 1:
            message = f"closes on {question.by}, not after as_of, {crisis.as_of}"
            yield Finding((*path, "by"), message, "write a later day")
        elif days > crisis.horizon_days:
            field = "by" if question.within_days is None else "within_days"
            message = f"closes after {days} days, beyond horizon_days, {crisis.horizon_days}"
            yield Finding((*path, field), message, "close it earlier, or lengthen the horizon")
        elif isinstance(question, QuietQuestion) and question.days > days:
            message = f"{question.days} days in a row do not fit in the {days} until it closes"
            yield Finding((*path, "days"), message, "ask for fewer, or close it later")


def _open(draft: Draft) -> Iterator[Finding]:
    as_of = draft.crisis.as_of
    for path, question in draft.each("questions", draft.crisis.questions):
        if question.opened is not None and question.opened > as_of:
            message = f"{question.opened} is after as_of, {as_of}"
            yield Finding((*path, "opened"), message, "write as_of or an earlier day")


def _can_come_true(draft: Draft) -> Iterator[Finding]:
    for path, question in draft.each("questions", draft.crisis.questions):
        if isinstance(question, KilledQuestion) and question.at_least > _MOST_KILLED:
            message = f"must be at most {_MOST_KILLED:,}, found {question.at_least:,}"
            yield Finding((*path, "at_least"), message, "ask for fewer")
        elif isinstance(question, ActQuestion | FirstDayQuestion):
            if question.event.attribution == []:
                message = "the list is empty, so that no act counts"
                fix = "remove the key, and every act counts"
                yield Finding((*path, "event", "attribution"), message, fix)
        elif isinstance(question, FirstResponseQuestion):
            yield from _answers(draft, path, question)


def _answers(draft: Draft, path: Path, question: FirstResponseQuestion) -> Iterator[Finding]:
    """A response answers an act that its target did to its actor."""
    if question.at_least == "hold":
        message = "hold is no answer"
        yield Finding((*path, "at_least"), message, "write conciliate to count every act")
    for entry in draft.crisis.timeline:
        if entry.id != question.after:
            continue
        if not isinstance(entry, Act):
            message = f"{entry.id} is a statement"
            yield Finding((*path, "after"), message, "name the act that is answered")
        elif (entry.actor, entry.target) != (question.target, question.actor):
            message = f"{entry.id} is an act of {entry.actor} against {entry.target}"
            fix = f"name one of {question.target} against {question.actor}"
            yield Finding((*path, "after"), message, fix)


RULES = (_close, _open, _can_come_true)
