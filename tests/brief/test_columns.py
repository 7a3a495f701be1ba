"""Tables in the terminal: whatever the width, nothing is lost and nothing overflows."""

from __future__ import annotations

from io import StringIO

from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from offramp.brief.columns import Columns

WORDS = st.lists(st.text("abcdé[]", min_size=1, max_size=30), max_size=12).map(" ".join)
TABLES = st.integers(1, 6).flatmap(
    lambda wide: st.tuples(
        st.lists(st.text("xyz ", min_size=1, max_size=20), min_size=wide, max_size=wide),
        st.lists(st.lists(WORDS, min_size=wide, max_size=wide), min_size=1, max_size=4),
    )
)


def printed(table: Columns, width: int) -> list[str]:
    stream = StringIO()
    Console(file=stream, width=width, color_system=None).print(table)
    return [line.rstrip() for line in stream.getvalue().splitlines()]


@given(TABLES, st.integers(20, 120))
def test_every_character_of_every_cell_is_there(
    table: tuple[list[str], list[list[str]]], width: int
) -> None:
    titles, rows = table
    lines = printed(Columns(titles, rows), width)
    assert max(map(len, lines), default=0) <= width
    said = "".join("".join(lines).split())
    for letter in "abcdé[]":
        assert said.count(letter) == sum(cell.count(letter) for row in rows for cell in row)


ROW = ("A strikes", "by 22 April 2024", "40 %", "Does B answer with overt force within 30 days?")
TITLES = ("watch for", "when", "chance", "tells most of")


def test_what_fits_stands_in_columns() -> None:
    assert printed(Columns(TITLES, [ROW]), 90) == [
        "watch for  when              chance  tells most of",
        f"A strikes  by 22 April 2024  40 %    {ROW[3]}",
    ]


def test_a_text_wraps_where_there_is_room_for_it() -> None:
    assert printed(Columns(TITLES, [ROW]), 70) == [
        "watch for  when              chance  tells most of",
        "A strikes  by 22 April 2024  40 %    Does B answer with overt force",
        "                                     within 30 days?",
    ]


def test_where_there_is_none_it_goes_below_with_its_title() -> None:
    assert printed(Columns(TITLES, [ROW]), 56) == [
        "watch for  when              chance",
        "A strikes  by 22 April 2024  40 %",
        "    tells most of: Does B answer with overt force within",
        "    30 days?",
    ]


def test_a_name_longer_than_its_column_stands_above_its_figures() -> None:
    name = "options.strike-third-country=false"
    assert printed(Columns(("lever", "change"), [(name, "−0.1"), ("b", "0.0")]), 34) == [
        "lever                       change",
        name,
        "                            −0.1",
        "b                           0.0",
    ]
