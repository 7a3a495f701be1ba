"""Leaders, the peace scale and wars."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from offramp.history.leaders import read_leaders
from offramp.history.peace import read_peace_scale
from offramp.history.sources import DatasetError
from offramp.history.wars import read_wars

LEADERS = "obsid,gwcode,leadid,leader,yrborn,gender,startdate,enddate,entry,exit,exitcode\n"
WARS = (
    "warnum,ccode1,ccode2,year,cowinterongoing,cowinteronset,sidea1,sidea2,initiator1,initiator2,"
    "outcome1,outcome2,batdeath1,batdeath2,resume\n"
)


def write(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


def test_leaders_and_who_is_still_in_office(tmp_path: Path) -> None:
    rows = (
        "GMY-1998,260,a,Schroeder,1944,M,1998-10-27,2005-11-22,Regular,Regular,Regular\n"
        "FJI-2007,950,b,Bainimarama,NA,M,2007-01-05,2015-12-31,Irregular,Still in Office,Still\n"
    )
    frame = read_leaders(write(tmp_path / "l.csv", LEADERS + rows))
    assert frame["state"].tolist() == [255, 950]
    assert frame["in_office"].tolist() == [False, True]
    assert frame["start_day"].iloc[0] == date(1998, 10, 27).toordinal()
    assert frame["born"].isna().tolist() == [False, True]
    backwards = rows.replace("2005-11-22", "1998-10-26")
    with pytest.raises(DatasetError, match=r"line 2, column 'enddate'"):
        read_leaders(write(tmp_path / "l.csv", LEADERS + backwards))


def test_the_peace_scale_with_and_without_a_header(tmp_path: Path) -> None:
    rows = "2020,1920,0.75\n435403,1920,.\n2020,1921,1\n200220,1921,0.5\n2020,1922,1\n"
    plain = read_peace_scale(write(tmp_path / "p.csv", rows))
    headed = read_peace_scale(write(tmp_path / "h.csv", f"dyad,year,peace_scale\n{rows}"))
    pd.testing.assert_frame_equal(plain, headed)
    # The year 1922 is coded for one pair only, and so taken for a slip that runs on.
    assert plain.attrs["rows_runaway"] == 1
    assert plain[["first", "second", "year"]].to_numpy().tolist() == [
        [2, 20, 1920],
        [403, 435, 1920],
        [2, 20, 1921],
        [200, 220, 1921],
    ]
    assert plain["scale"].isna().tolist() == [False, True, False, False]


@pytest.mark.parametrize(("row", "column"), [("2002,1921,1", "dyad"), ("2020,1921,2", "scale")])
def test_a_bad_row_of_the_peace_scale(tmp_path: Path, row: str, column: str) -> None:
    with pytest.raises(DatasetError, match=rf"line 2, column '.*{column}'"):
        read_peace_scale(write(tmp_path / "p.csv", f"2020,1920,0.75\n{row}\n"))


def test_wars(tmp_path: Path) -> None:
    rows = "1,220,230,1823,1,1,1,2,1,0,1,2,400,-9,0\n1,230,220,1823,1,1,2,1,0,1,2,1,-9,400,0\n"
    frame = read_wars(write(tmp_path / "w.csv", WARS + rows))
    assert frame["initiator"].tolist() == [1, 0]
    assert frame["dead"].isna().tolist() == [False, True]


def test_the_published_files(data_directory: Path) -> None:
    leaders = read_leaders(data_directory / "states" / "archigos_leaders.csv.gz")
    assert len(leaders) == 3_409
    thatcher = leaders[leaders["leader"] == "Thatcher"].iloc[0]
    assert thatcher["state"] == 200
    assert date.fromordinal(thatcher["start_day"]) == date(1979, 5, 4)
    peace = read_peace_scale(data_directory / "rivalries" / "peace_scale_dyadyears.csv.gz")
    assert (peace["year"].min(), peace["year"].max()) == (1900, 2020)
    assert not peace.duplicated(["first", "second", "year"]).any()
    assert peace.attrs["rows_runaway"] == 18_182
    wars = read_wars(data_directory / "states" / "interstate_wars.csv")
    assert len(wars) == 1_932
    assert set(zip(wars["war"], wars["actor"], wars["target"], strict=True)) == set(
        zip(wars["war"], wars["target"], wars["actor"], strict=True)
    )
    started = wars[wars["initiator"] == 1]
    assert not set(zip(started["war"], started["actor"], strict=True)) & set(
        zip(started["war"], started["target"], strict=True)
    )
