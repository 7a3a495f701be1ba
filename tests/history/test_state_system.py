from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from offramp.history.locating import shelf
from offramp.history.sources import DatasetError
from offramp.history.states import StateSystem

FILES = {
    "national_capabilities.csv": [
        "ccode,year,milex,cinc",
        "2,1990,1,0.14",
        "2,1992,1,0.15",
        "666,1990,1,",
        "666,1991,1,0.004",
    ],
    "atop_alliance_dyads.csv": [
        "ccode1,ccode2,year,atop_defense,atop_offense",
        "2,200,1990,1,0",
        "2,20,1991,0,1",
        "2,200,1992,1,0",
        "2,666,1990,0,0",
        "2,20,1990,1,0",
    ],
    "direct_contiguity.csv": [
        "ccode1,ccode2,conttype,stdate,enddate",
        "666,651,1,1979-03-01,2016-12-01",
        "666,652,1,1950-01-01,1960-02-01",
        "666,630,5,1950-01-01,2016-12-01",
        "666,663,0,1950-01-01,2016-12-01",
        "666,660,3,1950-01-01,2016-12-01",
    ],
    "minimum_distance.csv": [
        "ccode1,ccode2,year,mindist",
        "630,666,1948,980.5",
        "630,666,1967,891.8",
    ],
    "thompson_strategic_rivalries.csv": [
        "tssr_id,rivalry,ccode1,ccode2,start,end,positional",
        "1,Israel-Iran,630,666,1979,2020,1",
        "2,Israel-Egypt,651,666,1948,1979,",
    ],
    "interstate_wars.csv": [
        "warnum,ccode1,ccode2,year",
        "181,651,666,1973",
        "181,666,651,1973",
    ],
}


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    for name, lines in FILES.items():
        folder = tmp_path / ("rivalries" if "rivalries" in name else "states")
        folder.mkdir(exist_ok=True)
        (folder / name).write_text("\n".join(lines) + "\n", encoding="utf-8")
    return tmp_path


@pytest.fixture
def system(directory: Path) -> StateSystem:
    return StateSystem(shelf(directory).state_files())


def day(text: str) -> int:
    return date.fromisoformat(text).toordinal()


def test_capabilities_carry_forward_over_gaps(system: StateSystem) -> None:
    years = [1989, 1990, 1991, 1992, 2024]
    np.testing.assert_equal(system.cinc(2, years), [np.nan, 0.14, 0.14, 0.15, 0.15])
    np.testing.assert_equal(system.cinc(666, [1990, 1991]), [np.nan, 0.004])


def test_alliances_end_when_their_rows_do_save_in_the_last_year(system: StateSystem) -> None:
    assert system.allied(200, 2, [1989, 1990, 1991, 1992, 2024]).tolist() == [
        False,
        True,
        False,
        True,
        True,
    ]
    assert not system.allied(2, 20, 2024)
    assert not system.allied(2, 666, 1990)


@pytest.mark.parametrize(
    ("other", "when", "expected"),
    [
        (651, "1979-02-28", False),
        (651, "1979-03-01", True),
        (651, "2024-04-15", True),  # the file stops in 2016; the border did not
        (652, "1960-02-29", True),  # to the end of the publisher's month
        (652, "1960-03-01", False),
        (630, "1990-01-01", False),  # 400 miles of water
        (663, "1990-01-01", False),  # type 0: none
        (660, "1990-01-01", True),  # 24 miles of water
    ],
)
def test_contiguity_by_day_and_type(
    system: StateSystem, other: int, when: str, expected: bool
) -> None:
    assert bool(system.contiguous(666, other, day(when))) == expected
    assert bool(system.contiguous(other, 666, day(when))) == expected


def test_distances_rivals_and_wars(system: StateSystem) -> None:
    np.testing.assert_equal(
        system.distance_km(666, 630, [1900, 1950, 2024]), [np.nan, 980.5, 891.8]
    )
    assert system.rivals(666, 630, [1978, 1979, 2024]).tolist() == [False, True, True]
    assert system.rivals(666, 651, [1979, 1980]).tolist() == [True, False]
    assert system.at_war(651, 666, [1972, 1973, 1974]).tolist() == [False, True, False]


