"""Decision points by hand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

import numpy as np

from offramp.choice.decision_points import ACT, NEVER, DecisionPoints
from offramp.choice.terms import ESTIMATED_COUNT, INDEX
from offramp.ladder import LEVEL_COUNT, Level

KNOWN = date(2014, 12, 31).toordinal()


@dataclass(frozen=True)
class Point:
    """One decision point: who received what from whom when, and what it did after how many days."""

    actor: int = 2
    rival: int = 365
    day: date = date(1980, 1, 1)
    level: Level = Level.LIMITED
    kind: int = ACT
    did: dict[Level, int] = field(default_factory=dict)
    x: dict[str, float] = field(default_factory=dict)
    known: int = KNOWN


def made_points(points: Sequence[Point]) -> DecisionPoints:
    """Return a table of these points, in their order."""
    x = np.zeros((len(points), ESTIMATED_COUNT))
    lags = np.full((len(points), LEVEL_COUNT), NEVER)
    for row, point in enumerate(points):
        for name, value in point.x.items():
            x[row, INDEX[name]] = value
        for level, days in point.did.items():
            lags[row, level] = days
    return DecisionPoints(
        x=x,
        actor=np.array([point.actor for point in points], np.int64),
        rival=np.array([point.rival for point in points], np.int64),
        day=np.array([point.day.toordinal() for point in points], np.int64),
        level=np.array([int(point.level) for point in points], np.int64),
        kind=np.array([point.kind for point in points], np.int64),
        lags=lags,
        known=np.array([point.known for point in points], np.int64),
        provenance={"datasets": ["made by hand"]},
    )
