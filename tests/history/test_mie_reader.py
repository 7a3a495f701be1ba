from __future__ import annotations

import gzip
from collections import defaultdict
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from offramp.history.mie import read_mie
from offramp.history.sources import DatasetError
from offramp.ladder import ICB_MAJOR_RESPONSE, MIE_ACTION, Level

HEADER = (
    "micnum,eventnum,ccode1,ccode2,stmon,stday,styear,endmon,endday,endyear,sidea1,action,hostlev,"
    "fatalmin1,fatalmax1,fatalmin2,fatalmax2,version\n"
)


def write(path: Path, *rows: str) -> Path:
    path.write_text(HEADER + "".join(f"{row},mie-1.0\n" for row in rows), encoding="utf-8")
    return path


def test_every_set_of_levels_is_a_run() -> None:
    # The readers give the lowest and the highest level of a set and nothing is lost.
    for levels in [*MIE_ACTION.values(), *ICB_MAJOR_RESPONSE.values()]:
        assert levels == frozenset(Level(i) for i in range(min(levels), max(levels) + 1))


def test_a_threat_and_its_days(tmp_path: Path) -> None:
    frame = read_mie(write(tmp_path / "m.csv", "3,1,300,345,10,7,1913,10,9,1913,1,1,2,0,0,0,0"))
    row = frame.iloc[0]
    assert (row["micnum"], row["eventnum"], row["actor"], row["target"]) == (3, 1, 300, 345)
    assert row["day"] == date(1913, 10, 7).toordinal()
    assert row["end_day"] == date(1913, 10, 9).toordinal()
    assert (row["year"], row["month"], row["action"], row["hostlev"]) == (1913, 10, 1, 2)
    assert row["directed"]
    assert (row["level_low"], row["level_high"]) == (Level.VERBAL, Level.VERBAL)


def test_unknown_and_impossible_days_are_kept_without_a_day(tmp_path: Path) -> None:
    frame = read_mie(
        write(
            tmp_path / "m.csv",
            "2,1,2,200,5,-9,1902,5,-9,1902,1,7,3,0,0,0,0",
            "2,2,2,200,2,31,1902,3,1,1902,1,7,3,0,0,0,0",
            "2,3,2,200,2,28,1902,2,27,1902,1,7,3,0,0,0,0",
        )
    )
    assert frame["day"].isna().tolist() == [True, True, False]
    assert frame["end_day"].isna().tolist() == [True, False, True]
    assert frame["month"].tolist() == [5, 2, 2]
    assert frame.attrs == {"file": "m.csv", "days_unknown": 1, "days_impossible": 1}


@pytest.mark.parametrize(
    ("action", "dead", "directed", "low", "high"),
    [
        (16, "0,0,25,90", True, Level.LIMITED, Level.MAJOR),
        (16, "0,0,26,26", True, Level.MAJOR, Level.MAJOR),
        (16, "900,900,3,3", True, Level.LIMITED, Level.MAJOR),  # the actor's own dead
        (16, "0,0,-9,-9", True, Level.LIMITED, Level.MAJOR),
        (15, "0,0,26,26", True, Level.LIMITED, Level.MAJOR),
        (17, "13,13,12,12", False, Level.LIMITED, Level.MAJOR),
        (17, "13,13,13,13", False, Level.MAJOR, Level.MAJOR),
        (22, "0,0,0,0", False, Level.WAR, Level.WAR),
        (10, "0,0,0,0", True, Level.DISPLAY, Level.DISPLAY),
    ],
)
def test_levels_and_whose_dead(
    tmp_path: Path, action: int, dead: str, directed: bool, low: Level, high: Level
) -> None:
    frame = read_mie(
        write(tmp_path / "m.csv", f"4,2,339,200,5,15,1946,5,15,1946,1,{action},4,{dead}")
    )
    row = frame.iloc[0]
    assert (row["directed"], row["level_low"], row["level_high"]) == (directed, low, high)
    numbers = [None if int(part) < 0 else int(part) for part in dead.split(",")]
    columns = ["lost_low", "lost_high", "killed_low", "killed_high"]
    assert [None if pd.isna(row[name]) else int(row[name]) for name in columns] == numbers


def test_upper_case_mark_and_gzip(tmp_path: Path) -> None:
    row = "4,2,339,200,5,15,1946,5,15,1946,1,16,4,0,0,44,44"
    plain = write(tmp_path / "m.csv", row)
    packed = tmp_path / "m.csv.gz"
    text = "\ufeff" + HEADER.upper() + row + ",mie-1.0\n"
    packed.write_bytes(gzip.compress(text.encode("utf-8")))
    assert read_mie(packed).equals(read_mie(plain))


def test_a_code_outside_the_codebook_is_refused(tmp_path: Path) -> None:
    good = "4,2,339,200,5,15,1946,5,15,1946,1,16,4,0,0,44,44"
    path = write(tmp_path / "m.csv", good, good.replace(",16,4", ",23,4"))
    with pytest.raises(DatasetError, match=r"m.csv, line 3, column 'action'.*found '23'"):
        read_mie(path)


@pytest.fixture(scope="module")
def acts(data_directory: Path) -> pd.DataFrame:
    return read_mie(data_directory / "mie" / "mie-1.0.csv")


def test_the_published_file(acts: pd.DataFrame) -> None:
    assert len(acts) == 28_011
    assert (acts["year"].min(), acts["year"].max()) == (1816, 2014)
    assert acts.attrs["days_unknown"] == 1_987
    assert acts.attrs["days_impossible"] == 0
    assert not acts.duplicated(["micnum", "eventnum"]).any()
    # The one who attacks loses fewer than the one attacked: columns 2 are the target's dead.
    attacks = acts[acts["action"] == 16]
    assert attacks["killed_low"].sum() > 2 * attacks["lost_low"].sum()


def test_how_often_the_attacked_act_within_thirty_days(acts: pd.DataFrame) -> None:
    dated = acts[acts["directed"] & acts["day"].notna() & (acts["year"] >= 1946)]
    days: dict[tuple[int, int], list[int]] = defaultdict(list)
    for actor, target, day in zip(dated["actor"], dated["target"], dated["day"], strict=True):
        days[actor, target].append(int(day))
    answered: dict[int, list[bool]] = defaultdict(list)
    for actor, target, day in dated[dated["action"] == 16][["actor", "target", "day"]].itertuples(
        index=False
    ):
        theirs = np.array(days.get((target, actor), []))
        before = int(((theirs > day - 30) & (theirs <= day)).sum())
        answered[min(before, 3)].append(bool(((theirs > day) & (theirs <= day + 30)).any()))
    shares = [np.mean(answered[count]) for count in range(4)]
    assert shares == pytest.approx([0.16, 0.37, 0.40, 0.57], abs=0.005)


def test_median_lag_of_a_response(acts: pd.DataFrame) -> None:
    # The first act of a day stands for the day.
    dated = acts[acts["directed"] & acts["day"].notna() & (acts["year"] >= 1946)]
    firsts = dated.sort_values(["day", "micnum", "eventnum"]).drop_duplicates(
        ["actor", "target", "day"]
    )
    days: dict[tuple[int, int], list[int]] = defaultdict(list)
    for actor, target, day in zip(firsts["actor"], firsts["target"], firsts["day"], strict=True):
        days[actor, target].append(int(day))
    lags = []
    for actor, target, day in firsts[firsts["action"] == 16][["actor", "target", "day"]].itertuples(
        index=False
    ):
        later = [d - day for d in days.get((target, actor), []) if 0 < d - day <= 30]
        lags += later[:1]
    assert np.median(lags) == 7
