"""Charts: figures stand where they should, against places computed by hand or by search."""

from __future__ import annotations

import re
from datetime import date, timedelta
from itertools import pairwise, product
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from offramp.brief.charts import Mark, area_chart, ceiling, line_chart, strip
from offramp.brief.charts.scale import Scale, day_ticks, probability_ticks, spread, thin
from offramp.brief.charts.svg import BOTTOM, LEFT, RIGHT, TOP
from offramp.forecast.document import Curve, LevelsOverTime

START = date(2024, 4, 15)


def points(d: str) -> list[tuple[float, float]]:
    return [(float(x), float(y)) for x, y in re.findall(r"(-?[\d.]+),(-?[\d.]+)", d)]


def classed(drawing: str, name: str) -> list[ElementTree.Element]:
    root = ElementTree.fromstring(drawing)
    return [each for each in root.iter() if name in each.get("class", "").split()]


def test_a_scale_puts_its_ends_at_its_ends() -> None:
    scale = Scale(0, 1, 200, 100)
    assert [scale(value) for value in (0, 0.25, 1)] == [200, 175, 100]
    assert Scale(3, 3, 10, 20)(3) == 10


@given(st.floats(0, 1))
def test_the_axis_holds_every_probability_and_its_ticks_end_it(probability: float) -> None:
    end = ceiling(probability)
    assert probability <= end <= 1
    ticks = probability_ticks(end)
    assert ticks[0] == 0
    assert ticks[-1] == pytest.approx(end)
    assert 3 <= len(ticks) <= 4


@given(st.integers(1, 1460))
def test_day_ticks_are_few_and_within(last: int) -> None:
    ticks = day_ticks(last)
    assert 1 <= len(ticks) <= 4
    assert 0 < ticks[0] <= ticks[-1] <= last


@given(st.integers(1, 2000), st.integers(2, 100))
def test_thinning_keeps_the_ends(count: int, limit: int) -> None:
    kept = thin(count, limit)
    assert kept[0] == 0
    assert kept[-1] == count - 1
    assert kept == sorted(set(kept))
    assert len(kept) <= limit or count <= limit


@given(st.lists(st.floats(0, 200), min_size=1, max_size=9))
def test_labels_stand_apart_in_order_and_within(places: list[float]) -> None:
    moved = spread(places, 15, 0, 200)
    ranked = sorted(range(len(places)), key=lambda k: places[k])
    heights = [moved[k] for k in ranked]
    assert all(after - before >= 15 - 1e-6 for before, after in pairwise(heights))
    assert min(moved) >= -1e-6
    assert max(moved) <= 200 + 1e-6


@given(st.lists(st.integers(0, 12), min_size=3, max_size=3))
def test_labels_move_as_little_as_any_search_can_find(places: list[int]) -> None:
    gap, room = 3, 12
    moved = spread(places, gap, 0, room)
    order = sorted(range(3), key=lambda k: places[k])
    grid = [k / 2 for k in range(2 * room + 1)]
    best = min(
        sum((place - places[k]) ** 2 for place, k in zip(trial, order, strict=True))
        for trial in product(grid, repeat=3)
        if trial[1] - trial[0] >= gap and trial[2] - trial[1] >= gap
    )
    assert sum((a - b) ** 2 for a, b in zip(moved, places, strict=True)) <= best + 1e-9


def test_labels_without_room_share_what_there_is() -> None:
    assert spread([5, 5, 5], 15, 0, 10) == pytest.approx([0, 5, 10])
    assert spread([], 15, 0, 10) == []


def test_a_line_ends_where_its_probability_is() -> None:
    curve = Curve(name="war", days=[1, 10], probability=[0, 0.1], low=[0, 0.05], high=[0, 0.2])
    drawing = line_chart([curve], title="t", identifier="c", top=0.2, start=START)
    (line,) = classed(drawing, "line")
    middle = (TOP + BOTTOM) / 2
    tenth = LEFT + (RIGHT - LEFT) / 10
    assert points(line.get("d", "")) == [
        pytest.approx((tenth, BOTTOM), abs=0.06),
        pytest.approx((RIGHT, middle), abs=0.06),
    ]
    (band,) = classed(drawing, "band")
    assert points(band.get("d", ""))[1] == pytest.approx((RIGHT, TOP), abs=0.06)
    assert "10 %" in "".join(classed(drawing, "label")[0].itertext())
    assert (START + timedelta(days=7)).strftime("%d Apr") in drawing


def test_the_strongest_ink_is_the_last_line() -> None:
    curves = [
        Curve(name=name, days=[1], probability=[0.1], low=[0.1], high=[0.1]) for name in "abc"
    ]
    drawing = line_chart(curves, title="t", identifier="c", top=1.0, start=START)
    assert [each.get("class") for each in classed(drawing, "line")] == [
        "line rung-3",
        "line rung-4",
        "line rung-5",
    ]


def test_areas_fill_the_plot_with_the_gravest_at_the_foot() -> None:
    levels = LevelsOverTime(
        front="f",
        days=[1, 9],
        levels=["hold", "limited", "war"],
        shares=[[1, 0, 0], [0.5, 0.3, 0.2]],
    )
    drawing = area_chart(levels, title="t", identifier="c", start=START)
    hold, limited, war = (points(each.get("d", "")) for each in classed(drawing, "area"))
    height = BOTTOM - TOP
    assert hold[1][1] == TOP
    assert war[2][1] == BOTTOM
    assert war[1][1] == limited[2][1] == pytest.approx(BOTTOM - 0.2 * height, abs=0.06)
    assert limited[1][1] == hold[2][1] == pytest.approx(BOTTOM - 0.5 * height, abs=0.06)
    assert [each.get("class") for each in classed(drawing, "area")] == [
        "area level-0",
        "area level-6",
        "area level-8",
    ]


def test_a_strip_puts_marks_on_its_axis() -> None:
    drawing = strip([Mark("range", 0.25, 0.75), Mark("dot", 0.5), Mark("tick", 2.0)], title="said")
    root = ElementTree.fromstring(drawing)
    assert root.get("role") == "img"
    assert root.get("aria-label") == "said"
    (span,) = classed(drawing, "range")
    assert (span.get("x1"), span.get("x2")) == ("26.00%", "74.00%")
    assert classed(drawing, "dot")[0].get("cx") == "50.00%"
    assert classed(drawing, "tick")[0].get("x1") == "98.00%", "beyond the axis stands at its end"


def test_no_days_draw_nothing() -> None:
    none = Curve(name="war", days=[], probability=[], low=[], high=[])
    assert line_chart([none], title="t", identifier="c", top=1.0, start=START) == ""
    empty = LevelsOverTime(front="f", days=[], levels=[], shares=[])
    assert area_chart(empty, title="t", identifier="c", start=START) == ""


def test_text_in_a_drawing_is_escaped() -> None:
    curve = Curve(name="<b>'\"&", days=[1], probability=[0.1], low=[0.1], high=[0.1])
    drawing = line_chart([curve], title="<script>", identifier='"x', top=1.0, start=START)
    assert "<script" not in drawing
    assert "<b>" not in drawing
    assert ElementTree.fromstring(drawing).findtext("title") == "<script>"
