"""The page of a crisis, its charts as files, and the page of futures told day by day."""

from __future__ import annotations

import re
import threading
from collections import OrderedDict
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from typing import Any, NamedTuple, TypeVar

from fastapi import Request, Response
from fastapi.responses import HTMLResponse
from markupsafe import Markup

from offramp.board import document, drawings, tables, ties
from offramp.board.computing import Telling, ToldFutures
from offramp.board.levering import watch_job
from offramp.board.pages import Packed, chart_style, fragment, here, page, rendered, theme_of
from offramp.board.seeing import Seen
from offramp.board.watching import watch_list
from offramp.brief import drawings as shared
from offramp.brief import phrases
from offramp.brief.charts import svg
from offramp.brief.inert import inert_text
from offramp.crisis.problems import nearest, quoted
from offramp.forecast.document import Forecast
from offramp.forecast.explanations import WatchList
from offramp.ladder import LEVEL_MEANINGS, LEVEL_NAMES, Level

GROUNDS = {
    "fronts": ("Spillover by front", "spillover"),
    "analogues": ("What happened in like cases", "analogues"),
    "claims": ("Claims in the debate", "claims"),
    "raids": ("The raid against what was expected", "raids"),
    "reasons": ("Why", "reasons"),
    "grounds": ("What it rests on", "weights"),
    "limits": ("Limits", "limits"),
}
"""Sections that the brief draws: title, and the part of the forecast that each shows."""
FOLDED = ("raids", "reasons", "grounds")
DOWNLOADS = tuple(name for name in GROUNDS if name in tables.NAMES)
COMMANDS = {"analogues": "analogues", "claims": "claims", "reasons": "why"}
"""Commands that tell what a section shows."""
BEFORE = (
    ("answers", "Bottom line"),
    ("timeline", "Timeline"),
    ("ties", "Map of ties"),
    ("next-moves", "Next moves"),
    ("levels", "Where it can lead"),
    ("watch", "What to watch"),
)
AFTER = (("again", "Take it along"),)
OF_FACTS = ("timeline", "ties")
OF_FORECAST: dict[str, tuple[str, Callable[[Forecast, Any, str], Markup]]] = {
    "move": ("next_moves", shared.move_chart),
    "levels": ("levels", shared.levels_chart),
    "front": ("spillover", shared.war_chart),
}
"""Charts as files: the part of the forecast that each shows, and what draws it."""
CHART = f"^({'|'.join(OF_FACTS)}|({'|'.join(OF_FORECAST)})-[1-9][0-9]?)$"
"""Names of charts."""
RENDERED = 48
"""Parts of pages kept."""

Made = TypeVar("Made")
_parts: OrderedDict[tuple[Any, ...], Any] = OrderedDict()
_lock = threading.Lock()
_rendering = threading.RLock()
"""One page is rendered at a time, and none twice: more threads would only hold up the server."""


def crisis_page(request: Request, look: Seen) -> Response:
    """Return the page, with the finest answer that is there, else the last of the crisis."""
    best = look.best
    forecast = best or look.board.runs.answers.latest(look.crisis.id)
    seen = (look.view, look.opened.stamp, here(request), theme_of(request))
    watched = look.board.runs.finest([watch_job(look.task)])
    key = (*seen, best is None, _made(forecast), _logged(look), watched is None)

    def make() -> Packed:
        return Packed.of(_crisis_page(request, look, best, forecast, watched))

    return _kept(key, make).answer(request)


def _made(forecast: Forecast | None) -> tuple[Any, ...]:
    """Return what tells a forecast from others of its crisis."""
    if forecast is None:
        return ()
    return (forecast.facts_sha256, forecast.seed, forecast.futures, forecast.draws, id(forecast))


def _logged(look: Seen) -> tuple[Any, ...]:
    points = sorted((name, past.points) for name, past in look.past.items())
    return (look.logged_on, look.board.logged.problem, *points)


def _crisis_page(
    request: Request,
    look: Seen,
    best: Forecast | None,
    forecast: Forecast | None,
    watched: WatchList | None,
) -> str:
    answered = best is not None and best.futures == look.view.futures
    done = answered and watched is not None
    shown = _grounds(forecast)
    return rendered(
        request,
        "crisis.html",
        crisis=look.crisis,
        view=look.view,
        forecast=forecast,
        fresh=best is not None,
        answered=answered,
        facts_sha256=look.facts,
        logged_on=look.logged_on,
        ledger_problem=look.board.logged.problem,
        copied=look.opened.copied,
        watch=watch_list(watched) if watched else None,
        follow=None if done else look.view.url("/progress"),
        sections=[*BEFORE, *((name, title) for name, title in shown), *AFTER],
        headlines=_headlines(look),
        main=look.crisis.fronts[0].pairs[0],
        days=look.days,
        days_known=drawings.days_strip(look.days, look.opened.whole),
        facts=document.facts(look.crisis),
        tie_rows=ties.rows(look.crisis),
        command=document.view_note(look.view).command,
        **_drawn(look),
        **(_rendered(look, forecast) if forecast else {}),
    )


def _headlines(look: Seen) -> list[Any]:
    questions = look.crisis.questions
    return [one for one in questions if one.headline] or questions


