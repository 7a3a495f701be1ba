"""Answers: what the futures of a crisis say of each of its questions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np

from offramp.choice.dyad import PENDING_DAYS, Slot
from offramp.choice.reference import AFTER_TRIGGERS, act_kind, base_rate
from offramp.crisis.parts import level_bounds
from offramp.crisis.questions import (
    ActEvent,
    FirstDayQuestion,
    FirstResponseQuestion,
    KilledNumberQuestion,
    Question,
)
from offramp.engine.condition import Posterior
from offramp.engine.ensemble import Futures
from offramp.forecast import summarizing
from offramp.forecast.document import Answer, BaseRateNote
from offramp.forecast.events import NEVER
from offramp.forecast.outcomes import (
    Outcomes,
    days_that_count,
    first_days_of,
    horizon_needed,
    killed_by_the_close,
    outcomes_of,
    response_asked,
)
from offramp.forecast.summarizing import Heading
from offramp.forecast.uncertainty import credible_interval, monte_carlo_error
from offramp.forecast.words import words
from offramp.ladder import FORCE_THRESHOLD, Level


@dataclass(frozen=True)
class Answering:
    """Answers the questions of one crisis from its futures.

    Attributes:
        futures: simulated from the posterior.
        posterior: the draws behind them.
        base_rates: table of reference classes.
    """

    futures: Futures
    posterior: Posterior
    base_rates: dict[str, object]

    def answer(self, question: Question) -> Answer:
        """Answer a question."""
        if isinstance(question, KilledNumberQuestion):
            settled = horizon_needed(question, self._as_of) < 1
            killed = killed_by_the_close(question, self.futures)
            return summarizing.number(self._heading(question, settled), killed)
        outcomes = outcomes_of(question, self.futures)
        if isinstance(question, FirstResponseQuestion):
            return self._first_response(question, outcomes)
        note = self._base_rate(question.event, outcomes) if question.type == "act" else None
        heading = self._heading(question, outcomes.settled, note)
        if isinstance(question, FirstDayQuestion):
            days = first_days_of(question, self.futures)
            days = np.where(days <= outcomes.closes, days, NEVER)
            return summarizing.day(heading, days, self._as_of)
        return summarizing.binary(heading, self.futures, outcomes.true)

    @property
    def _as_of(self) -> date:
        return self.futures.compiled.crisis.as_of

    def _heading(
        self, question: Question, settled: bool, note: BaseRateNote | None = None
    ) -> Heading:
        return Heading(
            id=question.id,
            text=question.text,
            headline=question.headline,
            opens=question.opened or self._as_of,
            closes=days_that_count(question, self._as_of)[1],
            settled=settled,
            base_rate=note,
        )

    def _first_response(self, question: FirstResponseQuestion, outcomes: Outcomes) -> Answer:
        ways = {
            name: (outcomes.final == place).astype(np.float64)
            for place, name in enumerate(outcomes.names)
        }
        shares = {name: float(way.mean()) for name, way in ways.items()}
        settled = outcomes.settled
        intervals = {
            name: (share, share) if settled else credible_interval(self.futures, ways[name])
            for name, share in shares.items()
        }
        likeliest = max(shares, key=lambda name: shares[name])
        errors = [monte_carlo_error(self.futures, way) for way in ways.values()]
        note = self._base_rate(response_asked(question), outcomes)
        return self._heading(question, settled, note).answer(
            type="first_response",
            categories=shares,
            category_intervals=intervals,
            monte_carlo_error=0.0 if settled else max(errors),
            words=f"most likely {likeliest}: {words(shares[likeliest])}",
        )

    def _base_rate(self, event: ActEvent, outcomes: Outcomes) -> BaseRateNote | None:
        """Base rate of an act by what its author was last done, in state as of the day."""
        days = outcomes.closes
        if event.actor is None or event.target is None or days < 1:
            return None
        places = self.futures.compiled.dyads_of(event.actor, event.target)
        if not places:
            return None
        state = self.posterior.worlds.dyads[0, places[0]]
        today = self.futures.compiled.plan.as_of_day
        level = int(state[Slot.PROVOKED_LEVEL])
        if level < Level.VERBAL or today - state[Slot.PROVOKED_DAY] > PENDING_DAYS:
            return None
        after = act_kind(level)
        if state[Slot.PROVOKED_CRISIS]:
            violent = 1 if state[Slot.PROVOKED_INDIRECT] else 2
            after = AFTER_TRIGGERS[violent if level >= FORCE_THRESHOLD else 0]
        low, high = level_bounds(event.level)
        if low < Level.VERBAL or high < Level.WAR:
            return None  # the classes count acts at a level or above
        found = base_rate(self.base_rates, after, low, days)
        if found is None:
            return None
        return BaseRateNote(
            rate=found.rate, cases=found.cases, reference_class=found.reference_class
        )
