"""The formats of a brief, by name or file suffix."""

from __future__ import annotations

from collections.abc import Callable

from offramp.brief.html import html
from offramp.brief.markdown import markdown
from offramp.brief.terminal import terminal_text
from offramp.forecast.document import Forecast


def json_text(forecast: Forecast) -> str:
    """Return *forecast* as JSON, the same bytes for the same forecast."""
    return forecast.model_dump_json(indent=1) + "\n"


FORMATS: dict[str, Callable[[Forecast], str]] = {
    "html": html,
    "md": markdown,
    "json": json_text,
    "txt": terminal_text,
}
"""What writes each format, by file suffix without its dot."""


def render(forecast: Forecast, suffix: str) -> str:
    """Return *forecast* in the format that a file suffix names, with or without its dot.

    Raises:
        ValueError: no format has that suffix; the message lists those there are.
    """
    name = suffix.removeprefix(".").lower()
    if name not in FORMATS:
        raise ValueError(f"unknown format {suffix!r}: one of {', '.join(FORMATS)}")
    return FORMATS[name](forecast)
