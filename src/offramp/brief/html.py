"""The brief as one HTML file that needs nothing else: no request, no script, no font.

Every text is escaped where it is put in; what escaping leaves is removed by `inert`. The page's
content security policy allows its own style and nothing more.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from offramp.brief import drawings, phrases
from offramp.brief.inert import inert
from offramp.forecast import words
from offramp.forecast.document import Forecast

SECTIONS = {
    "bottom-line": ("Bottom line", "bottom_line"),
    "questions": ("The questions", "answers"),
    "next-moves": ("Next moves, and when", "next_moves"),
    "levels": ("Where it can lead", "levels"),
    "fronts": ("Spillover by front", "spillover"),
    "raids": ("The raid against what was expected", "raids"),
    "reasons": ("Why", "reasons"),
    "decomposition": ("From base rate to forecast", "decompositions"),
    "analogues": ("The nearest past decisions", "analogues"),
    "claims": ("Claims in the debate", "claims"),
    "grounds": ("What it rests on", "weights"),
    "facts": ("Latest facts", "latest_facts"),
    "limits": ("Limits", "limits"),
    "again": ("How to reproduce it", "crisis"),
}
"""The sections in order: identifier, title, and the part of the document that it shows."""


def html(forecast: Forecast) -> str:
    """Return the whole page."""
    forecast = inert(forecast)
    present = {
        identifier: title
        for identifier, (title, part) in SECTIONS.items()
        if getattr(forecast, part)
    }
    return environment().get_template("page.html.j2").render(forecast=forecast, sections=present)


@cache
def style_sheet() -> str:
    """Return the style of pages, and that of the drawings on them."""
    folder = files("offramp.brief")
    names = ("parts.css", "style.css", "charts.css")
    return "".join(folder.joinpath(name).read_text(encoding="utf-8") for name in names)


@cache
def environment() -> Environment:
    """Return what renders the templates of pages, with their style."""
    made = Environment(
        loader=PackageLoader("offramp.brief"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        finalize=_with_its_unit,
    )
    made.globals |= {
        "drawings": drawings,
        "phrases": phrases,
        "words": words,
        "style": Markup(style_sheet()),
    }
    made.filters["fixed"] = fixed
    return made


def _with_its_unit(value: object) -> object:
    """Keep a per cent sign on the line of its number."""
    return value.replace(" %", "\u00a0%") if isinstance(value, str) else value


def fixed(text: str) -> Markup:
    """Return a figure that stays on one line."""
    return Markup('<span class="fixed">{}</span>').format(_with_its_unit(text))
