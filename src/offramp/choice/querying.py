"""A small language to choose decision points by: covariates, plain words, years and states.

    reciprocated and not allied
    (contiguous or km < 500) and power_ratio > 2 and since 1946
    nuclear and actor = ISR

An expression is parsed by hand and evaluated on whole columns; nothing of it is ever executed.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches

import numpy as np

from offramp.choice.decision_points import BoolArray, DecisionPoints, FloatArray
from offramp.choice.terms import ESTIMATED, INDEX
from offramp.ladder import LEVEL_NAMES, Level, level_named
from offramp.state_names import state_named

LAST_YEAR_COUNT = float(np.log1p(np.exp(-1.0)))
"""The discounted yearly count of one act a year ago, as the covariate has it."""

Column = Callable[[DecisionPoints], FloatArray]


class QueryError(ValueError):
    """A query cannot be read; the message shows where."""

    def __init__(self, text: str, start: int, end: int, what: str) -> None:
        self.start, self.end, self.what = start, end, what
        caret = " " * start + "^" * max(end - start, 1)
        super().__init__(f"{what}\n  {text}\n  {caret}")


@dataclass(frozen=True)
class Word:
    """A name that an expression may use.

    Attributes:
        meaning: in a line.
        column: its value for each decision point.
        truth: whether it stands alone, as true or false; else it is compared with a number.
    """

    meaning: str
    column: Column
    truth: bool


def _covariate(name: str) -> Column:
    place = INDEX[name]
    return lambda points: points.x[:, place]


def _counted(name: str, scale: float = 1.0) -> Column:
    """Return a covariate that is a logarithm of 1 + n as n."""
    place = INDEX[name]
    return lambda points: scale * np.expm1(points.x[:, place])


PLAIN_WORDS: dict[str, Word] = {
    "reciprocated": Word(
        "the actor had itself used a display or overt force in about the last year",
        lambda points: (points.x[:, INDEX["own_year"]] >= LAST_YEAR_COUNT).astype(np.float64),
        True,
    ),
    "nuclear": Word(
        "either of the two holds nuclear weapons",
        lambda points: np.maximum(
            points.x[:, INDEX["nuclear_self"]], points.x[:, INDEX["nuclear_rival"]]
        ),
        True,
    ),
    "km": Word("least distance between the two, in km", _counted("distance", 1000.0), False),
    "killed": Word("killed and not yet answered", _counted("unanswered_harm"), False),
    "power_ratio": Word(
        "own over the rival's material capabilities",
        lambda points: np.exp(points.x[:, INDEX["power"]]),
        False,
    ),
    "past_confrontations": Word(
        "militarized confrontations of the two in 20 years", _counted("confrontations"), False
    ),
    "other_opponents": Word(
        "other states with whom the actor exchanged force in 30 days",
        _counted("overstretch"),
        False,
    ),
    "year": Word(
        "the year of the act received",
        lambda points: np.array([date.fromordinal(day).year for day in points.day], np.float64),
        False,
    ),
}

WORDS: dict[str, Word] = PLAIN_WORDS | {
    term.name: Word(f"{term.meaning} ({term.unit})", _covariate(term.name), term.unit == "0/1")
    for term in ESTIMATED
}
"""Every name of the language but those of states and days."""

SIDES = ("actor", "rival")
DAYS = ("before", "after", "since")
KEYWORDS = ("and", "or", "not", *DAYS, *SIDES)

TOKEN = re.compile(
    r"\s*(?:(?P<date>\d{4}-\d\d-\d\d)|(?P<number>-?\d+(?:\.\d+)?)|(?P<word>[^\W\d]\w*)"
    r"|(?P<sign>==|!=|<=|>=|[=<>()])|(?P<quoted>'[^']*'|\"[^\"]*\"))"
)

COMPARISONS: dict[str, Callable[[FloatArray, float], BoolArray]] = {
    "=": lambda values, bound: values == bound,
    "==": lambda values, bound: values == bound,
    "!=": lambda values, bound: values != bound,
    "<": lambda values, bound: values < bound,
    "<=": lambda values, bound: values <= bound,
    ">": lambda values, bound: values > bound,
    ">=": lambda values, bound: values >= bound,
}


@dataclass(frozen=True)
class _Token:
    kind: str
    text: str
    start: int
    end: int


def chosen(expression: str, points: DecisionPoints) -> BoolArray:
    """Return which decision points an expression is true of.

    Raises:
        QueryError: it cannot be read; the message points at the word and names the nearest.
    """
    return _Parser(expression, points).whole()


class _Parser:
    """Reads an expression from left to right; each method returns a column of truths."""

    def __init__(self, expression: str, points: DecisionPoints) -> None:
        self.text = expression
        self.points = points
        self.tokens = _tokens(expression)
        self.place = 0

    def whole(self) -> BoolArray:
        result = self.either()
        token = self.peek()
        if token.kind != "end":
            raise self.error(token, f"{token.text!r} stands where 'and', 'or' or the end should")
        return result

    def either(self) -> BoolArray:
        result = self.both()
        while self.take("or"):
            result = result | self.both()
        return result

    def both(self) -> BoolArray:
        result = self.single()
        while self.take("and"):
            result = result & self.single()
        return result

    def single(self) -> BoolArray:
        if self.take("not"):
            return ~self.single()
        token = self.next()
        if token.text == "(":
            result = self.either()
            if not self.take(")"):
                raise self.error(token, "this bracket is not closed")
            return result
        if token.kind != "word":
            what = "the expression ends" if token.kind == "end" else f"{token.text!r} stands"
            raise self.error(token, f"{what} where a name should")
        name = token.text.lower()
        if name in SIDES:
            return self.state(name)
        if name in DAYS:
            return self.day(name)
        return self.covariate(token, name)

    def state(self, side: str) -> BoolArray:
        sign = self.next()
        if sign.text not in ("=", "==", "!="):
            raise self.error(sign, f"write '{side} = ISR'")
        token = self.next()
        try:
            number = state_named(token.text.strip("'\"")).number
        except ValueError as error:
            raise self.error(token, str(error)) from None
        found: BoolArray = getattr(self.points, side) == number
        return ~found if sign.text == "!=" else found

    def day(self, name: str) -> BoolArray:
        token = self.next()
        try:
            if token.kind == "date":
                first = last = date.fromisoformat(token.text).toordinal()
            else:
                year = int(token.text)
                first, last = date(year, 1, 1).toordinal(), date(year, 12, 31).toordinal()
        except ValueError:
            raise self.error(token, f"write '{name} 1990' or '{name} 1990-08-02'") from None
        if name == "before":
            return self.points.day < first
        return self.points.day > last if name == "after" else self.points.day >= first

    def covariate(self, token: _Token, name: str) -> BoolArray:
        word = WORDS.get(name)
        if word is None:
            names = [*WORDS, *KEYWORDS]
            near = get_close_matches(name, names, n=1)
            hint = f"did you mean {near[0]!r}?" if near else "names are " + ", ".join(names)
            raise self.error(token, f"unknown word {token.text!r}; {hint}")
        values = word.column(self.points)
        if self.peek().text in COMPARISONS:
            compare = COMPARISONS[self.next().text]
            bound = self.next()
            if bound.kind != "number":
                raise self.error(bound, f"{name!r} is compared with a number")
            return compare(values, float(bound.text))
        if not word.truth:
            raise self.error(token, f"{name!r} is a number: compare it, as '{name} > 1'")
        return values >= 0.5

    def peek(self) -> _Token:
        return self.tokens[self.place]

    def next(self) -> _Token:
        token = self.tokens[self.place]
        self.place = min(self.place + 1, len(self.tokens) - 1)
        return token

    def take(self, text: str) -> bool:
        if self.peek().text.lower() == text:
            self.next()
            return True
        return False

    def error(self, token: _Token, what: str) -> QueryError:
        return QueryError(self.text, token.start, token.end, what)


def _tokens(text: str) -> list[_Token]:
    out, place = [], 0
    while text[place:].strip():
        found = TOKEN.match(text, place)
        if found is None:
            start = place + len(text[place:]) - len(text[place:].lstrip())
            raise QueryError(text, start, start + 1, f"{text[start]!r} is not part of the language")
        kind = found.lastgroup or ""
        out.append(_Token(kind, found[kind], found.start(kind), found.end(kind)))
        place = found.end()
    return [*out, _Token("end", "", len(text), len(text))]


LEVEL_BOUND = re.compile(r"\s*(?P<sign>>=|<=|==|=|>|<)?\s*(?P<level>\w+)\s*")


def levels_in(text: str) -> frozenset[Level]:
    """Return the levels that a bound names: ``limited``, ``6``, ``>=6``, ``< display``.

    A level alone is that level only.

    Raises:
        QueryError: it is no bound on levels.
    """
    found = LEVEL_BOUND.fullmatch(text)
    if found is None:
        raise QueryError(text, 0, len(text), "not a bound on levels: write '>=6' or 'limited'")
    name = found["level"]
    try:
        level = Level(int(name)) if name.isdigit() else level_named(name)
    except ValueError:
        near = get_close_matches(name.lower(), LEVEL_NAMES, n=1)
        hint = f"did you mean {near[0]!r}?" if near else f"levels are {', '.join(LEVEL_NAMES)}, 0–8"
        what = f"unknown level {name!r}; {hint}"
        raise QueryError(text, found.start("level"), found.end("level"), what) from None
    compare = COMPARISONS[found["sign"] or "="]
    names = np.arange(len(Level), dtype=np.float64)
    return frozenset(Level(int(one)) for one in np.flatnonzero(compare(names, float(level))))


DURATION = re.compile(r"\s*(\d{1,6})\s*(d|days?|w|weeks?)?\s*")


def days_in(text: str) -> int:
    """Return the days of a duration, as ``30d``, ``4 weeks`` or ``30``.

    Raises:
        QueryError: it is no duration.
    """
    found = DURATION.fullmatch(text)
    if found is None or int(found[1]) == 0:
        raise QueryError(text, 0, len(text), "not a duration: write '30d' or '4w'")
    return int(found[1]) * (7 if (found[2] or "d").startswith("w") else 1)
