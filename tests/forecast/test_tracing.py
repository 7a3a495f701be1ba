"""Traces: futures that can be read again, draws that were made to differ, facts left out."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from made import outcomes
from small import SEED, small, small_crisis

from offramp.engine.compile import compile_crisis
from offramp.engine.condition import condition
from offramp.engine.ensemble import Futures, run
from offramp.forecast.events import event_days
from offramp.forecast.explanations import FactEffect
from offramp.forecast.tracing import LeavingOut, fronts_asked, readable_futures, separators

COUNT, HORIZON = 2000, 90


@pytest.fixture(scope="module")
def futures() -> Futures:
    return small().futures(COUNT, HORIZON)


def leaving_out(count: int = 1000) -> LeavingOut:
    (question,) = [one for one in small_crisis().questions if one.id == "strike"]
    return LeavingOut(small().prior, small().posterior, question, SEED, 30, count)


@pytest.fixture(scope="module")
def facts() -> dict[str, FactEffect]:
    return {one.id: one for one in leaving_out().effects(small_crisis().timeline)}


@pytest.mark.parametrize("name", ["strike", "response"])
def test_a_named_future_is_that_future(futures: Futures, name: str) -> None:
    """Simulated alone, by its number, it comes out as said, on the day that is said."""
    true, false = readable_futures(futures, outcomes(futures, name))
    assert len(true) == len(false) == 5
    for one in (*true, *false):
        alone = small().futures(1, HORIZON, first=one.number)
        found = outcomes(alone, name)
        assert found.names[found.final[0]] == one.outcome
        assert one.draw == one.number % futures.draws
        assert (one.day is None) == (one.outcome == found.names[0])
        if one.day is not None:
            assert found.by_day(one.day)[0] > 0
            assert found.by_day(one.day - 1)[0] == 0


def test_the_day_is_that_of_the_event(futures: Futures) -> None:
    found = outcomes(futures)
    days = event_days(futures, found.question.event)  # type: ignore[union-attr]
    true, _ = readable_futures(futures, found, 20)
    assert [one.day for one in true] == [days[one.number] for one in true]


def test_what_was_made_to_separate_the_draws_is_found(futures: Futures) -> None:
    place = small().compiled.actors.index("BBB")
    resolve = small().posterior.draws.resolve[:, place]
    bold = resolve > np.median(resolve)
    planted = replace(outcomes(futures), by_day=lambda day: bold[futures.draw].astype(np.int64))
    first, *rest = separators(small().compiled, small().posterior, futures, planted)
    assert first.name == "resolve, BBB"
    assert (first.low, first.high) == (0.0, 1.0)
    expected = np.corrcoef(resolve, bold)[0, 1]
    assert first.correlation == pytest.approx(expected)
    assert max(abs(one.correlation) for one in rest) < first.correlation


def test_separators_of_a_real_question_are_of_its_fronts(futures: Futures) -> None:
    found = separators(small().compiled, small().posterior, futures, outcomes(futures), 100)
    names = {one.name for one in found}
    assert "resolve, AAA" in names
    assert "resolve, GGG" not in names  # it is on another front
    sizes = [abs(one.correlation) for one in found]
    assert sizes == sorted(sizes, reverse=True)


def test_nothing_separates_what_always_happens(futures: Futures) -> None:
    always = replace(outcomes(futures), by_day=lambda day: np.ones(COUNT, np.int64))
    assert separators(small().compiled, small().posterior, futures, always) == []


@pytest.mark.parametrize(
    ("name", "fronts"),
    [("strike", {"direct"}), ("response", {"direct"}), ("war", {"direct"}), ("when", {"direct"})],
)
def test_where_a_question_may_come_true(futures: Futures, name: str, fronts: set[str]) -> None:
    assert fronts_asked(outcomes(futures, name).question, small_crisis()) == fronts


@pytest.mark.parametrize("fact", ["p-restrains", "a-alert"])
def test_reweighting_agrees_with_conditioning_again(
    facts: dict[str, FactEffect], fact: str
) -> None:
    crisis = small_crisis()
    left = [entry for entry in crisis.timeline if entry.id != fact]
    compiled = compile_crisis(crisis.model_copy(update={"timeline": left}))
    posterior = condition(replace(small().prior, compiled=compiled), 11, 300)
    true = outcomes(run(compiled, posterior, 3000, 11, 30)).true
    spread = true.reshape(-1, 300).mean(axis=0).std() / np.sqrt(300)
    found = facts[fact]
    assert found.method == "reweighted"
    # The 200 draws that are reweighted are a sample of their own.
    own = spread * np.sqrt(300 / min(found.effective_draws, posterior.sample_size))
    assert found.without == pytest.approx(true.mean(), abs=4 * np.hypot(own, spread))


def test_restraint_lowers_and_a_barrage_raises(facts: dict[str, FactEffect]) -> None:
    assert facts["p-restrains"].effect < -2 * facts["p-restrains"].error
    assert facts["b-barrage"].effect > 2 * facts["b-barrage"].error
    assert [*facts] == sorted(facts, key=lambda one: -abs(facts[one].effect))


def test_a_statement_teaches_less_than_it_does(facts: dict[str, FactEffect]) -> None:
    """Statements are no choices: they bear on the days after them only."""
    told = facts["b-concludes"]
    assert abs(told.by_what_it_teaches) < abs(told.effect)
    assert told.effective_draws > 0.9 * small().posterior.draws.resolve.shape[0]


def test_a_telling_fact_is_conditioned_without(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("offramp.forecast.tracing.ENOUGH", 1.1)
    monkeypatch.setattr("offramp.forecast.tracing.DRAWS_AGAIN", 50)
    told = []
    entry = next(one for one in small_crisis().timeline if one.id == "b-barrage")
    (found,) = leaving_out(200).effects([entry], lambda *progress: told.append(progress))
    assert found.method == "conditioned again"
    assert found.effective_draws <= 50
    assert found.effect > 0
    assert told == [("leaving out one fact after the other", 1, 1)]
