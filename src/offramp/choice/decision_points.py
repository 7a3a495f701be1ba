"""Decision points: what each state had just suffered from whom, and what it did in half a year.

A decision point is an act received: a day on which a state was acted against by another, or an ICB
trigger. It carries the covariates right after the act and, for each level, the days until the
state's own first act at that level. Base rates by query and analogues are counted on these; they
are derived figures without names of events, texts or sources. The table that ships was made by
``offramp fit``; where history was added, one made of that serves instead.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from offramp.choice.terms import ESTIMATED
from offramp.ladder import LEVEL_COUNT, Level
from offramp.store import DECISION_POINTS, workspace
from offramp.storing import write_whole

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]
BoolArray = npt.NDArray[np.bool_]

HORIZON_DAYS = 180
"""Acts later than this after the act received are not told."""
NEVER = 255
"""Stands for no act at a level within the horizon."""
SILENT = 10**6
"""Days until the first act of a state that did not act within the horizon."""
ACT, TRIGGER = 0, 1
"""What was received: an act between two states in MIE, or the trigger of a crisis in ICB."""
TERM_NAMES = tuple(term.name for term in ESTIMATED)


@dataclass(frozen=True)
class DecisionPoints:
    """A table of decision points; N rows, by day.

    Attributes:
        x: estimated covariates right after the act, in the order of `ESTIMATED`, (N, terms).
        actor: Correlates of War number of who decides, (N,).
        rival: of who acted, 0 where that is no one state, (N,).
        day: ordinal of the act received, (N,).
        level: lowest level that the act received may be at, (N,).
        kind: `ACT` or `TRIGGER`, (N,).
        lags: days until the actor's first act against the rival whose lowest possible level this
            is, `NEVER` if there was none within `HORIZON_DAYS`, (N, 9). After a trigger only the
            major response is known.
        known: ordinal of the last day of the record on which the row's outcome rests, (N,).
        provenance: what it was made from.
        added: whether it was made from datasets added on this machine.
    """

    x: FloatArray
    actor: IntArray
    rival: IntArray
    day: IntArray
    level: IntArray
    kind: IntArray
    lags: IntArray
    known: IntArray
    provenance: dict[str, Any]
    added: bool = False

    def __len__(self) -> int:
        return len(self.day)

    def where(self, keep: BoolArray | IntArray) -> DecisionPoints:
        """Return the rows that *keep* selects, a mask or places."""
        columns = {name: getattr(self, name)[keep] for name in COLUMNS}
        return DecisionPoints(**columns, provenance=self.provenance, added=self.added)

    def first(self, levels: frozenset[Level]) -> IntArray:
        """Return the days to the actor's first act at one of *levels*, `SILENT` if none, (N,)."""
        lags = self.lags[:, sorted(levels)].min(axis=1, initial=NEVER)
        return np.where(lags == NEVER, SILENT, lags)

    def judged(self, within: int, as_of: int) -> BoolArray:
        """Return of which rows it was known on day *as_of* what followed within so many days."""
        return self.day + within <= np.minimum(self.known, as_of)

    def save(self, path: Path) -> None:
        """Write the table, rounded and compressed, whole or not at all."""
        buffer = BytesIO()
        np.savez_compressed(
            buffer,
            x=self.x.round(3).astype(np.float16),
            actor=self.actor.astype(np.int16),
            rival=self.rival.astype(np.int16),
            day=self.day.astype(np.int32),
            level=self.level.astype(np.uint8),
            kind=self.kind.astype(np.uint8),
            lags=self.lags.astype(np.uint8),
            known=self.known.astype(np.int32),
            terms=np.array(TERM_NAMES),
            provenance=np.array(json.dumps(self.provenance)),
        )
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, buffer.getvalue())


COLUMNS = ("x", "actor", "rival", "day", "level", "kind", "lags", "known")


def load_points(path: Path, *, added: bool = False) -> DecisionPoints | None:
    """Read a table that `DecisionPoints.save` wrote.

    Returns:
        The table, or None where it was made with other covariates than this version's.
    """
    with np.load(path) as arrays:
        if tuple(arrays["terms"].tolist()) != TERM_NAMES:
            return None
        columns = {name: arrays[name] for name in COLUMNS}
        provenance = json.loads(str(arrays["provenance"]))
    integers = {name: columns[name].astype(np.int64) for name in COLUMNS if name != "x"}
    x = columns["x"].astype(np.float64)
    assert integers["lags"].shape == (len(x), LEVEL_COUNT)
    return DecisionPoints(x=x, **integers, provenance=provenance, added=added)


@cache
def shipped_points() -> DecisionPoints:
    """Return the table that ships.

    Raises:
        ValueError: it was made with other covariates than this version's.
    """
    path = Path(str(files("offramp.choice"))) / "figures" / DECISION_POINTS.name
    points = load_points(path)
    if points is None:
        raise ValueError(f"{path} was made with other covariates: run 'offramp fit' anew")
    return points


def current_points() -> DecisionPoints:
    """Return the table made of the datasets added on this machine, else the one that ships."""
    path = workspace() / DECISION_POINTS
    points = load_points(path, added=True) if path.is_file() else None
    return shipped_points() if points is None else points