def _lead(forecast: Forecast) -> list[str]:
    """Return the sentence of the first headline that is answered by one probability."""
    headlines = phrases.headline_answers(forecast)
    decided = [one for one in headlines if one.probability is not None] or headlines
    return [f"{one.text.rstrip('?')}: {one.words}." for one in decided[:1]]


def _grounds(forecast: Forecast | None) -> list[tuple[str, str]]:
    if forecast is None:
        return []
    return [(name, title) for name, (title, part) in GROUNDS.items() if getattr(forecast, part)]


def _kept(key: tuple[Any, ...], make: Callable[[], Made]) -> Made:
    """Return what was rendered under a key, rendering it where it was not."""
    found: Made | None = _held(key)
    if found is None:
        with _rendering:
            found = _held(key)
            if found is None:
                found = make()
                _hold(key, found)
    return found


def _held(key: tuple[Any, ...]) -> Any:
    with _lock:
        if key in _parts:
            _parts.move_to_end(key)
        return _parts.get(key)


def _hold(key: tuple[Any, ...], made: Any) -> None:
    with _lock:
        _parts[key] = made
        while len(_parts) > RENDERED:
            _parts.popitem(last=False)


def _drawn(look: Seen) -> dict[str, Any]:
    """Return the charts of the facts."""

    def make() -> dict[str, Any]:
        return {
            "timeline": drawings.timeline_chart(look.crisis, look.opened.whole),
            "ties": ties.ties_chart(look.crisis),
        }

    return _kept((look.opened.path, look.opened.stamp, look.view.as_of), make)


def _rendered(look: Seen, forecast: Forecast) -> dict[str, Any]:
    """Return the parts of the page that show a forecast."""

    def make() -> dict[str, Any]:
        context = {
            "forecast": forecast,
            "view": look.view,
            "lead": _lead(forecast),
            "pasts": look.past,
            "change": document.change,
            "grounds": _grounds(forecast),
            "folded": FOLDED,
            "downloads": DOWNLOADS,
            "section_commands": {} if look.view.settings else COMMANDS,
        }
        return {
            name: fragment(f"{name}.html", **context) for name in ("answers", "outlook", "grounds")
        }

    return _kept((look.view, _made(forecast), _logged(look)), make)


def of_facts(name: str) -> bool:
    """Whether a chart shows facts alone, and no forecast.

    Raises:
        LookupError: no chart has such a name.
    """
    if not re.fullmatch(CHART, name):
        names = [*OF_FACTS, *(f"{kind}-1" for kind in OF_FORECAST)]
        raise LookupError(f"no chart {quoted(name)}: {nearest(name, names, 'there are')}")
    return name in OF_FACTS


def chart(name: str, look: Seen, forecast: Forecast | None) -> str:
    """Return a chart as a file of its own; it shows a forecast unless it is `of_facts`.

    Raises:
        LookupError: there is none of that name.
    """
    if forecast is None:
        return svg.standing_alone(_drawn(look)[name], chart_style())
    kind, number = name.split("-")
    part, draw = OF_FORECAST[kind]
    items = getattr(forecast, part)
    if int(number) > len(items):
        raise LookupError(f"no chart {quoted(name)}: there are {len(items)} of these")
    return svg.standing_alone(draw(forecast, items[int(number) - 1], name), chart_style())


def futures_page(request: Request, look: Seen, asked: Telling, told: ToldFutures) -> HTMLResponse:
    """Return the page of futures told day by day."""
    view = look.view
    query = {"front": asked.front, "level": asked.level, "by": str(asked.day)}
    return page(
        request,
        "futures.html",
        view=view,
        title=inert_text(look.crisis.title),
        fronts=look.crisis.fronts,
        front=asked.front,
        front_name=inert_text(
            next(one.name for one in look.crisis.fronts if one.id == asked.front)
        ),
        levels=LEVEL_NAMES,
        level=asked.level,
        meaning=LEVEL_MEANINGS[Level(LEVEL_NAMES.index(asked.level))],
        by=asked.day,
        horizon=look.crisis.horizon_days,
        told=told,
        told_in_parts=[
            told_in_parts(one.lines, view.as_of + timedelta(days=told.day)) for one in told.told
        ],
        json_url=view.url("/futures.json", **query),
        commands=[_future_command(view.name, look, one.number) for one in told.told],
    )


class Shown(NamedTuple):
    """Lines of one future: until the day that was asked for, later ones, and those of it whole."""

    until: list[str]
    later: list[str]
    whole: list[str]


def told_in_parts(lines: Sequence[str], day: date) -> Shown:
    """Return the lines of a future by when they are, before and after the end of a day."""
    shown = Shown([], [], [])
    for line in lines:
        dated = re.match(r"\d{4}-\d\d-\d\d  ", line)
        if dated:
            (shown.until if line[:10] <= day.isoformat() else shown.later).append(line)
        elif line:
            shown.whole.append(line)
    return shown


def _future_command(name: str, look: Seen, number: int) -> str:
    words = ["offramp", "future", name, "--as-of", look.view.as_of.isoformat()]
    return document.shell([*words, "--seed", str(look.view.seed), "--number", str(number)])
