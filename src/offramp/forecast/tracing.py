"""An answer traced: to futures that anyone can read, to draws, and to facts of the timeline."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import islice

import numpy as np
import numpy.typing as npt

from offramp.choice.covariates import covariates
from offramp.choice.model import ALPHA_ROW, BETA_ROW
from offramp.choice.terms import TERM_COUNT, TERMS
from offramp.crisis.questions import ActQuestion, FirstDayQuestion, FirstResponseQuestion, Question
from offramp.crisis.schema import Crisis, TimelineEntry
from offramp.engine.compile import Compiled, compile_crisis
from offramp.engine.condition import (
    ENOUGH,
    Posterior,
    effective_sample_size,
    raids_log_likelihood,
)
from offramp.engine.ensemble import Futures, run
from offramp.engine.plan import FloatArray, ScalarColumn, World
from offramp.engine.prior import Prior
from offramp.engine.replay import replay_all, room_for_worlds
from offramp.forecast.conditioned import conditioned
from offramp.forecast.decomposition import clustered, copies_of, spread_of
from offramp.forecast.events import by_draw, fronts_of
from offramp.forecast.explanations import FactEffect, Separator, TracedFuture
from offramp.forecast.forecasting import Progress
from offramp.forecast.outcomes import Outcomes, outcomes_of
from offramp.ladder import Level

READABLE = 5
"""Futures shown of either outcome."""
SEPARATORS = 10
FACTS = 40
"""Facts that are left out in turn, the latest."""
FACT_FUTURES = 2000
"""Simulated without each fact."""
DRAWS_AGAIN = 200
"""Draws where a fact is so telling that they must be conditioned anew without it."""
SCALARS = {
    ScalarColumn.RETALIATION: ("expected_retaliation", "weight of the retaliation expected"),
    ScalarColumn.SHOCK: ("contagion", "what acts add to the tempo of linked fronts"),
    ScalarColumn.WAR_FACTOR: ("war_factor", "tempo of a front at war over its tempo before"),
    ScalarColumn.PERSISTENCE: ("persistence", "share of a tempo that follows its recent past"),
    ScalarColumn.CROSS: ("cross", "share of excess activity that links pass on"),
    ScalarColumn.ENDING: ("ending", "daily probability that fighting ends"),
    ScalarColumn.KILLED_PER_LEAKER: (
        "killed_per_leaker",
        "killed by a munition that comes through",
    ),
}
LEVELS = (Level.DENIABLE, Level.LIMITED, Level.MAJOR, Level.WAR)


def readable_futures(
    futures: Futures, outcomes: Outcomes, count: int = READABLE
) -> tuple[list[TracedFuture], list[TracedFuture]]:
    """Return some futures in which a question comes true, and some in which it does not.

    They are the first of either outcome, so the same for the same seed and draws.
    """
    final = outcomes.final
    sides = (np.flatnonzero(final > 0)[:count], np.flatnonzero(final == 0)[:count])
    true, false = (
        [
            TracedFuture(
                number=futures.first + int(row),
                outcome=outcomes.names[final[row]],
                day=_day_of(outcomes, int(row)) if final[row] > 0 else None,
                draw=int(futures.draw[row]),
            )
            for row in rows
        ]
        for rows in sides
    )
    return true, false


def _day_of(outcomes: Outcomes, row: int) -> int:
    """First day by which a question has come true in a future that it does in; by bisection."""
    low, high = 0, outcomes.closes
    while high - low > 1:
        middle = (low + high) // 2
        if outcomes.by_day(middle)[row] > 0:
            high = middle
        else:
            low = middle
    return high


def fronts_asked(question: Question, crisis: Crisis) -> set[str]:
    """Return the fronts on which a question may come true."""
    if isinstance(question, ActQuestion | FirstDayQuestion):
        pair = {question.event.actor, question.event.target} - {None}
        fronts = fronts_of(crisis, question.event)
    elif isinstance(question, FirstResponseQuestion):
        pair, fronts = {question.actor, question.target}, crisis.fronts
    else:
        return {question.front}
    return {one.id for one in fronts if any(pair <= set(two) for two in one.pairs)}


def separators(
    compiled: Compiled,
    posterior: Posterior,
    futures: Futures,
    outcomes: Outcomes,
    count: int = SEPARATORS,
) -> list[Separator]:
    """Return the quantities of the draws that go with an outcome most, strongest first.

    The correlation is over draws, between the quantity and the share of the draw's futures in
    which the question comes true. Few futures a draw make it smaller than it is.
    """
    chance, weight = by_draw(futures, outcomes.true)
    used = weight > 0
    if used.sum() < 3 or chance[used].std() == 0.0:
        return []
    found = []
    for name, meaning, values in _quantities(compiled, posterior, outcomes.question):
        value = values[used]
        if value.std() <= 1e-9 * max(abs(float(value.mean())), 1.0):
            continue
        third = np.argsort(value, kind="stable")
        edge = max(len(value) // 3, 1)
        found.append(
            Separator(
                name=name,
                meaning=meaning,
                correlation=float(np.clip(np.corrcoef(value, chance[used])[0, 1], -1.0, 1.0)),
                error=float(1.0 / np.sqrt(max(posterior.sample_size, 1.0))),
                low=float(chance[used][third[:edge]].mean()),
                high=float(chance[used][third[-edge:]].mean()),
            )
        )
    return list(islice(sorted(found, key=lambda one: -abs(one.correlation)), count))


def _quantities(
    compiled: Compiled, posterior: Posterior, question: Question
) -> list[tuple[str, str, FloatArray]]:
    """Name, meaning and values by draw of what may separate draws, (N,) each."""
    draws = posterior.draws
    asked = fronts_asked(question, compiled.crisis)
    places = [k for k, dyad in enumerate(compiled.dyads) if dyad.front in asked]
    actors = sorted({compiled.dyads[k].actor for k in places})
    out = [
        (
            f"resolve, {actor}",
            f"resolve of {actor}, log-odds of force",
            draws.resolve[:, compiled.actors.index(actor)],
        )
        for actor in actors
    ]
    x, at_work = np.zeros(TERM_COUNT), np.zeros(TERM_COUNT, np.bool_)
    for place in places:
        x[:] = 0.0
        covariates(posterior.worlds.dyads[0, place], compiled.plan.as_of_day + 1, x)
        at_work |= x != 0.0
    for k in np.flatnonzero(at_work):
        level = Level.WAR if TERMS[k].elicited else Level.LIMITED
        out.append((TERMS[k].name, TERMS[k].meaning, draws.choice[:, BETA_ROW + k, level]))
    for level in LEVELS:
        text = f"log-odds of {level.label} on a day, before covariates"
        out.append((f"intercept, {level.label}", text, draws.choice[:, ALPHA_ROW, level]))
    out += [(name, text, draws.scalars[:, column]) for column, (name, text) in SCALARS.items()]
    return out


@dataclass(frozen=True)
class LeavingOut:
    """Answers a question with one fact of the timeline left out.

    The draws are weighted by how much likelier they make the rest of the timeline than the
    whole. Where few of them carry the weight, they are drawn anew without the fact. Futures
    start from where the timeline without the fact leaves the world, with the same random
    numbers.

    Attributes:
        prior: of the crisis.
        posterior: given the whole timeline.
        question: what is asked.
        seed: of the futures.
        horizon: days to simulate.
        count: futures simulated.
    """

    prior: Prior
    posterior: Posterior
    question: Question
    seed: int
    horizon: int
    count: int = FACT_FUTURES

    def effects(
        self, facts: Sequence[TimelineEntry], progress: Progress | None = None
    ) -> list[FactEffect]:
        """Return what each fact did to the answer, the strongest first."""
        base = self._run(self.prior.compiled, self.posterior)
        whole, _ = self._replayed(self.prior.compiled)
        out = []
        for done, fact in enumerate(facts):
            out.append(self._effect(fact, base, whole))
            if progress:
                progress("leaving out one fact after the other", done + 1, len(facts))
        return sorted(out, key=lambda one: -abs(one.effect))

    def _run(self, compiled: Compiled, posterior: Posterior) -> Futures:
        found = run(compiled, posterior, self.count, self.seed, self.horizon)
        return replace(found, compiled=self.prior.compiled)

    def _replayed(self, compiled: Compiled) -> tuple[FloatArray, World]:
        """Log probability of a timeline under each draw, and where it leaves the worlds."""
        draws = self.posterior.draws
        worlds = room_for_worlds(compiled.plan, draws, len(draws.resolve))
        out = np.zeros(len(draws.resolve))
        replay_all(compiled.plan, draws, worlds, out)
        return out + raids_log_likelihood(compiled, draws), worlds

    def _in_this_world(self, other: Posterior) -> float:
        """Return the answer of other draws where the whole timeline leaves their worlds."""
        worlds = room_for_worlds(self.prior.compiled.plan, other.draws, len(other.z))
        replay_all(self.prior.compiled.plan, other.draws, worlds, np.zeros(len(other.z)))
        futures = self._run(self.prior.compiled, replace(other, worlds=worlds))
        return float(outcomes_of(self.question, futures).true.mean())

    def _effect(self, fact: TimelineEntry, base: Futures, whole: FloatArray) -> FactEffect:
        crisis = self.prior.compiled.crisis
        left = [entry for entry in crisis.timeline if entry.id != fact.id]
        compiled = compile_crisis(crisis.model_copy(update={"timeline": left}))
        rest, worlds = self._replayed(compiled)
        weight = np.exp(rest - whole - (rest - whole).max())
        size = effective_sample_size(rest - whole)
        now = outcomes_of(self.question, base).true
        answer = float(now.mean())
        taught = answer - _weighted(base, now, weight)[0]
        if size >= ENOUGH * len(weight):
            futures = self._run(compiled, replace(self.posterior, worlds=worlds))
            true = outcomes_of(self.question, futures).true
            without, own = _weighted(futures, true, weight)
            mean, count = by_draw(base, now)
            parts = count / count.sum() * (mean - answer) - own
            error = spread_of(parts, copies_of(self.posterior))
            method = "reweighted"
        else:
            again = conditioned(replace(self.prior, compiled=compiled), self.seed, DRAWS_AGAIN)
            futures = self._run(compiled, again)
            true = outcomes_of(self.question, futures).true
            without, size = float(true.mean()), again.sample_size
            taught = answer - self._in_this_world(again)
            apart = (
                clustered(base, now, copies_of(self.posterior)),
                clustered(futures, true, copies_of(again)),
            )
            error = float(np.hypot(*apart))
            method = "conditioned again"
        return FactEffect(
            id=fact.id,
            day=fact.day,
            text=fact.text,
            without=min(without, 1.0),
            effect=answer - without,
            error=error,
            by_what_it_teaches=taught,
            method=method,
            effective_draws=size,
        )


def _weighted(
    futures: Futures, true: FloatArray, weight: npt.NDArray[np.float64]
) -> tuple[float, FloatArray]:
    """Return the answer with weighted draws, and what each draw adds to its chance error."""
    mean, count = by_draw(futures, true)
    share = weight * count / (weight * count).sum()
    answer = float(share @ mean)
    return answer, share * (mean - answer)
