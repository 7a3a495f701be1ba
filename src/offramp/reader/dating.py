"""The day of each act: from the words beside it, its paragraph's heading, or the dateline."""

from __future__ import annotations

import re
from datetime import date

from offramp.reader.acts import FoundAct
from offramp.reader.clauses import Sentence
from offramp.reader.dates import Days, days

ANSWERS = re.compile(
    r"\b(?:in (?:retaliation|response|reprisal|revenge|answer)|to avenge|retaliat\w+) (?:for|"
    r"to)?\b",
    re.I,
)
"""Words after which the act that is answered stands."""

_PLACED = re.compile(
    r"^[A-Z][A-Z .,/’'-]{2,40}(?:[,(] ?[^–—]{0,40})?(?:\([A-Za-z /]{2,20}\) ?)?\s(?:–|—|"
    r"--?)\s(?=[A-Z])"
)
_TIMED = re.compile(r"^\W*\d{1,2}[:.]\d{2}\b")


def heading_day(paragraph: str, line: date) -> Days | None:
    """Return the day with which a paragraph begins, as entries of a timeline do."""
    if _TIMED.match(paragraph):
        return Days(line, line, 0, 0, "")
    for one in days(paragraph[:60], line):
        rest = paragraph[one.end : one.end + 8].lstrip()
        if (
            one.start <= 2
            and one.exact
            and not one.future
            and rest[:1] in {"–", "—", "-", ":", "|", "."}
        ):
            return one
    return None


def without_place(paragraph: str) -> str:
    """Return a paragraph without the place and day that a wire story begins with."""
    match = _PLACED.match(paragraph)
    return paragraph[match.end() :] if match else paragraph


def habitual(sentence: Sentence) -> bool:
    """Whether a sentence tells of what goes on rather than of one day."""
    return bool(
        re.search(r"\b(?:for (?:\w+ )?(?:months|years|weeks|decades)|almost daily|regularly|"
                  r"often|repeatedly|"
                  r"since (?:\w+ )?\w+|every day|in recent (?:months|weeks|"
                  r"years))\b", sentence.text, re.I)
    )  # fmt: skip


def dated(
    sentence: Sentence, found: list[FoundAct], named: list[Days], default: Days | None
) -> list[Days | None]:
    """Return each act's day: nouns take one beside them, verbs what is left, else *default*."""
    out: list[Days | None] = [None] * len(found)
    taken: set[int] = set()
    for place, act in enumerate(found):
        if not act.predicate.nominal:
            continue
        start = sentence.tokens[act.predicate.hit.start].start
        for index, day in enumerate(named):
            gap = start - day.end if day.end <= start else day.start - act.end
            if -1 <= gap <= 6 or (act.start <= day.start < act.end):
                out[place] = day
                taken.add(index)
                break
    left = [day for index, day in enumerate(named) if index not in taken]
    if len(left) == len(found) == 1 and found[0].predicate.nominal:
        before = sentence.text[: sentence.tokens[found[0].predicate.hit.start].start]
        out[0] = out[0] or (None if ANSWERS.search(before[-70:]) else left[0])
    for place, act in enumerate(found):
        if out[place] is None and not act.predicate.nominal and left:
            middle = sentence.tokens[act.predicate.hit.start].start
            out[place] = min(left, key=lambda day: abs(day.start - middle))
        if out[place] is None and default is not None:
            out[place] = default
    return out
