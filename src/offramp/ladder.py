"""The escalation ladder: the nine levels that every act has, in data, files and futures.

The same names serve the International Crisis Behavior data (ICB), the Militarized
Interstate Events data (MIE) and the PLOVER event ontology. A dataset that cannot tell two
levels apart maps to a *set* of levels, and contributes the sum of their probabilities.
"""

from __future__ import annotations

from enum import IntEnum


class Level(IntEnum):
    """A rung of the ladder, 0 (`hold`) to 8 (`war`)."""

    HOLD = 0
    CONCILIATE = 1
    VERBAL = 2
    PRESSURE = 3
    DISPLAY = 4
    DENIABLE = 5
    LIMITED = 6
    MAJOR = 7
    WAR = 8

    @property
    def label(self) -> str:
        """The lower-case name used in files and output, for example ``limited``."""
        return self.name.lower()


LEVEL_COUNT = len(Level)
LEVEL_NAMES = tuple(level.label for level in Level)

LEVEL_MEANINGS: dict[Level, str] = {
    Level.HOLD: "no act that day",
    Level.CONCILIATE: "declares the matter concluded, talks, ceasefire, withdraws",
    Level.VERBAL: "protest, accusation, demand, threat",
    Level.PRESSURE: "sanctions, breaks relations, economic acts",
    Level.DISPLAY: "mobilization, alert, show of force",
    Level.DENIABLE: "covert, cyber, sabotage, or through a proxy",
    Level.LIMITED: "one overt use of force, bounded",
    Level.MAJOR: "a large overt strike or barrage",
    Level.WAR: "sustained campaign, invasion",
}

FORCE_THRESHOLD = Level.DENIABLE
"""Resolve raises every level from here up (the design's ``r_i [level >= 5]``)."""

OVERT_FORCE = (Level.LIMITED, Level.MAJOR, Level.WAR)

ICB_MAJOR_RESPONSE: dict[int, frozenset[Level]] = {
    1: frozenset({Level.HOLD, Level.CONCILIATE}),
    2: frozenset({Level.VERBAL}),
    3: frozenset({Level.PRESSURE}),
    4: frozenset({Level.PRESSURE}),
    5: frozenset({Level.PRESSURE}),
    6: frozenset({Level.DISPLAY}),
    7: frozenset({Level.DISPLAY}),
    8: frozenset(OVERT_FORCE),
    9: frozenset(OVERT_FORCE),
}
"""ICB ``majres`` to the levels that it may be."""

MIE_ACTION: dict[int, frozenset[Level]] = {
    **{action: frozenset({Level.VERBAL}) for action in range(1, 7)},
    **{action: frozenset({Level.DISPLAY}) for action in (7, 8, 9, 10, 11, 12)},
    **{action: frozenset({Level.LIMITED, Level.MAJOR}) for action in range(13, 18)},
    18: frozenset({Level.WAR}),
    19: frozenset({Level.MAJOR}),
    20: frozenset({Level.WAR}),
    21: frozenset({Level.WAR}),
    22: frozenset({Level.WAR}),
}
"""MIE ``action`` to the levels that it may be (17 clash and 22 battle have no first mover)."""

PLOVER: dict[Level, tuple[str, ...]] = {
    Level.CONCILIATE: ("AGREE", "CONSULT", "COOPERATE", "YIELD"),
    Level.VERBAL: ("ACCUSE", "REJECT", "REQUEST", "THREATEN"),
    Level.PRESSURE: ("SANCTION", "COERCE"),
    Level.DISPLAY: ("MOBILIZE",),
    Level.DENIABLE: ("ASSAULT",),
    Level.LIMITED: ("ASSAULT",),
    Level.MAJOR: ("ASSAULT",),
    Level.WAR: ("ASSAULT",),
}
"""The PLOVER event types that express a level."""


def level_named(name: str) -> Level:
    """Return the level called *name* (case folded).

    Raises:
        ValueError: there is no such level; the message lists those there are.
    """
    try:
        return Level[name.strip().upper()]
    except KeyError:
        raise ValueError(f"unknown level {name!r}: one of {', '.join(LEVEL_NAMES)}") from None


def level_mask(levels: frozenset[Level]) -> int:
    """Return the bit mask of a set of levels."""
    return sum(1 << level for level in levels)
