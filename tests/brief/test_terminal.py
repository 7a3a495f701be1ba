"""The page in the terminal."""

from __future__ import annotations

import re
from unicodedata import category

import pytest
from rich.cells import cell_len
from sample import AGAIN, AS_OF, answer, sample
from variants import bare, extreme, hostile

from offramp.brief.inert import BIDI_CONTROLS
from offramp.brief.terminal import bar, terminal_text
from offramp.forecast.document import BaseRateNote


@pytest.mark.parametrize("width", [80, 100, 120])
@pytest.mark.parametrize("forecast", [sample, extreme, bare, hostile])
def test_the_page_keeps_to_its_width(forecast, width: int) -> None:
    lines = terminal_text(forecast(), width).splitlines()
    assert max(map(cell_len, lines)) <= width


def test_it_stays_a_page() -> None:
    text = terminal_text(sample(), 100)
    assert len(re.findall(r"[^\W\d_]{2,}", text)) < 420
    assert len(text.splitlines()) < 66


def test_it_says_what_the_forecast_says() -> None:
    text = terminal_text(sample(), 120)
    for said in (
        "as of 15 April 2024",
        "An Israeli strike on Iranian soil within a week is unlikely (31 %)",
        "18–47 %, base rate 41 %",
        "limited 39 % · none 29 %",
        "12 more in",
        "Israel → Iran, direct",
        "5 terms are elicited priors",
        "offramp brief israel-iran-2024-04 --as-of 2024-04-15 --futures 100000 --seed 7",
    ):
        assert said in text
    assert "us-sanctions" not in text


def test_hostile_text_is_shown_and_does_nothing() -> None:
    text = terminal_text(hostile(), 120)
    assert "[bold]b[/bold]" in text
    controls = {each for each in text if category(each) == "Cc"} - {"\n"}
    assert not controls
    assert not BIDI_CONTROLS & set(text)


def test_a_bar_stands_where_its_figures_are() -> None:
    drawn = bar(answer("x", "?", 30, 0.5, (0.2, 0.8), AGAIN)).plain
    # 25 cells of 4 per cent: 20 % is cell 5, 22 % cell 5, 50 % cell 12, 80 % cell 20.
    assert drawn == "├" + "─" * 5 + "◇" + "━" * 6 + "●" + "━" * 8 + "─" * 4 + "┤"
    full = bar(answer("x", "?", 30, 1.0, (0.0, 1.0))).plain
    assert full == "├" + "━" * 24 + "●" + "┤"


def test_a_bar_is_whole_however_much_stands_beside_it() -> None:
    rate = BaseRateNote(rate=0.16, cases=100, reference_class="such acts")
    one = answer("a", "Will it?", 30, 0.049, (0.004, 0.13), rate, headline=True)
    text = terminal_text(sample().model_copy(update={"answers": [one]}), 80)
    assert "almost no chance" in text  # the longest of the words
    assert len(re.findall(r"├.{25}┤", text)) == 1


def test_empty_parts_leave_no_heading() -> None:
    text = terminal_text(bare(), 80)
    assert "The questions" not in text
    assert "Next moves" not in text
    assert str(AS_OF.year) in text
