"""Paragraphs cut into sentences; what is no sentence (buttons, captions, headings) is left out."""

from __future__ import annotations

import re
from collections.abc import Iterator

SENTENCE_LIMIT = 2_000
"""Longest sentence, in characters, that is read; a longer one is cut."""

_END = re.compile(r"[.!?…]+[\"”’')\]]*\s+(?=[\"“‘(\[]*[A-Z0-9])")
_ABBREVIATION = re.compile(
    r"(?:\b(?:Mr|Mrs|Ms|Dr|Gen|Lt|Col|Maj|Brig|Capt|Sgt|Adm|Cmdr|Sen|Rep|Gov|Prof|St|Sr|Jr|No|"
    r"vs|etc|"
    r"Rev|Hon|Pres|Amb|approx|Inc|Ltd|Co|Corp|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept|Sep|Oct|Nov|Dec)"
    r"|\b[A-Z]|\b(?:[A-Za-z]\.)+[A-Za-z])\.$"
)
_TERMINAL = re.compile(r"[.!?…:;][\"”’')\]]*$")
_DATED = re.compile(
    r"^\W*(?:\d{1,2}[:.]\d{2}|\d{4}-\d\d-\d\d|\d{1,2} [A-Z][a-z]+|[A-Z][a-z]{2,8}\.? \d{1,2})\b"
)
_WORD = re.compile(r"[^\W\d_]{2,}")


def is_prose(paragraph: str) -> bool:
    """Whether a paragraph is written in sentences, or begins with a day as timelines do."""
    words = _WORD.findall(paragraph)
    if len(words) < 3:
        return False
    if _TERMINAL.search(paragraph):
        return True
    return (bool(_DATED.match(paragraph)) and len(words) >= 4) or len(words) >= 25


def sentences(paragraph: str) -> Iterator[tuple[int, str]]:
    """Yield the sentences of a paragraph, each with the index of its first character."""
    start = 0
    for match in _END.finditer(paragraph):
        before = paragraph[start : match.end()].rstrip()
        closing = before.rstrip("\"”’')]")
        if closing.endswith(".") and _ABBREVIATION.search(closing[-12:]):
            continue
        yield from _bounded(start, before)
        start = match.end()
    yield from _bounded(start, paragraph[start:].rstrip())


def _bounded(start: int, text: str) -> Iterator[tuple[int, str]]:
    while text:
        yield start, text[:SENTENCE_LIMIT]
        start += SENTENCE_LIMIT
        text = text[SENTENCE_LIMIT:]
