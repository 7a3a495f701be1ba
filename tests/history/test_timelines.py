from __future__ import annotations

import math

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from offramp.history.timelines import FOREVER, Spells, Steps, pair

subjects = st.integers(0, 4)
times = st.integers(0, 12)


def column(values: list[int]) -> np.ndarray:
    return np.array(values, dtype=np.int64)


@given(st.lists(st.tuples(subjects, times, st.integers(-5, 5))), subjects, times)
def test_steps_hold_the_last_value_at_or_before(
    rows: list[tuple[int, int, int]], subject: int, time: int
) -> None:
    steps = Steps(
        column([row[0] for row in rows]),
        column([row[1] for row in rows]),
        np.array([row[2] for row in rows], dtype=np.float64),
    )
    earlier = [(t, place) for place, (s, t, _) in enumerate(rows) if s == subject and t <= time]
    expected = rows[max(earlier)[1]][2] if earlier else math.nan
    np.testing.assert_equal(float(steps.at(subject, time)), float(expected))


@given(st.lists(st.tuples(subjects, times, times | st.just(FOREVER))), subjects, times)
def test_spells_cover_what_lies_in_one(
    rows: list[tuple[int, int, int]], subject: int, time: int
) -> None:
    rows = [(s, min(a, b), max(a, b)) for s, a, b in rows]
    spells = Spells(*(column([row[place] for row in rows]) for place in range(3)))
    expected = any(s == subject and a <= time <= b for s, a, b in rows)
    assert bool(spells.cover(subject, time)) == expected


def test_arrays_broadcast_and_pairs_have_no_order() -> None:
    steps = Steps(column([1, 2]), column([1990, 1990]), np.array([0.1, 0.2]))
    assert steps.at(np.array([[1], [2]]), [1989, 1990]).shape == (2, 2)
    assert pair(2, [365, 1]).tolist() == [2365, 1002]
    assert pair(365, 2) == pair(2, 365)
