"""Counts as reporting gives them: "more than 300", "a few", "two", "dozens"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_UNITS = {
    "no": 0, "zero": 0, "a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5,
    "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10, "eleven": 11, "twelve": 12,
    "thirteen": 13, "fourteen": 14, "fifteen": 15, "sixteen": 16, "seventeen": 17, "eighteen": 18,
    "nineteen": 19, "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60,
    "seventy": 70, "eighty": 80, "ninety": 90,
}  # fmt: skip
_VAGUE = {
    "a couple of": 2, "a few": 3, "several": 3, "a handful of": 4, "a dozen": 12, "dozens of": 24,
    "dozens": 24, "scores of": 40, "a hundred": 100, "hundreds of": 200, "hundreds": 200,
    "thousands of": 2000, "thousands": 2000, "tens of thousands of": 20000, "some": 0,
}  # fmt: skip
_SCALE = {"hundred": 100, "thousand": 1000, "million": 1_000_000, "dozen": 12}
_WORDS = "|".join(sorted(_UNITS, key=len, reverse=True))
_COUNT = re.compile(
    r"\b(?:(?P<bound>more than|over|at least|no fewer than|nearly|almost|about|around|roughly|"
    r"approximately|some|up to|as many as|fewer than|less than|an estimated)\s+)?"
    r"(?:(?P<vague>a couple of|a few|several|a handful of|tens of thousands of|a dozen|dozens of|"
    r"dozens|scores of|a hundred|hundreds of|hundreds|thousands of|thousands)"
    rf"|(?P<figure>\d{{1,3}}(?:,\d{{3}})+|\d+(?:\.\d+)?)|(?P<word>(?:{_WORDS})(?:-(?:{_WORDS}))?))"
    r"(?:\s+(?P<scale>hundred|thousand|million|dozen)s?)?(?!\w)",
    re.IGNORECASE,
)
LARGEST = 10_000_000


@dataclass(frozen=True, slots=True)
class Count:
    """A number of things as a text gives it.

    Attributes:
        value: the figure; for vague words the least that they mean.
        bound: ``exact``, ``at_least``, ``about``, ``at_most`` or ``vague``.
        start: index of its first character.
        end: index after its last character.
        text: the words that say it.
    """

    value: int
    bound: str
    start: int
    end: int
    text: str


_BOUNDS = {
    "more than": "at_least", "over": "at_least", "at least": "at_least",
    "no fewer than": "at_least", "up to": "at_most", "as many as": "at_most",
    "fewer than": "at_most", "less than": "at_most",
}  # fmt: skip


def counts(text: str) -> list[Count]:
    """Return the counts in a text, in order."""
    return list(_counts(text))


def _counts(text: str) -> Iterator[Count]:
    for match in _COUNT.finditer(text):
        value = _value(match)
        if value is None or value > LARGEST:
            continue
        bound = (match["bound"] or "").lower()
        sense = "vague" if match["vague"] else _BOUNDS.get(bound, "about" if bound else "exact")
        yield Count(value, sense, match.start(), match.end(), match[0])


def _value(match: re.Match[str]) -> int | None:
    if match["vague"]:
        return _VAGUE[match["vague"].lower()]
    if match["figure"]:
        figure = match["figure"].replace(",", "")
        if len(figure) > 12:
            return None
        number = float(figure)
    else:
        number = sum(_UNITS[word] for word in match["word"].lower().split("-"))
    if match["scale"]:
        number *= _SCALE[match["scale"].lower()]
    return int(number) if number == int(number) else None
