"""What a question has come to by a day, against the answers and against plain loops."""

from __future__ import annotations

import numpy as np
import pytest
from made import outcomes
from small import small, small_crisis
from walking import attacks_on, stories

from offramp.choice.editions import shipped_figures
from offramp.engine.ensemble import Futures
from offramp.forecast.answering import Answering
from offramp.forecast.outcomes import explained, outcomes_of
from offramp.ladder import Level

COUNT, HORIZON = 1000, 90


@pytest.fixture(scope="module")
def futures() -> Futures:
    return small().futures(COUNT, HORIZON)


@pytest.fixture(scope="module")
def answering(futures: Futures) -> Answering:
    return Answering(futures, small().posterior, shipped_figures().base_rates)


@pytest.mark.parametrize("name", ["strike", "war", "killed", "calm"])
def test_shares_are_those_of_the_answer(futures: Futures, answering: Answering, name: str) -> None:
    found = outcomes(futures, name)
    assert found.true.mean() == answering.answer(found.question).probability


def test_first_responses_are_those_of_the_answer(futures: Futures, answering: Answering) -> None:
    found = outcomes(futures, "response")
    shares = np.bincount(found.final, minlength=len(found.names)) / COUNT
    assert (
        dict(zip(found.names, shares, strict=True)) == answering.answer(found.question).categories
    )


def test_a_day_is_one_that_comes_by_the_close(futures: Futures, answering: Answering) -> None:
    found = outcomes(futures, "when")
    quantiles = answering.answer(found.question).quantiles
    assert quantiles is not None
    for level, value in quantiles.items():
        assert (value is not None) == (found.true.mean() > float(level))


@pytest.mark.parametrize("name", ["response", "strike", "war", "killed", "calm", "when"])
def test_what_has_come_true_stays_true(futures: Futures, name: str) -> None:
    found = outcomes(futures, name)
    before = np.zeros(COUNT, np.int64)
    for day in range(0, found.closes + 1, 5):
        now = found.by_day(day)
        assert (now[before > 0] == before[before > 0]).all()
        before = now
    assert 0 < found.true.mean() < 1


def test_an_act_by_a_day_against_a_loop(futures: Futures) -> None:
    found, told = outcomes(futures, "strike"), stories(futures)
    for day in (1, 4, 11, 30):
        expected = [
            any(
                {acting.actor, acting.target} == {"AAA", "BBB"}  # war is force of both sides
                and futures.level[k] >= (Level.LIMITED if acting.actor == "AAA" else Level.WAR)
                and futures.day[k] <= day
                for k in range(futures.start[row], futures.start[row + 1])
                for acting in [futures.compiled.dyads[futures.dyad[k]]]
            )
            or any(one <= day for one in attacks_on(told[row], "direct", 4))  # of four ways, one
            for row in range(COUNT)
        ]
        assert found.by_day(day).tolist() == expected


def test_questions_to_explain(futures: Futures) -> None:
    questions = list(small_crisis().questions)
    assert [one.id for one in explained(questions, ())] == ["response"]
    assert [one.id for one in explained(questions, (), "war")] == ["war"]
    for wanted, said in (
        ("toll", "asks for a number"),
        ("nope", "there are: calm, killed, response, strike"),
        ("strke", "did you mean 'strike'"),
    ):
        with pytest.raises(ValueError, match=said):
            explained(questions, (), wanted)
    with pytest.raises(ValueError, match="asks for a number"):
        outcomes(futures, "toll")


def test_what_the_timeline_settled_is_not_explained(futures: Futures) -> None:
    (strike,) = [one for one in small_crisis().questions if one.id == "strike"]
    settled = strike.model_copy(update={"opened": small_crisis().coded_from})
    assert outcomes_of(settled, futures).settled
    assert not outcomes_of(strike, futures).settled
    with pytest.raises(ValueError, match="settled"):
        explained([settled], {"strike"}, "strike")
    assert explained([settled], {"strike"}) == []
