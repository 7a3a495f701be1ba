"""The questions that a crisis file asks of the future."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import Field, field_validator

from offramp.crisis.parts import (
    ActorIdentifier,
    Attribution,
    Identifier,
    LevelName,
    Part,
    Text,
    level_bounds,
)


class ActEvent(Part):
    """An act that matches every field that is given."""

    actor: ActorIdentifier | None = None
    target: ActorIdentifier | None = None
    front: Identifier | None = None
    level: str = Field(default=">= verbal", description="'>= limited', '= war' or '<= display'")
    soil: str | None = Field(default=None, pattern=r"^[A-Z][A-Z0-9]{1,11}$")
    attribution: list[Attribution] | None = None

    @field_validator("level")
    @classmethod
    def _bound(cls, value: str) -> str:
        level_bounds(value)
        return value


class QuestionBase(Part):
    """What every question has: how it is put and when it closes."""

    id: Identifier
    text: Text
    within_days: int | None = Field(
        default=None, ge=1, le=730, description="closes so many days after the as-of date"
    )
    by: date | None = Field(default=None, description="closes on this day; instead of within_days")
    opened: date | None = Field(
        default=None, description="acts known from this day on count too; the as-of date if absent"
    )
    headline: bool = Field(default=False, description="shown first")


class ActQuestion(QuestionBase):
    """Will such an act happen?"""

    type: Literal["act"]
    event: ActEvent


class WarQuestion(QuestionBase):
    """Will a front be at war, that is, reach level `war`?"""

    type: Literal["war"]
    front: Identifier


class KilledQuestion(QuestionBase):
    """Will at least so many people be killed on a front?"""

    type: Literal["killed"]
    front: Identifier
    at_least: int = Field(ge=1)


class QuietQuestion(QuestionBase):
    """Will there be so many days in a row without any use of force on a front?"""

    type: Literal["quiet"]
    front: Identifier
    days: int = Field(ge=1, le=365)


class FirstResponseQuestion(QuestionBase):
    """At which level does an actor first answer an act, above words?"""

    type: Literal["first_response"]
    actor: ActorIdentifier
    target: ActorIdentifier
    after: Identifier = Field(description="id of the act that is answered")
    at_least: LevelName = Field(default="pressure", description="lower acts do not count as answer")


class KilledNumberQuestion(QuestionBase):
    """How many will be killed on a front?"""

    type: Literal["killed_number"]
    front: Identifier


class FirstDayQuestion(QuestionBase):
    """On which day will such an act first happen?"""

    type: Literal["first_day"]
    event: ActEvent


Question = Annotated[
    ActQuestion
    | WarQuestion
    | KilledQuestion
    | QuietQuestion
    | FirstResponseQuestion
    | KilledNumberQuestion
    | FirstDayQuestion,
    Field(discriminator="type"),
]
