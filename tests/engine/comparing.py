"""Two-sample tests of two sets of futures, statistic by statistic.

Counts are compared as tables of categories by Pearson's chi-square, the largest counts merged
until `FEWEST` of the smaller set are expected there; the others by the two-sample
Kolmogorov–Smirnov test, which is conservative under ties. Both sets take turns with the same
draws, which makes the tests conservative too.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy.stats import chi2_contingency, ks_2samp

from offramp.engine.ensemble import Futures
from offramp.forecast.events import first_days
from offramp.ladder import FORCE_THRESHOLD, LEVEL_COUNT, Level

OVERALL = 0.001
"""Chance that any of the tests rejects where both sets come from one distribution."""
FEWEST = 5
Values = npt.NDArray[np.float64]


def statistics(futures: Futures) -> dict[str, Values]:
    """Return what is compared, by name: a number for each future."""
    out: dict[str, Values] = {}
    for place, dyad in enumerate(futures.compiled.dyads):
        name = f"{dyad.actor}→{dyad.target}"
        for level in range(Level.CONCILIATE, LEVEL_COUNT):
            mine = (futures.dyad == place) & (futures.level == level)
            out[f"acts {name} {Level(level).label}"] = np.bincount(
                futures.future[mine], minlength=futures.count
            ).astype(float)
        force = (futures.dyad == place) & (futures.level >= FORCE_THRESHOLD)
        days = first_days(futures, force)
        out[f"first force {name}"] = np.minimum(days, futures.horizon + 1).astype(float)
    for place, front in enumerate(futures.compiled.fronts):
        for week in range(futures.attacks.shape[2]):
            out[f"attacks {front} week {week}"] = futures.attacks[:, place, week].astype(float)
        out[f"days at war {front}"] = futures.war_days[:, place].sum(axis=1).astype(float)
        out[f"toll {front}"] = futures.toll[:, place].sum(axis=1).astype(float)
    out["killed"] = np.bincount(futures.future, futures.killed, minlength=futures.count)
    same_day = (np.diff(futures.day, prepend=-1) == 0) & (np.diff(futures.future, prepend=-1) == 0)
    out["acts on the day of another"] = np.bincount(
        futures.future[same_day], minlength=futures.count
    ).astype(float)
    raid = futures.failed[futures.failed > 0].astype(float)
    out["share of raids defeated"] = raid
    return out


def p_value(name: str, first: Values, second: Values) -> float | None:
    """Return the p-value of one statistic, or None where too little happens to test."""
    if name.startswith("acts"):
        return _chi_square(first, second)
    if np.array_equal(np.unique(first), np.unique(second)) and len(np.unique(first)) == 1:
        return None
    return float(ks_2samp(first, second, method="asymp").pvalue)


def _chi_square(first: Values, second: Values) -> float | None:
    top = int(max(first.max(), second.max())) + 1
    table = np.array([np.bincount(values.astype(int), minlength=top) for values in (first, second)])
    smaller = min(len(first), len(second)) / (len(first) + len(second))
    while table.shape[1] > 1 and table[:, -1].sum() * smaller < FEWEST:
        table = np.hstack([table[:, :-2], table[:, -2:].sum(axis=1, keepdims=True)])
    table = table[:, table.sum(axis=0) > 0]
    return float(chi2_contingency(table, correction=False).pvalue) if table.shape[1] > 1 else None


def rejected(first: Futures, second: Futures) -> dict[str, float]:
    """Return the statistics that differ at `OVERALL`, by Bonferroni, with their p-values."""
    one, other = statistics(first), statistics(second)
    tested = {name: p_value(name, one[name], other[name]) for name in one}
    found = {name: p for name, p in tested.items() if p is not None}
    return {name: p for name, p in found.items() if p < OVERALL / len(found)}
