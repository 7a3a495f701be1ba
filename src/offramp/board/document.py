"""The page of a crisis as data: what its JSON says, and what its tables show."""

from __future__ import annotations

import shlex
from datetime import date

from pydantic import Field

from offramp.board import ties
from offramp.board.crises import Opened
from offramp.board.logged import Past
from offramp.board.state import View
from offramp.brief.inert import inert_text
from offramp.crisis.schema import Act, Crisis
from offramp.forecast.document import Forecast, Part


class ViewNote(Part):
    """What is looked at."""

    as_of: date
    futures: int
    seed: int
    settings: list[str] = Field(description="levers that are set, each as NAME=VALUE")
    url: str = Field(description="of the page")
    command: str = Field(description="shell command that tells the same")


class SourceNote(Part):
    """Where a fact comes from."""

    publisher: str
    title: str
    date: date
    url: str | None


class TimelineNote(Part):
    """A fact of the timeline."""

    id: str
    day: date
    known: date
    kind: str
    who: str
    whom: str
    level: str = Field(description="of an act; the stance of a statement")
    front: str = Field(description="of an act; empty of a statement")
    text: str
    disputed: bool
    sources: list[SourceNote]


class ActorNote(Part):
    """Who takes part."""

    id: str
    name: str
    kind: str
    nuclear: bool


class EdgeNote(Part):
    """A tie, or a confrontation on a front."""

    one: str
    relation: str
    other: str
    note: str


class LoggedNote(Part):
    """What the ledger holds of a question, and how the answer has changed since."""

    question: str
    points: list[tuple[date, float]]
    change: float | None = Field(description="of the probability, since it was logged last before")


class CrisisNote(Part):
    """A crisis that the board shows."""

    id: str
    title: str
    url: str


class BoardPage(Part):
    """The page of a crisis."""

    id: str
    title: str
    summary: str
    first_day: date = Field(description="first day that it can be seen as of")
    last_day: date = Field(description="last day on which its file learns anything")
    view: ViewNote
    facts: list[TimelineNote]
    actors: list[ActorNote]
    ties: list[EdgeNote]
    logged: list[LoggedNote]
    forecast: Forecast | None = Field(description="null where it is not computed yet")


def facts(crisis: Crisis) -> list[TimelineNote]:
    """Return the timeline of a crisis as of its day, the latest first."""
    found = []
    for entry in crisis.timeline:
        found.append(
            TimelineNote(
                id=entry.id,
                day=entry.day,
                known=entry.known,
                kind=entry.kind,
                who=entry.actor if isinstance(entry, Act) else entry.speaker,
                whom=entry.target if isinstance(entry, Act) else entry.about,
                level=str(entry.level if isinstance(entry, Act) else entry.stance),
                front=entry.front if isinstance(entry, Act) else "",
                text=inert_text(entry.text),
                disputed=entry.disputed,
                sources=[_source(crisis, name) for name in entry.source],
            )
        )
    return sorted(found, key=lambda one: one.day, reverse=True)


def _source(crisis: Crisis, name: str) -> SourceNote:
    source = crisis.sources[name]
    return SourceNote(
        publisher=inert_text(source.publisher),
        title=inert_text(source.title),
        date=source.date,
        url=source.url,
    )


def logged(forecast: Forecast | None, past: dict[str, Past]) -> list[LoggedNote]:
    """Return what was logged of each question that is answered yes or no."""
    found = []
    for answer in forecast.answers if forecast else []:
        points = past[answer.id].points if answer.id in past else ()
        if answer.probability is not None and points:
            found.append(
                LoggedNote(
                    question=answer.id,
                    points=list(points),
                    change=change(answer.probability, past[answer.id], forecast),
                )
            )
    return found


def change(chance: float, past: Past | None, forecast: Forecast | None) -> float | None:
    """Return how far a probability is from what was logged last before it; None if nothing was."""
    if past is None or forecast is None:
        return None
    before = past.until(forecast.as_of, chance)
    return chance - before[-1][1] if before else None


def shell(words: list[str]) -> str:
    """Return words as a command line."""
    return shlex.join(words)


def view_note(view: View) -> ViewNote:
    """Return a view as data."""
    return ViewNote(
        as_of=view.as_of,
        futures=view.futures,
        seed=view.seed,
        settings=list(view.settings),
        url=view.url(),
        command=view.command("lever" if view.settings else "brief"),
    )


def board_page(
    opened: Opened, crisis: Crisis, view: View, forecast: Forecast | None, past: dict[str, Past]
) -> BoardPage:
    """Return the page of a crisis as data."""
    first, last = opened.days
    return BoardPage(
        id=crisis.id,
        title=inert_text(crisis.title),
        summary=inert_text(crisis.summary),
        first_day=first,
        last_day=last,
        view=view_note(view),
        facts=facts(crisis),
        actors=[
            ActorNote(
                id=one.id, name=inert_text(one.name), kind=one.kind.value, nuclear=one.nuclear
            )
            for one in crisis.actors
        ],
        ties=[
            EdgeNote(one=row[0], relation=inert_text(row[1]), other=row[2], note=row[3])
            for row in ties.rows(crisis)
        ],
        logged=logged(forecast, past),
        forecast=forecast,
    )
