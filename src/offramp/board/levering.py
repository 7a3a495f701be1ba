"""What the board computes of levers and of what to watch; run by the process that computes.

That process keeps the crisis conditioned and its futures as they are from one request to the
next, so that of a pair only the half with the levers pulled is simulated anew.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace

from pydantic import Field

from offramp.board.computing import Task
from offramp.board.keeping import key_of
from offramp.board.runs import FIRST_DRAWS, Job
from offramp.choice.editions import edition_for
from offramp.crisis.questions import (
    FirstDayQuestion,
    FirstResponseQuestion,
    KilledNumberQuestion,
    Question,
)
from offramp.forecast import simulate_crisis
from offramp.forecast.document import Part
from offramp.forecast.explaining import Explaining
from offramp.forecast.explanations import WatchList
from offramp.forecast.forecasting import Progress
from offramp.forecast.levers.effects import (
    Effect,
    Experiment,
    draws_for,
    experiment,
    prepare,
)
from offramp.forecast.levers.plausibility import cost_of, plausibility
from offramp.forecast.levers.searching import OffRamp, compared, off_ramps
from offramp.forecast.levers.settings import Setting, parse_settings
from offramp.forecast.outcomes import question_named

FIRST_PAIRS = 3_000
"""Pairs of the first answer: its error is that of 20,000 futures and more that share no chance,
since that of pairs is at most .37 of it (`benchmarks/results/levers.json`)."""
SEARCH_PAIRS, JUDGING_PAIRS = 2_000, 4_000
"""Pairs by which combinations are tried, and by which off-ramps are judged."""
MOST_LEVERS = 2
"""In an off-ramp."""
WITHIN = 30
"""Days that are watched."""
MOST_KEPT = 4

_kept: OrderedDict[str, Experiment] = OrderedDict()


class Pull(Part):
    """A lever that is set."""

    setting: str = Field(description="as NAME=VALUE")
    text: str = Field(description="what it means")
    who: str
    unasked: float = Field(gt=0, le=1, description="probability that it comes about by itself")
    basis: str = Field(description="what that rests on")


class LeverEffect(Part):
    """What the levers do to one question."""

    question: str
    text: str
    event: str = Field(description="what stands for the question; empty for yes")
    headline: bool
    before: float = Field(ge=0, le=1)
    after: float = Field(ge=0, le=1)
    change: float
    interval: tuple[float, float] = Field(description="90 % of the change, over draws")
    monte_carlo_error: float

    @property
    def effect(self) -> Effect:
        """The effect as the model has it."""
        return Effect(self.question, self.before, self.after, self.interval, self.monte_carlo_error)


class PulledLevers(Part):
    """The answers with levers pulled, beside those without."""

    pairs: int = Field(description="futures, each simulated with and without")
    draws: int
    idle: bool = Field(description="no future differs")
    pulls: list[Pull]
    effects: list[LeverEffect]


class Way(Part):
    """An off-ramp."""

    pulls: list[Pull]
    cost: float = Field(description="in plausibility, bits")
    effect: LeverEffect = Field(description="on the question that was asked")


class Ways(Part):
    """Off-ramps found for one question, the cheapest first."""

    question: str
    text: str
    pairs: int
    ways: list[Way]


@dataclass(frozen=True)
class Searching:
    """Off-ramps to search for.

    Attributes:
        task: the crisis, the pairs by which they are judged as `futures`.
        question: id of the one whose risk is to be lowered.
        pairs: by which combinations are tried.
    """

    task: Task
    question: str
    pairs: int = SEARCH_PAIRS


def pull_jobs(task: Task) -> list[Job]:
    """Return the jobs that answer levers as they are set: few pairs first."""
    task = replace(task, draws=draws_for(task.futures))
    full = Job(f"levers/{key_of(task)}", pull_levers, task)
    if task.futures <= 2 * FIRST_PAIRS:
        return [full]
    few = replace(task, futures=FIRST_PAIRS, draws=FIRST_DRAWS)
    first = Job(f"levers/{key_of(few)}", pull_levers, few, towards=full.key)
    return [first, replace(full, stage=1)]


def search_job(task: Task, question: str) -> Job:
    """Return the job that searches for off-ramps of a question, nothing else being set."""
    asked = replace(task, futures=min(task.futures, JUDGING_PAIRS), settings=())
    return Job(f"ways/{question}/{key_of(asked)}", search_ways, Searching(asked, question), 2)


def watch_job(task: Task) -> Job:
    """Return the job that looks for signposts of the crisis as it is."""
    asked = replace(task, settings=())
    return Job(f"watch/{key_of(asked)}", watch, asked, 2)


def ahead_job(task: Task) -> Job:
    """Return the job that answers levers that nobody has set yet: in full, after all else."""
    return replace(pull_jobs(task)[-1], stage=3)


def pull_levers(task: Task, progress: Progress) -> PulledLevers:
    """Return what the levers that are set do, in as many pairs as the task has futures."""
    trial = _prepared(task, progress)
    settings = parse_settings(task.settings, trial.levers, task.crisis)
    futures = trial.pulled(settings, lambda done: progress("levers pulled", done, task.futures))
    result = compared(trial, settings, futures)
    return PulledLevers(
        pairs=task.futures,
        draws=trial.futures.draws,
        idle=result.idle,
        pulls=_pulls(trial, settings),
        effects=[_effect(trial, one, result.effects[one.id]) for one in trial.questions],
    )


def search_ways(searching: Searching, progress: Progress) -> Ways:
    """Return off-ramps of a question, judged by futures that the search has not seen."""
    task = searching.task
    final = _prepared(task, progress)
    asked = question_named(final.questions, searching.question)
    search = experiment(
        final.compiled,
        final.posterior,
        final.figures,
        searching.pairs,
        task.seed,
        questions=[asked.id],
        first=task.futures,
        progress=progress,
    )
    found = off_ramps(search, final, asked, MOST_LEVERS, progress)
    return Ways(
        question=asked.id,
        text=asked.text,
        pairs=task.futures,
        ways=[_way(final, asked, one) for one in found],
    )


def watch(task: Task, progress: Progress) -> WatchList:
    """Return the signposts of the headline questions, nothing being set."""
    figures = edition_for(task.crisis.as_of)
    simulated = simulate_crisis(
        task.crisis, task.futures, task.seed, draws=task.draws, progress=progress
    )
    progress("looking for signposts", 0, 1)
    within = min(WITHIN, simulated.futures.horizon)
    return Explaining(simulated, figures, task.seed).watch_list(within=within)


def _prepared(task: Task, progress: Progress) -> Experiment:
    """Return the crisis with its futures as they are, kept from the last time if possible."""
    key = key_of(replace(task, settings=()))
    found = _kept.pop(key, None)
    if found is None:
        found = prepare(task.crisis, task.futures, task.seed, draws=task.draws, progress=progress)
    _kept[key] = found
    while len(_kept) > MOST_KEPT:
        _kept.popitem(last=False)
    return found


def _pulls(trial: Experiment, settings: Sequence[Setting]) -> list[Pull]:
    found = []
    for setting in settings:
        chance = plausibility(trial, setting)
        found.append(
            Pull(
                setting=str(setting),
                text=setting.text,
                who=setting.lever.who,
                unasked=chance.probability,
                basis=chance.basis,
            )
        )
    return found


def _effect(trial: Experiment, question: Question, effect: Effect) -> LeverEffect:
    return LeverEffect(
        **asdict(effect),
        change=effect.change,
        text=question.text,
        event=_event(question, trial.thresholds.get(question.id, 0.0)),
        headline=question.headline,
    )


def _event(question: Question, threshold: float) -> str:
    """Return what stands for a question that is not answered yes or no."""
    if isinstance(question, FirstResponseQuestion):
        return "overt force"
    if isinstance(question, KilledNumberQuestion):
        return f"more than {threshold:,.0f}, the median without levers"
    return "by the close" if isinstance(question, FirstDayQuestion) else ""


def _way(final: Experiment, asked: Question, way: OffRamp) -> Way:
    return Way(
        pulls=_pulls(final, way.settings),
        cost=cost_of(final, way.settings),
        effect=_effect(final, asked, way.effects[asked.id]),
    )
