"""What a backtest found, as data: every score beside its baselines on the same cases."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from offramp.score.bootstrap import mean_interval
from offramp.score.cases import Cases
from offramp.score.proper import auc, brier_scores, log_losses, recalibration, skill
from offramp.score.reliability import ReliabilityBin, reliability_bins

FloatArray = npt.NDArray[np.float64]

SIGN_CONVENTION = "differences are ours minus theirs: below 0, ours is better"


@dataclass(frozen=True)
class Score:
    """How good one forecast was.

    Attributes:
        log_loss: mean over all answers, natural log.
        interval: its 90 % interval, by the bootstrap over clusters.
        brier: mean squared error for the event.
        auc: for the event.
        slope: of logistic recalibration for the event; 1 is reliable, below 1 too extreme.
        intercept: of the same; 0 is reliable.
        skill: share of climatology's log loss that is saved.
    """

    log_loss: float
    interval: tuple[float, float]
    brier: float
    auc: float
    slope: float
    intercept: float
    skill: float


@dataclass(frozen=True)
class Paired:
    """Our losses less those of a baseline on the same cases; below 0, ours is better.

    Attributes:
        log_loss_difference: mean.
        interval: its 90 % interval, by the bootstrap over clusters.
        brier_difference: mean, for the event.
        brier_interval: its 90 % interval.
    """

    log_loss_difference: float
    interval: tuple[float, float]
    brier_difference: float
    brier_interval: tuple[float, float]


@dataclass(frozen=True)
class Backtest:
    """One backtest.

    Attributes:
        test: its name.
        split: how training and test cases were parted.
        classes: the answers.
        event: the answer that Brier score, AUC, slope and reliability are of.
        cases: how many.
        clusters: of how many clusters.
        events: how often the event came true.
        offramp: our forecast.
        variants: other forms of our forecast, by name.
        baselines: by name; the first is climatology.
        paired: our forecast against each baseline and variant.
        reliability: of our forecast of the event.
        parts: the same of parts of the test, such as decades.
        notes: what a reader has to know.
    """

    test: str
    split: str
    classes: tuple[str, ...]
    event: str
    cases: int
    clusters: int
    events: int
    offramp: Score
    variants: dict[str, Score]
    baselines: dict[str, Score]
    paired: dict[str, Paired]
    reliability: tuple[ReliabilityBin, ...]
    parts: tuple[Backtest, ...] = ()
    notes: tuple[str, ...] = field(default=())

    def as_json(self) -> dict[str, Any]:
        """Return the backtest as plain data for JSON; numbers that do not exist are None."""
        cleaned = _cleaned(asdict(self))
        assert isinstance(cleaned, dict)
        return cleaned | {"sign_convention": SIGN_CONVENTION}


def report(
    test: str,
    split: str,
    cases: Cases,
    offramp: FloatArray,
    baselines: Mapping[str, FloatArray],
    *,
    variants: Mapping[str, FloatArray] | None = None,
    parts: tuple[Backtest, ...] = (),
    notes: tuple[str, ...] = (),
) -> Backtest:
    """Score our forecast and its baselines on the same cases.

    Args:
        test: name of the backtest.
        split: how training and test cases were parted, in words or a year.
        cases: the test cases.
        offramp: our probabilities, (N, K).
        baselines: theirs, by name, each (N, K); ``climatology`` must be among them.
        variants: other forms of ours.
        parts: backtests of parts of the cases.
        notes: what a reader has to know.
    """
    variants = variants or {}
    reference = float(log_losses(baselines["climatology"], cases.outcome).mean())
    others = {**baselines, **variants}
    scores = {name: _score(given, cases, reference) for name, given in others.items()}
    return Backtest(
        test=test,
        split=split,
        classes=cases.classes,
        event=cases.classes[cases.event],
        cases=len(cases),
        clusters=len(np.unique(cases.cluster)),
        events=int(cases.happened().sum()),
        offramp=_score(offramp, cases, reference),
        variants={name: scores[name] for name in variants},
        baselines={name: scores[name] for name in baselines},
        paired={name: _paired(offramp, given, cases) for name, given in others.items()},
        reliability=reliability_bins(offramp[:, cases.event], cases.happened()),
        parts=parts,
        notes=notes,
    )


def _score(given: FloatArray, cases: Cases, reference: float) -> Score:
    losses = log_losses(given, cases.outcome)
    event, happened = given[:, cases.event], cases.happened()
    intercept, slope = recalibration(event, happened)
    return Score(
        log_loss=float(losses.mean()),
        interval=mean_interval(losses, cases.cluster),
        brier=float(brier_scores(event, happened).mean()),
        auc=auc(event, happened),
        slope=slope,
        intercept=intercept,
        skill=skill(float(losses.mean()), reference),
    )


def _paired(ours: FloatArray, theirs: FloatArray, cases: Cases) -> Paired:
    happened = cases.happened()
    log_loss = log_losses(ours, cases.outcome) - log_losses(theirs, cases.outcome)
    brier = brier_scores(ours[:, cases.event], happened) - brier_scores(
        theirs[:, cases.event], happened
    )
    return Paired(
        log_loss_difference=float(log_loss.mean()),
        interval=mean_interval(log_loss, cases.cluster),
        brier_difference=float(brier.mean()),
        brier_interval=mean_interval(brier, cases.cluster),
    )


def _cleaned(value: object) -> object:
    if isinstance(value, dict):
        return {key: _cleaned(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_cleaned(one) for one in value]
    if isinstance(value, float):
        return round(value, 6) if np.isfinite(value) else None
    return value
