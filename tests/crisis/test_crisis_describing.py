"""A crisis described for a person: complete, within the width, and never taken for markup."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from rich.console import Console

from offramp.crisis.as_of import load, read_crisis
from offramp.crisis.describing import describe
from offramp.crisis.library import shipped
from offramp.crisis.schema import Crisis

SMALL = Path(__file__).with_name("small.yaml").read_text(encoding="utf-8")


def printed(crisis: Crisis, width: int, color: bool = False) -> str:
    console = Console(
        file=io.StringIO(),
        width=width,
        force_terminal=color,
        color_system="truecolor" if color else None,
        highlight=False,
    )
    console.print(describe(crisis))
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


@pytest.mark.parametrize("width", [80, 120])
def test_a_description_names_everything_within_the_width(width: int) -> None:
    text = printed(load(SMALL), width)
    assert max(map(len, text.splitlines())) <= width
    flat = " ".join(text.split())
    for said in (
        "A small crisis",
        "As of 2024-04-15, coded from 2024-04-01, 90 days on.",
        "NOR Norway state 385",
        "USA United States nuclear state 2 12.00 %",
        "USA ally NOR medium",
        "NOR – ISL 1,000 3",
        "0.5 attacks a day, 2024-04-01 to 2024-04-09",
        "sea air low One command.",
        "against rocket",
        "ISL → NOR limited 1 A shot",
        "2024-04-10 ISL → NOR limited A shot across the bow.",
        "10 rocket launched, 9 intercepted; 90 % intercepted by claim",
        "[wire]",
        "2024-04-11 NOR → ISL “threat” We will answer.",
        "own_resolve of NOR: raises risk",
        "again Another shot? 2024-05-15",
        "wire 2024-04-10 A report A wire",
    ):
        assert said in flat or all(word in flat for word in said.split()), said
    for said in ("[wire]", "(disputed)"):
        assert (said in text) == (said == "[wire]")


@pytest.mark.parametrize("width", [80, 120])
@pytest.mark.parametrize("name", shipped())
def test_a_shipped_crisis_is_described_within_the_width(name: str, width: int) -> None:
    crisis = read_crisis(name)
    text = printed(crisis, width)
    assert max(map(len, text.splitlines())) <= width
    for entry in crisis.timeline:
        assert str(entry.day) in text


def test_what_is_disputed_is_marked() -> None:
    disputed = SMALL.replace("soil: NO", "soil: NO\n    disputed: true")
    assert printed(load(disputed), 120).count("(disputed)") == 1


@pytest.mark.parametrize(
    "hostile",
    [
        "[bold red]not markup[/bold red]",
        "[link=https://example.org]x[/link]",
        "[/nothing to close]",
        "\\[escaped]",
        ":smiley:",
        "{0} %s {name}",
    ],
)
def test_text_from_the_file_is_never_markup(hostile: str) -> None:
    places = ("A small crisis", "Norway", "A shot across the bow.", "A wire", "They must.")
    text = SMALL
    for place in places:
        assert place in text
        text = text.replace(place, "'" + hostile + "'", 1)
    for color in (False, True):
        shown = printed(load(text), 200, color)
        assert shown.count(hostile) == len(places)
        assert "\x1b]8;" not in shown


def test_line_breaks_in_names_do_not_break_the_tables() -> None:
    text = SMALL.replace("name: Norway", 'name: "Nor\\n\\n  way\\tx"')
    assert "Nor way x" in printed(load(text), 120)
