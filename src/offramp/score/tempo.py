"""Backtest of the tempo of burning fronts: daily counts and totals, out of time.

Rolling origin: what is fitted on the days before a cut is scored on the years after it, up to
the next cut. A day's forecast knows the days before it; a total's knows the days before its
origin, and takes the rate that was usual then to be so throughout, as a crisis file does.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize_scalar
from scipy.special import expit, gammaln

from offramp.choice.tempo import (
    OF_A_FRONT,
    TEMPO_PRIOR,
    FrontCounts,
    TempoFit,
    activity,
    burning,
    expected,
    fit_tempo,
    log_scores,
    usual_rate,
)
from offramp.score.bootstrap import mean_interval

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]

CUTS = (1985, 1990, 1995, 2000, 2005)
END = 2012
TOTALS = (7, 30)
ORIGIN_EVERY = 30
BLOCK_DAYS = 90
"""Days of a front within so many are drawn together by the bootstrap."""
PATHS = 400
LEAST_RATE = 0.05
"""A week without acts is not taken to say that there will be none."""
WEEK = 7
SEED = 1
OURS = "offramp"
BASELINES = (
    "poisson",
    "persistence",
    "negative binomial",
    "negative binomial, last week",
    "negative binomial, last 90 days",
)
"""Poisson around the mean of the training days; Poisson around the mean of the last week;
negative binomials around these and the mean of the last 90 days, dispersion from training."""
VARIANTS = ("elicited", "each front its own", "no noise by the day")

Progress = Callable[[str], None]


@dataclass(frozen=True)
class Loss:
    """Mean loss of one forecast, with its 90 % interval by the bootstrap over blocks of days.

    Attributes:
        loss: log loss of a day, or continuous ranked probability score of a total.
        interval: of it.
        coverage: share of totals inside the central 90 % of the forecast; None for days.
    """

    loss: float
    interval: tuple[float, float]
    coverage: float | None = None


@dataclass(frozen=True)
class _Forecasts:
    """Losses on the same cases: (C,) by name; the block of each; inside its 90 % or not."""

    losses: dict[str, FloatArray]
    block: IntArray
    inside: dict[str, FloatArray]


def backtest_tempo(
    fronts: FrontCounts, progress: Progress, cuts: tuple[int, ...] = CUTS
) -> dict[str, Any]:
    """Return the backtest as plain data for JSON.

    Args:
        fronts: daily counts.
        progress: told each cut.
        cuts: years; what was before is for training.
    """
    days: list[_Forecasts] = []
    totals: dict[int, list[_Forecasts]] = {horizon: [] for horizon in TOTALS}
    fits = {}
    for cut, end in zip(cuts, (*cuts[1:], END), strict=True):
        progress(f"tempo: before {cut}")
        first = date(cut, 1, 1).toordinal() - fronts.first_day
        last = min(date(end, 1, 1).toordinal() - fronts.first_day, len(fronts.counts))
        fitted = fit_tempo(fronts.until(fronts.first_day + first - 1))
        fits[str(cut)] = {"figures": fitted.figures, "days": fitted.days}
        origin = _Origin.at(fronts, fitted, first)
        days.append(_daily(origin, last))
        for horizon in TOTALS:
            totals[horizon].append(_totals(origin, last, horizon))
    return {
        "test": "tempo",
        "split": f"rolling origin: {', '.join(map(str, cuts))}",
        **_scores(_joined(days), "log_loss"),
        "totals": {
            str(horizon): _scores(_joined(parts), "crps") for horizon, parts in totals.items()
        },
        "fits": fits,
        "sign_convention": "differences are ours minus theirs: below 0, ours is better",
    }


@dataclass(frozen=True)
class _Origin:
    """What is known before a cut, and the counts that are to be forecast.

    Attributes:
        fronts: all counts; those from `first` on are used only as days go by.
        first: row of the first day of the test.
        usual: as of each day, (D, F).
        constant: mean of each front's training days that burned, (F,).
        dispersion: of the three negative binomials.
        parameters: by name of ours and of variants: (F, 3) and c.
        fitted: on what was before the cut.
    """

    fronts: FrontCounts
    first: int
    usual: FloatArray
    constant: FloatArray
    dispersion: tuple[float, float, float]
    parameters: dict[str, tuple[FloatArray, float]]
    fitted: TempoFit

    @classmethod
    def at(cls, fronts: FrontCounts, fitted: TempoFit, first: int) -> _Origin:
        usual = usual_rate(fronts.counts)
        on = burning(usual)
        on[first:] = False
        counts = fronts.counts
        overall = counts[on].mean()
        constant = np.array(
            [counts[on[:, k], k].mean() if on[:, k].any() else overall for k in range(on.shape[1])]
        )
        means = (np.broadcast_to(constant, usual.shape), last_week(counts), usual)
        one, two, three = (_dispersion(counts[on], mean[on]) for mean in means)
        return cls(
            fronts, first, usual, constant, (one, two, three), _parameters(fronts, fitted), fitted
        )

    def means(self) -> dict[str, tuple[FloatArray, float]]:
        """Expected count of each day and dispersion (0: Poisson) by baseline."""
        constant = np.broadcast_to(self.constant, self.usual.shape)
        week = last_week(self.fronts.counts)
        names = iter(BASELINES)
        return {
            next(names): (constant, 0.0),
            next(names): (week, 0.0),
            next(names): (constant, self.dispersion[0]),
            next(names): (week, self.dispersion[1]),
            next(names): (self.usual, self.dispersion[2]),
        }


def _parameters(fronts: FrontCounts, fitted: TempoFit) -> dict[str, tuple[FloatArray, float]]:
    def row(figures: Mapping[str, tuple[float, float]]) -> list[float]:
        return [figures[name][0] for name in OF_A_FRONT]

    cross = max(fitted.figures["cross"][0], 0.0)
    each = np.array([row(fitted.fronts.get(name, fitted.figures)) for name in fronts.names])
    ours = np.array([row(fitted.figures)] * len(fronts.names))
    quiet = ours.copy()
    quiet[:, 2] = -6.0
    return {
        OURS: (ours, cross),
        VARIANTS[0]: (np.array([row(TEMPO_PRIOR)] * len(ours)), TEMPO_PRIOR["cross"][0]),
        VARIANTS[1]: (each, cross),
        VARIANTS[2]: (quiet, cross),
    }


def last_week(counts: IntArray) -> FloatArray:
    """Return the mean of the seven days before each day, at least `LEAST_RATE`, (D, F)."""
    total = np.vstack([np.zeros((1, counts.shape[1])), np.cumsum(counts, axis=0)])
    out = np.full(counts.shape, LEAST_RATE)
    out[WEEK:] = (total[WEEK : len(counts)] - total[: len(counts) - WEEK]) / WEEK
    rate: FloatArray = np.maximum(out, LEAST_RATE)
    return rate


def _dispersion(counts: IntArray, mean: FloatArray) -> float:
    """Size of the negative binomial with most likelihood: variance = mean + mean² / size."""
    found = minimize_scalar(
        lambda log_size: -log_count(counts, mean, float(np.exp(log_size))).sum(),
        bounds=(-4.0, 6.0),
        method="bounded",
    )
    return float(np.exp(found.x))


def log_count(counts: IntArray, mean: FloatArray, size: float) -> FloatArray:
    """Return the log probability of counts, (C,): negative binomial, or Poisson if *size* is 0.

    Args:
        counts: what happened, (C,).
        mean: expected, (C,).
        size: variance is mean + mean² / size.
    """
    value: FloatArray = -gammaln(counts + 1.0)
    if size == 0.0:
        return value + counts * np.log(mean) - mean
    value = value + gammaln(counts + size) - gammaln(size)
    return value + size * np.log(size / (size + mean)) + counts * np.log(mean / (size + mean))


def _daily(origin: _Origin, last: int) -> _Forecasts:
    counts, usual = origin.fronts.counts, origin.usual
    on = burning(usual)
    on[: origin.first] = False
    on[last:] = False
    losses = {
        name: -log_count(counts[on], mean[on], size)
        for name, (mean, size) in origin.means().items()
    }
    for name, (theta, cross) in origin.parameters.items():
        persistence, memory, spread = expit(theta[:, 0]), np.exp(theta[:, 1]), np.exp(theta[:, 2])
        active = activity(persistence, memory, cross, counts, usual, origin.fronts.links)
        mean = expected(persistence, active, usual)[on]
        noise = np.broadcast_to(spread, usual.shape)[on]
        losses[name] = -log_scores(counts[on].astype(np.float64), mean, noise)
    day, front = np.nonzero(on)
    return _Forecasts(losses, _blocks(day, front), {})


def _blocks(day: IntArray, front: IntArray) -> IntArray:
    blocks: IntArray = front * 10_000 + day // BLOCK_DAYS
    return blocks


def _totals(origin: _Origin, last: int, horizon: int) -> _Forecasts:
    counts, usual = origin.fronts.counts, origin.usual
    generator = np.random.default_rng(SEED)
    starts = np.arange(origin.first, last - horizon + 1, ORIGIN_EVERY)
    samples: dict[str, list[FloatArray]] = {}
    happened, day, front = [], [], []
    active = {
        name: activity(
            expit(theta[:, 0]), np.exp(theta[:, 1]), cross, counts, usual, origin.fronts.links
        )
        for name, (theta, cross) in origin.parameters.items()
    }
    for start in starts:
        on = np.flatnonzero(burning(usual[start]))
        happened.append(counts[start : start + horizon, on].sum(axis=0))
        day.append(np.full(len(on), start))
        front.append(on)
        for name, (mean, size) in origin.means().items():
            draws = _draw_totals(generator, mean[start, on] * horizon, size * horizon)
            samples.setdefault(name, []).append(draws)
        for name in origin.parameters:
            totals = _simulated(origin, name, active[name][start], int(start), horizon, generator)
            samples.setdefault(name, []).append(totals[on])
    outcome = np.concatenate(happened)
    drawn = {name: np.concatenate(parts) for name, parts in samples.items()}
    inside = {}
    for name, values in drawn.items():
        low, high = np.quantile(values, [0.05, 0.95], axis=1)
        inside[name] = ((outcome >= low) & (outcome <= high)).astype(np.float64)
    return _Forecasts(
        {name: crps(values, outcome) for name, values in drawn.items()},
        _blocks(np.concatenate(day), np.concatenate(front)),
        inside,
    )


def _draw_totals(generator: np.random.Generator, mean: FloatArray, size: float) -> FloatArray:
    rate = np.repeat(mean[:, None], PATHS, axis=1)
    if size > 0.0:
        rate = rate * generator.gamma(size, 1.0 / size, rate.shape)
    return generator.poisson(rate).astype(np.float64)


def _simulated(
    origin: _Origin,
    name: str,
    start: FloatArray,
    day: int,
    horizon: int,
    generator: np.random.Generator,
) -> FloatArray:
    """Simulate totals of all fronts, (F, PATHS), as the engine does: parameters by path."""
    theta, cross = origin.parameters[name]
    spread = np.zeros(3)
    if name == OURS:
        spread = np.array([origin.fitted.figures[one][1] for one in OF_A_FRONT])
    drawn = theta[:, :, None] + spread[:, None] * generator.standard_normal((*theta.shape, PATHS))
    share, keep, noise = expit(drawn[:, 0]), np.exp(-np.exp(-drawn[:, 1])), np.exp(drawn[:, 2])
    usual = origin.usual[day][:, None]
    on = burning(usual)
    links = origin.fronts.links * on
    active = np.repeat(start[:, None], PATHS, axis=1)
    total = np.zeros(active.shape)
    for _ in range(horizon):
        mean = expected(share, active, np.where(on, usual, 0.0))
        z = generator.standard_normal(mean.shape)
        attacks = generator.poisson(mean * np.exp(noise * z - 0.5 * noise**2))
        total += attacks
        own = keep * active + (1.0 - keep) * attacks / np.where(on, usual, 1.0)
        pull = links.T @ np.where(on, own - 1.0, 0.0)
        active = np.maximum(own + (1.0 - keep) * (1.0 - share) * cross * pull, 0.0)
    return total


def crps(samples: FloatArray, outcome: FloatArray) -> FloatArray:
    """Return the continuous ranked probability score of samples, (C,); lower is better.

    E|X − y| − E|X − X'| / 2 (Gneiting and Raftery 2007, section 4.2).

    Args:
        samples: of the forecast, (C, S).
        outcome: what happened, (C,).
    """
    size = samples.shape[1]
    order = np.sort(samples, axis=1)
    weight = 2.0 * np.arange(1, size + 1) - size - 1.0
    between = (order * weight).sum(axis=1) / size**2
    score: FloatArray = np.abs(samples - outcome[:, None]).mean(axis=1) - between
    return score


def _joined(parts: list[_Forecasts]) -> _Forecasts:
    return _Forecasts(
        {name: np.concatenate([p.losses[name] for p in parts]) for name in parts[0].losses},
        np.concatenate([p.block for p in parts]),
        {name: np.concatenate([p.inside[name] for p in parts]) for name in parts[0].inside},
    )


def _scores(forecasts: _Forecasts, kind: str) -> dict[str, Any]:
    scores = {}
    for name, losses in forecasts.losses.items():
        inside = forecasts.inside.get(name)
        score = Loss(
            float(losses.mean()),
            mean_interval(losses, forecasts.block),
            None if inside is None else float(inside.mean()),
        )
        row = asdict(score)
        scores[name] = {kind: row.pop("loss")} | {k: v for k, v in row.items() if v is not None}
    paired = {}
    for name in (*BASELINES, *VARIANTS):
        gap = forecasts.losses[OURS] - forecasts.losses[name]
        paired[name] = {
            f"{kind}_difference": float(gap.mean()),
            "interval": mean_interval(gap, forecasts.block),
        }
    return {
        "cases": len(forecasts.block),
        "clusters": len(np.unique(forecasts.block)),
        OURS: scores[OURS],
        "variants": {name: scores[name] for name in VARIANTS},
        "baselines": {name: scores[name] for name in BASELINES},
        "paired": paired,
    }
