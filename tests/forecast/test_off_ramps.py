"""The search for what lowers a risk, what it costs, and pairs of levers."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from small import small
from test_levers import settings, trial

from offramp.engine.plan import ScalarColumn
from offramp.forecast.levers.effects import question_of
from offramp.forecast.levers.outcomes import asks_for
from offramp.forecast.levers.plausibility import Plausibility, cost_of, plausibility
from offramp.forecast.levers.searching import (
    _Tried,
    interactions,
    off_ramps,
    pareto,
    pull,
    ranked,
    risk_change,
    sweep,
)
from offramp.ladder import Level, level_named


def chance(text: str) -> Plausibility:
    (setting,) = settings(text)
    return plausibility(trial(), setting)


def test_stances_are_as_plausible_as_the_timeline_has_them() -> None:
    """P has restrained A once and said nothing else; the judged shares count as two."""
    assert chance("PPP.restrains=true").probability == pytest.approx((1 + 2 * 0.5) / 3)
    assert chance("PPP.restrains=true").basis == "timeline"
    assert chance("PPP.go_ahead=true").probability == pytest.approx((0 + 2 * 0.1) / 3)
    assert chance("PPP.go_ahead=false").probability == pytest.approx(1 - 0.2 / 3)
    assert chance("PPP.refuses_offence=true") == Plausibility(0.3, "elicited")


def test_what_the_model_knows_is_read_off_the_futures() -> None:
    futures, draws = trial().futures, small().posterior.draws
    rate = draws.scalars[:, ScalarColumn.ENDING]
    ends = 1.0 - np.mean([math.exp(-31.0 * one) for one in rate])  # 30 days after the first
    assert chance("hills.ceasefire=true").probability == pytest.approx(ends)
    salvo = [one.id for one in futures.compiled.options].index("salvo")
    level = level_named(futures.compiled.options[salvo].level)
    places = futures.compiled.dyads_of("BBB", "AAA")
    acted, taken = set(), set()
    for row, dyad, rung, one in zip(
        futures.future, futures.dyad, futures.level, futures.option, strict=True
    ):
        if dyad in places and rung == level:
            acted.add(int(row))
        if one == salvo:
            taken.add(int(row))
    assert taken < acted
    # Who never acts at that level gives nothing up.
    assert chance("options.salvo=0").probability == pytest.approx(
        (len(acted - taken) + 1) / (len(acted) + 2)
    )
    (place,) = futures.compiled.dyads_of("AAA", "BBB")
    spoken = {
        int(row)
        for row, dyad, level, day in zip(
            futures.future, futures.dyad, futures.level, futures.day, strict=True
        )
        if dyad == place and level == Level.CONCILIATE and day <= 31
    }
    assert chance("AAA.concludes=true").probability == pytest.approx(
        (len(spoken) + 1) / (futures.count + 2)
    )
    # One raid of the timeline was telegraphed; of the options with munitions two thirds are.
    assert chance("warning=true").probability == pytest.approx((1 + 2 * 2 / 3) / 3)
    assert chance("hills.link=0").basis == "elicited"


def test_costs_add_up_in_bits() -> None:
    both = settings("PPP.refuses_offence=true", "hills.ceasefire=true")
    ends = chance("hills.ceasefire=true").probability
    assert cost_of(trial(), both) == pytest.approx(-math.log2(0.3) - math.log2(ends))
    assert Plausibility(1.0, "is so").cost == 0.0


def test_an_interaction_is_what_two_do_beyond_their_sum() -> None:
    base = trial()
    one, other = (
        pull(base, settings("AAA.concludes=true")),
        pull(base, settings("PPP.restrains=false")),
    )
    (pair,) = interactions(base, [one, other])
    joint = base.effects(base.pulled((*one.settings, *other.settings)))
    for name, effect in joint.items():
        alone = one.effects[name].change + other.effects[name].change
        assert pair.effects[name] == effect
        assert pair.beyond[name] == pytest.approx(effect.change - alone, abs=1e-12)
        assert pair.monte_carlo_error[name] >= 0.0


def test_of_two_levers_one_of_which_is_idle_nothing_is_beyond_the_sum() -> None:
    base = trial()
    one, idle = (
        pull(base, settings("AAA.concludes=true")),
        pull(base, settings("PPP.restrains=true")),
    )
    assert idle.idle
    assert not one.idle
    (pair,) = interactions(base, [one, idle])
    assert set(pair.beyond.values()) == {0.0}
    assert set(pair.monte_carlo_error.values()) == {0.0}


def test_the_sweep_pulls_each_lever_at_its_calm_value_and_ranks_by_risk() -> None:
    base = trial(400)
    found = sweep(base)
    calm = [one for one in base.levers if one.calm is not None]
    assert [(one.settings[0].lever, one.settings[0].value) for one in found] == [
        (one, one.calm) for one in calm
    ]
    question = question_of(base.crisis, "calm")
    changes = [risk_change(question, one.effects["calm"]) for one in ranked(base, found, question)]
    assert changes == sorted(changes)
    assert changes[0] == -max(one.effects["calm"].change for one in found)  # quiet is no risk


@given(st.lists(st.tuples(st.integers(-9, 9), st.integers(0, 9)), max_size=12))
def test_the_front_is_what_nothing_beats(points: list[tuple[int, int]]) -> None:
    tried = [_Tried((), float(risk), float(cost)) for risk, cost in points]
    front = {(one.risk, one.cost) for one in pareto(tried)}
    assert front == {
        (one.risk, one.cost)
        for one in tried
        if not any(
            other.risk <= one.risk
            and other.cost <= one.cost
            and (other.risk, other.cost) != (one.risk, one.cost)
            for other in tried
        )
    }


def test_what_a_question_asks_for_is_no_way_to_avoid_it() -> None:
    compiled, (strike,) = (
        small().compiled,
        [one for one in small().compiled.crisis.questions if one.id == "strike"],
    )
    names = {option.id for option in compiled.options}
    asked = {name for name in names if asks_for(strike, compiled, name)}
    assert asked == {"air-strike"}  # of A on B, overt
    on_soil = strike.model_copy(update={"event": strike.event.model_copy(update={"soil": "AAA"})})
    assert not any(asks_for(on_soil, compiled, name) for name in names)
    war = next(one for one in compiled.crisis.questions if one.id == "war")
    assert not any(asks_for(war, compiled, name) for name in names)
    for way in off_ramps(trial(400), trial(1000, 400), strike, most=2):
        assert "options.air-strike" not in {setting.lever.name for setting in way.settings}


def test_off_ramps_lower_the_risk_on_futures_that_the_search_has_not_seen() -> None:
    search, final = trial(400), trial(1000, 400)
    question = question_of(final.crisis, "strike")
    found = off_ramps(search, final, question, most=2)
    assert found
    assert [one.cost for one in found] == sorted(one.cost for one in found)
    assert [one.risk for one in found] == sorted((one.risk for one in found), reverse=True)
    for way in found:
        assert 1 <= len(way.settings) <= 2
        assert all(setting.value == setting.lever.calm for setting in way.settings)
        effects = final.effects(final.pulled(way.settings))
        assert way.effects == effects
        assert way.risk == effects["strike"].change < 0.0
        assert way.cost == pytest.approx(cost_of(final, way.settings))
    words = {setting.lever.word for way in found for setting in way.settings}
    assert "concludes" in words
