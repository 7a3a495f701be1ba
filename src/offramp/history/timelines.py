"""What held when: step functions and spells of time, looked up for many cases at once.

A subject (a state, or a pair of states) is a number; time is a whole number, of years or days.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Integers = npt.NDArray[np.int64]
Numbers = npt.NDArray[np.float64]
Truths = npt.NDArray[np.bool_]

SPAN = 1 << 23
"""More than any year or ordinal date: subject and time together sort as one number."""

FOREVER = SPAN - 2
"""The end of a spell that had not ended when the data did."""


class Steps:
    """Values that hold from a time on, for each subject, until its next value.

    Args:
        subjects: shape (n,), each from 0 to a million.
        times: shape (n,), from 0 to `FOREVER`.
        values: shape (n,). Of several values of a subject at one time, the last given holds.
    """

    def __init__(self, subjects: Integers, times: Integers, values: Numbers) -> None:
        keys = subjects * SPAN + times
        order = np.argsort(keys, kind="stable")
        self._keys = keys[order]
        self._values = values[order]

    def at(self, subjects: npt.ArrayLike, times: npt.ArrayLike) -> Numbers:
        """Return the value of each subject at each time, NaN before its first.

        Args:
            subjects: subjects, of any shape.
            times: times, of a shape that broadcasts with it.
        """
        subject, time = np.broadcast_arrays(
            np.asarray(subjects, dtype=np.int64), np.asarray(times, dtype=np.int64)
        )
        place = np.searchsorted(self._keys, subject * SPAN + time, side="right") - 1
        if not len(self._keys):
            return np.full(subject.shape, np.nan)
        held = (place >= 0) & (self._keys[place] // SPAN == subject)
        return np.where(held, self._values[place], np.nan)


class Spells:
    """Closed intervals of time in which something holds for a subject; they may overlap.

    Args:
        subjects: shape (n,), each from 0 to a million.
        starts: shape (n,), the first time of each spell.
        ends: shape (n,), the last time of each spell, `FOREVER` if it had not ended.
    """

    def __init__(self, subjects: Integers, starts: Integers, ends: Integers) -> None:
        changes = np.concatenate([subjects * SPAN + starts, subjects * SPAN + ends + 1])
        weights = np.repeat([1, -1], len(subjects))
        order = np.argsort(changes, kind="stable")
        self._changes = changes[order]
        # Every spell closes within its subject's own range of keys, so the running count of
        # open spells needs no reset between subjects.
        self._open = np.concatenate([[0], np.cumsum(weights[order])])

    def cover(self, subjects: npt.ArrayLike, times: npt.ArrayLike) -> Truths:
        """Return whether a spell of each subject covers each time.

        Args:
            subjects: subjects, of any shape.
            times: times, of a shape that broadcasts with it.
        """
        keys = np.asarray(subjects, dtype=np.int64) * SPAN + np.asarray(times, dtype=np.int64)
        return np.asarray(self._open[np.searchsorted(self._changes, keys, side="right")] > 0)


def pair(first: npt.ArrayLike, second: npt.ArrayLike) -> Integers:
    """Return one number for each pair of states (numbers below 1,000), in either order."""
    one = np.asarray(first, dtype=np.int64)
    other = np.asarray(second, dtype=np.int64)
    return np.asarray(np.minimum(one, other) * 1000 + np.maximum(one, other))
