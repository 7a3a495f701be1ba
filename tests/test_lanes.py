"""Eight numbers side by side, against NumPy."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numba.core.errors import TypingError

from offramp.compiling import lean
from offramp.elementary import exp
from offramp.ladder import LEVEL_COUNT
from offramp.lanes import FloatArray, alike, lane, lanes_of, put

NUMBERS = arrays(np.float64, LEVEL_COUNT, elements=st.floats(-20.0, 20.0))


@lean
def computed(first: FloatArray, second: FloatArray, number: float, out: FloatArray) -> float:
    a, b = lanes_of(first), lanes_of(second)
    total = (
        alike(0.0) + exp(a) + (number - b) * (a + number) / (b * b + 1.0) - number * a + min(a, b)
    )
    put(max(total, alike(number)) * 0.5 + (1.0 / (2.0 + b * b) - 3.0), out)
    return lane(a, 3) + lane(b, LEVEL_COUNT - 1)


@given(NUMBERS, NUMBERS, st.floats(-20.0, 20.0))
def test_arithmetic(first: FloatArray, second: FloatArray, number: float) -> None:
    out = np.full(LEVEL_COUNT, 7.0)
    found = computed(first, second, number, out)
    parts = np.exp(first), (number - second) * (first + number) / (second**2 + 1.0), number * first
    total = parts[0] + parts[1] - parts[2] + np.minimum(first, second)
    expected = np.maximum(total, number) * 0.5 + (1.0 / (2.0 + second**2) - 3.0)
    scale = np.abs(parts).sum(axis=0) + 1.0
    assert (np.abs(out - expected)[1:] <= 1e-12 * scale[1:]).all()
    assert out[0] == 7.0  # hold is not among them
    assert found == first[3] + second[-1]


def test_no_lane_reads_another() -> None:
    """Each number of the result follows the number of its own level alone."""
    random = np.random.default_rng(1)
    first, second = random.normal(size=(2, LEVEL_COUNT))
    before, after = np.zeros(LEVEL_COUNT), np.zeros(LEVEL_COUNT)
    computed(first, second, -50.0, before)
    for level in range(1, LEVEL_COUNT):
        other = first.copy()
        other[level] += 1.0
        computed(other, second, -50.0, after)
        assert np.flatnonzero(after != before).tolist() == [level]


@pytest.mark.parametrize("numbers", [np.zeros((LEVEL_COUNT, 2))[:, 0], np.zeros(9, np.float32)])
def test_numbers_that_do_not_stand_side_by_side_are_refused(numbers: FloatArray) -> None:
    whole = np.zeros(LEVEL_COUNT)
    with pytest.raises(TypingError, match="contiguous arrays of floats"):
        computed(numbers, whole, 0.0, whole)


@given(arrays(np.float64, (5, LEVEL_COUNT), elements=st.floats(-20.0, 20.0)), st.integers(0, 4))
def test_a_row_of_a_matrix(matrix: FloatArray, row: int) -> None:
    out = np.zeros(LEVEL_COUNT)
    computed(matrix[row], np.zeros(LEVEL_COUNT), 0.0, out)
    alone = np.zeros(LEVEL_COUNT)
    computed(matrix[row].copy(), np.zeros(LEVEL_COUNT), 0.0, alone)
    assert (out == alone).all()
