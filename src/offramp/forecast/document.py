"""What a brief says, as data: the one document that terminal, HTML, Markdown and JSON show.

The models are the published format of ``--json``; its schema is generated from them.
"""

from __future__ import annotations

from datetime import date
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field


class Part(BaseModel):
    """A part of the document."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)


class BaseRateNote(Part):
    """How often it happened in a reference class."""

    rate: float = Field(ge=0, le=1)
    cases: int = Field(ge=1)
    reference_class: str


class Answer(Part):
    """The answer to one question.

    Exactly one of `probability`, `categories` and `quantiles` is given, by type.
    """

    id: str
    type: Literal["binary", "first_response", "number", "date"]
    text: str
    headline: bool
    opens: date
    closes: date
    settled: bool = Field(description="already decided by the timeline as of the day")
    probability: float | None = Field(default=None, ge=0, le=1)
    categories: dict[str, float] | None = Field(default=None, description="sum to 1")
    quantiles: dict[str, float | str | None] | None = Field(
        default=None,
        description="by probability, as '0.05'; dates as text, null where it does not happen",
    )
    interval: tuple[float, float] | None = Field(
        default=None, description="90 % credible interval of the probability, from the parameters"
    )
    category_intervals: dict[str, tuple[float, float]] | None = None
    monte_carlo_error: float = Field(ge=0, description="standard error from finite futures")
    base_rate: BaseRateNote | None = None
    words: str = Field(description="ICD 203, with the number")


class Curve(Part):
    """A probability by day: within `days[k]` days of the as-of date it is `probability[k]`."""

    name: str
    days: list[int]
    probability: list[float]
    low: list[float]
    high: list[float]


class NextMove(Part):
    """What one actor may do to another next."""

    actor: str
    target: str
    front: str
    curves: list[Curve] = Field(description="at least display, deniable, overt force, major, war")
    quiet: float = Field(description="probability of no act above words within 30 days")


class LevelsOverTime(Part):
    """Shares of futures by the gravest level on a front in the week before each day."""

    front: str
    days: list[int]
    levels: list[str]
    shares: list[list[float]] = Field(description="one row a day, one column a level")


class Spillover(Part):
    """What a front looks like ahead."""

    front: str
    name: str
    status: Literal["at war", "burning", "has burned", "quiet"]
    tempo_now: float = Field(description="attacks a day at the as-of date; 0 if none")
    tempo_change: tuple[float, float, float] | None = Field(
        default=None, description="attacks a week at day 30 over now: 5 %, 50 %, 95 %; if it burns"
    )
    war: Curve = Field(
        description="probability that it is at war by the day, from then on or before"
    )
    ends: float | None = Field(default=None, description="probability the fighting stops by day 90")


class RaidCheck(Part):
    """A raid of the timeline against what the model expected before it was told."""

    act: str
    text: str
    launched: int
    claimed_share: float
    predicted: tuple[float, float, float] = Field(description="share stopped: 5 %, 50 %, 95 %")
    percentile: float = Field(description="of the claim in what was predicted, 0 to 1")
    learned: tuple[float, float, float] = Field(description="the same after being told")
    without_partners: tuple[float, float, float]
    without_warning: tuple[float, float, float]
    kill: list[KillEstimate]


class KillEstimate(Part):
    """Probability of kill of one layer against one class, before and after being told."""

    layer: str
    owner: str
    munition: str
    before: tuple[float, float, float]
    after: tuple[float, float, float]


class ResolveNote(Part):
    """What is believed of an actor's resolve, in log-odds of force; 0 is the average actor."""

    actor: str
    prior: tuple[float, float] = Field(description="mean and spread from its own record")
    posterior: tuple[float, float] = Field(description="given the timeline")
    public: float = Field(description="mean of what others hold, given its public acts")


class TermNote(Part):
    """A term that bears on a dyad at the as-of date."""

    term: str
    meaning: str
    elicited: bool
    value: float
    weight: float = Field(description="posterior mean for overt bounded force, log-odds a unit")
    spread: float
    reason: str


class Reason(Part):
    """Why an actor is, or is not, about to act: the terms at work in its headline dyad."""

    actor: str
    target: str
    terms: list[TermNote]


class AnalogueCase(Part):
    """A past decision: what a state received, and what it did within 90 days."""

    actor: str = Field(description="who decided")
    rival: str = Field(description="who had acted against it")
    day: date = Field(description="of the act received")
    received: str = Field(description="lowest level that the act may have been at")
    crisis: bool = Field(description="it is the trigger of a crisis, in ICB")
    done: str | None = Field(
        description="level of the first use of force, else of the gravest act; null if nothing"
    )
    after_days: int | None = Field(description="days from the act received to that")
    distance: float = Field(ge=0, description="by the fitted weights, log-odds; 0 is the same")
    weight: float = Field(ge=0, le=1, description="in the shares below")


