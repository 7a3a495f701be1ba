from __future__ import annotations

from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from offramp.history.icb import (
    opponents,
    read_icb_actors,
    read_icb_crises,
    read_icb_dyads,
    read_icb_outcomes,
)
from offramp.history.sources import DatasetError
from offramp.ladder import Level

ACTORS = (
    "icb2,crisno,cracno,cracid,actor,crisname,triggr,yrtrig,motrig,datrig,trigent,southv,majres,"
    "yerres,monres,dayres,trgresra,cenvio,sevvio,viol,outesr,gravty,issue,yrterm,moterm,daterm,"
    "regime,powsta,nuclear,pc,iwc,geog"
)
DYADS = "crisno,year,crisname,statea,stateb,trgyrdy,trgmody,trgdady,trmyrdy,trmmody,trmdady"
HINDSIGHT = {"gravty", "issue", "viol", "cenvio", "sevvio", "outcom", "outesr", "crismg", "end_day"}


def actor_row(**changes: object) -> str:
    values: dict[str, object] = {
        "icb2": "ICB2",
        "crisno": 255,
        "cracno": 1,
        "cracid": 666,
        "actor": "ISR",
        "crisname": "OCTOBER-YOM KIPPUR WAR",
        "triggr": 9,
        "yrtrig": 1973,
        "motrig": 10,
        "datrig": 6,
        "trigent": 651,
        "southv": 652,
        "majres": 8,
        "yerres": 1973,
        "monres": 10,
        "dayres": 7,
        "trgresra": 2,
        "cenvio": 4,
        "sevvio": 4,
        "viol": 4,
        "outesr": 1,
        "gravty": 6,
        "issue": 1,
        "yrterm": 1974,
        "moterm": 1,
        "daterm": 18,
        "regime": 1,
        "powsta": 2,
        "nuclear": 3,
        "pc": 2,
        "iwc": 1,
        "geog": 15,
    } | changes
    return ",".join(str(values[name]) for name in ACTORS.split(","))


def write(path: Path, header: str, *rows: str) -> Path:
    path.write_text("\ufeff" + "\n".join([header, *rows]) + "\n", encoding="utf-8")
    return path


def read(tmp_path: Path, *rows: str) -> pd.DataFrame:
    return read_icb_actors(write(tmp_path / "icb2v16.csv", ACTORS, *rows))


def test_an_actor_and_no_hindsight(tmp_path: Path) -> None:
    frame = read(tmp_path, actor_row())
    row = frame.iloc[0]
    assert (row["crisno"], row["actor"], row["trigger_type"], row["response_type"]) == (
        255,
        666,
        9,
        8,
    )
    assert row["trigger_day"] == date(1973, 10, 6).toordinal()
    assert (row["lag_days"], row["lag_published"]) == (1, 2)
    assert (row["response_low"], row["response_high"]) == (Level.LIMITED, Level.WAR)
    assert HINDSIGHT.isdisjoint(frame.columns)
    assert frame.attrs["lags_disagreeing"] == 0


@pytest.mark.parametrize(
    ("day", "first", "last"),
    [(66, 1, 10), (77, 11, 20), (88, 21, 28), ("", 1, 28), (31, 1, 28)],
)
def test_days_known_in_part(tmp_path: Path, day: object, first: int, last: int) -> None:
    frame = read(tmp_path, actor_row(yrtrig=1973, motrig=2, datrig=day))
    row = frame.iloc[0]
    assert pd.isna(row["trigger_day"])
    assert row["trigger_earliest"] == date(1973, 2, first).toordinal()
    assert row["trigger_latest"] == date(1973, 2, last).toordinal()
    assert pd.isna(row["lag_days"])
    assert frame.attrs["days_impossible"] == (1 if day == 31 else 0)


def test_a_response_without_a_month_and_one_before_its_trigger(tmp_path: Path) -> None:
    frame = read(
        tmp_path, actor_row(monres="", dayres=""), actor_row(cracno=2, monres=9, dayres=30)
    )
    assert frame["response_earliest"].tolist()[0] == date(1973, 1, 1).toordinal()
    assert frame["response_latest"].tolist()[0] == date(1973, 12, 31).toordinal()
    assert frame["lag_days"].isna().all()
    assert frame.attrs["lags_negative"] == 1


def test_lags_that_neither_count_explains(tmp_path: Path) -> None:
    rows = [actor_row(cracno=lag, trgresra=lag) for lag in (1, 2, 3)]
    assert read(tmp_path, *rows).attrs["lags_disagreeing"] == 1


