"""The explanations of a crisis, all read from one simulated ensemble."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from offramp.choice.figures import Figures
from offramp.forecast.answering import Answering
from offramp.forecast.claims import SIZE, claim_notes
from offramp.forecast.decomposition import decompositions
from offramp.forecast.explanations import Asked, ClaimReport, Run, Trace, WatchList, Why
from offramp.forecast.forecasting import Progress, Simulated
from offramp.forecast.outcomes import Outcomes, explained, outcomes_of
from offramp.forecast.signposts import LEAST_FUTURES, signposts
from offramp.forecast.tracing import FACTS, LeavingOut, readable_futures, separators
from offramp.forecast.uncertainty import credible_interval

LEAST_EXPLAINED = 1000
"""Fewer futures do not tell what an observation or a claim changes."""


@dataclass(frozen=True)
class Explaining:
    """Explains the forecast of a crisis.

    Every method takes the id of a question, or explains the headline questions that are open;
    it raises ValueError where there is no such question, or it is settled or asks for a number.

    Attributes:
        simulated: the crisis.
        figures: what history says.
        seed: of the futures.
    """

    simulated: Simulated
    figures: Figures
    seed: int

    def watch_list(self, question: str | None = None, within: int = 30) -> WatchList:
        """Return what to watch for in the coming days, the most telling first.

        Raises:
            ValueError: more days than are simulated, too.
        """
        asked = self._outcomes(question)
        found = signposts(self.simulated.futures, asked, within)
        return WatchList(
            run=self._run,
            questions=[self._asked(one) for one in asked],
            signposts=found.signposts,
            considered=found.considered,
            left_out=found.left_out,
            least_futures=LEAST_FUTURES,
        )

    def claims(self, question: str | None = None, size: float = SIZE) -> ClaimReport:
        """Return what the claims imply, and what supports them.

        Args:
            question: see the class.
            size: log-odds of force from which on a claim holds.
        """
        asked = self._outcomes(question)
        prior, posterior = self.simulated.prior, self.simulated.posterior
        return ClaimReport(
            run=self._run,
            size=size,
            questions=[self._asked(one) for one in asked],
            claims=claim_notes(prior, posterior, self.simulated.futures, asked, self.seed, size),
        )

    def why(self, question: str | None = None) -> Why:
        """Return forecasts from base rate to answer, step by step."""
        asked = self._outcomes(question)
        futures = self.simulated.futures
        found = decompositions(
            self.simulated.prior,
            self.simulated.posterior,
            futures,
            asked,
            [self._answering.answer(one.question) for one in asked],
            self.seed,
            futures.count,
        )
        return Why(run=self._run, decompositions=found)

    def trace(self, question: str, facts: int = FACTS, progress: Progress | None = None) -> Trace:
        """Return one answer traced to futures, draws and facts.

        Args:
            question: its id.
            facts: how many of the latest facts to leave out in turn.
            progress: told how far the work is.
        """
        (asked,) = self._outcomes(question)
        prior, posterior = self.simulated.prior, self.simulated.posterior
        futures = self.simulated.futures
        true, false = readable_futures(futures, asked)
        timeline = sorted(prior.compiled.crisis.timeline, key=lambda entry: entry.day)
        chosen = timeline[max(len(timeline) - facts, 0) :]
        leaving = LeavingOut(prior, posterior, asked.question, self.seed, asked.closes)
        return Trace(
            run=self._run,
            question=self._asked(asked),
            credible=credible_interval(futures, asked.true),
            true=true,
            false=false,
            separators=separators(prior.compiled, posterior, futures, asked),
            facts=leaving.effects(chosen, progress),
            facts_considered=len(chosen),
        )

    @property
    def _answering(self) -> Answering:
        return Answering(self.simulated.futures, self.simulated.posterior, self.figures.base_rates)

    def _outcomes(self, question: str | None) -> list[Outcomes]:
        futures = self.simulated.futures
        questions = futures.compiled.crisis.questions
        come_true = [one for one in questions if one.type != "killed_number"]
        found = {one.id: outcomes_of(one, futures) for one in come_true}
        settled = {name for name, one in found.items() if one.settled}
        return [found[one.id] for one in explained(questions, settled, question)]

    def _asked(self, outcomes: Outcomes) -> Asked:
        question = outcomes.question
        return Asked(
            id=question.id,
            text=outcomes.text,
            closes=self.simulated.futures.compiled.crisis.as_of + timedelta(days=outcomes.closes),
            probability=float(outcomes.true.mean()),
        )

    @property
    def _run(self) -> Run:
        futures = self.simulated.futures
        crisis = futures.compiled.crisis
        return Run(
            crisis=crisis.id,
            title=crisis.title,
            as_of=crisis.as_of,
            seed=self.seed,
            futures=futures.count,
            draws=futures.draws,
            weights=self.figures.provenance.get("file"),
        )
