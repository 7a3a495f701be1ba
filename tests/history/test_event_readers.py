from __future__ import annotations

from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from offramp.history.icbe import COLUMNS, read_icbe
from offramp.history.keds import levels_of, read_levant
from offramp.history.sources import DatasetError
from offramp.ladder import Level

NAMES = [column.names[0] for column in COLUMNS]


def icbe(tmp_path: Path, **fields: str) -> pd.Series:
    known = {"crisno": "255.0", "sentence_number_int_aligned": "3", "event_type": "action"}
    known |= {"sentence_span_text": '"Israel, however, answered."'}
    path = tmp_path / "icbe.csv"
    row = ",".join((known | fields).get(name, "") for name in NAMES)
    empty = ",".join({**known, "event_type": ""}.get(name, "") for name in NAMES)
    path.write_text("\n".join([",".join(NAMES), empty, row]) + "\n", encoding="utf-8")
    frame = read_icbe(path)
    assert frame.attrs["dropped"] == {"no event in the sentence": 1}
    return frame.iloc[0]


def test_an_act(tmp_path: Path) -> None:
    row = icbe(
        tmp_path,
        do_actor_a="Israel",
        do_actor_b="Egypt;Syria",
        interact_escalate="attack;deployment to area",
        say_actor_a="Jordan",
        date_earliest_year="1973",
        date_earliest_month="10",
        date_earliest_day="8",
    )
    assert (row["crisno"], row["sentence"], row["event_type"]) == (255, 3, "action")
    assert (row["actors"], row["targets"]) == ("Israel", "Egypt;Syria")
    assert row["kinds"] == "attack;deployment to area"
    assert (row["level_low"], row["level_high"]) == (Level.LIMITED, Level.MAJOR)
    assert row["day_earliest"] == row["day_latest"] == date(1973, 10, 8).toordinal()
    assert row["text"] == "Israel, however, answered."


@pytest.mark.parametrize(
    ("fields", "low", "high"),
    [
        ({"interact_escalate": "attack;declaration of war"}, Level.WAR, Level.WAR),
        ({"interact_escalate": "invasion/occupation"}, Level.MAJOR, Level.WAR),
        ({"act_escalate": "mobilization"}, Level.DISPLAY, Level.DISPLAY),
        ({"interact_decreasecoop": "withdraw diplomats"}, Level.PRESSURE, Level.PRESSURE),
        ({"interact_deescalate": "cease fire"}, Level.CONCILIATE, Level.CONCILIATE),
        ({"act_uncooperative": "assassination"}, Level.DENIABLE, Level.DENIABLE),
        ({"act_uncooperative": "coup"}, None, None),
        ({"interact_increasecoop": "military cooperation"}, None, None),
        ({"sayintkind": "threaten"}, None, None),
        ({"event_type": "speech", "sayintkind": "promise;threaten"}, Level.VERBAL, Level.VERBAL),
        ({"event_type": "speech", "sayintkind": "accept"}, Level.CONCILIATE, Level.CONCILIATE),
        # A threat to attack is words: the act spoken of is not done.
        (
            {"event_type": "speech", "sayintkind": "ultimatum", "interact_escalate": "attack"},
            Level.VERBAL,
            Level.VERBAL,
        ),
        ({"event_type": "thought", "interact_escalate": "attack"}, None, None),
    ],
)
def test_levels_of_acts_and_words(
    tmp_path: Path, fields: dict[str, str], low: Level | None, high: Level | None
) -> None:
    row = icbe(tmp_path, **fields)
    assert (None if pd.isna(row["level_low"]) else row["level_low"]) == low
    assert (None if pd.isna(row["level_high"]) else row["level_high"]) == high


