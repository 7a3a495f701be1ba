"""Files to documents: main text out of plain text, HTML, PDF and feeds, all within bounds.

Nothing in a file is run and nothing that it names is fetched. PDFs are read in a process of
their own with limits on time and memory.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from offramp.reader.dates import WEEKDAYS, days
from offramp.reader.document import (
    LENGTH_LIMIT,
    PARAGRAPH_LIMIT,
    Document,
    paragraphs,
    visible,
    without_place,
)
from offramp.reader.sentences import is_prose, sentences
from offramp.reader.words import word_set

if TYPE_CHECKING:
    from offramp.reader.markup import Page

SIZE_LIMIT = 8 * 1024 * 1024
"""Largest file that is read, in bytes."""

FILES_LIMIT = 500
"""Most files that are read of a folder."""

ITEMS_LIMIT = 200
"""Most items that are read of a feed."""

PDF_SECONDS = 20
_PDF_PROGRAM = Path(__file__).with_name("pdf.py")
"""Run by its path, so that the process does not first import all of the package."""

SUFFIXES = frozenset(
    {".txt", ".md", ".text", ".html", ".htm", ".xhtml", ".pdf", ".xml", ".rss", ".atom"}
)

_HEAD = 4096
_PACKED = (b"PK\x03\x04", b"PK\x05\x06", b"\x1f\x8b", b"BZh", b"\xfd7zXZ", b"7z\xbc\xaf", b"Rar!")
_BLANK = b"\t\n\v\f\r"

_YEARED = re.compile(
    r"\b[12]\d{3}-\d\d-\d\d\b|\b(?:[A-Z][a-z]+\.? \d{1,2},? [12]\d{3}|"
    r"\d{1,2} [A-Z][a-z]+\.?,? [12]\d{3})\b"
)
_DATE_LINE = re.compile(r"^\W*(?:published|updated|posted|date|dateline|by\b)", re.I)
_PLACE = re.compile(r"^[A-Z][A-Z .,/’'-]{3,}[,(–—-]")
_IN_NAME = re.compile(r"([12]\d{3})-?(\d\d)-?(\d\d)")
_PUBLISHER = re.compile(r"\((Reuters|AP|AFP|dpa|TASS|IRNA|Xinhua|ANI|UPI|Yonhap|Kyodo)\)")


class ExtractionError(ValueError):
    """A file or address could not be read as reporting."""


_YEARLESS = re.compile(
    r"^[A-Z][A-Z .,/’'-]{2,40}[,(–—-] ?"
    r"(?P<day>(?:[A-Z][a-z]{2,8}\.? \d{1,2}|\d{1,2} [A-Z][a-z]{2,8})\b)"
    r"(?!,? [12]\d{3})"
)
_WEEKDAY = re.compile(rf"\b({'|'.join(WEEKDAYS)})\b", re.IGNORECASE)
_FRESH = timedelta(days=7)
_YEARS_BACK = 28
_TITLE_LENGTH = 80


def documents(path: Path, day: date | None = None) -> list[Document]:
    """Return the documents in a file or in the files of a folder.

    Args:
        path: a text, HTML, PDF or feed file, or a folder of them.
        day: the dateline, where the documents do not say theirs.

    Raises:
        ExtractionError: there is no such file, it is too large, of no known kind, or empty.
    """
    if path.is_dir():
        files = sorted(p for p in path.rglob("*") if p.suffix.lower() in SUFFIXES and p.is_file())
        if not files:
            raise ExtractionError(f"{path}: no file of a known kind: {', '.join(sorted(SUFFIXES))}")
        if len(files) > FILES_LIMIT:
            raise ExtractionError(f"{path}: more than {FILES_LIMIT} files; read them in parts")
        return [one for file in files for one in _of_file(file, str(file.relative_to(path)), day)]
    if not path.is_file():
        raise ExtractionError(f"{path}: there is no such file")
    return _of_file(path, path.name, day)


def _of_file(path: Path, name: str, day: date | None) -> list[Document]:
    size = path.stat().st_size
    if size > SIZE_LIMIT:
        raise ExtractionError(f"{path}: {size:,} bytes; at most {SIZE_LIMIT:,} are read")
    saved = date.fromtimestamp(path.stat().st_mtime)
    return of_bytes(path.read_bytes(), name, None, day, saved=saved)


def of_bytes(
    content: bytes,
    name: str,
    url: str | None = None,
    day: date | None = None,
    kind: str = "",
    saved: date | None = None,
) -> list[Document]:
    """Return the documents in the content of a file.

    Args:
        content: its bytes.
        name: of the file, whose ending says the kind where the content does not.
        url: where it came from.
        day: the dateline, where the content does not say it.
        kind: the media type that a server gave.
        saved: the day on which the file was written, against which a dateline without a year
            is held; today if None.

    Raises:
        ExtractionError: it is too large or no text can be had from it.
    """
    if len(content) > SIZE_LIMIT:
        raise ExtractionError(f"{name}: more than {SIZE_LIMIT:,} bytes")
    day = day or _day_in_name(name)
    what = _kind(content, name, kind)
    if what != "pdf" and _packed(content):
        raise ExtractionError(
            f"{name}: neither text nor HTML, PDF or feed; archives are not opened"
        )
    if what == "pdf":
        found = [_of_text(_pdf_text(content, name), name, url, day, saved)]
    elif what in {"html", "feed"}:
        found = _marked_up(content, name, url, day, what)
    else:
        found = [_of_text(decoded(content), name, url, day, saved)]
    kept = [document for document in found if document.paragraphs]
    if not kept:
        raise ExtractionError(f"{name}: no text could be read from it")
    return kept


def _marked_up(
    content: bytes, name: str, url: str | None, day: date | None, what: str
) -> list[Document]:
    """Return the documents of a page or feed; items of a feed are told apart by number."""
    try:
        from offramp.reader import markup
    except ImportError:
        message = "HTML and feeds need lxml: pip install 'offramp[reader]'"
        raise ExtractionError(f"{name}: {message}") from None
    try:
        pages = markup.feed(content) if what == "feed" else [markup.page(content)]
    except ValueError as error:
        raise ExtractionError(f"{name}: {error}") from None
    if what == "html":
        return [_of_page(pages[0], name, url, day)]
    named = enumerate(pages[:ITEMS_LIMIT], start=1)
    return [_of_page(page, f"{name}#{number}", url, day) for number, page in named]


def decoded(content: bytes) -> str:
    """Return text of bytes in UTF-8 or UTF-16, or in Windows-1252 where they are neither."""
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return content.decode("utf-16", errors="replace")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")


def _packed(content: bytes) -> bool:
    """Whether bytes are no text: an archive, or a twentieth of them control characters.

    Text in UTF-16 has a mark of its own.
    """
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return False
    head = content[:_HEAD]
    if head.startswith(_PACKED):
        return True
    controls = sum(one < 32 and one not in _BLANK for one in head)
    return controls >= 8 and 20 * controls > len(head)


def _kind(content: bytes, name: str, kind: str) -> str:
    head = content[:1024].lstrip().lower()
    if head.startswith(b"%pdf"):
        return "pdf"
    if re.match(rb"(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:rss|feed|rdf)\b", head, re.DOTALL):
        return "feed"
    suffix = Path(name).suffix.lower()
    if head.startswith((b"<!doctype html", b"<html")) or suffix in {".html", ".htm", ".xhtml"}:
        return "html"
    if "html" in kind:
        return "html"
    if suffix in {".rss", ".atom", ".xml"} or kind.endswith(("/xml", "+xml")):
        return "feed"
    return "text"


def _of_text(
    text: str, name: str, url: str | None, day: date | None, saved: date | None = None
) -> Document:
    parts = paragraphs(text)
    first = parts[0] if parts else ""
    headed = bool(first) and len(first) <= 160 and not first.endswith((".", ":", ";"))
    publisher = _PUBLISHER.search(" ".join(parts[:4]))
    line, note = _dateline(parts) or day, ""
    if line is None:
        line, note = _yearless(parts, saved or date.today())
    return Document(
        visible(name),
        first if headed else _shortened(parts) or visible(Path(name).stem),
        publisher[1] if publisher else "unknown",
        line or date.today(),
        line is not None,
        url,
        parts,
        note,
        headed,
        len(text) > LENGTH_LIMIT or len(parts) == PARAGRAPH_LIMIT,
    )


def _shortened(parts: tuple[str, ...]) -> str:
    """Return the first words of a text without a headline, as its title."""
    prose = next((part for part in parts if is_prose(part)), "")
    lead = next((text for _, text in sentences(without_place(prose))), "")
    if len(lead) <= _TITLE_LENGTH:
        return lead.rstrip(".")
    return f"{lead[:_TITLE_LENGTH].rsplit(' ', 1)[0].rstrip(',;:–—- ')} …"


def _yearless(parts: tuple[str, ...], saved: date) -> tuple[date | None, str]:
    """Return the day of a dateline that gives no year, and how its year was found.

    A file saved within a week after such a day is of that year. Else the year is the latest in
    which the day fell on the weekday that the text names first, and where it names none the latest
    before the file was saved.
    """
    for part in parts[:3]:
        match = _YEARLESS.match(part)
        found = days(match["day"], saved) if match else []
        if not found:
            continue
        last = found[0].last
        while last > saved:
            last = _years_before(last, 1)
        named = _WEEKDAY.search(part)
        if saved - last <= _FRESH or named is None:
            return last, f"no year in the dateline: taken as {last}, the last such day"
        wanted = WEEKDAYS[named[1].lower()]
        fitting = (_years_before(last, back) for back in range(_YEARS_BACK))
        day = next((one for one in fitting if one.weekday() == wanted), last)
        return day, f"no year in the dateline: taken as {day}, the last that was a {named[1]}"
    return None, ""


def _years_before(day: date, years: int) -> date:
    """Return the same day of an earlier year; of 29 February the 28th."""
    shorter = day.replace(day=28) if (day.month, day.day) == (2, 29) else day
    return shorter.replace(year=day.year - years)


def _of_page(page: Page, name: str, url: str | None, day: date | None) -> Document:
    body = "\n\n".join(page.paragraphs)
    parts = paragraphs(body)
    told = page.day or _dateline(parts) or day
    return Document(
        visible(name),
        visible(page.title)[:300] or visible(name),
        visible(page.publisher)[:200] or "unknown",
        told or date.today(),
        told is not None,
        page.url or url,
        parts,
        cut=len(body) > LENGTH_LIMIT or len(parts) == PARAGRAPH_LIMIT,
    )


def _dateline(parts: tuple[str, ...]) -> date | None:
    """Return the day, with its year, that a document's head or foot gives for itself.

    It stands in a short line that is no sentence, after a word like "Published", or behind the
    place with which a wire story begins.
    """
    for part in (*parts[:6], *parts[-2:]):
        placed = _PLACE.match(part)
        line = (len(part) <= 90 and part[-1] not in '.!?”"') or _DATE_LINE.match(part)
        if not placed and not line:
            continue
        match = _YEARED.search(part[:80] if placed else part[:120])
        if match:
            found = days(match[0], date.today())
            if found and found[0].exact:
                return found[0].first
    return None


def _day_in_name(name: str) -> date | None:
    match = _IN_NAME.search(name)
    if match is None:
        return None
    try:
        return date(int(match[1]), int(match[2]), int(match[3]))
    except ValueError:
        return None


def _pdf_text(content: bytes, name: str) -> str:
    """Return the text of a PDF, read by a process of its own that is stopped at its limits."""
    command = [sys.executable, "-I", str(_PDF_PROGRAM)]
    try:
        done = subprocess.run(
            command, input=content, capture_output=True, timeout=PDF_SECONDS, check=False
        )
    except subprocess.TimeoutExpired:
        raise ExtractionError(f"{name}: the PDF took longer than {PDF_SECONDS} seconds") from None
    try:
        answer = json.loads(done.stdout)
    except ValueError:
        raise ExtractionError(f"{name}: the PDF could not be read") from None
    if "error" in answer:
        raise ExtractionError(f"{name}: the PDF could not be read: {answer['error']}")
    return str(answer["text"])


_COMMON = word_set("the of and to that with from which were have been said by for has its")
_COMMON_SHARE = 0.05
_WORDS_ENOUGH = 30
"""Of fewer words nothing is said of their language."""


def english(document: Document) -> bool:
    """Whether a document can be English, by the share of the commonest English words in it.

    In English reporting they are a fifth or more of the words, in other languages next to none.
    """
    words = re.findall(r"[^\W\d_]+", " ".join(document.paragraphs)[:20_000].lower())
    common = sum(word in _COMMON for word in words)
    return len(words) < _WORDS_ENOUGH or common >= _COMMON_SHARE * len(words)


def notes(found: list[Document]) -> Iterator[str]:
    """Yield what a person should know of how documents were read."""
    for document in found:
        if not english(document):
            yield f"{document.name}: this does not look like English, the one language that is read"
        if document.cut:
            yield (
                f"{document.name}: longer than {LENGTH_LIMIT:,} characters or {PARAGRAPH_LIMIT:,} "
                "paragraphs; the rest is not read"
            )
        if document.day_note:
            yield f"{document.name}: {document.day_note}; give --dateline DAY if that is wrong"
        if not document.dated:
            yield (
                f"{document.name}: no dateline found, so days are resolved against today, "
                f"{document.day}; give --dateline DAY"
            )
