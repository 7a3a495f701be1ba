"""What past crises say of the judgements that no dataset informs.

How diligently a crisis file records words, displays and force, how often it tells of conciliation
and of deniable acts, no dataset shows; the timelines of past crises do. What followed the first
as-of day of each moves its judgements away from their elicited priors; over crises they have a
mean and a spread; and what is to be expected of one more crisis replaces the elicited prior in
every edition that ends after those crises.

The days up to the first as-of day are left out: a crisis is in the library because of what
happened on them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
import numpy.typing as npt

from offramp.choice.editions import EDITIONS, edition_for
from offramp.choice.judgements import JUDGEMENTS
from offramp.crisis.as_of import cut
from offramp.crisis.schema import Crisis
from offramp.engine.compile import compile_crisis
from offramp.engine.condition import condition
from offramp.engine.prior import SINGLE_JUDGEMENTS, prior_of
from offramp.forecast.resolving import aftermath_of

FloatArray = npt.NDArray[np.float64]

DRAWS = 1000
SHARE_OF_MEAN = 0.5
"""Share of the elicited variance that is doubt about the mean over crises; the rest is how far
crises differ. With no crisis behind it a judgement stays as elicited."""
INFORMED = (
    *("conciliation", "deniable_gap"),
    *(one.name for one in JUDGEMENTS if one.name.startswith("diligence_")),
)
"""The judgements that choices inform; a timeline conditions nothing else (docs/model.md)."""
LEAST_PRECISION = 0.2
"""A crisis whose timeline says less than this of a judgement, beside a prior of 1, is left out."""
MEANS, SPREADS = np.linspace(-4.0, 4.0, 161), np.linspace(0.02, 4.0, 100)


@dataclass(frozen=True)
class Evidence:
    """What the timeline of one crisis says of the judgements, as normal likelihoods.

    Attributes:
        crisis: id.
        ended: the last day on which its timeline is complete.
        mean: by judgement, in elicited spreads from the elicited mean, (J,).
        precision: likewise, in units of one over the elicited variance; 0 where it says
            nothing, (J,).
    """

    crisis: str
    ended: date
    mean: FloatArray
    precision: FloatArray


def evidence_of(crisis: Crisis, seed: int, draws: int = DRAWS) -> Evidence:
    """Return what followed the first as-of day of a past crisis says of the judgements.

    The choice weights are those of the edition of that day, the judgements as elicited.

    Args:
        crisis: with its later facts.
        seed: same seed, same evidence.
        draws: of the posterior.
    """
    aftermath = aftermath_of(crisis)
    first = min(aftermath.as_of)
    compiled = compile_crisis(cut(crisis, aftermath.complete_until))
    plan = compiled.plan._replace(coded_day=first.toordinal() + 1)
    figures = replace(edition_for(first), judgements={})
    prior = prior_of(replace(compiled, plan=plan), figures)
    z = condition(prior, seed, draws).z[:, prior.layout.judgements]
    mean, variance = z.mean(axis=0), z.var(axis=0)
    precision = np.maximum(1.0 / variance - 1.0, 0.0)
    uninformed = [one.name not in INFORMED for one in SINGLE_JUDGEMENTS]
    precision[uninformed | (precision < LEAST_PRECISION)] = 0.0
    centre = np.divide(mean / variance, precision, out=np.zeros(len(mean)), where=precision > 0)
    return Evidence(crisis.id, aftermath.complete_until, centre, precision)


def expected(mean: FloatArray, precision: FloatArray) -> tuple[float, float]:
    """Return mean and spread of what is to be expected of one more crisis, by normal evidence.

    A normal mean over crises and a normal spread among them, each with half of the elicited
    variance a priori, integrated over a grid.

    Args:
        mean: of each crisis, in elicited spreads, (C,).
        precision: of each, above 0, (C,).

    Returns:
        mean and standard deviation, in elicited spreads; 0 and 1 without crises.
    """
    scale = SHARE_OF_MEAN**0.5
    centre, spread = np.meshgrid(MEANS, SPREADS, indexing="ij")
    log_probability = -0.5 * (centre / scale) ** 2
    log_probability -= 0.5 * spread**2 / (1.0 - SHARE_OF_MEAN)
    for one, weight in zip(mean, precision, strict=True):
        variance = spread**2 + 1.0 / weight
        log_probability += -0.5 * np.log(variance) - 0.5 * (one - centre) ** 2 / variance
    probability = np.exp(log_probability - log_probability.max())
    probability /= probability.sum()
    found = float((probability * centre).sum())
    second = float((probability * (centre**2 + spread**2)).sum())
    return found, (second - found**2) ** 0.5


def judgements_by_edition(
    evidence: Sequence[Evidence],
) -> dict[str, dict[str, tuple[float, float]]]:
    """Return mean and spread of each judgement that past crises inform, by edition.

    An edition uses the crises that had ended by the day on which its data end.
    """
    out: dict[str, dict[str, tuple[float, float]]] = {}
    for edition, until in EDITIONS.items():
        ended = [one for one in evidence if one.ended <= until]
        found = {}
        for place, judgement in enumerate(SINGLE_JUDGEMENTS):
            told = [one for one in ended if one.precision[place] > 0.0]
            if told:
                mean, spread = expected(
                    np.array([one.mean[place] for one in told]),
                    np.array([one.precision[place] for one in told]),
                )
                found[judgement.name] = (
                    round(judgement.mean + judgement.spread * mean, 4),
                    round(judgement.spread * spread, 4),
                )
        out[edition] = found
    return out
