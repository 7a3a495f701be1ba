"""The event that stands for a question, future by future: what paired futures are compared by."""

from __future__ import annotations

import numpy as np

from offramp.crisis.parts import level_bounds
from offramp.crisis.questions import (
    ActQuestion,
    FirstResponseQuestion,
    KilledNumberQuestion,
    Question,
    QuietQuestion,
)
from offramp.engine.ensemble import Futures
from offramp.engine.plan import FloatArray
from offramp.forecast.outcomes import NO_RESPONSE, killed_by_the_close, outcomes_of
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


def is_risk(question: Question) -> bool:
    """Whether the event that stands for a question is one to be avoided.

    Quiet is not, nor an act that is conciliation and nothing more.
    """
    if isinstance(question, ActQuestion):
        return level_bounds(question.event.level)[1] > Level.CONCILIATE
    return not isinstance(question, QuietQuestion)
