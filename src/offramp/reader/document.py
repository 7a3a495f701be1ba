"""A piece of reporting as plain text with what is known of it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from unicodedata import category

from offramp.reader.sentences import is_prose, sentences

PARAGRAPH_LIMIT = 5_000
"""Most paragraphs that are read of one document."""

LENGTH_LIMIT = 400_000
"""Most characters that are read of one document."""

_BIDI = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff")
_BLANKS = re.compile(r"[ \t\u00a0\u2000-\u200b\u202f\u3000]+")


@dataclass(frozen=True, slots=True)
class Document:
    """A piece of reporting.

    Attributes:
        name: the file or address that it came from.
        title: its headline, or its name.
        publisher: who published it, or "unknown".
        day: its dateline: relative days are resolved against it.
        dated: whether the document itself says so; if not, `day` was assumed.
        url: its address, if it has one.
        paragraphs: its main text.
        day_note: how its year was found where it gives none.
        headed: its title is its own headline, and not made of its first words.
        cut: it was longer than what is read, and its end was left unread.
    """

    name: str
    title: str
    publisher: str
    day: date
    dated: bool
    url: str | None
    paragraphs: tuple[str, ...]
    day_note: str = ""
    headed: bool = True
    cut: bool = False


_PLACED = re.compile(
    r"^[A-Z][A-Z .,/’'-]{2,40}(?:[,(] ?[^–—]{0,40})?(?:\([A-Za-z /]{2,20}\) ?)?\s(?:–|—|"
    r"--?)\s(?=[A-Z“\"‘])"
)


def without_place(paragraph: str) -> str:
    """Return a paragraph without the place and day that a wire story begins with."""
    match = _PLACED.match(paragraph)
    return paragraph[match.end() :] if match else paragraph


def lead_of(document: Document) -> str:
    """Return the first sentence of a document's text, or an empty text."""
    for paragraph in document.paragraphs:
        if is_prose(paragraph) and paragraph != document.title:
            return next((text for _, text in sentences(without_place(paragraph))), "")
    return ""


def visible(text: str) -> str:
    """Return text on one line without control, format and surrogate characters."""
    kept = [
        " " if category(c) in {"Zl", "Zp"} or c in "\t\n\r\v\f\x85" else c
        for c in text
        if c in "\t\n\r\v\f\x85" or (category(c) not in {"Cc", "Cs", "Co", "Cn"} and c not in _BIDI)
    ]
    return _BLANKS.sub(" ", "".join(kept)).strip()


def paragraphs(text: str) -> tuple[str, ...]:
    """Cut plain text into paragraphs: at empty lines, or at every line where there are none.

    Lines that repeat one before them, as a headline scraped twice, are left out.
    """
    text = text[:LENGTH_LIMIT].replace("\r\n", "\n").replace("\r", "\n")
    blocks = re.split(r"\n[ \t]*\n", text)
    found: list[str] = []
    seen: set[str] = set()
    for block in blocks:
        for part in _parts(block):
            clean = visible(part)
            if clean and clean not in seen and len(found) < PARAGRAPH_LIMIT:
                seen.add(clean)
                found.append(clean)
    return tuple(found)


def _parts(block: str) -> list[str]:
    """Return the lines of a block as paragraphs, unless it is prose broken at a fixed width."""
    lines = [line.strip() for line in block.split("\n") if line.strip()]
    wrapped = len(lines) > 1 and all(
        40 <= len(line) <= 130 and line[-1] not in '.!?:”"' for line in lines[:-1]
    )
    return [" ".join(lines)] if wrapped else lines
