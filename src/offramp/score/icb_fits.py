"""Fits of the choice model for the ICB backtests, kept between runs."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from itertools import pairwise
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.linalg import cho_factor, cho_solve

from offramp.choice.covariates import BIN_OF_START, BIN_STARTS
from offramp.choice.deriving import KEEP_ONE_IN
from offramp.choice.fingerprints import SOURCES
from offramp.choice.fit import BLOCKS, Fit, fit, likelihood_data
from offramp.choice.likelihood import curvature, log_likelihood
from offramp.choice.parameters import Layout
from offramp.choice.records import (
    ICB,
    ICB_SILENCE,
    NO_STATE,
    DecisionRecords,
    History,
    decision_records,
    level_mask,
    thinned,
)
from offramp.ladder import OVERT_FORCE, Level
from offramp.score.icb_cases import DISPLAY, PRESSURE, VIOLENT, ResponseCases
from offramp.store import workspace
from offramp.storing import write_whole

FloatArray = npt.NDArray[np.float64]
Progress = Callable[[str, int, int], None]
FOLDER = Path("backtests")


def fit_before(history: History, start: date, progress: Progress, step: tuple[int, int]) -> Fit:
    """Return the choice model fitted on what had ended before *start*; kept for the next run.

    Args:
        history: the datasets.
        start: first day of the test.
        progress: called with what is done, how much, of how much.
        step: how much and of how much.
    """
    kept = workspace() / FOLDER / f"{_fingerprint(history, start)}.npz"
    if kept.is_file():
        return _load(kept)
    progress(f"retracing what ended before {start}", *step)
    until = min(start.toordinal() - 1, _last_day(history))
    records = thinned(decision_records(history, until), KEEP_ONE_IN)
    progress(f"fitting {len(records):,} records before {start}", *step)
    fitted = fit(records)
    _save(kept, fitted)
    return fitted


def _last_day(history: History) -> int:
    acts = int(history.acts["day"].max())
    return max(acts, int(history.cases["trigger_latest"].max()) + 400)


def leave_out(fitted: Fit, cases: ResponseCases) -> Callable[[int], Fit]:
    """Return a function from a crisis to the fit without its cases.

    One Newton step from the mode of the fit on all cases, with the crisis's own curvature taken
    out: exact where the log posterior is quadratic within the step.

    Args:
        fitted: on all cases, these among them.
        cases: of all crises.
    """
    precision = np.linalg.inv(fitted.covariance)

    def without(crisis: int) -> Fit:
        mine = cases.where((cases.cases.cluster == crisis) & (cases.lag >= 0))
        if len(mine) == 0:
            return fitted
        data = likelihood_data(records_of(mine), fitted.layout)
        _, gradient = log_likelihood(fitted.mode, *data, BLOCKS)
        bend = precision - curvature(fitted.mode, *data)
        step = cho_solve(cho_factor(bend), gradient)
        return replace(fitted, mode=fitted.mode - step)

    return without


def records_of(cases: ResponseCases) -> DecisionRecords:
    """Return the decision records of cases whose lag is known, as the fit reads them."""
    shown = {
        PRESSURE: level_mask(frozenset({Level.PRESSURE})),
        DISPLAY: level_mask(frozenset({Level.DISPLAY})),
        VIOLENT: level_mask(frozenset(OVERT_FORCE)),
    }
    rows: list[tuple[int, int, float, int]] = []
    for case, lag in enumerate(cases.lag.tolist()):
        for run, (start, end) in enumerate(pairwise(BIN_STARTS.tolist())):
            silent = min(lag, end) - start
            if silent > 0:
                rows.append((case, run, float(silent), level_mask(ICB_SILENCE)))
            if start <= lag < end:
                rows.append((case, run, 0.0, shown[int(cases.cases.outcome[case])]))
    place, runs = (np.array([row[k] for row in rows], np.int64) for k in (0, 1))
    return DecisionRecords(
        x=cases.x[place, runs],
        hazard_bin=BIN_OF_START[runs],
        days=np.array([row[2] for row in rows]),
        outcome=np.array([row[3] for row in rows], np.int64),
        actor=cases.actor[place],
        rival=np.full(len(rows), NO_STATE),
        day=cases.cases.day[place] + BIN_STARTS[runs],
        dataset=np.full(len(rows), ICB),
    )


def _fingerprint(history: History, start: date) -> str:
    package = Path(__file__).parents[1]
    whole = hashlib.sha256(start.isoformat().encode())
    for folder, modules in SOURCES.items():
        for module in modules:
            whole.update((package / folder / f"{module}.py").read_bytes())
    for table in (history.acts, history.cases):
        whole.update(pd.util.hash_pandas_object(table.astype(str)).to_numpy().tobytes())
    return whole.hexdigest()[:24]


def _save(path: Path, fitted: Fit) -> None:
    stream = io.BytesIO()
    np.savez_compressed(
        stream,
        actors=fitted.layout.actors,
        mode=fitted.mode,
        covariance=fitted.covariance,
        resolve_spread=fitted.resolve_spread,
        spreads=np.array(list(fitted.evidence)),
        evidence=np.array(list(fitted.evidence.values())),
        log_likelihood=fitted.log_likelihood,
    )
    path.parent.mkdir(parents=True, exist_ok=True)
    write_whole(path, stream.getvalue())


def _load(path: Path) -> Fit:
    with np.load(path) as kept:
        return Fit(
            layout=Layout(kept["actors"]),
            mode=kept["mode"],
            covariance=kept["covariance"],
            resolve_spread=float(kept["resolve_spread"]),
            evidence=dict(zip(kept["spreads"].tolist(), kept["evidence"].tolist(), strict=True)),
            log_likelihood=float(kept["log_likelihood"]),
        )
