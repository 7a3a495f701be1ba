"""The day of each act: from the words beside it, its paragraph's heading, or the dateline."""

from __future__ import annotations

import re
from datetime import date, timedelta

from offramp.reader.acts import FoundAct
from offramp.reader.clauses import Sentence
from offramp.reader.dates import Days, days

ANSWERS = re.compile(
    r"\b(?:in (?:retaliation|response|reprisal|revenge|answer)|to avenge|retaliat\w+) (?:for|"
    r"to)?\b",
    re.I,
)
"""Words after which the act that is answered stands."""

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


def habitual(sentence: Sentence) -> bool:
    """Whether a sentence tells of what goes on rather than of one day."""
    return bool(
        re.search(r"\b(?:for (?:\w+ )?(?:months|years|weeks|decades)|almost daily|regularly|"
                  r"often|repeatedly|"
                  r"since (?:\w+ )?\w+|every day|in recent (?:months|weeks|"
                  r"years))\b", sentence.text, re.I)
    )  # fmt: skip


_LATER = re.compile(
    r"\b(?P<n>a|an|one|two|three|four|five|six|seven|\d{1,2}|hours|days|weeks|months)"
    r"(?: (?P<u>hour|day|week|month)s?)? (?P<how>after|before)\b",
    re.I,
)
"""As "a day after": what follows happened so much earlier than what stands before."""

_AHEAD = re.compile(
    r"\b(?:due|scheduled|planned|set|expected|until|till|postponed|slated)(?: \w+){0,3} $", re.I
)
"""Words before a day on which something is to happen."""

_HAPPENED = re.compile(
    r"\bwhat (?:had |has )?(?:happened|occurred|taken place|took place)\b[^,;]{0,40}$", re.I
)
"""Words before a day that is that of something else, which is only named."""

_NUMBERS = {"a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6,
            "seven": 7}  # fmt: skip
_UNITS = {"hour": 0, "day": 1, "week": 7, "month": 30}


def dated(
    sentence: Sentence, found: list[FoundAct], named: list[Days], default: Days | None, line: date
) -> list[Days | None]:
    """Return each act's day: nouns take one beside them, verbs what is left, else *default*.

    What stands behind "a day after" is dated back from what stands before it; what stands behind
    a bare "after" has no day unless its clause gives one.
    """
    named = [
        day
        for day in named
        if not _AHEAD.search(sentence.text[: day.start])
        and not _HAPPENED.search(sentence.text[: day.start])
    ]
    later = next((m for m in _LATER.finditer(sentence.text) if m["u"] or len(m["n"]) > 3), None)
    if later is None:
        return _beside(sentence, found, named, default)
    main = [act for act in found if _place(sentence, act) < later.start()]
    rest = [act for act in found if _place(sentence, act) >= later.end()]
    ahead = [day for day in named if day.start < later.start()]
    behind = [day for day in named if day.start >= later.end()]
    told = dict(zip(map(id, main), _beside(sentence, main, ahead, default), strict=True))
    anchor = ahead[-1] if ahead else default or Days(line, line, 0, 0, "")
    shifted = _shifted(anchor, later)
    told |= zip(map(id, rest), _beside(sentence, rest, behind, shifted), strict=True)
    return [told.get(id(act)) for act in found]


def _place(sentence: Sentence, act: FoundAct) -> int:
    return sentence.tokens[act.predicate.hit.start].start


def _shifted(anchor: Days, later: re.Match[str]) -> Days | None:
    """Return the day of what an act came so long after; a vague count is a span."""
    number, unit = later["n"].lower(), (later["u"] or later["n"][:-1]).lower()
    back = (_NUMBERS.get(number) or (int(number) if number.isdigit() else 3)) * _UNITS[unit]
    slack = 0 if unit in {"hour", "day"} and later["u"] else max(1, back // 3)
    if later["how"].lower() == "before":
        return None
    try:
        first = anchor.first - timedelta(days=back + slack)
        last = anchor.last - timedelta(days=max(0, back - slack))
    except OverflowError:
        return None
    return Days(first, last, later.start(), later.end(), later[0])


def follows_after(sentence: Sentence, act: FoundAct) -> bool:
    """Whether an act stands in a clause that begins with "after", so that it came before."""
    first = act.predicate.hit.start
    if act.predicate.subject is not None:
        first = min(first, act.predicate.subject.start)
    before = sentence.lower[max(0, first - 4) : first]
    return "after" in before and "," not in before


def _beside(
    sentence: Sentence, found: list[FoundAct], named: list[Days], default: Days | None
) -> list[Days | None]:
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
            middle = _place(sentence, act)
            inside = [day for day in left if not follows_after(sentence, act) or day.start > middle]
            if inside:
                out[place] = min(inside, key=lambda day: abs(day.start - middle))
        after = follows_after(sentence, act) and default is not None and not default.start
        if out[place] is None and default is not None and not after:
            out[place] = default
    return out
