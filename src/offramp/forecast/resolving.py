"""How the questions of a past crisis came out, by the later facts of its file.

A question put as of a day is settled by what happened after that day (or from the day on which
it was opened) until it closes, as an answer counts it in futures. The aftermath of the file says
until when its timeline is complete: up to then silence means that nothing happened, beyond it a
question stays undecided unless something has decided it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from functools import singledispatchmethod
from typing import Literal

from offramp.crisis.as_of import cut
from offramp.crisis.problems import CrisisError
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
from offramp.crisis.schema import Act, Aftermath, Crisis, Resolution
from offramp.forecast.outcomes import NO_RESPONSE, days_that_count, response_asked
from offramp.forecast.told import DAY, Told, killed
from offramp.ladder import LEVEL_NAMES

Value = bool | int | date | str
"""True or false; a number of killed; a day; a level; `NO_RESPONSE` if there was none by the close.

`NO_RESPONSE` serves a first response and a first day alike.
"""
ANNULLED = "annulled"
"""Written as the outcome of a `resolutions` entry, it annuls the question."""


@dataclass(frozen=True)
class Outcome:
    """How a question came out.

    Attributes:
        question: its id.
        as_of: the day on which it was put.
        closes: its last day.
        status: `resolved`; `undecided` where the facts do not reach; `annulled` where the
            question could not be put that day, or was withdrawn.
        value: what came true; None unless resolved.
        decided_by: ids of the acts that decided it, or of the sources of a `resolutions` entry.
        reason: in words.
    """

    question: str
    as_of: date
    closes: date
    status: Literal["resolved", "undecided", "annulled"]
    value: Value | None
    decided_by: tuple[str, ...]
    reason: str


def outcomes(crisis: Crisis, as_of: date, questions: list[Question] | None = None) -> list[Outcome]:
    """Return how questions put as of a day came out, in their order.

    Args:
        crisis: with its later facts (`offramp.crisis.whole.read_whole`).
        as_of: the day on which the questions are put.
        questions: those of the file if absent.

    Raises:
        ValueError: the crisis has no aftermath, or the day lies beyond it, or a `resolutions`
            entry gives an outcome that its question cannot have.
    """
    asked = crisis.questions if questions is None else questions
    aftermath = aftermath_of(crisis, as_of)
    settled = {one.question: one for one in aftermath.resolutions if one.as_of == as_of}
    open_now, why = _open(crisis, as_of, asked)
    settling = Settling(Told(crisis, aftermath.complete_until), as_of)
    found = []
    for question in asked:
        if question.id not in open_now:
            found.append(settling.outcome(question, "annulled", None, (), why))
        elif question.id in settled:
            found.append(_by_entry(settling, question, settled[question.id]))
        else:
            found.append(settling.by_facts(question))
    return found


def aftermath_of(crisis: Crisis, as_of: date | None = None) -> Aftermath:
    """Return the aftermath of a crisis, by which questions are settled, put as of a day if given.

    Raises:
        ValueError: it has none, or the day lies beyond it.
    """
    if crisis.aftermath is None:
        raise ValueError(
            f"{crisis.id} has no aftermath: its file does not say until when its timeline tells "
            "what happened"
        )
    if as_of is not None and as_of > crisis.aftermath.complete_until:
        raise ValueError(
            f"{crisis.id} cannot be settled as of {as_of}: its timeline is complete until "
            f"{crisis.aftermath.complete_until}"
        )
    return crisis.aftermath


def _open(crisis: Crisis, as_of: date, asked: list[Question]) -> tuple[set[str], str]:
    """Return the ids of the questions that can be put on a day, and why the others cannot."""
    try:
        left = cut(crisis.model_copy(update={"questions": asked}), as_of)
    except CrisisError as error:
        return set(), str(error)
    why = f"as of {as_of} it is not open, or names what was not known yet"
    return {question.id for question in left.questions}, why


def _by_entry(settling: Settling, question: Question, entry: Resolution) -> Outcome:
    sources = tuple(entry.source)
    if entry.outcome == ANNULLED:
        return settling.outcome(question, "annulled", None, sources, entry.reason)
    value = _as_asked(question, entry)
    return settling.outcome(question, "resolved", value, sources, entry.reason)


def _as_asked(question: Question, entry: Resolution) -> Value:
    """Return the outcome of an entry as its question puts it."""
    value = entry.outcome
    match question:
        case FirstResponseQuestion():
            wanted, fits = "a level, or none", value in (*LEVEL_NAMES[1:], NO_RESPONSE)
        case KilledNumberQuestion():
            wanted, fits = "a number", isinstance(value, int) and not isinstance(value, bool)
        case FirstDayQuestion():
            value = _day_or_text(value)
            wanted, fits = "a day, or none", isinstance(value, date) or value == NO_RESPONSE
        case _:
            wanted, fits = "true or false", isinstance(value, bool)
    if not fits:
        raise ValueError(
            f"the resolution of {question.id} as of {entry.as_of} is {entry.outcome!r}: "
            f"write {wanted}, or {ANNULLED}"
        )
    return value


def _day_or_text(value: Value) -> Value:
    if not isinstance(value, str):
        return value
    try:
        return date.fromisoformat(value)
    except ValueError:
        return value


@dataclass(frozen=True)
class _First:
    """When what an event asks for first happened.

    Attributes:
        day: None where it did not, as far as is known.
        decided_by: ids of acts; none where it is fighting that no act tells.
        what: in words.
        open_from: first day before it on which nobody knows whether there was fighting.
    """

    day: date | None
    decided_by: tuple[str, ...]
    what: str
    open_from: date | None = None


@dataclass(frozen=True)
class Settling:
    """Settles questions by the facts of a timeline.

    Attributes:
        told: what happened.
        as_of: the day on which the questions were put.
    """

    told: Told
    as_of: date

    def by_facts(self, question: Question) -> Outcome:
        """Return how a question came out by the facts alone."""
        return self._settle(question)

    def outcome(
        self,
        question: Question,
        status: Literal["resolved", "undecided", "annulled"],
        value: Value | None,
        decided_by: tuple[str, ...],
        reason: str,
    ) -> Outcome:
        """Return an outcome of a question that was put on this day."""
        closes = self._closes(question)
        return Outcome(question.id, self.as_of, closes, status, value, decided_by, reason)

    def _closes(self, question: Question) -> date:
        return days_that_count(question, self.as_of)[1]

    def _binary(
        self, question: Question, happened: bool, decided_by: tuple[str, ...], what: str
    ) -> Outcome:
        """Return yes if it happened, no if it did not by a close that the timeline reaches."""
        if happened:
            return self.outcome(question, "resolved", True, decided_by, what)
        return self._by_silence(question, False, f"no {what}")

    def _by_silence(self, question: Question, value: Value, reason: str) -> Outcome:
        closes, until = self._closes(question), self.told.until
        if closes > until:
            reason = f"open until {closes}; the timeline is complete until {until}"
            return self.outcome(question, "undecided", None, (), reason)
        return self.outcome(question, "resolved", value, (), f"{reason} by {closes}")

    @singledispatchmethod
    def _settle(self, question: Question) -> Outcome:
        raise TypeError(f"no way to settle {type(question).__name__}")

    @_settle.register
    def _(self, question: ActQuestion) -> Outcome:
        happened = self._first(question, question.event)
        if happened.day is None and happened.open_from is not None:
            return self._left_open(question, happened.open_from)
        sure = happened.day is not None
        return self._binary(question, sure, happened.decided_by, happened.what)

    @_settle.register
    def _(self, question: FirstDayQuestion) -> Outcome:
        happened = self._first(question, question.event)
        if happened.open_from is not None:
            return self._left_open(question, happened.open_from)
        if happened.day is None:
            return self._by_silence(question, NO_RESPONSE, "no such act")
        return self.outcome(question, "resolved", happened.day, happened.decided_by, happened.what)

    def _left_open(self, question: Question, day: date) -> Outcome:
        reason = f"nobody knows whether the fighting went on from {day} on"
        return self.outcome(question, "undecided", None, (), reason)

    def _first(self, question: Question, event: ActEvent) -> _First:
        """Return when what an event asks for first happened, acts and fighting alike.

        As in futures, fighting that no act tells counts from the day after the as-of date on.
        """
        closes = days_that_count(question, self.as_of)[1]
        days = self.told.fighting(event, self.as_of + DAY, min(closes, self.told.until))
        dated = [(self.as_of + (k + 1) * DAY, one) for k, one in enumerate(days)]
        fought = next((day for day, one in dated if one), None)
        acts = self._matching(question, event)[:1]
        if acts and (fought is None or acts[0].day <= fought):
            found = _First(acts[0].day, tuple(act.id for act in acts), f"such act on {acts[0].day}")
        elif fought is not None:
            found = _First(fought, (), f"fighting on {fought}")
        else:
            found = _First(None, (), "such act")
        unknown = (
            day for day, one in dated if one is None and (found.day is None or day < found.day)
        )
        return replace(found, open_from=next(unknown, None))

    def _matching(self, question: Question, event: ActEvent) -> tuple[Act, ...]:
        return self.told.matching(event, *days_that_count(question, self.as_of))

    @_settle.register
    def _(self, question: WarQuestion) -> Outcome:
        front = next(one for one in self.told.crisis.fronts if one.id == question.front)
        if front.war:
            return self._binary(question, True, (), "war was under way")
        first, last = days_that_count(question, self.as_of)
        days = [day for day in sorted(self.told.war(front.id)) if first <= day <= last]
        acts = self._matching(question, ActEvent(front=front.id, level="= war"))
        what = f"war on {days[0]}" if days else "war"
        return self._binary(question, bool(days), tuple(act.id for act in acts[:1]), what)

    def _toll(self, question: Question, front: str) -> tuple[Act, ...]:
        return self.told.harmful(front, *days_that_count(question, self.as_of))

    @_settle.register
    def _(self, question: KilledQuestion) -> Outcome:
        acts = self._toll(question, question.front)
        total = sum(map(killed, acts))
        ids = tuple(act.id for act in acts)
        if total >= question.at_least:
            return self._binary(question, True, ids, f"{total:,} killed")
        return self._by_silence(question, False, f"{total:,} killed")

    @_settle.register
    def _(self, question: KilledNumberQuestion) -> Outcome:
        acts = self._toll(question, question.front)
        total = sum(map(killed, acts))
        if self._closes(question) > self.told.until:
            return self._by_silence(question, total, "")
        ids = tuple(act.id for act in acts)
        return self.outcome(question, "resolved", total, ids, f"{total:,} killed")

    @_settle.register
    def _(self, question: QuietQuestion) -> Outcome:
        counted = days_that_count(question, self.as_of)
        least, most = self.told.longest_quiet(question.front, *counted)
        if least >= question.days or most < question.days:
            reason = f"the longest run without force was {least} days"
            return self.outcome(question, "resolved", least >= question.days, (), reason)
        reason = f"the facts leave open whether the longest run was {least} or {most} days"
        return self.outcome(question, "undecided", None, (), reason)

    @_settle.register
    def _(self, question: FirstResponseQuestion) -> Outcome:
        closes = self._closes(question)
        later = self.told.following(question.after, response_asked(question))
        answers = [act for act in later if act.day <= closes]
        if not answers:
            return self._by_silence(question, NO_RESPONSE, "no response")
        first = answers[0]
        reason = f"{first.level} on {first.day}"
        return self.outcome(question, "resolved", first.level, (first.id,), reason)
