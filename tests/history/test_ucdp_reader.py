from __future__ import annotations

from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from offramp.history.sources import DatasetError
from offramp.history.ucdp import read_conflict_years, read_country_years, read_ged
from offramp.ladder import Level

GED = (
    "id,relid,year,type_of_violence,conflict_new_id,dyad_new_id,dyad_name,side_a_new_id,side_a,"
    "side_b_new_id,side_b,country_id,event_clarity,date_prec,date_start,date_end,deaths_a,deaths_b,"
    "deaths_civilians,deaths_unknown,best,high,low,gwnoa,gwnob\n"
)
CONFLICTS = (
    '"conflict_id","location","side_a","side_b","gwno_a","gwno_b","gwno_a_2nd","gwno_b_2nd","year",'
    '"intensity_level","type_of_conflict","incompatibility","start_date2","start_prec2",'
    '"ep_end_date"\n'
)
MIDNIGHT = " 00:00:00.000"


def event(
    number: int,
    *,
    violence: int = 1,
    precision: int = 1,
    start: str = "1991-01-17",
    end: str = "1991-01-17",
    best: int = 3,
    states: str = "365,260",
) -> str:
    return (
        f"{number},X,1991,{violence},9,8,A - B,7,Government of A,6,B,652,1,{precision},{start},"
        f"{end},0,0,{best},0,{best},{best + 1},{best},{states}"
    )


def write(path: Path, header: str, *rows: str) -> Path:
    path.write_text(header + "".join(f"{row}\n" for row in rows), encoding="utf-8")
    return path


def test_which_events_have_an_exact_day(tmp_path: Path) -> None:
    frame = read_ged(
        write(
            tmp_path / "g.csv",
            GED,
            event(1, start="1991-01-17" + MIDNIGHT, end="1991-01-17" + MIDNIGHT),
            event(2, precision=2, end="1991-01-19"),
            event(3, precision=2),
            event(4, precision=4, start="1991-01-01", end="1991-01-31"),
        )
    )
    assert frame["day"].isna().tolist() == [False, True, True, True]
    assert frame["day"].iloc[0] == date(1991, 1, 17).toordinal()
    assert frame["last_day"].iloc[3] - frame["first_day"].iloc[3] == 30
    assert frame.attrs["days_unknown"] == 3


def test_states_levels_and_estimates(tmp_path: Path) -> None:
    frame = read_ged(
        write(
            tmp_path / "g.csv",
            GED,
            event(1, best=25),
            event(2, best=26, states="365.0,"),
            event(3, violence=3, best=400, states=',"651; 645"'),
        )
    )
    # Unified Germany: 260 in Gleditsch and Ward's list, 255 in Correlates of War.
    assert frame["state_b"].tolist()[0] == 255
    assert frame["state_b"].isna().tolist() == [False, True, True]
    assert frame["level_low"].tolist()[:2] == [Level.LIMITED, Level.MAJOR]
    assert pd.isna(frame["level_low"].iloc[2])  # against civilians: on no rung
    assert frame.attrs["estimates_disordered"] == 0


@pytest.mark.parametrize(
    ("row", "where"),
    [
        (event(1, end="1991-01-16"), "'date_end'"),
        (event(1, start="17 January"), "'date_start'.*found '17 January'"),
        (event(1, violence=4), "'type_of_violence'"),
        (event(1, states="Syria,"), "'gwnoa'"),
    ],
)
def test_a_bad_event_refuses_the_file(tmp_path: Path, row: str, where: str) -> None:
    with pytest.raises(DatasetError, match=rf"g.csv, line 3, column {where}"):
        read_ged(write(tmp_path / "g.csv", GED, event(9), row))


def test_a_conflict_with_several_states_on_a_side(tmp_path: Path) -> None:
    frame = read_conflict_years(
        write(
            tmp_path / "c.csv",
            CONFLICTS,
            '"1","X","A","B","651,  645, 652","666","","2, 200","1948","2","2","1","1948-05-15",'
            '"1",""',
            '"2","X","A","Rebels","678","","340","","2007","1","4","2","2007-01-01","3",'
            '"2007-12-31"',
        )
    )
    assert frame["states_a"].tolist() == [(651, 645, 652), (679,)]  # Yemen after 1990
    assert frame["states_b"].tolist() == [(666,), ()]
    assert frame["seconds_b"].tolist() == [(2, 200), ()]
    assert frame["seconds_a"].tolist() == [(), (345,)]  # Serbia after 2005
    assert frame["ended"].isna().tolist() == [True, False]


def test_the_published_files(data_directory: Path) -> None:
    folder = data_directory / "ucdp"
    events = read_ged(folder / "ged_syria_2016_2019.csv.gz")
    raw = pd.read_csv(folder / "ged_syria_2016_2019.csv.gz", low_memory=False)
    assert len(events) == len(raw) == 16_566
    assert events["day"].notna().sum() == (raw["date_prec"] == 1).sum() == 15_480
    assert events["best"].sum() == raw["best"].sum()
    assert events.attrs["estimates_disordered"] == 101
    assert set(events["state_b"].dropna()) == {652, 666}
    conflicts = read_conflict_years(folder / "UcdpPrioConflict_v24_1.csv")
    assert len(conflicts) == 2_686
    suez = conflicts[(conflicts["conflict"] == 11343) & (conflicts["year"] == 1967)].iloc[0]
    assert (suez["states_a"], suez["states_b"]) == ((651,), (666,))
    assert date.fromordinal(suez["began"]) == date(1967, 6, 5)
    countries = read_country_years(folder / "organizedviolencecy_v25_1.csv.gz")
    assert len(countries) == 6_936
    split = countries["intrastate"] + countries["interstate"]
    assert (split <= countries["state_based"]).all()
