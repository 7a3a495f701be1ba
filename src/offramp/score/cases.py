"""The cases of a backtest: what was asked when, what was known, and what happened."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]
BoolArray = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Cases:
    """Questions with several exclusive answers, one of which is *the event*; N cases, K answers.

    Attributes:
        classes: names of the answers, K.
        event: which of them is the event that Brier score, AUC and reliability are of.
        day: ordinal of the day as of which the question is asked, (N,).
        known: ordinal of the day by whose end the answer is known, (N,).
        outcome: which answer came true, 0 to K − 1, (N,).
        cluster: cases of one cluster (a pair of states, a crisis) are not independent, (N,).
        groups: by name, integer codes known on `day` for a table of rates, each (N,).
        covariates: by name, numbers known on `day` for a baseline, each (N, its columns).
    """

    classes: tuple[str, ...]
    event: int
    day: IntArray
    known: IntArray
    outcome: IntArray
    cluster: IntArray
    groups: dict[str, IntArray]
    covariates: dict[str, FloatArray]

    def __len__(self) -> int:
        return len(self.outcome)

    def where(self, keep: npt.NDArray[np.bool_] | IntArray) -> Cases:
        """Return the cases that *keep* selects, a mask or places."""
        return Cases(
            self.classes,
            self.event,
            self.day[keep],
            self.known[keep],
            self.outcome[keep],
            self.cluster[keep],
            {name: codes[keep] for name, codes in self.groups.items()},
            {name: columns[keep] for name, columns in self.covariates.items()},
        )

    def split(self, start: int, end: int | None = None) -> tuple[BoolArray, BoolArray]:
        """Return masks of training and test cases for a test that begins on day *start*.

        Training cases were known before *start*; test cases are asked on *start* or later, and
        before *end* if given. A case asked before *start* and known after it is neither.
        """
        train = self.known < start
        test = self.day >= start
        return train, test if end is None else test & (self.day < end)

    def happened(self) -> FloatArray:
        """Return 1.0 where the event came true, (N,)."""
        return np.asarray(self.outcome == self.event, np.float64)


def spans(origins: Sequence[int]) -> list[tuple[int, int | None, str]]:
    """Return the tests of a rolling origin: first year, year after the last, and name of each.

    The last has no end.
    """
    named = [(first, end, f"{first}–{end - 1}") for first, end in pairwise(origins)]
    return [*named, (origins[-1], None, f"from {origins[-1]}")]
