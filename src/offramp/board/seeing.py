"""From a request to what is looked at: the crisis as of its day, and the forecast to show."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import Annotated

from fastapi import Path, Query, Request

from offramp.board.computing import Task, full_settings, levers_of
from offramp.board.crises import Opened, Shelf
from offramp.board.logged import Logged, Past
from offramp.board.runs import Runs
from offramp.board.state import (
    DEFAULT_FUTURES,
    DEFAULT_SEED,
    LEAST_FUTURES,
    MOST_FUTURES,
    MOST_SEED,
    MOST_SETTINGS,
    View,
)
from offramp.crisis.schema import Crisis
from offramp.forecast.document import Forecast
from offramp.forecast.levers.declared import Lever

DAY = timedelta(days=1)
LONGEST = 1000
"""Days of a slider; one that would be longer begins later."""


@dataclass(frozen=True)
class Board:
    """What all requests share.

    Attributes:
        shelf: the crises.
        runs: what is computed.
        logged: what the ledger says.
        main: id of the crisis that the board was opened with.
    """

    shelf: Shelf
    runs: Runs
    logged: Logged
    main: str


def board_of(request: Request) -> Board:
    """Return what all requests share."""
    board: Board = request.app.state.board
    return board


@dataclass(frozen=True)
class Seen:
    """What one request looks at.

    Attributes:
        board: what all requests share.
        opened: the file.
        crisis: as of the day.
        facts: hash of the crisis.
        view: the state of the page.
    """

    board: Board
    opened: Opened
    crisis: Crisis
    facts: str
    view: View

    @cached_property
    def task(self) -> Task:
        """What is to be computed."""
        view = self.view
        return Task(self.crisis, view.futures, view.seed, view.settings, facts=self.facts)

    @cached_property
    def levers(self) -> tuple[Lever, ...]:
        """The levers of the crisis."""
        return levers_of(self.crisis)

    @cached_property
    def best(self) -> Forecast | None:
        """The finest answer that is there."""
        return self.board.runs.best(self.task)

    @cached_property
    def past(self) -> dict[str, Past]:
        """What was logged of the crisis, by question."""
        return dict(self.board.logged.of(self.crisis.id))

    @cached_property
    def logged_on(self) -> date | None:
        """The day on which the full answer was recorded in the ledger, if it is there."""
        best = self.best
        return self.board.logged.on(best) if best and not self.view.settings else None

    @property
    def days(self) -> list[date]:
        """The days of the slider."""
        first, last = self.opened.days
        last = max(last, self.view.as_of)
        first = max(first, min(last - LONGEST * DAY, self.view.as_of))
        return [first + k * DAY for k in range((last - first).days + 1)]


def seen(
    request: Request,
    identifier: Annotated[str, Path(description="id of a crisis", max_length=64)],
    as_of: Annotated[
        date | None,
        Query(description="seen from its end; the file's own if absent"),
    ] = None,
    futures: Annotated[
        int, Query(ge=LEAST_FUTURES, le=MOST_FUTURES, description="how many to simulate")
    ] = DEFAULT_FUTURES,
    seed: Annotated[int, Query(ge=0, le=MOST_SEED, description="same seed, same futures")] = (
        DEFAULT_SEED
    ),
    settings: Annotated[
        list[str] | None,
        Query(alias="set", description="a lever, as NAME=VALUE", max_length=MOST_SETTINGS),
    ] = None,
) -> Seen:
    """Return what a request looks at.

    Raises:
        UnknownCrisisError: there is no such crisis.
        CrisisError: it cannot be read, or not as of that day.
        ValueError: a lever is not set as it can be.
    """
    board = board_of(request)
    opened = board.shelf.open(identifier)
    crisis, facts = opened.as_of(as_of or opened.whole.as_of)
    view = View(
        crisis=identifier,
        name=opened.name,
        as_of=crisis.as_of,
        own_day=opened.whole.as_of,
        futures=futures,
        seed=seed,
        settings=full_settings(settings or (), crisis),
    )
    return Seen(board, opened, crisis, facts, view)
