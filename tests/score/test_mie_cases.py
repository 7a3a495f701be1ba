"""The cases of the MIE backtest, against what others measured on the same file."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from offramp.choice.pairing import History
from offramp.history.locating import shelf
from offramp.score.baselines import climatology
from offramp.score.carrying import FORCE, NOTHING
from offramp.score.mie_cases import (
    COUNTS,
    HORIZON,
    MOST_RECENT,
    READ_BY_THE_MODEL,
    TABLE_BY_RECIPROCITY,
    MieCases,
    mie_cases,
)
from offramp.score.proper import brier_scores, log_losses

START = date(1990, 1, 1).toordinal()
ATTACK = 16


@pytest.fixture(scope="module")
def history(data_directory: Path) -> History:
    return History.read(shelf(data_directory))


@pytest.fixture(scope="module")
def found(history: History) -> MieCases:
    return mie_cases(history)


def test_published_climatology_is_reproduced(found: MieCases) -> None:
    known, asked = found.cases.split(START, None)
    train, test = found.cases.where(known), found.cases.where(asked)
    likely = climatology(train, test)
    assert log_losses(likely, test.outcome).mean() == pytest.approx(0.6646, abs=5e-5)
    force = brier_scores(likely[:, FORCE], (test.outcome == FORCE).astype(np.float64)).mean()
    assert force == pytest.approx(0.0684, abs=5e-5)


def test_published_rates_of_reciprocity_are_reproduced(history: History, found: MieCases) -> None:
    """A state that is attacked acts back within 30 days in 16 % of cases if it had not acted in
    the 30 days before; in 37 %, 40 % and 57 % if it had once, twice, more often."""
    attacks = history.acts[history.acts["directed"] & (history.acts["action"] == ATTACK)]
    attacked = set(zip(attacks["actor"], attacks["target"], attacks["day"], strict=True))
    asked = zip(found.actor, found.responder, found.cases.day, strict=True)
    chosen = np.array([case in attacked for case in asked])
    acted = found.cases.groups[TABLE_BY_RECIPROCITY] % (MOST_RECENT + 1)
    answered = found.cases.outcome != NOTHING
    rates = [answered[chosen & (acted == times)].mean() for times in range(MOST_RECENT + 1)]
    assert rates[0] == pytest.approx(0.16, abs=0.01)
    assert rates[1] == pytest.approx(0.37, abs=0.02)
    assert 0.40 < rates[2] < 0.57  # twice, and more often


def test_outcomes_by_a_plain_count(history: History, found: MieCases) -> None:
    """A sample of cases counted again from the acts alone."""
    acts = history.acts[history.acts["directed"]]
    random = np.random.default_rng(5)
    for n in random.choice(len(found), 200, replace=False):
        day = found.cases.day[n]
        after = acts[
            (acts["actor"] == found.responder[n])
            & (acts["target"] == found.actor[n])
            & acts["day"].between(day + 1, day + HORIZON)
        ]
        gravest = after["level_low"].max() if len(after) else 0
        expected = NOTHING if gravest == 0 else FORCE if gravest >= 5 else 1
        assert found.cases.outcome[n] == expected


def test_a_case_knows_nothing_of_what_came_after(history: History, found: MieCases) -> None:
    """With all later acts struck out, the cases up to then read the same."""
    until = date(1962, 6, 30).toordinal()
    blind = mie_cases(replace(history, acts=history.acts[history.acts["day"] <= until]))
    seen = found.where(found.cases.day <= until)
    assert len(blind) == len(seen) > 1_000
    assert np.array_equal(blind.dyads.states, seen.dyads.states)
    for name in (COUNTS, READ_BY_THE_MODEL):
        assert np.array_equal(blind.cases.covariates[name], seen.cases.covariates[name])
    for name, group in blind.cases.groups.items():
        assert np.array_equal(group, seen.cases.groups[name])
