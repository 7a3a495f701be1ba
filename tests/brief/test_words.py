"""Words and numbers, against the directive's table and by hand."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from offramp.forecast.words import (
    counted,
    day,
    interval,
    likelihood,
    number,
    percent,
    share,
    short_day,
    signed,
    words,
)

MIRRORED = {
    "almost no chance": "almost certain",
    "very unlikely": "very likely",
    "unlikely": "likely",
    "roughly even chance": "roughly even chance",
}


@pytest.mark.parametrize(
    ("probability", "said"),
    [
        (0.0, "almost no chance (<1 %)"),
        (0.0099, "almost no chance (<1 %)"),
        (0.01, "almost no chance (1 %)"),
        (0.05, "almost no chance (5 %)"),
        (0.0549, "almost no chance (5 %)"),
        (0.055, "very unlikely (6 %)"),
        (0.19, "very unlikely (19 %)"),
        (0.2, "unlikely (20 %)"),
        (0.31, "unlikely (31 %)"),
        (0.449, "roughly even chance (45 %)"),
        (0.5, "roughly even chance (50 %)"),
        (0.55, "roughly even chance (55 %)"),
        (0.56, "likely (56 %)"),
        (0.8, "likely (80 %)"),
        (0.81, "very likely (81 %)"),
        (0.94, "very likely (94 %)"),
        (0.95, "almost certain (95 %)"),
        (0.99, "almost certain (99 %)"),
        (0.9901, "almost certain (>99 %)"),
        (1.0, "almost certain (>99 %)"),
    ],
)
def test_words_follow_the_directive(probability: float, said: str) -> None:
    assert words(probability) == said


@given(st.integers(0, 100))
def test_words_are_the_same_seen_from_the_other_side(whole: int) -> None:
    here, there = likelihood(whole / 100), likelihood(1 - whole / 100)
    assert MIRRORED.get(here) == there or MIRRORED.get(there) == here


@given(st.floats(0, 1), st.floats(0, 1))
def test_the_word_depends_on_the_number_shown_alone(one: float, other: float) -> None:
    if percent(one) == percent(other):
        assert likelihood(one) == likelihood(other)


@pytest.mark.parametrize("wrong", [-0.01, 1.01, float("nan")])
def test_what_is_not_a_probability_is_refused(wrong: float) -> None:
    with pytest.raises(ValueError, match="not a probability"):
        percent(wrong)


@pytest.mark.parametrize(
    ("low", "high", "said"),
    [
        (0.18, 0.47, "18–47 %"),
        (0.001, 0.03, "<1–3 %"),
        (0.9, 0.999, "90 to >99 %"),
        (0.0, 0.001, "<1 %"),
        (0.312, 0.314, "31 %"),
    ],
)
def test_intervals(low: float, high: float, said: str) -> None:
    assert interval(low, high) == said


def test_an_observed_share_may_be_none_or_all() -> None:
    assert [share(value) for value in (0, 0.004, 0.41, 1)] == ["0 %", "<1 %", "41 %", "100 %"]


def test_numbers() -> None:
    given = (0, 4, 3.44, 0.069, 12.6, 1200, 1575.4, -0.5, -0.001)
    said = ["0", "4", "3.4", "0.07", "13", "1,200", "1,575", "−0.50", "0.00"]
    assert [number(value) for value in given] == said


def test_a_number_with_its_noun() -> None:
    assert [counted(n, "front") for n in (0, 1, 2)] == ["0 fronts", "1 front", "2 fronts"]
    assert [counted(n, "entry", "entries") for n in (1, 3)] == ["1 entry", "3 entries"]


def test_signs() -> None:
    assert [signed(x) for x in (0.42, -1.2, 0.0, -0.001)] == ["+0.42", "−1.20", "0.00", "0.00"]


def test_days() -> None:
    assert day(date(2024, 4, 5)) == "5 April 2024"
    assert short_day(date(2024, 4, 5)) == "5 Apr"
