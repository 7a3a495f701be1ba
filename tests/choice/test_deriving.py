"""The figures besides the weights, and that none of them knows what came after its day."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from offramp.choice.deriving import (
    LEVANT_FRONTS,
    WAR_GAP_DAYS,
    acts_until,
    kill_figures,
    levant_fronts,
    war_figures,
)
from offramp.choice.pairing import History
from offramp.choice.records import decision_records
from offramp.history.locating import shelf


def battles(rows: list[tuple[int, int, int, int, int]]) -> pd.DataFrame:
    """Battles: two states, first and last day since 1950, killed."""
    table = pd.DataFrame(rows, columns=["actor", "target", "day", "end_day", "killed_low"])
    first = date(1950, 1, 1).toordinal()
    return table.assign(
        day=table["day"] + first, end_day=table["end_day"] + first, lost_low=0, action=22
    )


def test_wars_by_hand() -> None:
    """Two wars of one pair, seen from either side, a gap apart; one of another."""
    late = 20 + WAR_GAP_DAYS + 1
    table = battles(
        [(2, 365, 0, 9, 60), (365, 2, 15, 19, 40), (2, 365, late, late + 4, 0), (2, 40, 5, 5, 8)]
    )
    (mean, spread), (ending, error) = war_figures(table)
    rates = np.log([100 / 20, 1 / 5, 8 / 1])
    assert (mean, spread) == pytest.approx((rates.mean(), rates.std(ddof=1)), abs=1e-4)
    assert ending == pytest.approx(np.log(3 / (20 + 5 + 1)), abs=1e-4)
    assert error == pytest.approx(3**-0.5, abs=1e-4)


def test_what_goes_on_is_cut() -> None:
    table = battles([(2, 365, 0, 9, 60), (2, 365, 30, 39, 5)])
    first = int(table["day"].min())
    assert acts_until(table, first + 4)["end_day"].tolist() == [first + 4]


def test_fronts_count_force_between_their_sides(tmp_path: Path) -> None:
    path = tmp_path / "levant.csv"
    path.write_text(
        "date,source,target,code\n"
        "1990-01-01,ISRMIL,PALREB,190\n"
        "1990-01-01,PSEGZS,ISR,183\n"
        "1990-01-01,PSEGZS,ISR,173\n"  # an arrest is no force
        "1990-01-03,LBNREBHEZ,ISR,193\n"
        "1990-01-04,ISR,ISRMIL,190\n",  # nor is what has one side
        encoding="utf-8",
    )
    fronts = levant_fronts(path)
    place = {name: k for k, name in enumerate(fronts.names)}
    assert fronts.counts[:, place["Israel–Palestinians"]].tolist() == [2, 0, 0, 0]
    assert fronts.counts[:, place["Israel–Lebanon"]].tolist() == [0, 0, 1, 0]
    assert fronts.counts.sum() == 3
    assert fronts.first_day == date(1990, 1, 1).toordinal()
    linked = {
        (a, b)
        for a in fronts.names
        for b in fronts.names
        if fronts.links[place[a], place[b]] == 1.0
    }
    assert ("Israel–Palestinians", "Israel–Lebanon") in linked
    assert ("Israel–Palestinians", "Iran–Iraq") not in linked
    assert all(a != b and (b, a) in linked for a, b in linked)
    assert set(place) == set(LEVANT_FRONTS)


def test_kill_figures_end_with_their_months(data_directory: Path) -> None:
    """The months up to a day are the same whether or not later raids are known."""
    path = shelf(data_directory).file("raids")
    early = kill_figures(path, date(2022, 12, 1), lambda _: None)
    later = kill_figures(path, date(2023, 1, 1), lambda _: None)
    assert set(early) < set(later)
    assert early == {month: later[month] for month in early}
    assert kill_figures(path, date(2013, 12, 31), lambda _: None) == {}


VIOLENT = 8


def test_records_know_nothing_of_what_came_after(data_directory: Path) -> None:
    """The records up to a day are the same where all later acts and responses are struck out.

    A trigger that is known stays, though its response is not: it drew its actor into the crisis.
    """
    history = History.read(shelf(data_directory))
    day = date(1953, 12, 31).toordinal()
    cases = history.cases
    ended = cases["trigger_day"].fillna(day + 1) + cases["lag_days"].fillna(0) <= day
    begun = cases["trigger_latest"] <= day
    open_yet = cases[begun].copy()
    open_yet.loc[~ended[begun], "lag_days"] = None
    open_yet.loc[~ended[begun], "response_type"] = VIOLENT  # above words, on a day not known
    struck = History(
        history.acts[history.acts["day"] <= day], open_yet, history.states, history.wars
    )
    known, blind = decision_records(history, day), decision_records(struck, day)
    assert len(known) > 5_000
    for name in known.__annotations__:
        assert np.array_equal(getattr(known, name), getattr(blind, name)), name
