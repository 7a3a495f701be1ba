"""What every part of a crisis file is made of: identifiers, facts, names of levels."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from offramp.ladder import Level, level_named

Identifier = Annotated[
    str, Field(pattern=r"^[a-z0-9][a-z0-9-]{0,63}$", description="lower case, digits, hyphens")
]
ActorIdentifier = Annotated[
    str, Field(pattern=r"^[A-Z][A-Z0-9]{1,11}$", description="capitals and digits, as ISR or HZB")
]
Text = Annotated[str, Field(min_length=1, max_length=2000)]


class Part(BaseModel):
    """A part of a crisis file: unknown keys are refused, values do not change once read."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)


class Fact(Part):
    """A statement about the world, with where it comes from and since when it was known."""

    known: date = Field(description="the first day on which this was publicly known")
    source: list[str] = Field(min_length=1, description="ids from `sources`")
    disputed: bool = Field(default=False, description="true where good sources disagree")


class Attribution(StrEnum):
    """Who is known to have done it."""

    ACKNOWLEDGED = "acknowledged"
    ATTRIBUTED = "attributed"
    UNATTRIBUTED = "unattributed"


LevelName = Annotated[
    Literal[
        "hold",
        "conciliate",
        "verbal",
        "pressure",
        "display",
        "deniable",
        "limited",
        "major",
        "war",
    ],
    Field(description="a rung of the ladder"),
]


def level_bounds(text: str) -> tuple[Level, Level]:
    """Parse a bound on levels, as ``">= limited"``, into the lowest and highest that match.

    Raises:
        ValueError: the text is not an operator and a level.
    """
    for operator in (">=", "<=", "="):
        if text.strip().startswith(operator):
            level = level_named(text.strip()[len(operator) :])
            low = Level.CONCILIATE if operator == "<=" else level
            high = Level.WAR if operator == ">=" else level
            return low, high
    raise ValueError(
        f"{text!r} is not a bound on levels: write '>= limited', '= war', '<= display'"
    )
