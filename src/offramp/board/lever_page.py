"""The page of levers: what can be set, what is set, what that does, and the off-ramps found."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from fastapi import Request
from fastapi.responses import HTMLResponse
from markupsafe import Markup
from pydantic import Field

from offramp.board.document import ViewNote, view_note
from offramp.board.levering import LeverEffect, PulledLevers, Ways
from offramp.board.pages import page
from offramp.board.seeing import Seen
from offramp.board.state import View
from offramp.board.tables import written
from offramp.brief.charts.strip import Mark, strip
from offramp.brief.charts.tornado import points
from offramp.brief.inert import inert_text
from offramp.brief.lever_page import DO, LeverPage, lever_svg
from offramp.forecast.document import Part
from offramp.forecast.levers.declared import Kind, Lever
from offramp.forecast.levers.settings import MOST_FACTOR, lever_named, parse_settings
from offramp.forecast.outcomes import open_questions, question_named

GROUPS: dict[Kind, str] = {
    Kind.CEASEFIRE: "Ceasefires",
    Kind.STANCE: "What backers say",
    Kind.WORD: "What the sides say",
    Kind.OPTION: "Options",
    Kind.LINK: "Links between fronts",
    Kind.WARNING: "Warning of raids",
}
SHOWN = 6
"""Levers of a kind that stand open."""
MOST_SLID, STEP = 2.0, 0.1
"""Of a factor, on a slider; the address takes larger ones."""


class LeverNote(Part):
    """A lever of the crisis."""

    name: str
    kind: str
    who: str
    text: str = Field(description="what is so if it is true")
    proposed: float | None = Field(description="value that could lower a risk; null: by hand only")
    factor: float | None = Field(description="largest factor that it takes; null: true or false")
    set: str | None = Field(description="its value, where it is set")


class LeversData(Part):
    """The page of levers as data."""

    view: ViewNote
    levers: list[LeverNote]
    pulled: PulledLevers


@dataclass(frozen=True)
class Group:
    """Levers of a kind: those that are proposed, and those by hand only."""

    title: str
    foremost: list[LeverNote]
    others: list[LeverNote]


@dataclass(frozen=True)
class Move:
    """What a form of the page changes.

    Attributes:
        pull: `NAME=VALUE`; without a value the lever is taken back.
        lever: name of one that takes a factor.
        factor: how much; 1 takes it back.
        offramps: id of the question whose off-ramps are searched for.
    """

    pull: str = ""
    lever: str = ""
    factor: float = 1.0
    offramps: str = ""


def notes(look: Seen) -> list[LeverNote]:
    """Return the levers of a crisis, with their values where they are set."""
    held = look.view.held
    return [
        LeverNote(
            name=one.name,
            kind=one.kind,
            who=one.who,
            text=inert_text(one.text),
            proposed=one.calm,
            factor=MOST_FACTOR.get(one.kind),
            set=held.get(one.name),
        )
        for one in look.levers
    ]


def buttons(one: LeverNote) -> list[str]:
    """Return the values that a press gives a lever; none where it is slid."""
    if one.factor is not None:
        return []
    return ["true"] if one.kind == Kind.CEASEFIRE else ["false", "true"]


def moved(look: Seen, move: Move) -> View:
    """Return the view with a lever set anew, or taken back.

    Raises:
        ValueError: there is no such lever, or it takes no such value.
    """
    text = move.pull or f"{move.lever}={'' if move.factor == 1.0 else f'{move.factor:g}'}"
    name, _, value = text.partition("=")
    lever: Lever = lever_named(name, look.levers)
    kept = [one for one in look.view.settings if one.split("=", 1)[0] != lever.name]
    if value:
        (made,) = parse_settings([f"{lever.name}={value}"], look.levers, look.crisis)
        kept.append(str(made))
    return look.view.but(settings=tuple(kept))


def searched(look: Seen, question: str) -> str:
    """Return the question whose off-ramps are asked for; empty for none.

    Raises:
        ValueError: no open question has that id.
    """
    return question_named(open_questions(look.crisis), question).id if question else ""


def levers_page(
    request: Request,
    look: Seen,
    found: PulledLevers | None,
    ways: Ways | None,
    asked: str,
    follow: str | None,
) -> HTMLResponse:
    """Return the page, with what is computed so far."""
    view = look.view
    levers = notes(look)
    return page(
        request,
        "levers.html",
        view=view,
        title=inert_text(look.crisis.title),
        trail=_trail(look),
        groups=groups(levers),
        buttons=buttons,
        do=DO,
        numbers={one.name: number for number, one in enumerate(levers)},
        questions=open_questions(look.crisis),
        asked=asked,
        found=found,
        effects=_rows(found.effects) if found else [],
        shown=SHOWN,
        ways=ways,
        follow=follow,
        more={"offramps": asked} if asked else {},
        most_slid=MOST_SLID,
        step=STEP,
        points=points,
        strip=effect_strip,
        set_all=lambda way: view.but(settings=_with(view, way)).url("/levers"),
    )


def _with(view: View, way: Sequence[str]) -> tuple[str, ...]:
    """Return the settings of a view with those of an off-ramp in the place of their like."""
    names = {one.split("=", 1)[0] for one in way}
    return (*(one for one in view.settings if one.split("=", 1)[0] not in names), *way)


def _trail(look: Seen) -> list[tuple[str, str, str]]:
    """Return what is set, in order: as written, in words, and where it is taken back."""
    view = look.view
    settings = parse_settings(view.settings, look.levers, look.crisis)
    return [
        (
            str(one),
            inert_text(one.text),
            view.without(str(one)).url("/levers"),
        )
        for one in settings
    ]


def groups(levers: Sequence[LeverNote]) -> list[Group]:
    """Return levers as they stand on the page, by kind."""
    found = []
    for kind, title in GROUPS.items():
        alike = [one for one in levers if one.kind == kind]
        foremost = [one for one in alike if one.proposed is not None or one.set]
        others = [one for one in alike if one.proposed is None and not one.set]
        if alike:
            found.append(Group(title, foremost, others))
    return found


def _rows(effects: Sequence[LeverEffect]) -> list[LeverEffect]:
    return sorted(effects, key=lambda one: not one.headline)


def effect_strip(one: LeverEffect, rows: Sequence[LeverEffect]) -> Markup:
    """Return an effect with its interval, on an axis that all rows share."""
    end = max((abs(figure) for row in rows for figure in (row.change, *row.interval)), default=0)
    end = max(end, 0.02)
    return strip(
        [
            Mark("tick", 0.0),
            Mark("range", *one.interval),
            Mark("dot", one.change),
        ],
        title=f"{points(one.change)} points ({points(one.interval[0])} to "
        f"{points(one.interval[1])}), on an axis to ±{points(end).lstrip('+')}",
        low=-end,
        high=end,
        ticks=(-end, end),
    )


def effects_table(found: PulledLevers) -> str:
    """Return the effects as comma-separated values."""
    columns = ("question", "text", "event", "before", "after", "change")
    rows = (
        (
            *(one.question, one.text, one.event, one.before, one.after, one.change),
            *(*one.interval, one.monte_carlo_error, found.pairs),
        )
        for one in found.effects
    )
    more = ("interval_low", "interval_high", "monte_carlo_error", "pairs")
    return written((*columns, *more), rows)


def effects_drawing(look: Seen, found: PulledLevers) -> str:
    """Return the effects as a drawing in a file of its own."""
    title = f"{look.crisis.title}: {', '.join(look.view.settings) or 'nothing set'}"
    return lever_svg(LeverPage(title, [(one.text, one.effect) for one in _rows(found.effects)]))


def levers_data(look: Seen, found: PulledLevers) -> LeversData:
    """Return the page as data."""
    return LeversData(view=view_note(look.view), levers=notes(look), pulled=found)