class AnalogueNote(Part):
    """The past decisions nearest to one that an actor now faces."""

    actor: str
    target: str
    front: str
    received: str = Field(description="level of the act that awaits an answer")
    received_on: date
    indirect: bool = Field(description="it fell on a friend, was deniable, or through a proxy")
    waited: int = Field(ge=0, description="days since, without force; so in all cases")
    cases: int = Field(ge=1, description="nearest cases that the shares rest on")
    effective: float = Field(ge=0, description="equally near cases that these are worth")
    force_within_7: float = Field(ge=0, le=1, description="weighted share, from the as-of date")
    force_within_30: float = Field(ge=0, le=1)
    nearest: list[AnalogueCase]
    source: Literal["shipped", "added"] = Field(
        description="from the figures that ship, or from datasets added on this machine"
    )
    datasets: list[str]


class Elicited(Part):
    """An elicited prior and what the timeline made of it."""

    name: str
    meaning: str
    prior: tuple[float, float]
    posterior: tuple[float, float]
    reason: str


class ClaimAnswer(Part):
    """The answer to one question if a claim holds, and if it does not."""

    question: str
    text: str
    now: float = Field(ge=0, le=1, description="probability that it comes true")
    holds: float | None = Field(description="null where too few draws are on the side")
    fails: float | None
    error_holds: float | None = Field(description="standard error, over draws")
    error_fails: float | None


class ClaimNote(Part):
    """An attributed claim and the term of the model that it speaks of."""

    id: str
    by: str
    role: str
    quote: str
    term: str
    sense: Literal["raises", "lowers"]
    source: str
    quantity: str = Field(default="", description="what in the model the claim is tied to")
    prior: float | None = Field(
        default=None, description="probability that it holds, before the timeline; null if untied"
    )
    posterior: float | None = Field(default=None, description="and given the timeline")
    posterior_error: float | None = Field(default=None, description="standard error of that")
    answers: list[ClaimAnswer] = Field(default=[], description="to the headline questions")
    note: str = Field(default="", description="why less is said than could be")


class DecompositionStep(Part):
    """What one more thing that is known adds to a forecast."""

    kind: Literal["history", "pairs", "record", "ledger", "ties", "elicited", "timeline"]
    text: str
    probability: float = Field(ge=0, le=1, description="with this and all before it known")
    effect: float = Field(description="that less the step before; of the first the same")
    error: float = Field(ge=0, description="Monte Carlo standard error of the effect")
    other_order: float | None = Field(
        description="effect where what is known comes in the opposite order; null of the first"
    )
    other_error: float | None
    order_matters: bool = Field(description="the two differ by more than chance and a point")


class Decomposition(Part):
    """A forecast from base rate to answer, step by step; the effects sum to it."""

    question: str
    text: str
    probability: float = Field(ge=0, le=1)
    reference_class: str | None = Field(description="of the first step, where there is a base rate")
    futures: int = Field(description="behind each step")
    steps: list[DecompositionStep]


class FactNote(Part):
    """A fact of the timeline, as the brief cites it."""

    day: date
    text: str
    sources: list[str]
    disputed: bool


class WeightsNote(Part):
    """Where the weights come from."""

    edition: str = Field(description="last day of the history they were fitted on")
    file: str | None = Field(None, description="the user's own; absent where they ship")
    command: str
    datasets: list[str]
    records: int
    acts: int
    sha256: str = Field(description="of the weights")


class Forecast(Part):
    """A brief as data."""

    crisis: str
    title: str
    summary: str
    as_of: date
    horizon_days: int
    version: str
    seed: int
    futures: int
    draws: int
    effective_sample_size: float = Field(description="of the draws that the futures use")
    effective_sample_size_before_repair: float
    tempering_steps: int
    facts_sha256: str = Field(description="of the crisis file as of the day")
    weights: WeightsNote
    bottom_line: list[str] = Field(description="sentences")
    answers: list[Answer]
    next_moves: list[NextMove]
    levels: list[LevelsOverTime]
    spillover: list[Spillover]
    raids: list[RaidCheck]
    resolve: list[ResolveNote]
    reasons: list[Reason]
    analogues: list[AnalogueNote]
    elicited: list[Elicited]
    claims: list[ClaimNote]
    decompositions: list[Decomposition] = Field(default=[], description="of the headline questions")
    latest_facts: list[FactNote]
    limits: list[str]


RaidCheck.model_rebuild()
