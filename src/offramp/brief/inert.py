"""Text from crisis files made inert before it is shown to a person.

Each format escapes its own markup. What no format escapes is removed here, once: control
characters, which can drive a terminal, and Unicode's `Bidi_Control` characters, which can
make text read otherwise than it is.
"""

from __future__ import annotations

from typing import Any
from unicodedata import category

from offramp.forecast.document import Forecast

BIDI_CONTROLS = frozenset(
    "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
)
"""Unicode 15, property `Bidi_Control`."""

BREAKING = frozenset("\t\n\v\f\r\x85\u2028\u2029")
"""Characters that end a line or a field; text of a brief runs on, so they become spaces."""


def inert_text(text: str) -> str:
    """Return *text* on one line, without control and bidirectional control characters."""
    kept = (
        " " if character in BREAKING else character
        for character in text
        if character in BREAKING or (character not in BIDI_CONTROLS and category(character) != "Cc")
    )
    return "".join(kept)


def inert(forecast: Forecast) -> Forecast:
    """Return *forecast* with every text made inert by `inert_text`."""
    return Forecast.model_validate(_inert(forecast.model_dump()))


def _inert(value: Any) -> Any:
    if isinstance(value, str):
        return inert_text(value)
    if isinstance(value, dict):
        return {_inert(key): _inert(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_inert(item) for item in value]
    return value
