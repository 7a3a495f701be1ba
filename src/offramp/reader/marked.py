"""Sentences with a marked source and target, as labelled collections write them."""

from __future__ import annotations

import csv
import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

_MARK = re.compile(r"(</?[st]>)")
_ROW_LIMIT = 200_000
_FIELD_LIMIT = 20_000


@dataclass(frozen=True, slots=True)
class Marked:
    """A sentence in which an event's source and target are marked.

    Attributes:
        text: without the marks.
        source: first and after-last character of the source; empty at the start if unmarked.
        target: the same of the target; empty at the end if unmarked.
    """

    text: str
    source: tuple[int, int]
    target: tuple[int, int]


def digest(sentence: Marked) -> str:
    """Return a short digest by which a sentence is known again, whatever is marked in it."""
    return _short(" ".join(sentence.text.split()))


def marked_digest(sentence: Marked) -> str:
    """Return a short digest of a sentence with its marks."""
    return _short(f"{sentence.text}\n{sentence.source}\n{sentence.target}")


def _short(text: str) -> str:
    return hashlib.blake2b(text.encode("utf-8", "replace"), digest_size=6).hexdigest()


@dataclass(frozen=True, slots=True)
class Labelled:
    """A marked sentence with its event type.

    Attributes:
        sentence: the marked sentence.
        label: the PLOVER event type.
        group: rows of one group are one sentence, so that they are never split.
    """

    sentence: Marked
    label: str
    group: str


def read_marks(marked: str) -> Marked:
    """Return the sentence that ``<s>…</s>`` and ``<t>…</t>`` mark."""
    text = ""
    places: dict[str, int] = {}
    for part in _MARK.split(marked):
        if _MARK.fullmatch(part):
            places.setdefault(part, len(text))
        else:
            text += part
    end = len(text)
    source = (places.get("<s>", 0), places.get("</s>", 0))
    target = (places.get("<t>", end), places.get("</t>", end))
    return Marked(text, _ordered(source), _ordered(target))


def _ordered(span: tuple[int, int]) -> tuple[int, int]:
    return span if span[0] <= span[1] else (span[1], span[0])


def read_labelled(path: Path) -> list[Labelled]:
    """Read a tab-separated file with columns `marked_sentence` and `gold_root`.

    A column `sentence_id`, if there, names the groups; else the sentence itself does. No other
    column is read.

    Raises:
        ValueError: a column is missing, the file is not UTF-8, or it holds no row or too many.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = list(_rows(file, path))
    except UnicodeDecodeError as error:
        raise ValueError(f"{path}: not UTF-8 text: {error.reason}") from None
    except csv.Error as error:
        raise ValueError(f"{path}: {error}") from None
    if not rows:
        raise ValueError(f"{path}: no labelled sentence")
    return rows


def _rows(file: Iterator[str], path: Path) -> Iterator[Labelled]:
    reader = csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
    for column in ("marked_sentence", "gold_root"):
        if column not in (reader.fieldnames or ()):
            raise ValueError(f"{path}: there is no column {column}")
    for number, row in enumerate(reader):
        if number >= _ROW_LIMIT:
            raise ValueError(f"{path}: more than {_ROW_LIMIT:,} rows")
        text, label = row["marked_sentence"], row["gold_root"]
        if not text or not label:
            continue
        sentence = read_marks(text[:_FIELD_LIMIT])
        group = row.get("sentence_id") or sentence.text
        yield Labelled(sentence, label.strip(), str(group))
