"""The language of --where: against Python's own reading of the same rows, and what errors say."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from made_points import Point, made_points

from offramp.choice.querying import (
    PLAIN_WORDS,
    WORDS,
    QueryError,
    chosen,
    days_in,
    levels_in,
)
from offramp.choice.terms import ESTIMATED
from offramp.ladder import Level

ROWS = [
    Point(actor, rival, date(year, month, 1), x={"allied": a, "rivals": r, "power": p})
    for actor, rival, year, month, a, r, p in (
        (666, 630, 1979, 12, 0.0, 1.0, -1.0),
        (630, 666, 1980, 1, 0.0, 1.0, 1.0),
        (2, 20, 1990, 6, 1.0, 0.0, 2.5),
        (20, 2, 1991, 1, 1.0, 0.0, -2.5),
        (651, 652, 2001, 9, 1.0, 1.0, 0.0),
    )
]
POINTS = made_points(ROWS)


@dataclass(frozen=True)
class Said:
    """An expression and what Python makes of it, row by row."""

    text: str
    truth: tuple[bool, ...]


def atom(text: str, test: Any) -> Said:
    return Said(text, tuple(bool(test(row)) for row in ROWS))


ATOMS = st.sampled_from(
    [
        atom("allied", lambda row: row.x["allied"] == 1.0),
        atom("rivals = 1", lambda row: row.x["rivals"] == 1.0),
        atom("power>0.5", lambda row: row.x["power"] > 0.5),
        atom("power <= -1", lambda row: row.x["power"] <= -1),
        atom("power_ratio < 1", lambda row: math.exp(row.x["power"]) < 1),
        atom("after 1990", lambda row: row.day.year > 1990),
        atom("since 1990", lambda row: row.day.year >= 1990),
        atom("before 1990", lambda row: row.day.year < 1990),
        atom("after 1990-05-31", lambda row: row.day > date(1990, 5, 31)),
        atom("year != 1980", lambda row: row.day.year != 1980),
        atom("actor = ISR", lambda row: row.actor == 666),
        atom("rival != 'united states'", lambda row: row.rival != 2),
        atom("ACTOR == 630", lambda row: row.actor == 630),
    ]
)


def combined(parts: st.SearchStrategy[Said]) -> st.SearchStrategy[Said]:
    def both(pair: tuple[Said, Said]) -> Said:
        truth = tuple(a and b for a, b in zip(pair[0].truth, pair[1].truth, strict=True))
        return Said(f"({pair[0].text}) and ({pair[1].text})", truth)

    def either(pair: tuple[Said, Said]) -> Said:
        truth = tuple(a or b for a, b in zip(pair[0].truth, pair[1].truth, strict=True))
        return Said(f"({pair[0].text} or {pair[1].text})", truth)

    def negated(one: Said) -> Said:
        return Said(f"not ({one.text})", tuple(not value for value in one.truth))

    pairs = st.tuples(parts, parts)
    return pairs.map(both) | pairs.map(either) | parts.map(negated)


@given(st.recursive(ATOMS, combined, max_leaves=8))
def test_expressions_mean_what_python_would(said: Said) -> None:
    assert chosen(said.text, POINTS).tolist() == list(said.truth)


def test_and_binds_before_or_and_not_before_and() -> None:
    truths = {text: chosen(text, POINTS) for text in ("allied", "rivals", "power > 0")}
    a, r, p = truths.values()
    assert (chosen("allied or rivals and power > 0", POINTS) == (a | (r & p))).all()
    assert (chosen("not allied and rivals", POINTS) == (~a & r)).all()


def test_reciprocated_is_an_own_act_of_about_a_year() -> None:
    count = [math.log1p(math.exp(-days / 365)) for days in (0, 364, 366, 1000)]
    points = made_points([Point(x={"own_year": value}) for value in count])
    assert chosen("reciprocated", points).tolist() == [True, True, False, False]


def test_plain_words_are_in_plain_units() -> None:
    points = made_points([Point(x={"distance": math.log1p(1.5), "confrontations": math.log1p(4)})])
    assert chosen("km > 1499 and km < 1501", points).all()
    assert chosen("past_confrontations > 3.9 and past_confrontations < 4.1", points).all()


def test_every_covariate_is_a_word() -> None:
    for term in ESTIMATED:
        text = term.name if term.unit == "0/1" else f"{term.name} > 0"
        assert chosen(text, POINTS).shape == (len(ROWS),)
    assert set(WORDS) == set(PLAIN_WORDS) | {term.name for term in ESTIMATED}


@pytest.mark.parametrize(
    ("text", "marked", "said"),
    [
        ("rivals and alied", "alied", "did you mean 'allied'?"),
        ("not (rivals", "(", "this bracket is not closed"),
        ("power", "power", "'power' is a number: compare it, as 'power > 1'"),
        ("power > x", "x", "'power' is compared with a number"),
        ("actor = ISRL", "ISRL", "there is no state 'ISRL'; did you mean ISR?"),
        ("actor > ISR", ">", "write 'actor = ISR'"),
        ("after then", "then", "write 'after 1990'"),
        ("after 99999", "99999", "write 'after 1990'"),
        ("rivals allied", "allied", "stands where 'and', 'or' or the end should"),
        ("2 > 1", "2", "'2' stands where a name should"),
        ("rivals & allied", "&", "'&' is not part of the language"),
        ("rivals and", "", "the expression ends where a name should"),
        ("__import__('os')", "__import__", "unknown word"),
    ],
)
def test_an_error_points_at_the_word(text: str, marked: str, said: str) -> None:
    with pytest.raises(QueryError) as caught:
        chosen(text, POINTS)
    error = caught.value
    assert said in str(error)
    assert text[error.start : error.end] == marked
    shown, caret = str(error).splitlines()[-2:]
    assert shown[caret.index("^") : caret.rindex("^") + 1] == (marked or "")[: len(caret.strip())]


@given(st.text(alphabet="ab()<>=!not anDor1.'\"_é \t", max_size=30))
def test_any_text_is_read_or_refused(text: str) -> None:
    place = (0, 0)
    try:
        assert chosen(text, POINTS).dtype == np.bool_
    except QueryError as error:
        place = (error.start, error.end)
    assert 0 <= place[0] <= place[1] <= len(text)


@pytest.mark.parametrize(
    ("text", "levels"),
    [
        ("limited", {6}),
        ("6", {6}),
        (">=6", {6, 7, 8}),
        ("> limited", {7, 8}),
        (" <= verbal ", {0, 1, 2}),
        ("== war", {8}),
        ("<1", {0}),
    ],
)
def test_levels(text: str, levels: set[int]) -> None:
    assert levels_in(text) == {Level(one) for one in levels}


@pytest.mark.parametrize(
    ("text", "said"),
    [("limted", "did you mean 'limited'?"), ("9", "levels are hold,"), ("", "not a bound")],
)
def test_levels_that_are_none(text: str, said: str) -> None:
    with pytest.raises(QueryError) as caught:
        levels_in(text)
    assert said in str(caught.value)


def test_durations() -> None:
    assert [days_in(text) for text in ("30", "30d", "4w", "2 weeks", "1 day")] == [
        30,
        30,
        28,
        14,
        1,
    ]
    for text in ("", "0d", "d", "-3d", "3 months"):
        with pytest.raises(QueryError, match="write '30d' or '4w'"):
            days_in(text)
