"""Deriving the shipped figures from the data: the work of ``offramp fit``."""

from __future__ import annotations

import hashlib
import platform
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.optimize import minimize
from scipy.special import betaln
from scipy.stats import norm

from offramp.choice.figures import Figures
from offramp.choice.fit import Fit, fit
from offramp.choice.model import ALPHA_ROW, expected_retaliation
from offramp.choice.parameters import FIXED, unpack
from offramp.choice.records import DecisionRecords, History, decision_records, thinned
from offramp.choice.reference import count_base_rates
from offramp.choice.terms import ESTIMATED_COUNT, TERM_COUNT
from offramp.history.raids import read_ukraine_raids
from offramp.ladder import LEVEL_COUNT, Level

FloatArray = npt.NDArray[np.float64]

HARM_FROM = pd.Timestamp(1946, 1, 1).toordinal()
MAJOR_NONE, MAJOR_MEAN, MAJOR_SPREAD = 0.4, 2.0, 1.5
"""Elicited: MIE cannot show the harm of a large strike that killed few."""
DENIABLE_NONE, DENIABLE_MEAN, DENIABLE_SPREAD = 0.6, 0.5, 1.0
"""Elicited: harm of a deniable act."""
BATTLE_ACTION = 22
WAR_GAP_DAYS = 90
KILL_PRIOR_STRENGTH = 2.0
ROCKET_KILL = (8.0, 2.0)
"""Elicited: no table of raids shows rockets; short-range defences claim most of them."""
RETALIATION_SAMPLE = 4000
KEEP_ONE_IN = 5
"""Quiet spells that enter the fit, each with that weight."""


def derive(directory: Path, until: date, progress: Callable[[str], None]) -> Figures:
    """Derive all figures from the data in *directory* that ended by *until*.

    Raises:
        DatasetError: a file is missing or not as published.
    """
    progress("reading the datasets")
    history = History.within(directory)
    day = until.toordinal()
    progress("retracing pairs of states")
    records = decision_records(history, day)
    progress(f"fitting {len(records):,} decision records")
    fitted = fit(thinned(records, KEEP_ONE_IN), progress)
    progress("counting harm, wars, raids and base rates")
    acts = history.acts[history.acts["day"] <= day]
    toll, ending = war_figures(acts)
    fixed = fitted.covariance[:FIXED, :FIXED]
    spreads = np.sqrt(np.diag(fitted.covariance))[FIXED:]
    return Figures(
        mean=fitted.mode[:FIXED],
        root=np.asarray(np.linalg.cholesky(fixed), np.float64),
        resolve={
            int(code): (round(float(mean), 4), round(float(spread), 4))
            for code, mean, spread in zip(
                fitted.layout.actors, fitted.mode[FIXED:], spreads, strict=True
            )
        },
        resolve_spread=fitted.resolve_spread,
        retaliation_mean=_retaliation_mean(fitted, records),
        harm=harm_figures(acts),
        war_toll=toll,
        war_ending=ending,
        kill=kill_figures(directory / "raids" / "ukraine_missile_raids.csv"),
        base_rates=count_base_rates(acts, history.cases, day),
        provenance=_provenance(directory, until, records, fitted),
    )


def _provenance(
    directory: Path, until: date, records: DecisionRecords, fitted: Fit
) -> dict[str, Any]:
    used = sorted(
        path
        for folder in ("mie", "icb", "states", "raids", "rivalries")
        for path in (directory / folder).glob("*")
    )
    return {
        "command": f"offramp fit --until {until.isoformat()}",
        "until": until.isoformat(),
        "datasets": ["MIE 1.0", "ICB 15", "NMC", "ATOP", "COW contiguity", "Thompson rivalries"],
        "records": len(records),
        "acts": int((records.days == 0).sum()),
        "days_of_silence": float(records.days.sum()),
        "log_likelihood": round(fitted.log_likelihood, 2),
        "log_evidence_by_resolve_spread": {
            str(spread): round(value, 2) for spread, value in fitted.evidence.items()
        },
        "method": "penalised likelihood, Laplace's Gaussian at the mode",
        "python": platform.python_version(),
        "numpy": np.__version__,
        "sha256": {
            str(path.relative_to(directory)): hashlib.sha256(path.read_bytes()).hexdigest()
            for path in used
        },
    }