def test_nuclear_weapons(system: StateSystem) -> None:
    assert system.nuclear(2, [1944, 1945, 2024]).tolist() == [False, True, True]
    assert system.nuclear(560, [1978, 1979, 1991, 1992]).tolist() == [False, True, True, False]
    assert system.nuclear([2, 365, 200, 220, 710, 666, 750, 770, 731], 2024).all()
    assert not system.nuclear([630, 560, 369, 260], 2024).any()


def test_cases_get_the_same_answers_one_by_one_and_together(system: StateSystem) -> None:
    cases = pd.DataFrame(
        {
            "actor": [666, 666, 2, 630],
            "target": [651, 630, 200, 666],
            "year": [1979, 1980, 1992, 1950],
            "day": pd.array([day("1979-06-01"), None, None, None], dtype="Int64"),
        },
        index=[5, 6, 7, 8],
    )
    ties = system.with_ties(cases)
    assert ties.index.tolist() == cases.index.tolist()
    assert "allied" not in cases
    for place, row in enumerate(cases.itertuples(index=False)):
        when = day(f"{row.year}-01-01") if pd.isna(row.day) else int(row.day)
        expected = {
            "actor_cinc": system.cinc(row.actor, row.year),
            "target_cinc": system.cinc(row.target, row.year),
            "allied": system.allied(row.actor, row.target, row.year),
            "contiguous": system.contiguous(row.actor, row.target, when),
            "distance_km": system.distance_km(row.actor, row.target, row.year),
            "rivals": system.rivals(row.actor, row.target, row.year),
            "actor_nuclear": system.nuclear(row.actor, row.year),
            "target_nuclear": system.nuclear(row.target, row.year),
            "at_war": system.at_war(row.actor, row.target, row.year),
        }
        for name, value in expected.items():
            np.testing.assert_equal(ties[name].iloc[place], value[()])
    # In January 1979 the border of the hand-made file was not yet there.
    assert ties["contiguous"].tolist() == [True, False, False, False]
    january = system.with_ties(cases.drop(columns="day"))
    assert not january["contiguous"].iloc[0]


@pytest.mark.parametrize("year", [1950, 1960, 1973, 1979, 1990, 1991, 1992])
def test_later_rows_change_no_answer(
    directory: Path, tmp_path: Path, system: StateSystem, year: int
) -> None:
    """An answer for a year is the same from files cut off after that year."""
    began: dict[str, Callable[[list[str]], int]] = {
        "direct_contiguity.csv": lambda fields: int(fields[3][:4]),
        "thompson_strategic_rivalries.csv": lambda fields: int(fields[4]),
    }
    cut = tmp_path / "cut"
    cut.mkdir()
    for name, lines in FILES.items():
        place = lines[0].split(",").index("year") if name not in began else 0
        when = began.get(name, lambda fields, place=place: int(fields[place]))
        kept = [line for line in lines[1:] if when(line.split(",")) <= year]
        (cut / name).write_text("\n".join([lines[0], *kept]) + "\n", encoding="utf-8")
    before = StateSystem(shelf(cut).state_files())
    states = np.array([2, 20, 200, 630, 651, 652, 660, 663, 666])
    cases = pd.DataFrame(
        [(a, b, year) for a in states for b in states if a != b],
        columns=["actor", "target", "year"],
    )
    pd.testing.assert_frame_equal(before.with_ties(cases), system.with_ties(cases))


def test_a_file_that_is_not_there_is_named(directory: Path) -> None:
    (directory / "states" / "interstate_wars.csv").unlink()
    with pytest.raises(DatasetError, match=r"interstate_wars.csv in it; or: offramp"):
        shelf(directory).state_files()


def test_the_published_files(data_directory: Path) -> None:
    system = StateSystem(shelf(data_directory).state_files())
    assert 0.10 < float(system.cinc(2, 2024)) < 0.15
    assert system.allied(2, [200, 255, 740], 2024).all()
    assert not system.allied(2, 365, 2024)
    april = day("2024-04-15")
    assert system.contiguous(666, [651, 652, 660, 663], april).all()
    assert not system.contiguous(666, [630, 645], april).any()
    assert 850 < float(system.distance_km(666, 630, 2024)) < 1000
    assert system.rivals(666, 630, [1978, 2024]).tolist() == [False, True]
    assert system.at_war(2, 645, [1991, 2003, 2004]).tolist() == [True, True, False]
