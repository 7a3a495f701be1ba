"""The chart of the timeline on a narrow screen."""

from __future__ import annotations

from datetime import date
from xml.etree import ElementTree

import pytest

from offramp.board.drawings import timeline_chart
from offramp.crisis.as_of import read_crisis
from offramp.crisis.whole import read_whole
from offramp.ladder import LEVEL_NAMES

NARROW = 328
"""Width of the chart on a screen of 360 pixels."""
LETTER = 5.8
"""Width of a letter of a level's name, in pixels, wide fonts included."""


@pytest.mark.parametrize(
    ("crisis", "as_of"), [("bosnia-1992", date(1992, 4, 6)), ("kosovo-1999", date(1999, 3, 24))]
)
def test_no_mark_is_under_the_name_of_a_level(crisis: str, as_of: date) -> None:
    root = ElementTree.fromstring(timeline_chart(read_crisis(crisis, as_of), read_whole(crisis)))
    names = [one for one in root.iter("text") if one.text in LEVEL_NAMES]
    marks = [one.get("cx") or one.get("x", "") for one in root if one.tag in ("circle", "svg")]
    begin = NARROW - LETTER * max(len(one.text or "") for one in names)
    assert {(one.get("x"), one.get("text-anchor")) for one in names} == {("100%", "end")}
    assert len(names) == 8
    assert max(NARROW * float(x.removesuffix("%")) / 100 + 5.5 for x in marks) < begin