def _retaliation_mean(fitted: Fit, records: DecisionRecords) -> FloatArray:
    """Mean over acts of history of the retaliation that the model expects for each level."""
    choice = unpack(fitted.mode[None, :FIXED])[0]
    choice[ALPHA_ROW, Level.CONCILIATE] = -20.0
    elicited = np.zeros((TERM_COUNT - ESTIMATED_COUNT, LEVEL_COUNT))
    choice = np.concatenate([choice, elicited])
    places = np.flatnonzero(records.days == 0)
    places = places[:: max(len(places) // RETALIATION_SAMPLE, 1)]
    total = np.zeros(LEVEL_COUNT)
    out = np.zeros(LEVEL_COUNT)
    certain, average = np.zeros(1), np.ones(1)
    for place in places:
        x = records.x[place].astype(np.float64)  # both sides of a dyad are alike on average
        expected_retaliation(choice, np.pad(x, (0, TERM_COUNT - len(x))), certain, average, out)
        total += out
    mean: FloatArray = total / len(places)
    return mean


def harm_figures(acts: pd.DataFrame) -> FloatArray:
    """Return, by level: probability of none killed, mean and spread of log killed, (9, 3)."""
    force = acts[acts["directed"] & (acts["level_low"] == Level.LIMITED)]
    killed = force.loc[force["day"] >= HARM_FROM, "killed_low"].dropna().to_numpy(np.float64)
    some = np.log(killed[killed > 0])
    out = np.zeros((LEVEL_COUNT, 3))
    out[:, 0] = 1.0
    out[Level.LIMITED] = (killed == 0).mean(), some.mean(), some.std()
    out[Level.DENIABLE] = DENIABLE_NONE, DENIABLE_MEAN, DENIABLE_SPREAD
    out[Level.MAJOR] = MAJOR_NONE, MAJOR_MEAN, MAJOR_SPREAD
    out[Level.WAR] = MAJOR_NONE, MAJOR_MEAN, MAJOR_SPREAD
    return out


def war_figures(acts: pd.DataFrame) -> tuple[tuple[float, float], tuple[float, float]]:
    """Return mean and spread of log killed a day of war, and of the log daily rate of ending.

    A war of a pair is a run of battles (MIE action 22) without a gap of 90 days.
    """
    battles = acts[(acts["action"] == BATTLE_ACTION) & (acts["day"] >= HARM_FROM)]
    first = np.minimum(battles["actor"], battles["target"])
    second = np.maximum(battles["actor"], battles["target"])
    rates, lengths = [], []
    for _, group in battles.groupby([first, second]):
        group = group.sort_values("day")
        begin = group["day"].to_numpy(np.int64)
        end = group["end_day"].fillna(group["day"]).to_numpy(np.int64)
        dead = group[["killed_low", "lost_low"]].fillna(0).sum(axis=1).to_numpy(np.float64)
        breaks = np.flatnonzero(begin[1:] - np.maximum.accumulate(end)[:-1] > WAR_GAP_DAYS) + 1
        for rows in np.split(np.arange(len(begin)), breaks):
            length = end[rows].max() - begin[rows].min() + 1
            lengths.append(length)
            rates.append(max(dead[rows].sum(), 1.0) / length)
    log_rate = np.log(rates)
    wars = len(lengths)
    ending = np.log(wars / np.sum(lengths))
    return (
        (round(float(log_rate.mean()), 4), round(float(log_rate.std(ddof=1)), 4)),
        (round(float(ending), 4), round(float(1.0 / np.sqrt(wars)), 4)),
    )


def kill_figures(path: Path) -> dict[str, dict[str, tuple[float, float]]]:
    """Return, by month and class, a Beta for the share of a raid that the defence destroys.

    Fitted by marginal (beta-binomial) likelihood on the raids that ended by the end of the
    month, with a weak prior on the strength.
    """
    raids = read_ukraine_raids(path, date(9999, 12, 31))
    usable = raids[
        raids["contested"] & (~raids["supersonic"] | (raids["weapon_class"] == "ballistic"))
    ]
    months = sorted({date.fromordinal(day).strftime("%Y-%m") for day in usable["end_day"]})
    month_of = np.array([date.fromordinal(day).strftime("%Y-%m") for day in usable["end_day"]])
    out: dict[str, dict[str, tuple[float, float]]] = {}
    for month in months:
        out[month] = {"rocket": ROCKET_KILL}
        for name in ("drone", "cruise", "ballistic"):
            rows = usable[(usable["weapon_class"] == name).to_numpy() & (month_of <= month)]
            if len(rows) >= 3:
                launched = rows["launched"].to_numpy(np.float64)
                destroyed = rows["destroyed"].to_numpy(np.float64)
                out[month][name] = fit_beta(launched, destroyed)
    return out


def fit_beta(launched: FloatArray, destroyed: FloatArray) -> tuple[float, float]:
    """Return the Beta of a kill probability that varies by raid (beta-binomial likelihood)."""

    def objective(theta: FloatArray) -> float:
        mean, strength = norm.cdf(theta[0]), np.exp(theta[1])
        a, b = mean * strength, (1.0 - mean) * strength
        value = betaln(a + destroyed, b + launched - destroyed) - betaln(a, b)
        shrink = 0.5 * (theta[1] - np.log(KILL_PRIOR_STRENGTH)) ** 2
        return float(-value.sum() + shrink + 0.5 * theta[0] ** 2 / 4.0)

    found = minimize(objective, np.array([0.5, 1.0]), method="Nelder-Mead")
    mean, strength = norm.cdf(found.x[0]), np.exp(found.x[1])
    return round(float(mean * strength), 4), round(float((1.0 - mean) * strength), 4)
