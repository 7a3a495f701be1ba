from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from offramp.reader.dates import days

MONDAY = date(2024, 4, 15)


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("this weekend", "2024-04-13", "2024-04-14"),
        ("Over the weekend, Iran", "2024-04-13", "2024-04-14"),
        ("on Sunday", "2024-04-14", "2024-04-14"),
        ("on Monday", "2024-04-15", "2024-04-15"),
        ("Hamas's October 7 attack", "2023-10-07", "2023-10-07"),
        ("on 1 April 2024", "2024-04-01", "2024-04-01"),
        ("on April 13-14", "2024-04-13", "2024-04-14"),
        ("13 and 14 April", "2024-04-13", "2024-04-14"),
        ("yesterday", "2024-04-14", "2024-04-14"),
        ("two days ago", "2024-04-13", "2024-04-13"),
        ("last week", "2024-04-08", "2024-04-14"),
        ("in January 2020", "2020-01-01", "2020-01-31"),
        ("in February", "2024-02-01", "2024-02-29"),
        ("in 1979", "1979-01-01", "1979-12-31"),
        ("2024-04-10", "2024-04-10", "2024-04-10"),
        ("February 29, 2024", "2024-02-29", "2024-02-29"),
    ],
)
def test_days_against_the_dateline(text: str, first: str, last: str) -> None:
    (found,) = days(text, MONDAY)
    assert (found.first, found.last) == (date.fromisoformat(first), date.fromisoformat(last))


@pytest.mark.parametrize(
    "text", ["it may strike", "300 drones", "February 30, 2024", "May said", "2024-13-01", "10:42"]
)
def test_no_day(text: str) -> None:
    assert days(text, MONDAY) == []


def test_a_day_to_come_is_marked() -> None:
    (found,) = days("next Friday", MONDAY)
    assert found.future
    assert found.first == date(2024, 4, 19)


@given(st.dates(date(1950, 1, 1), date(2100, 1, 1)), st.integers(0, 6))
def test_a_weekday_is_the_last_one(line: date, back: int) -> None:
    meant = line - timedelta(days=back)
    (found,) = days(f"on {meant:%A}", line)
    assert found.first == found.last == meant


@given(st.dates(date(1000, 1, 1)), st.dates(date(1, 1, 1)))
def test_a_full_date_means_itself(meant: date, line: date) -> None:
    for text in (
        f"{meant:%B} {meant.day}, {meant.year:04}",
        f"{meant.day} {meant:%B} {meant.year}",
    ):
        found = days(text, line)
        if 1000 <= meant.year <= 2999:
            assert [(one.first, one.last) for one in found] == [(meant, meant)]
