"""The cases against what others measured on the same file: the definition is theirs."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import pytest

from offramp.choice.dyad import BIN_STARTS
from offramp.choice.pairing import History
from offramp.choice.terms import ESTIMATED, INDEX
from offramp.history.locating import shelf
from offramp.score.icb_cases import (
    TABLE_BY_GROUP,
    TABLE_BY_TYPE,
    VIOLENT,
    ResponseCases,
    response_cases,
)

START = date(1980, 1, 1).toordinal()


@pytest.fixture(scope="module")
def found(data_directory: Path) -> ResponseCases:
    return response_cases(History.read(shelf(data_directory)))


def brier(found: ResponseCases, codes: np.ndarray) -> float:
    """Of the training cases' rates of violence by code, counted here."""
    before = found.cases.day < START
    violent = found.cases.outcome == VIOLENT
    given = np.array([violent[before & (codes == code)].mean() for code in codes[~before]])
    return float(((given - violent[~before]) ** 2).mean())


def test_published_scores_are_reproduced(found: ResponseCases) -> None:
    assert (found.cases.day >= START).sum() == 405
    assert brier(found, np.zeros(len(found))) == pytest.approx(0.2433, abs=5e-5)
    assert brier(found, found.cases.groups[TABLE_BY_TYPE]) == pytest.approx(0.2187, abs=5e-5)
    assert brier(found, found.cases.groups[TABLE_BY_GROUP]) == pytest.approx(0.2165, abs=5e-5)


def test_no_case_is_known_before_it_is_asked(found: ResponseCases) -> None:
    assert (found.cases.known >= found.cases.day).mean() > 0.998  # one response predates its day
    assert ((found.lag >= -1) & (found.lag <= BIN_STARTS[-1])).all()


def test_every_case_is_in_a_crisis_throughout(found: ResponseCases) -> None:
    assert (found.x[:, :, INDEX["crisis"]] == 1.0).all()
    assert found.x.shape[1:] == (len(BIN_STARTS) - 1, len(ESTIMATED))
