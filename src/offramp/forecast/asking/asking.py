"""Questions in the language, answered from the futures of a crisis."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from importlib.metadata import version

import numpy as np

from offramp.choice.editions import edition_for
from offramp.choice.figures import Figures
from offramp.crisis.as_of import content_hash
from offramp.crisis.parts import level_bounds
from offramp.crisis.schema import Crisis
from offramp.engine.condition import DRAWS
from offramp.engine.ensemble import Futures, Kept, keep
from offramp.forecast import summarizing
from offramp.forecast.answering import Answering
from offramp.forecast.asking.criteria import Criteria
from offramp.forecast.asking.document import (
    AnsweredQuestion,
    Asked,
    Condition,
    Examples,
    Resolved,
)
from offramp.forecast.asking.evaluating import Evaluating, Truths
from offramp.forecast.asking.language import (
    Acts,
    HowMany,
    Response,
    Sentence,
    Statement,
    When,
    Whether,
    events_of,
    windows,
)
from offramp.forecast.asking.models import as_question
from offramp.forecast.asking.parsing import parse
from offramp.forecast.asking.printing import written
from offramp.forecast.asking.records import FutureRecords
from offramp.forecast.asking.settling import settle, the_files_own
from offramp.forecast.asking.tokens import QuestionError
from offramp.forecast.asking.vocabulary import Vocabulary
from offramp.forecast.document import Answer
from offramp.forecast.events import NEVER
from offramp.forecast.forecasting import Progress, Simulated, simulate_crisis, weights_note
from offramp.forecast.summarizing import Heading
from offramp.ladder import Level

FEWEST_LEFT = 100
"""A condition that leaves fewer futures than this is refused."""
EXAMPLES, LOOKED_AT = 3, 5000
"""So many examples are given of either answer, from among the first so many futures."""


@dataclass(frozen=True)
class Put:
    """A question as it was put, and what it says."""

    text: str
    sentence: Sentence


def read_questions(texts: Sequence[str], crisis: Crisis) -> list[Put]:
    """Return questions that were put in the language.

    Raises:
        ValueError: some cannot be understood; every one of them is pointed at.
    """
    found, errors = [], []
    for text in texts:
        try:
            found.append(Put(text, parse(text, crisis)))
        except QuestionError as error:
            errors.append(error)
    if len(errors) == 1:
        raise errors[0]
    if errors:
        raise ValueError("\n".join(str(error) for error in errors))
    return found


def ask(
    crisis: Crisis,
    texts: Sequence[str],
    count: int,
    seed: int,
    *,
    draws: int = DRAWS,
    figures: Figures | None = None,
    whole: Crisis | None = None,
    progress: Progress | None = None,
) -> Asked:
    """Answer questions about a crisis, all from the same futures.

    Args:
        crisis: read as of its day.
        texts: the questions, in the language of docs/questions.md.
        count: how many futures.
        seed: same seed, same answers.
        draws: how many posterior draws the futures take turns with.
        figures: what history says; if absent, the newest edition that ends before the day.
        whole: the crisis with its later facts, to say how the questions came out.
        progress: told how far the work is.

    Raises:
        ValueError: a question cannot be understood, its condition leaves too few futures, or
            `whole` has no aftermath.
    """
    put = read_questions(texts, crisis)
    resolved = [None if whole is None else _resolved(whole, one, crisis.as_of) for one in put]
    figures = figures or edition_for(crisis.as_of)
    simulated = simulate_crisis(
        crisis, count, seed, draws=draws, figures=figures, progress=progress
    )
    asking = Asking(simulated, figures)
    answers = [asking.answer(one, f"asked-{k}") for k, one in enumerate(put, 1)]
    settled = [
        answer.model_copy(update={"resolution": outcome})
        for answer, outcome in zip(answers, resolved, strict=True)
    ]
    return _asked(simulated, figures, seed, settled)


def _asked(
    simulated: Simulated, figures: Figures, seed: int, questions: list[AnsweredQuestion]
) -> Asked:
    crisis = simulated.prior.compiled.crisis
    return Asked(
        crisis=crisis.id,
        title=crisis.title,
        as_of=crisis.as_of,
        horizon_days=simulated.futures.horizon,
        version=version("offramp"),
        seed=seed,
        futures=simulated.futures.count,
        draws=len(simulated.posterior.z),
        effective_sample_size=simulated.posterior.sample_size,
        facts_sha256=content_hash(crisis),
        weights=weights_note(figures),
        overflowed=simulated.futures.overflowed,
        questions=questions,
    )


def _resolved(whole: Crisis, put: Put, as_of: date) -> Resolved:
    outcome = settle(whole, put.sentence, as_of, "asked")
    return Resolved(
        status=outcome.status,
        value=outcome.value,
        decided_by=list(outcome.decided_by),
        reason=outcome.reason,
    )


@dataclass(frozen=True)
class Asking:
    """Answers questions in the language from simulated futures.

    Attributes:
        simulated: a crisis, conditioned and simulated.
        figures: what history says, for base rates.
    """

    simulated: Simulated
    figures: Figures

    @property
    def _futures(self) -> Futures:
        return self.simulated.futures

    @property
    def _crisis(self) -> Crisis:
        return self._futures.compiled.crisis

    @property
    def _as_of(self) -> date:
        return self._crisis.as_of

    @cached_property
    def _records(self) -> FutureRecords:
        return FutureRecords(self._futures)

    def answer(self, put: Put, identifier: str) -> AnsweredQuestion:
        """Answer a question.

        Raises:
            ValueError: its condition leaves too few futures.
        """
        sentence = put.sentence
        answer, condition = self._answer(self._futures, put, identifier), None
        futures = self._futures
        if sentence.given is not None:
            left = self._left(sentence.given)
            condition = Condition(
                given=written(Sentence(Whether(sentence.given))),
                futures=futures.count,
                futures_left=left.count,
                draws_left=len(np.unique(left.draw)),
                unconditional=answer,
            )
            answer, futures = self._answer(left, put, identifier), left
            answer = answer.model_copy(update={"base_rate": None})  # that has no condition
        criteria = Criteria(Vocabulary(self._crisis), self._as_of)
        return AnsweredQuestion(
            question=put.text,
            reads=written(sentence),
            criteria=criteria.of(sentence),
            rules=criteria.rules(sentence),
            closes=answer.closes,
            annulment=criteria.annulment(sentence),
            answer=answer,
            condition=condition,
            examples=self._examples(futures, sentence),
            notes=self._notes(sentence),
        )

    def truths(self, futures: Futures, statement: Statement) -> Truths:
        """Return in which futures a statement is true, (K,)."""
        records = self._records if futures is self._futures else FutureRecords(futures)
        return self._evaluating(records).verdict(statement).true

    def _evaluating(self, records: FutureRecords) -> Evaluating:
        return Evaluating(records, self._as_of, records.futures.horizon)

    def _left(self, given: Statement) -> Kept:
        left = keep(self._futures, self.truths(self._futures, given))
        if left.count < FEWEST_LEFT:
            raise ValueError(
                f"too few futures are left to condition on: {left.count:,} of "
                f"{self._futures.count:,} in which {written(Sentence(Whether(given)))}; at least "
                f"{FEWEST_LEFT} are needed, so simulate more (--futures), or ask without it"
            )
        return left

    def _answer(self, futures: Futures, put: Put, identifier: str) -> Answer:
        asked = put.sentence.asked
        text = written(Sentence(asked))
        simple = as_question(asked, self._as_of, identifier, text)
        if simple is not None:
            own = the_files_own(self._crisis, simple)
            base_rates = self.figures.base_rates
            return Answering(futures, self.simulated.posterior, base_rates).answer(own)
        evaluating = self._evaluating(FutureRecords(futures))
        opens = [window.since for window in windows(Sentence(asked)) if window.since is not None]
        heading = Heading(
            id=identifier,
            text=text,
            headline=False,
            opens=min([*opens, self._as_of]),
            closes=max(window.closes(self._as_of) for window in windows(Sentence(asked))),
            settled=self._is_settled(asked),
        )
        match asked:
            case Whether(statement):
                outcome = evaluating.verdict(statement).true.astype(np.float64)
                return summarizing.binary(heading, futures, outcome)
            case When():
                days = evaluating.first_days(asked)
                return summarizing.day(heading, days, self._as_of)
            case HowMany():
                return summarizing.number(heading, evaluating.numbers(asked))
            case Response():
                raise TypeError("a first response is no compound question")

    def _is_settled(self, asked: Whether | When | HowMany | Response) -> bool:
        """Tell whether what was known as of the day has decided a compound question."""
        past = Evaluating(self._records.past, self._as_of, 0)
        if isinstance(asked, Whether):
            verdict = past.verdict(asked.statement)
            return bool(verdict.true[0] or verdict.false[0])
        return isinstance(asked, When) and bool(past.first_days(asked)[0] != NEVER)

    def _examples(self, futures: Futures, sentence: Sentence) -> Examples | None:
        if not isinstance(sentence.asked, Whether):
            return None
        futures = keep(futures, np.arange(futures.count) < LOOKED_AT)
        true = self.truths(futures, sentence.asked.statement)
        return Examples(
            true=futures.number[true][:EXAMPLES].tolist(),
            false=futures.number[~true][:EXAMPLES].tolist(),
        )

    def _notes(self, sentence: Sentence) -> list[str]:
        """Return what the futures cannot show, or show less of than the world does."""
        acts = [one.event for one in events_of(sentence) if isinstance(one, Acts)]
        notes = [
            f"No option of the file puts such an act on the soil of {act.soil}, so no future "
            "has one."
            for act in acts
            if act.soil is not None
            and not any(
                option.soil == act.soil
                and act.actor in (None, option.actor)
                and act.target in (None, option.target)
                for option in self._crisis.options
            )
        ]
        bounds = [level_bounds(act.level) for act in acts]
        if any(low <= Level.VERBAL <= high for low, high in bounds):
            notes.append(
                "Futures have words as data sets record them, which is less often than a crisis "
                "file does."
            )
        return list(dict.fromkeys(notes))
