"""From figures to places on a page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

PROBABILITY_STEPS = {0.1: 0.05, 0.2: 0.1, 0.4: 0.2, 0.6: 0.2, 0.8: 0.4, 1.0: 0.5}
"""Ends of a probability axis, and the step between its ticks."""

DAY_STEPS = (1, 2, 7, 14, 30, 60, 90, 180, 365)


@dataclass(frozen=True)
class Scale:
    """A straight line from figures to user units of a drawing.

    Attributes:
        low: figure at `start`.
        high: figure at `end`.
        start: place of `low`.
        end: place of `high`.
    """

    low: float
    high: float
    start: float
    end: float

    def __call__(self, value: float) -> float:
        """Return the place of *value*; `start` where the scale has no extent."""
        if self.high == self.low:
            return self.start
        return self.start + (value - self.low) / (self.high - self.low) * (self.end - self.start)


def ceiling(probability: float) -> float:
    """Return the least end of a probability axis that is not below *probability*."""
    return next((end for end in PROBABILITY_STEPS if end >= probability), 1.0)


def probability_ticks(end: float) -> list[float]:
    """Return the ticks of a probability axis from 0 to *end*, one of `PROBABILITY_STEPS`."""
    step = PROBABILITY_STEPS[end]
    return [step * k for k in range(round(end / step) + 1)]


def day_ticks(last: int) -> list[int]:
    """Return two to five ticks on a days axis from 0 to *last*, zero left out."""
    step = next((step for step in DAY_STEPS if last / step <= 4), DAY_STEPS[-1])
    return list(range(step, last + 1, step))


def thin(count: int, limit: int = 61) -> list[int]:
    """Return positions of at most *limit* of *count* points, evenly, first and last included."""
    if count <= limit:
        return list(range(count))
    return sorted({round(k * (count - 1) / (limit - 1)) for k in range(limit)})


def spread(places: Sequence[float], gap: float, low: float, high: float) -> list[float]:
    """Return places moved as little as needed to stand *gap* apart between *low* and *high*.

    The least sum of squared moves: labels that touch form a block, which stands at the mean of
    where its members would (pool adjacent violators). Order is kept. Where there is no room for
    all, the gap shrinks.
    """
    if not places:
        return []
    gap = min(gap, (high - low) / max(len(places) - 1, 1))
    order = sorted(range(len(places)), key=lambda k: places[k])
    blocks: list[tuple[float, int]] = []
    for rank, k in enumerate(order):
        blocks.append((places[k] - rank * gap, 1))
        while len(blocks) > 1 and blocks[-2][0] > blocks[-1][0]:
            (first, many), (second, more) = blocks[-2:]
            blocks[-2:] = [((first * many + second * more) / (many + more), many + more)]
    room = high - gap * (len(places) - 1)
    anchors = [min(max(place, low), room) for place, many in blocks for _ in range(many)]
    moved = list(places)
    for rank, k in enumerate(order):
        moved[k] = anchors[rank] + rank * gap
    return moved
