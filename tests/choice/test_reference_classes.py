"""Base rates, counted by hand in a small history."""

from __future__ import annotations

import itertools

import pandas as pd
import pytest

from offramp.choice.reference import (
    ACT_LEVELS,
    AFTER_ACTS,
    AFTER_TRIGGERS,
    FROM_DAY,
    HORIZONS,
    RESPONSE_LEVELS,
    act_kind,
    base_rate,
    count_base_rates,
)
from offramp.ladder import Level

START = FROM_DAY + 1000
UNTIL = START + 400


def acts(rows: list[tuple[int, int, int, Level]]) -> pd.DataFrame:
    """Acts: actor, target, days after `START`, level."""
    table = pd.DataFrame(rows, columns=["actor", "target", "day", "level_low"])
    return table.assign(
        day=table["day"] + START, level_low=table["level_low"].astype(int), directed=True
    )


def cases(rows: list[tuple[int, int | None, int, Level]]) -> pd.DataFrame:
    """ICB actors: trigger type, lag, response type, lowest level of the response."""
    table = pd.DataFrame(
        rows, columns=["trigger_type", "lag_days", "response_type", "response_low"]
    )
    return table.assign(
        trigger_day=float(START),
        lag_days=table["lag_days"].astype("float64"),
        response_low=table["response_low"].astype(int),
    )


CASES = cases(
    [
        (2, 3, 7, Level.DISPLAY),
        (2, 40, 8, Level.LIMITED),
        (3, None, 1, Level.HOLD),
        (8, 10, 8, Level.LIMITED),
        (9, 0, 4, Level.PRESSURE),
    ]
)
ACTS = acts(
    [
        (1, 2, 0, Level.LIMITED),  # answered by a display after 5, by force after 20 days
        (2, 1, 5, Level.DISPLAY),  # answered by nothing
        (2, 1, 20, Level.LIMITED),  # answered by nothing
        (3, 4, 0, Level.LIMITED),  # never answered
        (4, 5, 3, Level.LIMITED),  # by another pair: no answer to 3
        (1, 3, 100, Level.VERBAL),  # words of the same day, of which the order is not known
        (3, 1, 100, Level.VERBAL),
        (1, 2, 390, Level.WAR),  # too late: its longest horizon has not passed
    ]
)


@pytest.fixture(scope="module")
def table() -> dict:
    return count_base_rates(ACTS, CASES, UNTIL)


def test_after_acts(table: dict) -> None:
    """Horizons are 7, 14, 30, 60, 90 and 180 days; four acts of force, of which one answered."""
    force = table["force"]
    assert force["cases"] == 4
    assert force["rates"]["verbal"] == force["rates"]["display"] == [0.25] * 6
    assert force["rates"]["limited"] == [0.0, 0.0, 0.25, 0.25, 0.25, 0.25]
    assert table["display"] == {
        "cases": 1,
        "rates": {level.label: [0.0] * len(HORIZONS) for level in ACT_LEVELS},
    }
    assert table["words"]["cases"] == 2
    assert table["words"]["rates"]["verbal"] == [0.0] * 6
    assert table["words"]["rates"]["display"] == [0.0] * 6


def test_after_triggers(table: dict) -> None:
    calm = table["non-violent trigger"]
    assert calm["cases"] == 3
    assert calm["rates"]["pressure"] == [0.3333, 0.3333, 0.3333, 0.6667, 0.6667, 0.6667]
    assert calm["rates"]["limited"] == [0.0, 0.0, 0.0, 0.3333, 0.3333, 0.3333]
    assert table["indirect violent trigger"]["rates"]["limited"] == [0.0, 1.0, 1.0, 1.0, 1.0, 1.0]
    assert table["direct violent trigger"]["rates"]["pressure"] == [1.0] * 6
    assert table["direct violent trigger"]["rates"]["display"] == [0.0] * 6


def test_several_acts_of_a_day_are_one() -> None:
    twice = pd.concat([ACTS, ACTS[ACTS["day"] == START].assign(level_low=int(Level.DISPLAY))])
    assert count_base_rates(twice, CASES, UNTIL) == count_base_rates(ACTS, CASES, UNTIL)


def test_what_came_later_is_not_counted(table: dict) -> None:
    later = acts([(2, 1, 401, Level.LIMITED), (4, 3, 500, Level.LIMITED)])
    assert count_base_rates(pd.concat([ACTS, later]), CASES, UNTIL) == table


def test_clashes_without_a_first_mover_are_not_counted(table: dict) -> None:
    clash = acts([(2, 1, 1, Level.LIMITED)]).assign(directed=False)
    assert count_base_rates(pd.concat([ACTS, clash]), CASES, UNTIL) == table


def test_looking_up(table: dict) -> None:
    found = base_rate(table, "force", Level.LIMITED, 30)
    assert found is not None
    assert (found.rate, found.cases) == (0.25, 4)
    between = base_rate(table, "force", Level.LIMITED, 22)
    assert between is not None
    assert between.rate == pytest.approx(0.125)  # half way from 14 to 30 days
    early = base_rate(table, "force", Level.VERBAL, 1)
    assert early is not None
    assert early.rate == pytest.approx(0.25 / 7)
    assert base_rate(table, "force", Level.WAR, 30) is None
    assert base_rate(table, "force", Level.MAJOR, 30) is None
    assert base_rate(table, "force", Level.LIMITED, 181) is None
    assert base_rate(table, "something else", Level.LIMITED, 30) is None


@pytest.mark.parametrize("after", [*AFTER_ACTS, *AFTER_TRIGGERS])
def test_higher_levels_and_shorter_horizons_are_rarer(table: dict, after: str) -> None:
    levels = RESPONSE_LEVELS if after in AFTER_TRIGGERS else ACT_LEVELS
    rows = [table[after]["rates"][level.label] for level in levels]
    for row in rows:
        assert row == sorted(row)
    for lower, higher in itertools.pairwise(rows):
        assert all(b <= a for a, b in zip(lower, higher, strict=True))


def test_kinds_of_act() -> None:
    kinds = [act_kind(level) for level in range(1, 9)]
    assert kinds == ["words"] * 3 + ["display"] + ["force"] * 4
