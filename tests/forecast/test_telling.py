"""A future, told."""

from __future__ import annotations

from made import Deed, compiled, made

from offramp.forecast.telling import tell
from offramp.ladder import Level


def test_a_future_is_told_in_order_with_what_it_cost() -> None:
    options = [one.id for one in compiled().options]
    deeds = [
        Deed(9, 0, Level.LIMITED, killed=3.0, option=options.index("air-strike")),
        Deed(2, 1, Level.MAJOR, option=options.index("barrage"), failed=0.876),
        Deed(30, 5, Level.DISPLAY),
    ]
    futures = made([[], deeds], 60, attacks={(1, 1, 0): 5.0, (1, 1, 3): 2.0, (1, 1, 4): 9.0})
    assert tell(futures, 1) == [
        "A small crisis with everything in it",
        "Future 1, from the end of 2024-04-15, 60 days. Simulated; nothing here has happened.",
        "",
        "2024-04-17  BBB → AAA [major] A barrage of drones and missiles; 88 % intercepted",
        "2024-04-24  AAA → BBB [limited] A strike from the air; 3 killed",
        "2024-05-15  GGG → AAA [display] mobilization, alert, show of force",
        "",
        "The hills: attacks by four weeks: 7, 9, 0",
    ]


def test_a_future_without_an_act() -> None:
    assert "No act on any front." in tell(made([[]], 30), 0)


def test_a_war_ends_and_has_its_toll() -> None:
    week = {(0, 0, k): 7 for k in (1, 2)}
    futures = made(
        [[Deed(8, 0, Level.WAR)]],
        42,
        war_days=week,
        toll={(0, 0, 1): 120.0, (0, 0, 2): 80.0},
        attacks={(0, 0, 1): 4.0},
    )
    lines = tell(futures, 0)
    assert "2024-05-07  The war ends: Between the states" in lines
    assert "Between the states: killed in war: 200" in lines
