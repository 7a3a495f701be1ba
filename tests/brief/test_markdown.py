"""Markdown, read back by an independent parser."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token
from sample import sample
from variants import bare, extreme, hostile

from offramp.brief.inert import inert_text
from offramp.brief.markdown import escape, markdown, table

PARSER = MarkdownIt("commonmark").enable(["table", "strikethrough"])


def tokens(text: str) -> list[Token]:
    found = []
    for block in PARSER.parse(text):
        found += [block, *(block.children or [])]
    return found


def shown(text: str) -> str:
    """The text that a reader sees of one paragraph."""
    return "".join(each.content for each in tokens(text) if each.type in ("text", "text_special"))


@given(st.text())
def test_escaped_text_is_shown_as_it_is(text: str) -> None:
    text = " ".join(inert_text(text).split())
    assert shown(f"- {escape(text)}").replace("\u200b", "") == text.replace("\u200b", "")


@given(st.text(alphabet="\\`*_{}[]()<>#+-.!|~&$@: 1aw/\n"))
def test_marks_of_every_kind_are_shown_as_they_are(text: str) -> None:
    text = " ".join(inert_text(text).split())
    parsed = tokens(f"- {escape(text)}")
    assert shown(f"- {escape(text)}").replace("\u200b", "") == text
    known = {"bullet_list", "list_item", "paragraph"}
    opened = {each.type.removesuffix("_open") for each in parsed if each.type.endswith("_open")}
    assert opened <= known


def test_hostile_text_changes_no_structure() -> None:
    skeletons = [
        [each.type for each in PARSER.parse(markdown(forecast()))] for forecast in (sample, hostile)
    ]
    assert skeletons[0] == skeletons[1]
    kinds = {each.type for each in tokens(markdown(hostile()))}
    assert not {"html_block", "html_inline", "link_open", "image", "em_open", "code_inline"} & kinds


@pytest.mark.parametrize("forecast", [sample, hostile, extreme])
def test_every_row_of_a_table_is_as_wide_as_its_head(forecast) -> None:
    cells = {"th_open", "td_open"}
    widths, width, tables = [], 0, 0
    for each in tokens(markdown(forecast())):
        width += each.type in cells
        if each.type == "tr_close":
            widths.append(width)
            width = 0
        elif each.type == "table_close":
            assert len(set(widths)) == 1
            widths, tables = [], tables + 1
    assert tables >= 10


def test_a_table_by_hand() -> None:
    assert table(["a", "b"], [["1|2", "x_y"]]) == "| a | b |\n| --- | --- |\n| 1\\|2 | x\\_y |"
    assert table(["a"], []) == ""


def test_empty_parts_leave_no_heading() -> None:
    headings = [line for line in markdown(bare()).splitlines() if line.startswith("#")]
    assert headings[1:] == ["## What it rests on", "## How to reproduce it"]
