"""Pages: templates of the board over those of the brief, which draws most of what they show."""

from __future__ import annotations

import base64
import gzip
import hashlib
import re
from dataclasses import dataclass
from functools import cache
from html import unescape
from importlib.resources import files
from typing import Any

from fastapi import Request, Response
from fastapi.responses import HTMLResponse
from jinja2 import ChoiceLoader, Environment, PackageLoader
from markupsafe import Markup

from offramp.board import drawings
from offramp.brief import html as brief
from offramp.brief.inert import inert_text
from offramp.forecast.words import number

THEMES = ("auto", "light", "dark")
THEME_COOKIE = "theme"
STYLES = ("tokens.css", "board.css", "forms.css")
SCRIPTS = ("board.js", "png.js")
SVG = "image/svg+xml"
ICON = "icon.svg"


@cache
def static_files() -> dict[str, tuple[str, bytes]]:
    """Return what is served as it is: by name, its type and its content."""
    folder = files("offramp.board").joinpath("static")
    shared = files("offramp.brief")
    places = [shared / "parts.css", *(folder / name for name in STYLES), shared / "charts.css"]
    style = b"".join(place.read_bytes() for place in places)
    found = {"board.css": ("text/css; charset=utf-8", style)}
    for name in SCRIPTS:
        content = folder.joinpath(name).read_bytes()
        found[name] = ("text/javascript; charset=utf-8", content)
    found[ICON] = ("image/svg+xml", folder.joinpath(ICON).read_bytes())
    return found


@cache
def chart_style() -> str:
    """Return the style sheet of a chart in a file of its own."""
    tokens = files("offramp.board").joinpath("static", "tokens.css").read_text(encoding="utf-8")
    return tokens + files("offramp.brief").joinpath("charts.css").read_text(encoding="utf-8")


@cache
def versioned(name: str) -> str:
    """Return the address of a static file, which changes when its content does."""
    digest = hashlib.sha256(static_files()[name][1]).hexdigest()[:12]
    return f"/static/{name}?v={digest}"


@cache
def environment() -> Environment:
    """Return what renders pages."""
    base = brief.environment()
    loaders = [PackageLoader("offramp.board"), base.loader]
    made = base.overlay(loader=ChoiceLoader([one for one in loaders if one is not None]))
    made.globals = base.globals | {
        "board": drawings,
        "versioned": versioned,
        "number": number,
        "scripts": SCRIPTS,
    }
    made.filters = base.filters | {"inert": inert_text}
    return made


def theme_of(request: Request) -> str:
    """Return which theme a viewer chose: `auto` follows the system."""
    chosen = request.cookies.get(THEME_COOKIE, "auto")
    return chosen if chosen in THEMES else "auto"


HEADERS = {"Vary": "Accept, Accept-Encoding, Cookie", "Cache-Control": "no-cache"}


@dataclass(frozen=True)
class Packed:
    """A page as it is sent: as it is, compressed, and the tag by which a browser knows it."""

    plain: bytes
    compressed: bytes
    tag: str

    @classmethod
    def of(cls, text: str) -> Packed:
        """Return a page packed."""
        plain = text.encode()
        tag = f'W/"{hashlib.sha256(plain).hexdigest()[:24]}"'
        return cls(plain, gzip.compress(plain, 5, mtime=0), tag)

    def answer(self, request: Request) -> Response:
        """Return the page in a form that a browser takes; nothing where it has it already."""
        headers = HEADERS | {"ETag": self.tag}
        if request.headers.get("if-none-match") == self.tag:
            return Response(status_code=304, headers=headers)
        if "gzip" in request.headers.get("accept-encoding", ""):
            return HTMLResponse(self.compressed, headers=headers | {"Content-Encoding": "gzip"})
        return HTMLResponse(self.plain, headers=headers)


def own_style(markup: str, kind: str) -> dict[str, str]:
    """Return the header under which a document shows its own style sheet, and loads nothing.

    Args:
        markup: the document, with one style sheet in it.
        kind: its type; in SVG, which is XML, the sheet is escaped.
    """
    found = re.search(r"<style>(.*?)</style>", markup, re.DOTALL)
    sheet = found[1] if found else ""
    sheet = unescape(sheet) if "svg" in kind else sheet
    digest = base64.b64encode(hashlib.sha256(sheet.encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'sha256-{digest}'; img-src data:"
    return {
        "Content-Security-Policy": f"{policy}; base-uri 'none'; form-action 'none'; "
        "frame-ancestors 'none'"
    }


def drawing_file(drawn: str) -> Response:
    """Return a drawing that stands alone as an answer."""
    return Response(drawn, headers=own_style(drawn, SVG), media_type=SVG)


def here(request: Request) -> str:
    """Return the address of a request within the board."""
    return request.url.path + (f"?{request.url.query}" if request.url.query else "")


def rendered(request: Request, template: str, /, **context: Any) -> str:
    """Return a page as text.

    Args:
        request: for the theme, and for where the page is.
        template: its name; it extends `base.html`.
        context: what the template needs.
    """
    made = environment().get_template(template)
    return made.render(theme=theme_of(request), themes=THEMES, here=here(request), **context)


def page(request: Request, template: str, status: int = 200, /, **context: Any) -> HTMLResponse:
    """Return a rendered page as an answer; arguments as `rendered`."""
    return HTMLResponse(rendered(request, template, **context), status, HEADERS)


def fragment(template: str, **context: Any) -> Markup:
    """Return part of a page."""
    return Markup(environment().get_template(template).render(**context))
