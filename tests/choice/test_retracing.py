"""A pair of states retraced by hand: which rows, from which day, for how long, about what."""

from __future__ import annotations

import numpy as np
import pytest

from offramp.choice.dyad import SLOT_COUNT, Slot
from offramp.choice.pair import BATTLE, FIRST_ON_SECOND, SECOND_ON_FIRST, Pair
from offramp.choice.pairing import ICB_SILENCE
from offramp.choice.retracing import Retraced, RowColumn, retrace
from offramp.choice.terms import INDEX
from offramp.ladder import Level, level_mask

FORCE = level_mask(frozenset({Level.LIMITED, Level.MAJOR}))
DISPLAY = level_mask(frozenset({Level.DISPLAY}))
WAR = level_mask(frozenset({Level.WAR}))
HOLD = level_mask(frozenset({Level.HOLD}))
SILENCE = level_mask(ICB_SILENCE)
FIRST, SECOND = 0, 1
MIE, ICB = 0, 1

ROW = (
    *(RowColumn.SIDE, RowColumn.DAY, RowColumn.DAYS),
    *(RowColumn.HAZARD_BIN, RowColumn.OUTCOME, RowColumn.DATASET),
)
Row = tuple[int, int, float, int, int]
"""Side, first day, days of silence (0: an act), hazard bin, mask of levels."""


def event(kind: int, day: int, level: Level, mask: int, killed: int = 0, end: int = 0) -> list[int]:
    return [kind, day, mask, int(level), killed, end or day]


def retraced(
    events: list[list[int]],
    until: int,
    queries: list[list[int]] | None = None,
    force_first: list[list[int]] | None = None,
    asked: list[int] | None = None,
) -> Retraced:
    static = np.zeros((2, 30, SLOT_COUNT))
    static[:, :, Slot.CONTIGUOUS] = 1.0
    force = np.array(force_first or [], np.int64).reshape(-1, 2)
    return retrace(
        Pair(
            events=np.array(events, np.int64).reshape(-1, 6),
            queries=np.array(queries or [], np.int64).reshape(-1, 9),
            static=static,
            force=force,
            bounds=np.array([0, len(force), len(force)]),
            numbers=np.array([2, 365]),
            facts=np.array([1, HOLD, until]),
        ),
        None if asked is None else np.array(asked),
    )


def rows(found: Retraced, dataset: int = MIE) -> list[Row]:
    table = [
        (int(side), int(day), float(days), int(hazard), int(mask))
        for side, day, days, hazard, mask, source in zip(
            *(found.column(name) for name in ROW),
            strict=True,
        )
        if source == dataset
    ]
    return sorted(table, key=lambda row: (row[0], row[1], row[3] == 0))


def of(side: int, table: list[Row]) -> list[Row]:
    return [row for row in table if row[0] == side]


STRIKE = event(FIRST_ON_SECOND, 100, Level.LIMITED, FORCE, killed=4)
ANSWER = event(SECOND_ON_FIRST, 103, Level.LIMITED, FORCE)


def test_a_strike_and_its_answer() -> None:
    found = retraced([STRIKE, ANSWER], until=110)
    table = rows(found)
    # The pair is watched from the strike on: the strike itself is no row.
    assert of(SECOND, table) == [
        (SECOND, 101, 1.0, 1, HOLD),
        (SECOND, 102, 1.0, 2, HOLD),
        (SECOND, 103, 0.0, 2, FORCE),
        (SECOND, 104, 4.0, 3, HOLD),
        (SECOND, 108, 3.0, 4, HOLD),
    ]
    # The first has nothing to answer until day 103, and is recorded from the next day on.
    assert of(FIRST, table) == [
        (FIRST, 101, 2.0, 7, HOLD),
        (FIRST, 103, 1.0, 7, HOLD),
        (FIRST, 104, 1.0, 1, HOLD),
        (FIRST, 105, 2.0, 2, HOLD),
        (FIRST, 107, 4.0, 3, HOLD),
    ]


def test_what_the_rows_read() -> None:
    found = retraced([STRIKE, ANSWER], until=110)
    days, side, day = (found.column(name) for name in (ROW[2], ROW[0], ROW[1]))
    act = int(np.flatnonzero(days == 0)[0])
    x = found.x[act]
    assert x[INDEX["provoked_force"]] == 1.0
    assert x[INDEX["heated_contiguous"]] == 1.0
    assert x[INDEX["contiguous"]] == 0.0
    # Read on day 102, when the hazard's bin begins, two days after the strike.
    assert x[INDEX["heated_rival_force"]] == pytest.approx(np.log1p(np.exp(-2 / 90)))
    after = int(np.flatnonzero((side == SECOND) & (day == 104))[0])
    assert found.x[after, INDEX["answered"]] == 1.0
    assert found.x[after, INDEX["heated_own_force"]] == pytest.approx(np.log1p(np.exp(-1 / 90)))


def test_the_states_that_are_asked_for() -> None:
    """Evenings hold what was done on the day; what comes before a trigger does not hold it."""
    trigger = query(103, FIRST, Level.WAR, 3, FORCE)
    found = retraced([STRIKE, ANSWER], 110, [trigger], asked=[100, 103])
    assert found.evenings[:, SECOND, Slot.PROVOKED_LEVEL].tolist() == [Level.LIMITED, 0.0]
    assert found.evenings[:, SECOND, Slot.HARM].tolist() == [4.0, 0.0]
    assert found.evenings[:, FIRST, Slot.PROVOKED_LEVEL].tolist() == [0.0, Level.LIMITED]
    assert found.before[:, Slot.PROVOKED_LEVEL].tolist() == [0.0]
    assert found.before[:, Slot.OWN_FORCE].tolist() == [1.0]
    assert found.before[:, Slot.CONTIGUOUS].tolist() == [1.0]


