"""What the explanations of a forecast say, as data: the published shapes of their ``--json``."""

from __future__ import annotations

from datetime import date
from typing import Literal

from pydantic import Field

from offramp.forecast.document import ClaimNote, Decomposition, Part


class Run(Part):
    """The forecast that is explained: enough to make it again."""

    crisis: str
    title: str
    as_of: date
    seed: int
    futures: int
    draws: int
    weights: str | None = Field(None, description="the user's own file; absent where they ship")


class Asked(Part):
    """A question that is explained, and its answer now."""

    id: str
    text: str
    closes: date
    probability: float = Field(ge=0, le=1, description="that it comes true by its close")


class Effect(Part):
    """What seeing an observation does to one question, on the day by which it is looked for.

    The answers are of futures in which the question is still open on that day: whether it comes
    true after it, by its close.
    """

    question: str
    open: float = Field(ge=0, le=1, description="probability that it is still open on the day")
    decided_if_seen: float = Field(
        ge=0, le=1, description="share of futures with the observation that have come true by then"
    )
    decides: bool = Field(description="seeing it nearly settles the question: not ranked")
    before: float | None = Field(description="answer on the day, whatever was seen")
    if_seen: float | None
    if_not_seen: float | None
    error_seen: float | None = Field(description="Monte Carlo standard error of `if_seen`")
    error_not_seen: float | None
    bits: float = Field(
        ge=0, description="expected information on the answer: mutual information times `open`"
    )
    bits_error: float = Field(ge=0)
    futures: tuple[int, int] = Field(description="open futures with and without the observation")
    categories_if_seen: dict[str, float] | None = Field(
        default=None, description="of a first response"
    )


class Signpost(Part):
    """One observation to look for, and what it would tell."""

    kind: Literal["act", "silence", "tempo", "ceasefire"]
    text: str
    actor: str | None = None
    target: str | None = None
    front: str | None = None
    within_days: int
    by: date
    probability: float = Field(ge=0, le=1, description="that it is seen by the day")
    error: float = Field(ge=0, description="Monte Carlo standard error of that")
    bits: float = Field(ge=0, description="over all the questions asked")
    bits_error: float = Field(ge=0)
    effects: list[Effect]


class WatchList(Part):
    """The signposts of a crisis, the most telling first."""

    run: Run
    questions: list[Asked]
    signposts: list[Signpost]
    considered: int = Field(description="observations that were looked at")
    left_out: int = Field(
        description="of these, left out: too few futures with or without, or no question open then"
    )
    least_futures: int


class ClaimReport(Part):
    """The claims of a crisis against its evidence."""

    run: Run
    size: float = Field(description="log-odds of force from which on a claim holds")
    questions: list[Asked]
    claims: list[ClaimNote]


class Why(Part):
    """Forecasts decomposed, from base rate to answer."""

    run: Run
    decompositions: list[Decomposition]


class TracedFuture(Part):
    """A future that anyone can read: ``offramp future CRISIS --number N``."""

    number: int
    outcome: str
    day: int | None = Field(description="day by which it came true; null if it did not")
    draw: int = Field(description="the posterior draw behind it")


class Separator(Part):
    """A quantity of the draws that goes with the outcome."""

    name: str
    meaning: str
    correlation: float = Field(ge=-1, le=1, description="over draws, with the draw's frequency")
    error: float = Field(description="standard error of the correlation, were there none")
    low: float = Field(ge=0, le=1, description="answer in the third of draws where it is lowest")
    high: float = Field(ge=0, le=1, description="and where it is highest")


class FactEffect(Part):
    """What a fact of the timeline did to the answer."""

    id: str
    day: date
    text: str
    without: float = Field(ge=0, le=1, description="answer had it not been in the timeline")
    effect: float = Field(description="answer less that; above 0 it raised it")
    error: float = Field(ge=0, description="Monte Carlo standard error of the effect")
    by_what_it_teaches: float = Field(description="of the effect, through weights and resolve")
    method: Literal["reweighted", "conditioned again"]
    effective_draws: float


class Trace(Part):
    """An answer traced: question, futures, draws, facts."""

    run: Run
    question: Asked
    credible: tuple[float, float]
    true: list[TracedFuture]
    false: list[TracedFuture]
    separators: list[Separator]
    facts: list[FactEffect]
    facts_considered: int
