"""Base rates by query: how often what followed what, within how long, in which cases of history."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

import numpy as np
from scipy.special import betaincinv

from offramp.choice.decision_points import (
    ACT,
    HORIZON_DAYS,
    TRIGGER,
    BoolArray,
    DecisionPoints,
)
from offramp.choice.querying import chosen
from offramp.ladder import ICB_MAJOR_RESPONSE, MIE_ACTION, Level

FROM_DAY = date(1946, 1, 1)
"""Cases before this day are left out unless asked for."""
COVERAGE = 0.9
"""Of the intervals."""
Among = Literal["acts", "triggers"]
KINDS: dict[Among, int] = {"acts": ACT, "triggers": TRIGGER}
SEEN: dict[Among, frozenset[Level]] = {
    "acts": frozenset(min(levels) for levels in MIE_ACTION.values()),
    "triggers": frozenset(min(levels) for levels in ICB_MAJOR_RESPONSE.values()) - {Level.HOLD},
}
"""The levels that the record of each kind of case shows: an act stands at its lowest possible."""


@dataclass(frozen=True)
class Query:
    """A question to history.

    Attributes:
        after: levels of the act received.
        followed: levels of the act that counts as having followed.
        within: days, at most `HORIZON_DAYS`.
        where: an expression of `offramp.choice.querying`, empty for all.
        among: acts between two states (MIE), or triggers of crises (ICB).
        since: cases from this day on.
        as_of: only cases whose outcome was known by this day; None for all.
    """

    after: frozenset[Level]
    followed: frozenset[Level]
    within: int
    where: str = ""
    among: Among = "acts"
    since: date = FROM_DAY
    as_of: date | None = None

    def __post_init__(self) -> None:
        if not 1 <= self.within <= HORIZON_DAYS:
            raise ValueError(f"within {self.within} days: history was read for 1 to {HORIZON_DAYS}")
        if not self.followed & SEEN[self.among]:
            names = ", ".join(level.label for level in sorted(SEEN[self.among]))
            wanted = ", ".join(level.label for level in sorted(self.followed)) or "no level"
            raise ValueError(f"history does not show {wanted} apart; {self.among} are at {names}")


@dataclass(frozen=True)
class Count:
    """A base rate and the cases behind it.

    Attributes:
        cases: how many there are.
        hits: in how many of them it followed.
        pairs: of how many pairs of states the cases are.
        rate: share, None without cases.
        low: lower end of the interval of `COVERAGE`, None without cases.
        high: upper end.
        points: the cases.
        days: days until it followed, `SILENT` where it did not, a value a case.
    """

    cases: int
    hits: int
    pairs: int
    rate: float | None
    low: float | None
    high: float | None
    points: DecisionPoints
    days: np.ndarray[tuple[int], np.dtype[np.int64]]


def count(points: DecisionPoints, query: Query) -> Count:
    """Count a query.

    Raises:
        QueryError: its expression cannot be read.
    """
    as_of = date.max if query.as_of is None else query.as_of
    keep: BoolArray = points.kind == KINDS[query.among]
    keep &= np.isin(points.level, [int(level) for level in query.after])
    keep &= points.day >= query.since.toordinal()
    keep &= points.judged(query.within, as_of.toordinal())
    if query.where.strip():
        keep &= chosen(query.where, points)
    cases = points.where(keep)
    days = cases.first(query.followed)
    happened = days <= query.within
    pair = np.minimum(cases.actor, cases.rival) * 1000 + np.maximum(cases.actor, cases.rival)
    pairs = len(np.unique(pair))
    if not len(cases):
        return Count(0, 0, 0, None, None, None, cases, days)
    low, high = clustered_interval(happened, pair)
    hits = int(happened.sum())
    return Count(len(cases), hits, pairs, hits / len(cases), low, high, cases, days)


def clustered_interval(
    happened: BoolArray, cluster: np.ndarray[tuple[int], np.dtype[np.int64]]
) -> tuple[float, float]:
    """Return Jeffreys' interval of a share, with cases of one cluster not independent.

    The number of cases is divided by the design effect: the variance of the share over clusters,
    to the one that independent cases would have, but at least 1 (Kish, Survey Sampling, 1965).
    Where all cases agree, a cluster counts as one case.

    Args:
        happened: what happened in each case, at least one.
        cluster: the cluster of each case.
    """
    cases, share = len(happened), float(happened.mean())
    _, place = np.unique(cluster, return_inverse=True)
    size = np.bincount(place).astype(np.float64)
    clusters = len(size)
    if share in (0.0, 1.0) or clusters == 1:
        effective = float(clusters)
    else:
        excess = np.bincount(place, weights=happened.astype(np.float64)) - share * size
        variance = clusters / (clusters - 1) * float((excess**2).sum()) / cases**2
        effective = cases / max(variance / (share * (1 - share) / cases), 1.0)
    a, b = share * effective + 0.5, (1 - share) * effective + 0.5
    tail = (1 - COVERAGE) / 2
    low = 0.0 if share == 0.0 else float(betaincinv(a, b, tail))
    high = 1.0 if share == 1.0 else float(betaincinv(a, b, 1 - tail))
    return low, high
