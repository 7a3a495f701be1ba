"""The scores of the model on past crises, where `offramp library` has left them in the workspace.

They are not computed here, for that takes long, and they do not ship, for they would not be those
of the model that runs.
"""

from __future__ import annotations

import shlex
from datetime import UTC, date, datetime
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from offramp.board.tables import written
from offramp.brief.backtest_page import gap
from offramp.store import workspace

FILE = "library.json"


class _Part(BaseModel):
    model_config = ConfigDict(allow_inf_nan=False)


class Brier(_Part):
    """A Brier score, or a difference of two, with its 90 % interval over crises."""

    brier: float
    brier_interval: tuple[float, float]


class CrisisBrier(_Part):
    """Brier scores of one crisis."""

    crisis: str
    title: str
    questions: int
    happened: int
    brier: dict[str, float] = Field(description="by forecast: `offramp` and the baselines")


class LibraryScores(_Part):
    """What `offramp library --json` says of scores; lower is better."""

    crises: int
    questions: int
    happened: int = Field(description="questions that came true")
    offramp: Brier
    baselines: dict[str, Brier]
    paired: dict[str, Brier] = Field(description="ours less theirs, on the same questions")
    by_crisis: list[CrisisBrier]

    @property
    def rows(self) -> list[tuple[str, str, str, str]]:
        """Forecast, Brier score, its interval, and ours less it with the interval."""
        beside = {name: gap(one.brier, one.brier_interval) for name, one in self.paired.items()}
        all_of_them = {"offramp": self.offramp, **self.baselines}
        return [
            (name, f"{one.brier:.3f}", _spread(one), beside.get(name, ""))
            for name, one in all_of_them.items()
        ]

    def as_table(self) -> str:
        """Return the scores by crisis as comma-separated values."""
        names = ["offramp", *self.baselines]
        rows = (
            (one.crisis, one.title, one.questions, one.happened, *map(one.brier.get, names))
            for one in self.by_crisis
        )
        return written(("crisis", "title", "questions", "came_true", *names), rows)


def _spread(one: Brier) -> str:
    low, high = one.brier_interval
    return f"{low:.3f} to {high:.3f}"


def place() -> Path:
    """Return the file of the workspace in which the scores are looked for."""
    return workspace() / FILE


def making() -> str:
    """Return the shell command that makes it."""
    return shlex.join(["offramp", "library", "--out", str(place())])


def library_scores() -> tuple[LibraryScores, date]:
    """Return the scores, and the day on which they were made.

    Raises:
        LookupError: there are none.
        ValueError: the file is not what the command writes.
    """
    try:
        content = place().read_bytes()
        made = datetime.fromtimestamp(place().stat().st_mtime, UTC).date()
    except OSError:
        raise LookupError(f"no scores of past crises: `{making()}` makes them") from None
    try:
        return LibraryScores.model_validate_json(content), made
    except ValidationError:
        raise ValueError(f"{place()} is not what `{making()}` writes: make it again") from None
