"""An ensemble of futures: simulated in chunks, kept compactly, read by questions and charts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from offramp.engine.compile import Compiled
from offramp.engine.condition import Posterior
from offramp.engine.kernel import simulate
from offramp.engine.outcome import MAX_ACTS, WEEK, Record, room_by_future, room_for_acts
from offramp.engine.plan import DyadColumn, FloatArray, IntArray
from offramp.engine.streams import key_of
from offramp.engine.threads import in_order

CHUNK = 512
"""Futures that a thread simulates at a time; the result does not depend on it."""


BY_FUTURE = ("attacks", "toll", "war_days", "surprise")
"""What is kept of each future beside its acts."""
OF_ACTS = ("day", "dyad", "level", "option", "killed", "failed")
"""What is kept of each act."""


@dataclass(frozen=True)
class Futures:
    """Simulated futures; K of them, their acts one after the other.

    Attributes:
        compiled: the crisis.
        horizon: days that each future covers.
        first: number of the first future.
        draws: how many posterior draws they take turns with: future k uses draw k mod draws.
        start: place of each future's first act, (K + 1,).
        day: of each act, days after the as-of date from 1.
        dyad: who to whom.
        level: of the ladder.
        option: index of the option, or -1.
        killed: by the act.
        failed: share of a raid that the defence defeated.
        attacks: on burning fronts by week, (K, F, W).
        toll: killed in war by week, (K, F, W).
        war_days: days at war by week, (K, F, W).
        surprise: acts that are watched, counted, less what was expected of them, by column of
            `Plan.watched`: plain, and with each day weighed by how late it is; 0 on average,
            (K, W, 2).
        overflowed: futures with more acts than are kept.
    """

    compiled: Compiled
    horizon: int
    first: int
    draws: int
    start: IntArray
    day: npt.NDArray[np.int16]
    dyad: npt.NDArray[np.int8]
    level: npt.NDArray[np.int8]
    option: npt.NDArray[np.int16]
    killed: npt.NDArray[np.float32]
    failed: npt.NDArray[np.float32]
    attacks: npt.NDArray[np.float32]
    toll: npt.NDArray[np.float32]
    war_days: npt.NDArray[np.int8]
    surprise: npt.NDArray[np.float32]
    overflowed: int

    @property
    def count(self) -> int:
        """How many futures there are."""
        return len(self.start) - 1

    @cached_property
    def future(self) -> IntArray:
        """The row, 0 to K - 1, that each act belongs to."""
        return np.repeat(np.arange(self.count), np.diff(self.start))

    @cached_property
    def draw(self) -> IntArray:
        """The posterior draw behind each future, (K,)."""
        return self.number % self.draws

    @cached_property
    def number(self) -> IntArray:
        """The number of each future, by which it can be simulated again, (K,)."""
        return self.first + np.arange(self.count)

    @cached_property
    def simulated(self) -> IntArray:
        """How many futures were simulated from each draw, (draws,)."""
        return np.bincount(self.draw, minlength=self.draws)


@dataclass(frozen=True)
class Kept(Futures):
    """Some of the futures that were simulated.

    Attributes:
        of: all of them.
        rows: which ones are left, ascending, (K,).
    """

    of: Futures
    rows: IntArray

    @cached_property
    def number(self) -> IntArray:
        """The number of each future, by which it can be simulated again, (K,)."""
        return self.of.number[self.rows]

    @cached_property
    def simulated(self) -> IntArray:
        """How many futures were simulated from each draw, those not kept too, (draws,)."""
        return self.of.simulated


def keep(futures: Futures, wanted: npt.NDArray[np.bool_]) -> Kept:
    """Return the futures that are wanted, (K,)."""
    acts = wanted[futures.future]
    counts = np.diff(futures.start)[wanted]
    return Kept(
        compiled=futures.compiled,
        horizon=futures.horizon,
        first=futures.first,
        draws=futures.draws,
        start=np.concatenate([[0], np.cumsum(counts)]),
        **{name: getattr(futures, name)[acts] for name in OF_ACTS},
        **{name: getattr(futures, name)[wanted] for name in BY_FUTURE},
        overflowed=futures.overflowed,
        of=futures,
        rows=np.flatnonzero(wanted),
    )


def run(
    compiled: Compiled,
    posterior: Posterior,
    count: int,
    seed: int,
    horizon: int,
    first: int = 0,
    progress: Callable[[int], None] | None = None,
    chunk: int = CHUNK,
) -> Futures:
    """Simulate *count* futures from future number *first* on.

    Args:
        compiled: the crisis.
        posterior: draws given its timeline.
        count: how many futures.
        seed: same seed, same futures, whatever the chunk or the number of threads.
        horizon: days to simulate.
        first: number of the first future.
        progress: called with the number of futures done after each chunk.
        chunk: futures that a thread simulates at a time.
    """
    key = key_of(seed)
    watched = compiled.plan.watched.shape[1]
    by_future: dict[str, Any] = room_by_future(count, len(compiled.fronts), horizon, watched)

    def simulated(begin: int) -> tuple[npt.NDArray[np.int32], Record]:
        size = min(chunk, count - begin)
        own = {name: whole[begin : begin + size] for name, whole in by_future.items()}
        record = Record(**room_for_acts(size), **own)
        simulate(
            compiled.plan, posterior.draws, posterior.worlds, key, first + begin, horizon, record
        )
        return _compact(record)

    pieces = []
    for piece in in_order(simulated, range(0, count, chunk)):
        pieces.append(piece)
        if progress:
            progress(min(len(pieces) * chunk, count))
    draws = len(posterior.draws.resolve)
    return Futures(compiled, horizon, first, draws, **_joined(pieces), **by_future)


def _compact(record: Record) -> tuple[npt.NDArray[np.int32], Record]:
    """Return counts of acts kept, and the record with its acts laid end to end."""
    kept = np.minimum(record.count, MAX_ACTS)
    used = np.arange(MAX_ACTS) < kept[:, None]
    return kept, record._replace(**{name: getattr(record, name)[used] for name in OF_ACTS})


def _joined(pieces: list[tuple[npt.NDArray[np.int32], Record]]) -> dict[str, Any]:
    """Return what `Futures` hold of the acts of all pieces."""
    counts = np.concatenate([kept for kept, _ in pieces])
    made = np.concatenate([record.count for _, record in pieces])
    joined = {
        name: np.concatenate([getattr(record, name) for _, record in pieces]) for name in OF_ACTS
    }
    start = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
    return {"start": start, "overflowed": int((made > MAX_ACTS).sum()), **joined}


def killed_by(futures: Futures, front: int, day: int | IntArray) -> FloatArray:
    """Return how many are killed on a front up to *day* days after the as-of date, (K,).

    The day may differ by future, (K,). Acts count with what they killed; war counts with its
    toll, by the week in proportion.
    """
    plan = futures.compiled.plan
    limit = np.broadcast_to(day, futures.count)
    mine = (plan.dyads[:, DyadColumn.FRONT] == front)[futures.dyad]
    mine &= futures.day <= limit[futures.future]
    by_acts = np.bincount(futures.future[mine], futures.killed[mine], minlength=futures.count)
    weeks = np.clip(limit[:, None] / WEEK - np.arange(futures.toll.shape[2]), 0.0, 1.0)
    total: FloatArray = by_acts + np.einsum("kw,kw->k", futures.toll[:, front], weeks)
    return total
