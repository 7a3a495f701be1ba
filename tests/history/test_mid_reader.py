from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from offramp.history.mid import (
    directed_acts,
    read_mid_disputes,
    read_mid_incidents,
    read_mid_participants,
)
from offramp.history.mie import read_mie
from offramp.history.sources import DatasetError
from offramp.ladder import Level

DISPUTES = (
    "dispnum,stday,stmon,styear,endday,endmon,endyear,outcome,settle,fatality,fatalpre,maxdur,"
    "mindur,hiact,hostlev,recip,numa,numb,ongo2014,version\n"
)
PARTICIPANTS = (
    "dispnum,incidnum,stabb,ccode,stday,stmon,styear,endday,endmon,endyear,insidea,sidea,fatality,"
    "fatalpre,action,hostlev,revtype1,revtype2,version\n"
)


def write(path: Path, header: str, *rows: str) -> Path:
    path.write_text(header + "".join(f"{row}\n" for row in rows), encoding="utf-8")
    return path


def test_disputes_with_and_without_a_day(tmp_path: Path) -> None:
    frame = read_mid_disputes(
        write(
            tmp_path / "a.csv",
            DISPUTES,
            "2,-9,7,1902,24,1,1903,6,1,0,0,208,178,7,3,0,1,1,0,5",
            "3,2,5,1913,25,10,1913,-9,-9,2,-9,177,177,16,4,1,1,1,0,5",
            "4,31,2,1913,25,10,1913,4,3,6,-9,177,177,0,1,1,1,1,0,5",
        )
    )
    assert frame["start_day"].isna().tolist() == [True, False, True]
    assert frame["start_day"].iloc[1] == date(1913, 5, 2).toordinal()
    assert frame.attrs["days_unknown"] == 1
    assert frame.attrs["days_impossible"] == 1
    assert frame["level_low"].tolist()[:2] == [Level.DISPLAY, Level.LIMITED]
    assert frame["level_high"].tolist()[:2] == [Level.DISPLAY, Level.MAJOR]
    assert pd.isna(frame["level_low"].iloc[2])  # action 0: did nothing
    # Category 2 is 26 to 100 dead, category 6 more than 999.
    assert frame["dead_low"].tolist() == [0, 26, 1000]
    assert frame["outcome"].isna().tolist() == [False, True, False]


def test_the_acting_side_of_an_incident_acts_on_each_of_the_other(tmp_path: Path) -> None:
    participants = read_mid_participants(
        write(
            tmp_path / "p.csv",
            PARTICIPANTS,
            '7,71,"USA",2,16,7,1992,16,7,1992,1,1,0,0,16,4,2,0,5',
            '7,71,"CAN",20,16,7,1992,16,7,1992,1,1,0,0,0,1,2,0,5',
            '7,71,"IRQ",645,16,7,1992,16,7,1992,0,0,1,12,0,1,2,0,5',
            '7,71,"IRN",630,16,7,1992,16,7,1992,0,0,3,-9,0,1,2,0,5',
            '7,72,"IRQ",645,-9,7,1992,-9,7,1992,1,0,0,0,7,3,2,0,5',
            '7,72,"USA",2,-9,7,1992,-9,7,1992,0,1,0,0,0,1,2,0,5',
        )
    )
    acts = directed_acts(participants)
    assert acts[["incident", "actor", "target", "action"]].to_numpy().tolist() == [
        [71, 2, 645, 16],  # Canada stood by, and did nothing
        [71, 2, 630, 16],
        [72, 645, 2, 7],
    ]
    assert acts["killed_low"].tolist() == [12, 101, 0]
    assert acts["day"].isna().tolist() == [False, False, True]


@pytest.mark.parametrize(
    ("wrong", "column"), [(",23,4,1,1,1,0,5", "hiact"), (",16,6,1,1,1,0,5", "hostlev")]
)
def test_a_code_outside_the_codebook_is_refused(tmp_path: Path, wrong: str, column: str) -> None:
    good = "3,2,5,1913,25,10,1913,4,3,0,0,177,177,8,3,0,1,1,0,5"
    bad = "3,2,5,1913,25,10,1913,4,3,0,0,177,177" + wrong
    path = write(tmp_path / "a.csv", DISPUTES, good, bad)
    with pytest.raises(DatasetError, match=rf"a.csv, line 3, column '{column}'"):
        read_mid_disputes(path)


def test_the_published_files(data_directory: Path) -> None:
    folder = data_directory / "mid"
    disputes = read_mid_disputes(folder / "MIDA_5.0.csv")
    incidents = read_mid_incidents(folder / "MIDI_5.0.csv")
    participants = read_mid_participants(folder / "MIDIP_5.0.csv")
    assert (len(disputes), len(incidents), len(participants)) == (2_436, 4_483, 9_619)
    raw = pd.read_csv(folder / "MIDA_5.0.csv")
    assert disputes.attrs["days_unknown"] == (raw["stday"] == -9).sum() == 271
    assert set(incidents["incident"]) - set(participants["incident"]) == {4_269_010}
    assert set(participants["incident"]) <= set(incidents["incident"])
    # MIE is MID's incidents recoded: most of the dated acts stand in it, same actor, target, day.
    acts = directed_acts(participants).dropna(subset=["day"])
    mie = read_mie(data_directory / "mie" / "mie-1.0.csv").dropna(subset=["day"])
    known = set(zip(mie["actor"], mie["target"], mie["day"], strict=True))
    found = [row in known for row in zip(acts["actor"], acts["target"], acts["day"], strict=True)]
    assert np.mean(found) > 0.8
