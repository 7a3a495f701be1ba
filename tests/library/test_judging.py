"""What past crises say of judgements: against closed forms, sampling, and known truths."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from offramp.choice.editions import EDITIONS, shipped_edition
from offramp.crisis.whole import read_whole
from offramp.engine.prior import SINGLE_JUDGEMENTS
from offramp.library.judging import (
    INFORMED,
    Evidence,
    evidence_of,
    expected,
    judgements_by_edition,
)

COUNT = len(SINGLE_JUDGEMENTS)


def test_without_crises_a_judgement_stays_as_elicited() -> None:
    mean, spread = expected(np.zeros(0), np.zeros(0))
    assert (mean, spread) == pytest.approx((0.0, 1.0), abs=0.01)


def test_many_sure_crises_dictate_mean_and_spread() -> None:
    told = np.random.default_rng(1).normal(1.5, 0.6, 400)
    mean, spread = expected(told, np.full(400, 1e4))
    assert mean == pytest.approx(told.mean(), abs=0.03)
    assert spread == pytest.approx(told.std(), abs=0.03)


def test_expectation_agrees_with_sampling() -> None:
    """Importance sampling of the mean over crises, of the spread among them and of a new one."""
    told, precision = np.array([1.2, -0.4, 2.0]), np.array([3.0, 0.7, 5.0])
    random = np.random.default_rng(2)
    centre = random.normal(0.0, 0.5**0.5, 400_000)
    among = np.abs(random.normal(0.0, 0.5**0.5, 400_000))
    spread = np.sqrt(among[:, None] ** 2 + 1.0 / precision)
    weight = np.prod(np.exp(-0.5 * ((told - centre[:, None]) / spread) ** 2) / spread, axis=1)
    new = random.normal(centre, among)
    mean = np.average(new, weights=weight)
    sampled = (mean, np.sqrt(np.average((new - mean) ** 2, weights=weight)))
    assert expected(told, precision) == pytest.approx(sampled, abs=0.02)


@given(st.lists(st.tuples(st.floats(-3, 3), st.floats(0.2, 50.0)), min_size=1, max_size=12))
def test_more_of_the_same_evidence_pulls_further(told: list[tuple[float, float]]) -> None:
    mean, precision = (np.array(column) for column in zip(*told, strict=True))
    once, spread = expected(mean, precision)
    assert spread > 0.0
    assert min(mean.min(), 0.0) - 0.05 <= once <= max(mean.max(), 0.0) + 0.05


def test_an_edition_knows_only_crises_that_had_ended() -> None:
    told = np.full(COUNT, 2.0)
    late = Evidence("late", date(1995, 6, 1), told, np.full(COUNT, 10.0))
    found = judgements_by_edition([late])
    for edition, until in EDITIONS.items():
        assert bool(found[edition]) == (until >= late.ended), edition


def test_days_before_the_question_was_first_asked_say_nothing() -> None:
    """Acts up to the first as-of day set the state, and are no evidence of how files are coded."""
    crisis = read_whole("somalia-uae-2018")
    assert crisis.aftermath is not None
    first = min(crisis.aftermath.as_of)
    coded = crisis.model_copy(update={"coded_from": first})
    whole, late = (evidence_of(one, seed=1, draws=60) for one in (crisis, coded))
    np.testing.assert_allclose(whole.mean, late.mean)
    np.testing.assert_allclose(whole.precision, late.precision)


def test_a_file_with_more_displays_is_evidence_of_diligence() -> None:
    place = [one.name for one in SINGLE_JUDGEMENTS].index("diligence_display")
    crisis = read_whole("unscom-1997")
    assert crisis.aftermath is not None
    first = min(crisis.aftermath.as_of)
    fewer = [
        one for one in crisis.timeline if getattr(one, "level", "") != "display" or one.day <= first
    ]
    without = crisis.model_copy(update={"timeline": fewer})
    with_displays = evidence_of(crisis, seed=1, draws=150)
    no_displays = evidence_of(without, seed=1, draws=150)
    assert with_displays.mean[place] > no_displays.mean[place] + 1.0


def test_what_ships_is_of_the_judgements_there_are() -> None:
    assert set(INFORMED) <= {one.name for one in SINGLE_JUDGEMENTS}
    for edition in EDITIONS:
        judged = shipped_edition(edition).judgements
        assert set(judged) == (set(INFORMED) if edition >= "1970" else set())
        assert all(spread > 0.0 for _, spread in judged.values())
