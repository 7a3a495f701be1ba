"""What one would say of a question without the model: the forecasts that the library is held to."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, timedelta

import numpy as np
import numpy.typing as npt

from offramp.choice.dyad import PENDING_DAYS, answers_in_kind
from offramp.crisis.parts import level_bounds
from offramp.crisis.questions import (
    ActEvent,
    ActQuestion,
    KilledQuestion,
    Question,
    QuietQuestion,
    WarQuestion,
)
from offramp.crisis.schema import Act, Crisis
from offramp.forecast.told import Told
from offramp.ladder import Level, level_named
from offramp.library.putting import Put

FloatArray = npt.NDArray[np.float64]

SURE = 0.95
"""What one who is certain of yes says; of no, the rest."""
PRIOR = 0.5
"""Added to yes and to no where rates are counted (Jeffreys)."""


def climatology(puts: Sequence[Put]) -> FloatArray:
    """Return how often a question of the same id came true in the other crises, (N,).

    Where no other crisis has it, how often one of the same type did.
    """
    happened = np.array([bool(put.outcome.value) for put in puts])
    crisis = np.array([put.crisis.id for put in puts])
    names = np.array([put.question.id for put in puts])
    types = np.array([put.question.type for put in puts])
    out = np.zeros(len(puts))
    for n in range(len(puts)):
        other = crisis != crisis[n]
        alike = other & (names == names[n])
        if not alike.any():
            alike = other & (types == types[n])
        out[n] = (happened[alike].sum() + PRIOR) / (alike.sum() + 2 * PRIOR)
    return out


def base_rates(puts: Sequence[Put]) -> FloatArray:
    """Return history's rate where the question has a reference class, else climatology, (N,)."""
    found = climatology(puts)
    for n, put in enumerate(puts):
        if put.answer.base_rate is not None:
            found[n] = put.answer.base_rate.rate
    return found


def no_change(puts: Sequence[Put]) -> FloatArray:
    """Return the forecast that the days to come are as the same number of days before, (N,)."""
    return np.array([SURE if happened_before(put) else 1.0 - SURE for put in puts])


def always_retaliates(puts: Sequence[Put]) -> FloatArray:
    """Return the forecast that whoever has an act unanswered answers it, else no change, (N,).

    An act of display or force in the 90 days before is unanswered as long as nothing was done in
    kind; the answer is in kind.
    """
    found = no_change(puts)
    for n, put in enumerate(puts):
        if isinstance(put.question, ActQuestion) and _would_retaliate(put, put.question.event):
            found[n] = SURE
    return found


BASELINES: dict[str, Callable[[Sequence[Put]], FloatArray]] = {
    "climatology of the library": climatology,
    "base rate from history": base_rates,
    "no change": no_change,
    "always retaliates": always_retaliates,
}


def happened_before(put: Put) -> bool:
    """Tell whether what a question asks was so in as many days up to the as-of day as it asks of.

    Only what was known by that day counts.
    """
    as_of, days = put.outcome.as_of, (put.outcome.closes - put.outcome.as_of).days
    told = Told(_known(put.crisis, as_of), as_of)
    return _was_so(told, put.question, as_of - timedelta(days=days - 1), as_of)


def _was_so(told: Told, question: Question, first: date, last: date) -> bool:
    match question:
        case ActQuestion():
            return bool(told.matching(question.event, first, last))
        case WarQuestion():
            front = next(one for one in told.crisis.fronts if one.id == question.front)
            return front.war or any(first <= day <= last for day in told.war(question.front))
        case KilledQuestion():
            return told.killed(question.front, first, last) >= question.at_least
        case QuietQuestion():
            return told.longest_quiet(question.front, first, last)[0] >= question.days
    raise TypeError(f"{question.type} has no yes or no")


def _would_retaliate(put: Put, event: ActEvent) -> bool:
    """Tell whether the actor has an act unanswered to which what is asked would be an answer."""
    as_of = put.outcome.as_of
    told = Told(_known(put.crisis, as_of), as_of)
    pending: Act | None = None
    received = 0.0
    for act in told.acts:
        level = level_named(act.level)
        if (act.actor, act.target) == (event.target, event.actor) and level >= Level.DISPLAY:
            pending = act
            received = float(level)
        elif (act.actor, act.target) == (event.actor, event.target) and pending is not None:
            pending = None if answers_in_kind(received, int(level)) else pending
    if pending is None or (as_of - pending.day).days > PENDING_DAYS:
        return False
    lowest, highest = level_bounds(event.level)
    return any(answers_in_kind(received, level) for level in range(int(lowest), int(highest) + 1))


def _known(crisis: Crisis, as_of: date) -> Crisis:
    known = [entry for entry in crisis.timeline if entry.known <= as_of]
    return crisis.model_copy(update={"timeline": known})
