"""The cases of the MIE backtest: after an act of one state on another, what the other does.

Everything that a case knows was coded for its day or before. Clashes and battles, whose first
mover is not known, are part of the past of a pair and never an outcome.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt

from offramp.choice.covariates import covariates
from offramp.choice.dyad import SLOT_COUNT
from offramp.choice.pairing import History, acts_by_pair, known_pair
from offramp.choice.retracing import retrace
from offramp.choice.terms import ESTIMATED_COUNT, TERM_COUNT
from offramp.ladder import FORCE_THRESHOLD, Level
from offramp.score.carrying import FORCE, NOTHING, SHORT_OF_FORCE, Dyads
from offramp.score.cases import Cases

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]

FROM_DAY = date(1946, 1, 1).toordinal()
HORIZON = 30
"""Days after the act in which the other's acts count; those of its own day are known."""
CLASSES = ("none", "short of force", "force")
RECENT_DAYS = 30
COUNT_DAYS = (30, 365, 3650)
"""Past days of which acts are counted for the plain logit."""
TABLE_BY_LEVEL = "trigger level"
TABLE_BY_RECIPROCITY = "trigger level and reciprocity"
TABLE_BY_LAST = "last 30 days"
COUNTS = "counts of past acts"
READ_BY_THE_MODEL = "what the choice model reads"
MOST_RECENT = 2
"""Acts of the last days count as at most so many in the table of reciprocity."""


@dataclass(frozen=True)
class MieCases:
    """Acts received, N of them, by day.

    Attributes:
        cases: as the scores want them; the event is force.
        actor: Correlates of War number of who acted, (N,).
        responder: of who is asked what it will do, (N,).
        dyads: where each pair stood on the evening of the act; the first side is the state with
            the lower number.
    """

    cases: Cases
    actor: IntArray
    responder: IntArray
    dyads: Dyads

    def __len__(self) -> int:
        return len(self.actor)

    def where(self, keep: npt.NDArray[np.bool_] | IntArray) -> MieCases:
        """Return the cases that *keep* selects, a mask or places."""
        return MieCases(
            self.cases.where(keep),
            self.actor[keep],
            self.responder[keep],
            self.dyads.where(keep),
        )

    def pairs(self) -> IntArray:
        """Return the two states of each case, the lower number first, (N, 2)."""
        return np.sort(np.column_stack([self.actor, self.responder]), axis=1)


def mie_cases(history: History) -> MieCases:
    """Return every dated directed act from 1946 as a case, the first of its day and directed dyad.

    Args:
        history: the datasets; acts of days that are not known are not in it.
    """
    acts = history.acts[history.acts["directed"]]
    acts = acts.assign(level=acts["level_low"]).astype({"day": "int64", "level": "int64"})
    daily = acts.groupby(["actor", "target", "day"], as_index=False)["level"].max()
    past = {
        (int(group["actor"].iloc[0]), int(group["target"].iloc[0])): group[
            ["day", "level"]
        ].to_numpy(np.int64)
        for _, group in daily.groupby(["actor", "target"])
    }
    asked = daily[daily["day"] >= FROM_DAY].sort_values(["day", "actor", "target"])
    actor, responder, day, level = asked.to_numpy(np.int64).T
    dyads = _dyads(history, actor, responder, day)
    columns = [_of_case(past, *one) for one in zip(actor, responder, day, strict=True)]
    outcome, recent, gravest, counts = (np.array([one[k] for one in columns]) for k in range(4))
    kind = np.searchsorted([Level.DISPLAY, FORCE_THRESHOLD, Level.WAR], level, side="right")
    kinds = np.eye(4)[kind][:, 1:]
    cases = Cases(
        classes=CLASSES,
        event=FORCE,
        day=day,
        known=day + HORIZON,
        outcome=outcome.astype(np.int64),
        cluster=np.minimum(actor, responder) * 1000 + np.maximum(actor, responder),
        groups={
            TABLE_BY_LEVEL: kind,
            TABLE_BY_RECIPROCITY: kind * (MOST_RECENT + 1) + np.minimum(recent, MOST_RECENT),
            TABLE_BY_LAST: gravest.astype(np.int64),
        },
        covariates={
            COUNTS: np.column_stack([counts, kinds]),
            READ_BY_THE_MODEL: np.column_stack([_read(dyads), kinds]),
        },
    )
    return MieCases(cases, actor, responder, dyads)


def _of_case(
    past: dict[tuple[int, int], IntArray], actor: int, responder: int, day: int
) -> tuple[int, int, int, FloatArray]:
    """Return the outcome; days with acts of the responder of late; their gravest; log counts."""
    nothing = np.zeros((0, 2), np.int64)
    own, back = past[actor, responder], past.get((responder, actor), nothing)
    after = _within(back, day + 1, day + HORIZON)
    late = _within(back, day - RECENT_DAYS, day)
    counts = [
        (levels >= least).sum()
        for days in COUNT_DAYS
        for levels in (_within(back, day - days, day), _within(own, day - days, day - 1))
        for least in (Level.VERBAL, FORCE_THRESHOLD)
    ]
    return _gravest(after), len(late), _gravest(late), np.log1p(np.array(counts, np.float64))


def _within(acts: IntArray, first: int, last: int) -> IntArray:
    """Return the levels of the acts on days *first* to *last*."""
    start, end = np.searchsorted(acts[:, 0], [first, last + 1])
    return acts[start:end, 1]


def _gravest(levels: IntArray) -> int:
    if len(levels) == 0:
        return NOTHING
    return FORCE if levels.max() >= FORCE_THRESHOLD else SHORT_OF_FORCE


def _dyads(history: History, actor: IntArray, responder: IntArray, day: IntArray) -> Dyads:
    """Return where each pair stood on the evening of its day, from what was coded until then."""
    by_pair, force = acts_by_pair(history.acts)
    pairs = np.sort(np.column_stack([actor, responder]), axis=1)
    distinct, which = np.unique(pairs, axis=0, return_inverse=True)
    states = np.zeros((len(day), 2, SLOT_COUNT))
    for number, (first, second) in enumerate(distinct.tolist()):
        rows = np.flatnonzero(which == number)
        days, order = np.unique(day[rows], return_inverse=True)
        acts = by_pair[first, second]
        known = known_pair((first, second), acts, None, history, force, int(days[-1]))
        states[rows] = retrace(known, days).evenings[order]
    return Dyads(states, day, (responder != pairs[:, 0]).astype(np.int64))


def _read(dyads: Dyads) -> FloatArray:
    """Return what the responder faces on the next morning, (N, estimated terms)."""
    out = np.zeros((len(dyads.day), TERM_COUNT))
    for n, side in enumerate(dyads.side):
        covariates(dyads.states[n, side], int(dyads.day[n]) + 1, out[n])
    return out[:, :ESTIMATED_COUNT]
