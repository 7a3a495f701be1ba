"""Futures made by hand or by chance, to hold what is read from them against plain loops."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from hypothesis import strategies as st
from small import small_crisis

from offramp.engine.compile import Compiled, compile_crisis
from offramp.engine.ensemble import Futures
from offramp.engine.outcome import WEEK
from offramp.forecast.outcomes import Outcomes, outcomes_of


@cache
def compiled() -> Compiled:
    return compile_crisis(small_crisis())


@dataclass(frozen=True)
class Deed:
    """One act of a future."""

    day: int
    dyad: int
    level: int
    killed: float = 0.0
    option: int = -1
    failed: float = 0.0


def made(
    deeds: Sequence[Sequence[Deed]],
    horizon: int,
    attacks: dict[tuple[int, int, int], float] | None = None,
    war_days: dict[tuple[int, int, int], int] | None = None,
    toll: dict[tuple[int, int, int], float] | None = None,
    draws: int = 1,
) -> Futures:
    """Return futures of these acts; attacks, war days and toll by (future, front, week)."""
    acts = [deed for future in deeds for deed in sorted(future, key=lambda deed: deed.day)]
    shape = (len(deeds), len(compiled().fronts), -(-horizon // WEEK))

    def by_week(values: dict[tuple[int, int, int], float] | None, kind: type) -> np.ndarray:
        out = np.zeros(shape, kind)
        for place, value in (values or {}).items():
            out[place] = value
        return out

    return Futures(
        compiled=compiled(),
        horizon=horizon,
        first=0,
        draws=draws,
        start=np.cumsum([0, *(len(future) for future in deeds)]),
        day=np.array([one.day for one in acts], np.int16),
        dyad=np.array([one.dyad for one in acts], np.int8),
        level=np.array([one.level for one in acts], np.int8),
        option=np.array([one.option for one in acts], np.int16),
        killed=np.array([one.killed for one in acts], np.float32),
        failed=np.array([one.failed for one in acts], np.float32),
        attacks=by_week(attacks, np.float32),
        toll=by_week(toll, np.float32),
        war_days=by_week(war_days, np.int8),
        surprise=np.zeros((len(deeds), 0, 2), np.float32),
        overflowed=0,
    )


def outcomes(futures: Futures, name: str = "strike") -> Outcomes:
    """How a question of the small crisis comes out in some futures."""
    (question,) = [one for one in small_crisis().questions if one.id == name]
    return outcomes_of(question, futures)


@st.composite
def some_deeds(draw: st.DrawFn, horizon: int) -> list[list[Deed]]:
    """A few futures with a few acts each."""
    deed = st.builds(
        Deed,
        st.integers(1, horizon),
        st.integers(0, len(compiled().dyads) - 1),
        st.integers(1, 8),
        st.integers(0, 50).map(float),
    )
    return draw(st.lists(st.lists(deed, max_size=6), min_size=1, max_size=4))


@st.composite
def some_weeks(draw: st.DrawFn, futures: int, horizon: int) -> dict[tuple[int, int, int], float]:
    """A few (future, front, week) with a number above 0."""
    place = st.tuples(
        st.integers(0, futures - 1),
        st.integers(0, len(compiled().fronts) - 1),
        st.integers(0, -(-horizon // WEEK) - 1),
    )
    return draw(st.dictionaries(place, st.integers(1, 7).map(float), max_size=4))
