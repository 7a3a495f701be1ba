from __future__ import annotations

import csv
from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from offramp.history.raids import read_ukraine_raids, read_waves
from offramp.history.sources import DatasetError

RAIDS = "time_start,time_end,model,launch_place,launched,destroyed,not_reach_goal"
WAVES = (
    "op,wave,launch_utc,payload,drones,bm,cm,munitions_est,intercept_count,intercept_rate,"
    "fatalities,injuries,attackers"
)
UNTIL = date(2024, 4, 15)


def write(path: Path, header: str, *rows: str) -> Path:
    path.write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
    return path


def raids(tmp_path: Path, *rows: str) -> pd.DataFrame:
    return read_ukraine_raids(write(tmp_path / "raids.csv", RAIDS, *rows), UNTIL)


def test_a_raid(tmp_path: Path) -> None:
    frame = raids(
        tmp_path, '2024-04-13 18:00,2024-04-14 05:30,Shahed-136/131,"Kursk, Crimea",10.0,8.0,1.0'
    )
    assert frame.iloc[0].to_dict() == {
        "day": date(2024, 4, 13).toordinal(),
        "end_day": date(2024, 4, 14).toordinal(),
        "weapon_class": "drone",
        "model": "Shahed-136/131",
        "supersonic": False,
        "contested": True,
        "launched": 10,
        "destroyed": 8,
        "lost": 1,
    }
    assert frame.attrs == {"file": "raids.csv", "dropped": {}}


@pytest.mark.parametrize(
    ("ended", "kept"),
    [("2024-04-14 23:59", True), ("2024-04-14 ", True), ("2024-04-15", False)],
)
def test_only_raids_that_ended_before_the_day(tmp_path: Path, ended: str, kept: bool) -> None:
    frame = raids(tmp_path, f"2024-04-14 3:30,{ended},Kalibr,,2,1,")
    assert len(frame) == kept
    assert frame["lost"].isna().all()


@pytest.mark.parametrize(
    ("model", "expected"),
    [
        ("X-101/X-555 and Kalibr", ("cruise", False, True)),
        ("X-22 and X-32", ("cruise", True, True)),
        ("P-800 Oniks", ("cruise", True, True)),
        ("X-47 Kinzhal and Iskander-M/KN-23", ("ballistic", True, True)),
        ("C-300/C-400", ("ballistic", True, False)),
        ("C-400 and Iskander-M", ("ballistic", True, True)),
        ("Intercontinental ballistic missile", ("ballistic", True, True)),
        ("Iskander-M and Iskander-K", "models of several classes"),
        ("Shahed-136/131 and Lancet", "a model is not in the table"),
        ("X-22 and X-31P", "a model is not in the table"),
        ("Orlan-10", "a model is not in the table"),
        ("Unknown UAV", "a model is not in the table"),
        ("Молнія", "a model is not in the table"),
    ],
)
def test_models_and_classes(
    tmp_path: Path, model: str, expected: tuple[str, bool, bool] | str
) -> None:
    frame = raids(tmp_path, f"2024-01-01,2024-01-01,{model},,4,2,")
    if isinstance(expected, str):
        assert frame.empty
        assert frame.attrs["dropped"] == {expected: 1}
    else:
        row = frame.iloc[0]
        assert (row["weapon_class"], row["supersonic"], row["contested"]) == expected


def test_bad_counts_are_left_out_and_counted(tmp_path: Path) -> None:
    frame = raids(
        tmp_path,
        "2024-01-01,2024-01-01,Kalibr,,4,5,",
        "2024-01-02,2024-01-02,Kalibr,,4,,",
        "2024-01-03,2024-01-03,Kalibr,,,0,",
        "2024-01-04,2024-01-04,Kalibr,,4.5,0,",
        "2024-01-05,2024-01-05,Orlan-10,,1,2,",
        "2024-01-06,2024-01-06,Kalibr,,4,4,",
        "2024-06-06,2024-06-06,Kalibr,,4,5,",
    )
    assert frame["launched"].tolist() == [4]
    assert frame.attrs["dropped"] == {
        "a count is missing": 2,
        "a count is not whole": 1,
        "more destroyed than launched": 1,
        "a model is not in the table": 1,
    }


def test_a_bad_time_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DatasetError, match=r"line 3, column 'time_start'.*found '14.04.2024'"):
        raids(tmp_path, "2024-01-06,2024-01-06,Kalibr,,4,4,", "14.04.2024,2024-04-14,Kalibr,,1,1,")


def test_waves(tmp_path: Path) -> None:
    path = write(
        tmp_path / "waves.csv",
        WAVES,
        "tp2,1,2024-10-01T16:30:00Z,,False,True,False,100.0,,,1.0,4.0,Iran",
        'tp1,1,2024-04-13T19:00:00Z,"170 drones, 30 cruise",True,False,True,200,198,0.99,0,0,Iran',
        "tp4,9,2026-03-02T05:00:00Z,,,True,,,,,,,",
    )
    frame = read_waves(path)
    assert frame["operation"].tolist() == ["tp1", "tp2", "tp4"]
    first = frame.iloc[0]
    assert first["day"] == date(2024, 4, 13).toordinal()
    assert (first["drone"], first["ballistic"], first["munitions"]) == (True, False, 200)
    assert frame["interception_rate"].isna().tolist() == [False, True, True]
    assert pd.isna(frame["drone"].iloc[2])
    assert read_waves(path, date(2024, 10, 1))["operation"].tolist() == ["tp1"]


def test_the_published_raids(data_directory: Path) -> None:
    path = data_directory / "raids" / "ukraine_missile_raids.csv"
    frame = read_ukraine_raids(path, UNTIL)
    with path.open(encoding="utf-8-sig", newline="") as file:
        shaheds = [
            row
            for row in csv.DictReader(file)
            if row["model"] == "Shahed-136/131" and row["time_end"][:10] < "2024-04-15"
        ]
    drones = frame[frame["weapon_class"] == "drone"]
    assert len(drones) == len(shaheds)
    assert drones["launched"].sum() == sum(float(row["launched"]) for row in shaheds)
    assert drones["destroyed"].sum() == sum(float(row["destroyed"]) for row in shaheds)
    assert (frame["destroyed"] <= frame["launched"]).all()
    assert (frame["end_day"] < UNTIL.toordinal()).all()


def test_the_published_waves(data_directory: Path) -> None:
    frame = read_waves(data_directory / "waves" / "waves_flat.csv")
    assert len(frame) == 136
    assert frame["munitions"].notna().sum() == 19
    assert frame["interception_rate"].notna().sum() == 4
