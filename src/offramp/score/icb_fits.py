"""The choice model without one crisis, for leaving each out in turn."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import numpy.typing as npt
from scipy.linalg import cho_factor, cho_solve

from offramp.choice.dyad import BIN_OF_START, BIN_STARTS
from offramp.choice.fit import BLOCKS, Fit, likelihood_data
from offramp.choice.likelihood import curvature, log_likelihood
from offramp.choice.pairing import ICB_SILENCE, NO_STATE
from offramp.choice.records import ICB, DecisionRecords
from offramp.ladder import OVERT_FORCE, Level, level_mask
from offramp.score.icb_cases import DISPLAY, PRESSURE, VIOLENT, ResponseCases

FloatArray = npt.NDArray[np.float64]
Progress = Callable[[str, int, int], None]
FOLDER = Path("backtests")


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