@pytest.mark.parametrize(
    ("parts", "first", "last"),
    [
        ({"year": "1973"}, "1973-01-01", "1973-12-31"),
        ({"year": "1973", "year_part": "2"}, "1973-05-01", "1973-08-31"),
        ({"year": "1973", "month": "2"}, "1973-02-01", "1973-02-28"),
        ({"year": "1973", "month": "2", "month_part": "3"}, "1973-02-21", "1973-02-28"),
        (
            {"year": "1973", "month": "2", "month_part": "1", "day": "14"},
            "1973-02-14",
            "1973-02-14",
        ),
        ({"year": "1973", "month": "10;11", "day": "6"}, "1973-10-06", "1973-11-06"),
        ({"year": "1973", "month": "2", "day": "31"}, "1973-02-01", "1973-02-28"),
        ({"year": "1973", "month": "23"}, "1973-01-01", "1973-12-31"),
        ({"year": "2986", "month": "1"}, None, None),
        ({"month": "1", "day": "1"}, None, None),
    ],
)
def test_partial_dates(
    tmp_path: Path, parts: dict[str, str], first: str | None, last: str | None
) -> None:
    row = icbe(tmp_path, **{f"date_earliest_{part}": value for part, value in parts.items()})
    found = [row["day_earliest"], row["day_latest"]]
    if first is None or last is None:
        assert all(pd.isna(day) for day in found)
    else:
        assert found == [date.fromisoformat(text).toordinal() for text in (first, last)]


def test_a_latest_date_lengthens_the_interval(tmp_path: Path) -> None:
    row = icbe(tmp_path, date_earliest_year="1918", date_latest_year="1919", date_latest_month="1")
    assert row["day_latest"] == date(1919, 1, 31).toordinal()


def test_levant_events(tmp_path: Path) -> None:
    path = tmp_path / "levant.csv"
    path.write_text(
        "date,source,target,code\n1979-04-15,EGYGOV,MOSREB,010\n1982-06-06,ISRMIL,LBNREBHEZ,1951\n",
        encoding="utf-8",
    )
    frame = read_levant(path)
    assert frame["day"].tolist() == [
        date(1979, 4, 15).toordinal(),
        date(1982, 6, 6).toordinal(),
    ]
    assert frame["target_country"].tolist() == ["MOS", "LBN"]
    assert frame["level_low"].isna().tolist() == [True, False]
    assert (frame["level_low"][1], frame["level_high"][1]) == (Level.LIMITED, Level.MAJOR)


@pytest.mark.parametrize(
    ("code", "levels"),
    [
        ("051", {Level.CONCILIATE}),
        ("1384", {Level.VERBAL}),
        ("145", None),
        ("150", {Level.DISPLAY}),
        ("163", {Level.PRESSURE}),
        ("1712", {Level.PRESSURE}),
        ("1831", {Level.DENIABLE, Level.LIMITED}),
        ("186", {Level.DENIABLE}),
        ("191", {Level.DISPLAY}),
        ("195", {Level.LIMITED, Level.MAJOR}),
        ("203", {Level.MAJOR, Level.WAR}),
    ],
)
def test_levels_of_codes(code: str, levels: set[Level] | None) -> None:
    found = levels_of(code)
    assert (None if found is None else set(found)) == levels


@pytest.mark.parametrize("code", ["21", "210", "000", "19A", "19"])
def test_a_code_that_is_not_cameo_is_refused(tmp_path: Path, code: str) -> None:
    path = tmp_path / "levant.csv"
    path.write_text(f"date,source,target,code\n1979-04-15,ISR,JOR,190\n1979-04-15,A,B,{code}\n")
    with pytest.raises(DatasetError, match="line 3, column 'code': expected a CAMEO code"):
        read_levant(path)


def test_the_published_files(data_directory: Path) -> None:
    events = read_icbe(data_directory / "icbe" / "ICBe_V1.1_events_agreed.csv.gz")
    assert len(events) + events.attrs["dropped"]["no event in the sentence"] == 18_783
    both = events.dropna(subset=["day_earliest", "day_latest"])
    assert (both["day_earliest"] <= both["day_latest"]).all()
    # Most acts and nearly all words are on a level.
    placed = events["level_low"].notna()
    assert placed[events["event_type"] == "action"].mean() > 0.75
    assert placed[events["event_type"] == "speech"].mean() > 0.9
    levant = read_levant(data_directory / "keds" / "levant_cameo.csv.gz")
    assert len(levant) == 145_709
    assert levant["day"].min() == date(1979, 4, 15).toordinal()
    assert levant["day"].max() == date(2011, 11, 30).toordinal()