def test_gleditsch_and_ward_numbers_become_correlates_of_war(tmp_path: Path) -> None:
    frame = read(
        tmp_path,
        actor_row(cracid=260, yrtrig=1999, yerres=1999, trigent=678, southv=340),
        actor_row(cracno=2, cracid=260, yrtrig=1961, yerres=1961, trigent=678, southv=996),
    )
    assert frame["actor"].tolist() == [255, 260]
    assert frame["trigger_entity"].tolist() == [679, 678]
    assert frame["threat_entity"].tolist() == [340, 996]


def test_an_uncoded_row_is_kept(tmp_path: Path) -> None:
    frame = read(tmp_path, actor_row(triggr="", majres="", yrtrig="", motrig="", datrig=""))
    assert frame[["trigger_type", "response_low", "trigger_earliest"]].isna().all(axis=None)


def test_a_bad_code_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DatasetError, match=r"line 3, column 'triggr'.*found '10'"):
        read(tmp_path, actor_row(), actor_row(triggr=10))
    with pytest.raises(DatasetError, match=r"line 2, column 'datrig'.*found '44'"):
        read(tmp_path, actor_row(datrig=44))


def test_opponents(tmp_path: Path) -> None:
    actors = read(
        tmp_path,
        actor_row(cracno=1),
        actor_row(cracno=2, trigent=996),
        actor_row(cracno=3, trigent=666, southv=666),  # itself: not an opponent
        actor_row(cracno=4, trigent=997, southv=997, datrig=1),
        actor_row(cracno=5, crisno=1, trigent=995, southv=996),
    )
    dyads = read_icb_dyads(
        write(
            tmp_path / "icbdy.csv",
            DYADS,
            "255,1973,X,645,666,1973,10,2,1974,1,18",
            "255,1973,X,663,666,1973,9,66,1974,1,18",
            "255,1973,X,651,652,1973,10,1,1974,1,18",
        )
    )
    assert opponents(actors, dyads).fillna(-1).tolist() == [651, 652, 663, 663, -1]


def test_crises_and_outcomes(tmp_path: Path) -> None:
    header = (
        "icb1,crisno,crisname,break,trigent,yrtrig,motrig,datrig,yrterm,moterm,daterm,"
        "sevviosy,viol,outesr,protrac,geog"
    )
    path = write(tmp_path / "icb1.csv", header, "ICB1,1,RUSSIA,9,996,1918,5,,1920,4,88,3,3,1,3,30")
    crisis = read_icb_crises(path).iloc[0]
    assert (crisis["trigger_type"], crisis["protracted"], crisis["region"]) == (9, 3, 30)
    assert crisis["trigger_latest"] - crisis["trigger_earliest"] == 30
    assert HINDSIGHT.isdisjoint(crisis.index)
    outcome = read_icb_outcomes(path).iloc[0]
    assert (outcome["violence"], outcome["severity"], outcome["recurrence"]) == (3, 3, 1)
    assert outcome["end_earliest"] == date(1920, 4, 21).toordinal()
    actors = write(tmp_path / "icb2.csv", ACTORS, actor_row())
    outcome = read_icb_outcomes(actors).iloc[0]
    assert (outcome["crisis_actor"], outcome["severity"]) == (1, 4)
    assert outcome["end_day"] == date(1974, 1, 18).toordinal()


@pytest.fixture(scope="module")
def actors(data_directory: Path) -> pd.DataFrame:
    return read_icb_actors(data_directory / "icb" / "icb2v15.csv")


def test_how_often_the_response_is_violent(actors: pd.DataFrame) -> None:
    # Shares in version 13, which has 375 direct violent triggers; here version 15.
    violent = actors["response_type"] >= 8
    trigger = actors["trigger_type"]
    assert violent.mean() == pytest.approx(0.385, abs=0.005)
    assert violent[trigger == 9].mean() == pytest.approx(0.605, abs=0.005)
    assert violent[trigger == 8].mean() == pytest.approx(0.456, abs=0.010)
    assert violent[trigger < 8].mean() == pytest.approx(0.230, abs=0.005)


def test_how_soon_the_response_comes(actors: pd.DataFrame) -> None:
    # Counted as ICB counts, with both ends.
    counted = actors["lag_days"].dropna() + 1
    direct = actors["lag_days"][actors["trigger_type"] == 9].dropna() + 1
    assert counted.median() == 5
    assert direct.median() == 3
    assert (direct <= 7).mean() == pytest.approx(0.69, abs=0.005)
    assert actors["lag_published"].median() == 5
    assert actors.attrs["lags_disagreeing"] < 0.05 * len(actors)


def test_every_actor_of_the_published_file_has_an_opponent(
    actors: pd.DataFrame, data_directory: Path
) -> None:
    assert len(actors) == 1_100
    chosen = opponents(actors, read_icb_dyads(data_directory / "icb" / "icbdy_v15.csv"))
    assert chosen.notna().all()
    assert (chosen != actors["actor"]).all()
    assert len(read_icb_crises(data_directory / "icb" / "icb1v15.csv")) == 496
