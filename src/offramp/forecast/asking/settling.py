"""How a question in the language came out, by the later facts of a crisis file."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Literal, TypeAlias

from offramp.crisis.questions import Question
from offramp.crisis.schema import Crisis
from offramp.forecast.asking.evaluating import Evaluating
from offramp.forecast.asking.language import (
    Asked,
    HowMany,
    Response,
    Sentence,
    Statement,
    When,
    Whether,
    clauses,
    windows,
)
from offramp.forecast.asking.models import as_question
from offramp.forecast.asking.printing import written
from offramp.forecast.asking.records import TimelineRecord
from offramp.forecast.outcomes import NO_RESPONSE
from offramp.forecast.resolving import Outcome, Value, aftermath_of, outcomes
from offramp.forecast.told import Told

Status: TypeAlias = Literal["resolved", "undecided", "annulled"]
_WORDS = {True: "true", False: "false", None: "open"}


def settle(crisis: Crisis, sentence: Sentence, as_of: date, identifier: str) -> Outcome:
    """Return how a question put as of a day came out.

    A question under a condition is annulled if the condition turned out false. A simple question
    that the file asks too is settled by the file's `resolutions` first.

    Args:
        crisis: with its later facts.
        sentence: read as of that day.
        as_of: the day on which it was put.
        identifier: of the question.

    Raises:
        ValueError: the crisis has no aftermath, or the day lies beyond it.
    """
    if sentence.given is not None:
        met = settle(crisis, Sentence(Whether(sentence.given)), as_of, identifier)
        if met.value is not True:
            open_still = met.value is None
            reason = f"the condition is {'open' if open_still else 'false'}: {met.reason}"
            status: Status = "undecided" if open_still else "annulled"
            return _outcome(sentence, as_of, identifier, status, None, reason)
    simple = as_question(sentence.asked, as_of, identifier, "as asked")
    if simple is not None:
        return outcomes(crisis, as_of, [the_files_own(crisis, simple)])[0]
    if _counts_a_war_under_way(crisis, sentence.asked):
        reason = "the file does not tell how long the war that was under way went on"
        return _outcome(sentence, as_of, identifier, "undecided", None, reason)
    until = aftermath_of(crisis, as_of).complete_until
    told = Told(crisis, until)
    reach = (until - as_of).days
    records = [TimelineRecord(told, as_of, quiet) for quiet in (False, True)]
    found = [_read(Evaluating(one, as_of, reach), sentence.asked) for one in records]
    value, reason = found[0]
    if value != found[1][0]:
        reason = "it hangs on days of which nobody knows whether they were quiet"
        return _outcome(sentence, as_of, identifier, "undecided", None, reason)
    status = "undecided" if value is None else "resolved"
    return _outcome(sentence, as_of, identifier, status, value, reason)


def the_files_own(crisis: Crisis, question: Question) -> Question:
    """Return the question of the file that asks the same, or the question itself."""
    for one in crisis.questions:
        same = {"id": one.id, "text": one.text, "headline": one.headline}
        if question.model_copy(update=same) == one:
            return one
    return question


def _counts_a_war_under_way(crisis: Crisis, asked: Asked) -> bool:
    at_war = {front.id for front in crisis.fronts if front.war}
    return isinstance(asked, HowMany) and asked.of == "days of war" and asked.subject in at_war


def _outcome(
    sentence: Sentence,
    as_of: date,
    identifier: str,
    status: Status,
    value: Value | None,
    reason: str,
) -> Outcome:
    closes = max(window.closes(as_of) for window in windows(Sentence(sentence.asked)))
    return Outcome(identifier, as_of, closes, status, value, (), reason)


def _read(evaluating: Evaluating, asked: Asked) -> tuple[Value | None, str]:
    """Return what came true, None where that is open, and why."""
    match asked:
        case Whether(statement):
            reasons = [
                f"{_WORDS[_truth(evaluating, clause)]}: {written(Sentence(Whether(clause)))}"
                for clause in clauses(statement)
            ]
            return _truth(evaluating, statement), "; ".join(reasons)
        case When():
            day = int(evaluating.first_days(asked)[0])
            if day > evaluating.until:  # never, as far as is known
                return _if_over(evaluating, asked, NO_RESPONSE), "it did not happen"
            return evaluating.as_of + timedelta(days=day), "it happened"
        case HowMany():
            number = round(float(evaluating.numbers(asked)[0]))
            return _if_over(evaluating, asked, number), "counted on the timeline"
        case Response():
            raise TypeError("a first response is no compound question")


def _truth(evaluating: Evaluating, statement: Statement) -> bool | None:
    verdict = evaluating.verdict(statement)
    return None if not verdict.true[0] and not verdict.false[0] else bool(verdict.true[0])


def _if_over(evaluating: Evaluating, asked: When | HowMany, value: Value) -> Value | None:
    """Return a value that silence can still change, or None before the question has closed."""
    closes = (asked.window.closes(evaluating.as_of) - evaluating.as_of).days
    return value if closes <= evaluating.until else None
