"""The event that stands for a question, future by future: what paired futures are compared by."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from offramp.crisis.parts import level_bounds
from offramp.crisis.questions import (
    ActEvent,
    ActQuestion,
    FirstDayQuestion,
    FirstResponseQuestion,
    KilledNumberQuestion,
    Question,
    QuietQuestion,
)
from offramp.engine.compile import Compiled
from offramp.engine.ensemble import Futures
from offramp.engine.plan import ROOM_WIDTH, FloatArray, WatchedRow
from offramp.forecast.events import Matcher
from offramp.forecast.outcomes import (
    NO_RESPONSE,
    horizon_needed,
    killed_by_the_close,
    outcomes_of,
)
from offramp.ladder import Level, level_named


def event_of(question: Question, futures: Futures, threshold: float = 0.0) -> FloatArray:
    """Return, 0 or 1 by future, the event that stands for a question that is open, (K,).

    Of a question with yes or no: yes. Of a first response: overt force. Of a day: that it comes
    by the close. Of a number of killed: more than *threshold*.
    """
    if isinstance(question, KilledNumberQuestion):
        return (killed_by_the_close(question, futures) > threshold).astype(np.float64)
    outcomes = outcomes_of(question, futures)
    if not isinstance(question, FirstResponseQuestion):
        return outcomes.true
    is_force = [
        name != NO_RESPONSE and level_named(name) >= Level.LIMITED for name in outcomes.names
    ]
    return np.array(is_force, np.float64)[outcomes.final]


def watching(questions: Sequence[Question], compiled: Compiled) -> Compiled:
    """Return the crisis with the acts that each question turns on watched, a column a question.

    No more than `ROOM_WIDTH` questions are: of others nothing is known to take out.
    """
    questions = questions[:ROOM_WIDTH]
    as_of = compiled.crisis.as_of
    watched = np.zeros((WatchedRow.DYADS + len(compiled.dyads), len(questions)))
    options = np.zeros((len(questions), len(compiled.options) + 1))
    for place, question in enumerate(questions):
        turns_on = Matcher(_turns_on(question))
        column, options[place] = watched[:, place], turns_on.options(compiled)
        low, high = level_bounds(turns_on.event.level)
        column[[WatchedRow.LOWEST, WatchedRow.HIGHEST]] = low, high
        column[WatchedRow.LAST_DAY] = as_of.toordinal() + horizon_needed(question, as_of)
        column[WatchedRow.BY_OPTION] = not options[place].all()
        column[WatchedRow.DYADS :] = turns_on.dyads(compiled)
    return replace(compiled, plan=compiled.plan._replace(watched=watched, watched_options=options))


def _turns_on(question: Question) -> ActEvent:
    """Return the act that goes with what is asked most closely."""
    if isinstance(question, ActQuestion | FirstDayQuestion):
        return question.event
    if isinstance(question, FirstResponseQuestion):
        return ActEvent(actor=question.actor, target=question.target, level=">= limited")
    bounds = {"war": "= war", "quiet": ">= deniable"}
    return ActEvent(front=question.front, level=bounds.get(question.type, ">= limited"))


def asks_for(question: Question, compiled: Compiled, name: str) -> bool:
    """Whether a question asks for the very acts that an option, by its id, names."""
    if not isinstance(question, ActQuestion | FirstDayQuestion | FirstResponseQuestion):
        return False
    wanted = Matcher(_turns_on(question))
    low, high = level_bounds(wanted.event.level)
    fits, dyads = wanted.options(compiled), wanted.dyads(compiled)
    return any(
        option.id == name
        and fits[place]
        and low <= level_named(option.level) <= high
        and dyads[list(compiled.dyads_of(option.actor, option.target))].any()
        for place, option in enumerate(compiled.options)
    )


def is_risk(question: Question) -> bool:
    """Whether the event that stands for a question is one to be avoided.

    Quiet is not, nor an act that is conciliation and nothing more.
    """
    if isinstance(question, ActQuestion):
        return level_bounds(question.event.level)[1] > Level.CONCILIATE
    return not isinstance(question, QuietQuestion)
