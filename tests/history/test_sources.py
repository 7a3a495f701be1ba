from __future__ import annotations

import gzip
from datetime import date
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from offramp.history.sources import Column, DatasetError, ordinal_days, read_table

COLUMNS = (
    Column("state", published=("ccode",), minimum=2, maximum=999),
    Column("killed", required=False, minimum=0, missing=frozenset({-9})),
    Column("share", "number", required=False, minimum=0, maximum=1),
    Column("name", "text"),
    Column("day", "date", required=False),
    Column("gone", "truth", required=False, absent=True),
)
HEADER = "ccode,killed,share,name,day\n"


def write(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8", newline="")
    return path


def test_types_missing_values_and_lines(tmp_path: Path) -> None:
    text = HEADER + '2,-9,0.5," New\nYork ",1973-10-06\r\n\n365,,,b,\n'
    table = read_table(write(tmp_path / "a.csv", text), COLUMNS)
    assert table["state"].tolist() == [2, 365]
    assert table["killed"].isna().all()
    assert table["share"].tolist()[0] == 0.5
    assert pd.isna(table["share"].tolist()[1])
    assert table["name"].tolist() == ["New\nYork", "b"]
    assert table["day"].tolist()[0] == date(1973, 10, 6).toordinal()
    assert table["day"].isna().tolist() == [False, True]
    assert table["gone"].isna().all()
    assert table.index.tolist() == [2, 5]
    assert [str(table[name].dtype) for name in ("state", "killed", "share", "gone")] == [
        "int64",
        "Int64",
        "float64",
        "boolean",
    ]


def test_names_without_case_a_byte_order_mark_and_gzip(tmp_path: Path) -> None:
    text = "\ufeffDAY,Name,SHARE,Killed, CCODE \n,x,1,3,750\n"
    packed = tmp_path / "packed.csv"
    packed.write_bytes(gzip.compress(text.encode("utf-8")))
    plain = write(tmp_path / "plain.csv", text)
    assert read_table(packed, COLUMNS).equals(read_table(plain, COLUMNS))
    assert read_table(plain, COLUMNS)["state"].tolist() == [750]


@pytest.mark.parametrize(
    ("row", "column", "expected"),
    [
        ("x,1,1,n,", "ccode", "a whole number from 2 to 999"),
        ("1,1,1,n,", "ccode", "a whole number from 2 to 999"),
        ("1000,1,1,n,", "ccode", "a whole number from 2 to 999"),
        ("2.5,1,1,n,", "ccode", "a whole number from 2 to 999"),
        (",1,1,n,", "ccode", "a whole number from 2 to 999"),
        ("2,-1,1,n,", "killed", "a whole number of at least 0 (or -9 = unknown) or nothing"),
        ("2,1,1.01,n,", "share", "a number from 0 to 1 or nothing"),
        ("2,1,inf,n,", "share", "a number from 0 to 1 or nothing"),
        ("2,1,1,,", "name", "a text"),
        ("2,1,1,n,1973-02-31", "day", "a date such as 1973-10-06 or nothing"),
    ],
)
def test_a_bad_value_refuses_the_file_with_its_place(
    tmp_path: Path, row: str, column: str, expected: str
) -> None:
    path = write(tmp_path / "bad.csv", f'{HEADER}2,1,1,"two\nlines",\n{row}\n')
    with pytest.raises(DatasetError) as caught:
        read_table(path, COLUMNS)
    error = caught.value
    assert (error.path, error.line, error.column, error.expected) == (path, 4, column, expected)
    assert str(error).startswith(f"{path}, line 4, column {column!r}: expected {expected}, found ")


def test_a_missing_column_names_the_nearest(tmp_path: Path) -> None:
    path = write(tmp_path / "bad.csv", "cccode,killed,share,name,day\n")
    with pytest.raises(DatasetError, match=r"line 1: .*'ccode' \(nearest are cccode"):
        read_table(path, COLUMNS)


@pytest.mark.parametrize("row", ["2,1,1,n", "2,1,1,n,,7"])
def test_a_row_of_another_width_is_refused(tmp_path: Path, row: str) -> None:
    path = write(tmp_path / "bad.csv", f"{HEADER}2,1,1,n,\n{row}\n")
    with pytest.raises(DatasetError, match="line 3: expected 5 fields, found"):
        read_table(path, COLUMNS)


def test_unreadable_files_are_refused(tmp_path: Path) -> None:
    with pytest.raises(DatasetError, match="can be read"):
        read_table(tmp_path / "none.csv", COLUMNS)
    cut = tmp_path / "cut.csv.gz"
    cut.write_bytes(gzip.compress(HEADER.encode() * 100)[:-12])
    with pytest.raises(DatasetError, match="whole gzip file"):
        read_table(cut, COLUMNS)
    latin = tmp_path / "latin.csv"
    latin.write_bytes(HEADER.encode() + "2,1,1,Curaçao,\n".encode("latin-1"))
    with pytest.raises(DatasetError, match="line 2: expected text in UTF-8"):
        read_table(latin, COLUMNS)
    with pytest.raises(DatasetError, match="line 2: expected delimited text"):
        read_table(write(tmp_path / "open.csv", HEADER + '2,1,1,"open,\n'), COLUMNS)
    with pytest.raises(DatasetError, match="a column named 'ccode'"):
        read_table(write(tmp_path / "empty.csv", ""), COLUMNS)


def test_codes_and_truths(tmp_path: Path) -> None:
    columns = (Column("action", allowed=frozenset({1, 16})), Column("proxy", "truth"))
    table = read_table(write(tmp_path / "a.csv", "action,proxy\n16,True\n1,FALSE\n"), columns)
    assert table["proxy"].tolist() == [True, False]
    with pytest.raises(DatasetError, match="line 2, column 'action': expected one of 1, 16"):
        read_table(write(tmp_path / "b.csv", "action,proxy\n2,True\n"), columns)
    with pytest.raises(DatasetError, match="line 2, column 'proxy': expected True or False"):
        read_table(write(tmp_path / "c.csv", "action,proxy\n1,maybe\n"), columns)


def test_a_file_without_rows_gives_an_empty_table(tmp_path: Path) -> None:
    table = read_table(write(tmp_path / "a.csv", HEADER), COLUMNS)
    assert table.shape == (0, 6)


@given(
    st.lists(
        st.tuples(
            st.none() | st.integers(1816, 2030),
            st.none() | st.integers(0, 14),
            st.none() | st.integers(0, 33),
        ),
        min_size=1,
    )
)
def test_ordinal_days_agree_with_the_calendar(parts: list[tuple[int | None, ...]]) -> None:
    frame = pd.DataFrame(parts, columns=["y", "m", "d"], dtype="Int64")
    days, impossible = ordinal_days(frame["y"], frame["m"], frame["d"])
    for row, given_parts in enumerate(parts):
        expected, wrong = None, False
        if None not in given_parts:
            try:
                expected = date(*(part for part in given_parts if part is not None)).toordinal()
            except ValueError:
                wrong = True
        assert impossible.iloc[row] == wrong
        assert (None if pd.isna(days.iloc[row]) else days.iloc[row]) == expected