def test_an_answer_on_the_same_day_leaves_no_row() -> None:
    table = rows(
        retraced(
            [
                event(FIRST_ON_SECOND, 90, Level.DISPLAY, DISPLAY),
                STRIKE,
                event(SECOND_ON_FIRST, 100, Level.LIMITED, FORCE),
            ],
            until=100,
        )
    )
    on_the_day = [row for row in table if row[1] == 100]
    assert [row for row in on_the_day if row[0] == SECOND] == [
        (SECOND, 100, 1.0, 4, HOLD),  # the morning, ten days after the display
    ]
    assert (FIRST, 100, 0.0, 7, FORCE) in on_the_day


def test_silence_is_cut_at_the_end_and_after_ten_years() -> None:
    assert watched([STRIKE], until=100 + 5000) == 2 * (3652 - 1)
    assert watched([STRIKE], until=120) == 2 * 20
    assert len(retraced([], until=120).x) == 0


def watched(events: list[list[int]], until: int) -> int:
    """Return the days of silence of both sides."""
    return int(retraced(events, until).column(RowColumn.DAYS).sum())


def test_nothing_is_recorded_while_a_war_lasts() -> None:
    """Thirty days after its last battle it is over."""
    battle = event(BATTLE, 200, Level.WAR, WAR, end=260)
    table = rows(retraced([STRIKE, battle], until=300))
    assert max(day + days - 1 for _, day, days, _, _ in table if day < 290) == 200
    assert {day for _, day, _, _, _ in table if day > 200} == {291}


def test_overstretch_counts_other_opponents_once() -> None:
    force = [[95, 700], [98, 365], [99, 710], [101, 700]]
    found = retraced([STRIKE], until=104, force_first=force)
    side, day = found.column(RowColumn.SIDE), found.column(RowColumn.DAY)
    quiet = int(np.flatnonzero((side == FIRST) & (day == 101))[0])
    assert found.x[quiet, INDEX["overstretch"]] == pytest.approx(np.log(3.0))  # 700 and 710


def query(day: int, side: int, level: Level, lag: int, answer: int, indirect: int = 0) -> list[int]:
    return [day, side, int(level), indirect, lag, answer, SILENCE, 1, 2]


def test_a_crisis_is_followed_from_its_trigger_to_the_response() -> None:
    found = retraced([], 400, [query(200, SECOND, Level.VERBAL, 5, DISPLAY)])
    assert rows(found, ICB) == [
        (SECOND, 200, 1.0, 0, SILENCE),
        (SECOND, 201, 1.0, 1, SILENCE),
        (SECOND, 202, 2.0, 2, SILENCE),
        (SECOND, 204, 1.0, 3, SILENCE),
        (SECOND, 205, 0.0, 3, DISPLAY),
    ]
    assert (found.x[:, INDEX["crisis"]] == 1.0).all()
    assert found.x[:, INDEX["crisis_day_0"]].tolist() == [1.0, 0.0, 0.0, 0.0, 0.0]
    assert found.x[:, INDEX["crisis_days_4"]].tolist() == [0.0, 0.0, 0.0, 1.0, 1.0]
    assert (found.x[:, INDEX["crisis_group"]] == 1.0).all()
    assert found.x[0, INDEX["crisis_others"]] == pytest.approx(np.log(3.0))
    assert rows(found, MIE) == []


def test_a_response_on_the_day_of_the_trigger() -> None:
    found = retraced([], 400, [query(200, FIRST, Level.LIMITED, 0, FORCE, indirect=1)])
    assert rows(found, ICB) == [(FIRST, 200, 0.0, 0, FORCE)]
    assert found.x[0, INDEX["provoked_indirect"]] == 1.0


def test_a_crisis_without_a_response_is_90_days_of_silence() -> None:
    table = rows(retraced([], 400, [query(200, FIRST, Level.LIMITED, 90, 0)]), ICB)
    assert sum(days for _, _, days, _, _ in table) == 91  # the evening of the trigger is one
    assert all(mask == SILENCE for *_, mask in table)


def test_a_crisis_leaves_no_trace_in_the_pair() -> None:
    """The trigger may be another's act: what MIE saw of the pair goes on as it was."""
    plain = retraced([STRIKE, ANSWER], 110)
    asked = retraced([STRIKE, ANSWER], 110, [query(102, FIRST, Level.WAR, 3, FORCE)])
    assert [read(plain, side, day) for side in (0, 1) for day in range(101, 111)] == [
        read(asked, side, day) for side in (0, 1) for day in range(101, 111)
    ]


def read(found: Retraced, side: int, day: int) -> list[tuple[int, int, list[float]]]:
    """Return what MIE's rows that cover a day hold: bin, mask, covariates."""
    sides, first, days, hazard, mask, dataset = (found.column(name) for name in ROW)
    last = np.maximum(first, first + days - 1)
    here = (sides == side) & (dataset == MIE) & (first <= day) & (day <= last)
    return [(int(hazard[k]), int(mask[k]), found.x[k].tolist()) for k in np.flatnonzero(here)]
