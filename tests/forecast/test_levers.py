"""Levers: which a crisis has, what setting them changes, and the effects that pairs show."""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import replace
from datetime import date
from functools import cache

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from small import SEED, small

from offramp.choice.dyad import Slot
from offramp.engine.plan import CEASE, LINK, MAN, ROOM_WIDTH, SET, UNSAY, WARN, WEIGH
from offramp.forecast.levers import Experiment, declared_levers, parse_settings
from offramp.forecast.levers.changing import changed
from offramp.forecast.levers.declared import CALM_STANCES, KINDS, SAID, Kind
from offramp.forecast.levers.effects import (
    effect_of,
    experiment,
    interval_over_draws,
    paired,
    paired_error,
    question_of,
    without_surprise,
)
from offramp.forecast.levers.settings import Setting, calm_setting
from offramp.forecast.uncertainty import monte_carlo_error

COUNT = 2000
FIRST_DAY = date(2024, 4, 16)


@cache
def trial(count: int = COUNT, first: int = 0) -> Experiment:
    crisis = small()
    return experiment(
        crisis.compiled, crisis.posterior, crisis.prior.figures, count, SEED, first=first
    )


def settings(*texts: str) -> tuple[Setting, ...]:
    compiled = small().compiled
    return parse_settings(texts, declared_levers(compiled), compiled.crisis)


def rows(*texts: str) -> list[tuple[float, ...]]:
    """Return the changes of an intervention, days counted from the as-of date."""
    compiled = small().compiled
    table = changed(compiled, settings(*texts)).plan.changes.copy()
    table[:, 0] -= compiled.plan.as_of_day
    return [tuple(row) for row in table]


def test_the_levers_of_a_crisis_follow_from_its_file() -> None:
    names = {lever.name for lever in declared_levers(small().compiled)}
    stances = set(CALM_STANCES)
    patron = {f"PPP.{word}:AAA:{rival}" for word in stances for rival in ("BBB", "GGG")}
    sponsor = {f"BBB.{word}:GGG:AAA" for word in stances - {"defends", "refuses_defence"}}
    faced = [("AAA", "BBB"), ("BBB", "AAA"), ("PPP", "BBB"), ("BBB", "PPP")]
    faced += [("AAA", "GGG"), ("GGG", "AAA")]
    said = {f"{actor}.{word}:{rival}" for actor, rival in faced for word in SAID}
    fronts = {"direct.ceasefire", "hills.ceasefire", "hills.link:direct", "direct.link:hills"}
    options = {f"options.{option.id}" for option in small().compiled.crisis.options}
    assert names == patron | sponsor | said | fronts | options | {"warning"}


def test_what_is_proposed_never_raises_force_by_nature() -> None:
    for lever in declared_levers(small().compiled):
        if lever.kind in (Kind.OPTION, Kind.LINK):
            assert lever.calm in (0.0, None)
        if lever.word in ("go_ahead", "joins_offence", "refuses_defence", "threatens"):
            assert lever.calm in (0.0, None)
        if lever.word in ("restrains", "refuses_offence", "defends", "concludes"):
            assert lever.calm in (1.0, None)
    assert {lever.kind for lever in declared_levers(small().compiled)} == set(KINDS)


@pytest.mark.parametrize(
    ("text", "name", "value", "day"),
    [
        ("PPP.restrains=true", "PPP.restrains:AAA:BBB", 1.0, FIRST_DAY),
        ("PPP.restrains:AAA:GGG=false", "PPP.restrains:AAA:GGG", 0.0, FIRST_DAY),
        ("BBB.go_ahead=true", "BBB.go_ahead:GGG:AAA", 1.0, FIRST_DAY),
        ("AAA.concludes=2024-05-01", "AAA.concludes:BBB", 1.0, date(2024, 5, 1)),
        (" hills.ceasefire = true ", "hills.ceasefire", 1.0, FIRST_DAY),
        ("hills.link=0.5", "hills.link:direct", 0.5, FIRST_DAY),
        ("options.salvo=0@2024-05-01", "options.salvo", 0.0, date(2024, 5, 1)),
        ("warning=false", "warning", 0.0, FIRST_DAY),
    ],
)
def test_settings_are_read(text: str, name: str, value: float, day: date) -> None:
    (setting,) = settings(text)
    assert (setting.lever.name, setting.value, setting.day) == (name, value, day)
    assert settings(str(setting)) == (setting,)


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("PPP.restrain=true", "no lever 'PPP.restrain'; did you mean 'PPP.restrains'?"),
        ("hill.ceasefire=true", "no lever 'hill.ceasefire'; did you mean 'hills.ceasefire'?"),
        ("options.salvos=0", "did you mean 'options.salvo'?"),
        ("", "LEVER=VALUE"),
        ("warning", "LEVER=VALUE"),
        ("warning=", "LEVER=VALUE"),
        ("warning=perhaps", "'perhaps' is not true, false or a day"),
        ("options.salvo=much", "'much' is not a number, true, false or a day"),
        ("options.salvo=-1", "not between 0 and 100"),
        ("options.salvo=nan", "not between 0 and 100"),
        ("hills.link=2", "not between 0 and 1"),
        ("hills.ceasefire=false", "takes true or a day"),
        ("hills.ceasefire=2024-04-15", "what is past is not changed"),
        ("hills.ceasefire=2025-04-15", "not among the days to come"),
        ("hills.ceasefire=2024-04-32", "not a day"),
        ("warning=true@soon", "'soon' is not a day"),
    ],
)
def test_what_cannot_be_set_is_refused_with_its_word(text: str, complaint: str) -> None:
    with pytest.raises(ValueError, match=re.escape(complaint)):
        settings(text)


def test_a_lever_is_set_once() -> None:
    with pytest.raises(ValueError, match=r"PPP\.restrains:AAA:BBB is set twice"):
        settings("PPP.restrains=true", "PPP.restrains:AAA:BBB=false")


def test_a_name_that_may_be_of_two_clients_is_refused() -> None:
    crisis = small().compiled.crisis
    tie = next(one for one in crisis.ties if one.id == "p-backs-a")
    second = tie.model_copy(update={"id": "p-backs-b", "receiver": "BBB"})
    compiled = replace(
        small().compiled, crisis=crisis.model_copy(update={"ties": [*crisis.ties, second]})
    )
    with pytest.raises(ValueError, match=r"PPP\.restrains:AAA or PPP\.restrains:BBB: name it"):
        parse_settings(["PPP.restrains=true"], declared_levers(compiled), crisis)


def test_what_settings_change_is_as_computed_by_hand() -> None:
    compiled = small().compiled
    (a_b,) = compiled.dyads_of("AAA", "BBB")
    (b_a,) = compiled.dyads_of("BBB", "AAA")
    hills, direct = (compiled.fronts.index(name) for name in ("hills", "direct"))
    option = [one.id for one in compiled.options].index
    assert rows("PPP.restrains=false") == [(1, SET, a_b, Slot.RESTRAINT, 0.0)]
    assert rows("PPP.go_ahead=true") == [
        (1, SET, a_b, Slot.RESTRAINT, 0.0),  # it says one or the other
        (1, SET, a_b, Slot.GO_AHEAD, 0.75),  # high dependence
    ]
    assert rows("PPP.defends=true") == [(1, SET, a_b, Slot.DEFENCE, 1.0)]  # the only partner
    assert rows("PPP.refuses_defence=true") == [(1, MAN, 1, 0, 0.0)]  # its aircraft
    assert rows("PPP.defends=true", "PPP.defends:AAA:GGG=false")[-1] == (1, MAN, 1, 0, 0.0)
    assert rows("BBB.concludes:AAA=false") == [
        (1, UNSAY, b_a, Slot.CONCLUDED_DAY, 90),
        (1, UNSAY, a_b, Slot.RIVAL_CONCLUDED_DAY, 90),
    ]
    assert rows("BBB.threatens:AAA=false") == [(1, UNSAY, b_a, Slot.THREAT_DAY, 30)]
    assert rows("hills.ceasefire=2024-05-01") == [(16, CEASE, hills, 0, 0.0)]
    assert rows("hills.link=0.5") == [(1, LINK, hills, direct, 0.25)]  # medium: one half
    assert rows("options.salvo=0@2024-04-20") == [(5, WEIGH, option("salvo"), 0, 0.0)]
    assert rows("warning=true") == [(1, WARN, option("salvo"), 0, 1.0)]  # the barrage is told
    assert rows("warning=false") == [(1, WARN, option("barrage"), 0, 0.0)]


def test_changes_stand_by_day_and_later_words_replace_earlier_ones() -> None:
    (a_b,) = small().compiled.dyads_of("AAA", "BBB")
    assert rows("PPP.restrains=2024-05-01", "PPP.go_ahead=true") == [
        (1, SET, a_b, Slot.RESTRAINT, 0.0),
        (1, SET, a_b, Slot.GO_AHEAD, 0.75),
        (16, SET, a_b, Slot.RESTRAINT, 0.75),
        (16, SET, a_b, Slot.GO_AHEAD, 0.0),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "PPP.restrains=true",
        "PPP.go_ahead=false",
        "PPP.joins_offence=false",
        "hills.link=true",
        "options.salvo=1",
    ],
)
def test_what_is_so_already_changes_no_future(text: str) -> None:
    assert rows(text) == []
    assert trial().pulled(settings(text)) is trial().futures


def test_the_past_and_the_draws_are_left_alone() -> None:
    before = [part.copy() for part in (*small().posterior.worlds, *small().posterior.draws)]
    trial(400).pulled(settings("PPP.go_ahead=true", "hills.link=0", "options.salvo=0"))
    after = (*small().posterior.worlds, *small().posterior.draws)
    assert all(np.array_equal(one, other) for one, other in zip(before, after, strict=True))


def test_an_effect_is_the_difference_of_the_shares_of_many_futures() -> None:
    """What goes with surprise is taken out, and no bias is put in: against ten times as many."""
    texts = ("AAA.concludes=true", "PPP.go_ahead=true", "options.salvo=0@2024-04-20")
    base, many = trial(), trial(10 * COUNT, first=1_000_000)
    for text in texts:
        effects = base.effects(base.pulled(settings(text)))
        after = many.outcomes_of(many.pulled(settings(text)))
        for name, effect in effects.items():
            difference = after[name] - many.outcomes[name]
            error = np.hypot(paired_error(many.futures, difference), effect.monte_carlo_error)
            assert abs(effect.change - difference.mean()) <= 4.0 * error, (text, name)
            share = many.outcomes[name].mean()
            # The draws are the same: both scatter by finite futures only.
            alone = monte_carlo_error(many.futures, many.outcomes[name])
            assert abs(effect.before - share) <= 4.0 * np.hypot(alone, 4.0 * alone), (text, name)
    calmer = base.effects(base.pulled(settings("AAA.concludes=true")))
    assert calmer["strike"].change < 0.0 < calmer["calm"].change
    assert calmer["toll"].before <= 0.5 + 4.0 * calmer["toll"].monte_carlo_error + 0.05


def test_an_event_stands_for_an_answer() -> None:
    base = trial()
    answers = {one.id: base.answering(base.futures).answer(one) for one in base.crisis.questions}
    for name in ("strike", "war", "killed", "calm"):
        assert base.outcomes[name].mean() == answers[name].probability
    response = answers["response"].categories or {}
    overt = sum(response[level] for level in ("limited", "major", "war"))
    assert base.outcomes["response"].mean() == pytest.approx(overt)
    assert base.outcomes["toll"].mean() <= 0.5  # more than the median


def test_what_goes_with_surprise_is_taken_out() -> None:
    """By a closed form: of y = 2 s + 3 t + noise the noise is left, and its mean."""
    random = np.random.default_rng(4)
    surprises, noise = random.normal(size=(20_000, 2)), random.normal(size=20_000)
    values = surprises @ [2.0, 3.0] + 0.1 * noise + 5.0
    told = without_surprise(values, surprises)
    assert told.std() == pytest.approx(0.1, rel=0.02)
    assert told.mean() == pytest.approx(5.0, abs=0.004)
    assert without_surprise(values, 0.0 * surprises) == pytest.approx(values)
    assert without_surprise(values, surprises[:, :0]) == pytest.approx(values)


def test_questions_beyond_the_room_are_told_by_pairs_alone() -> None:
    crisis, compiled = small().compiled.crisis, small().compiled
    (strike,) = [one for one in crisis.questions if one.id == "strike"]
    many = [strike.model_copy(update={"id": f"strike-{k}"}) for k in range(ROOM_WIDTH + 5)]
    asked = replace(compiled, crisis=crisis.model_copy(update={"questions": many}))
    base = experiment(asked, small().posterior, small().prior.figures, 400, SEED)
    effects = base.effects(base.pulled(settings("AAA.concludes=true")))
    inside, beyond = effects["strike-0"], effects[f"strike-{ROOM_WIDTH}"]
    assert inside.monte_carlo_error < beyond.monte_carlo_error
    assert beyond.before == base.outcomes["strike-0"].mean()
    assert replace(inside, question="") == replace(effects[f"strike-{ROOM_WIDTH - 1}"], question="")


def test_the_error_of_a_pair_is_that_of_the_mean_over_many_samples() -> None:
    """Differences drawn from known probabilities by draw; their means scatter as is said."""
    random = np.random.default_rng(1)
    futures = trial().futures
    up, down = random.beta(1, 20, futures.draws), random.beta(1, 8, futures.draws)
    samples = []
    for _ in range(400):
        chance = random.random(futures.count)
        brought = (chance < up[futures.draw]).astype(float)
        samples.append(brought - (chance > 1.0 - down[futures.draw]))
    scatter = np.std([sample.mean() for sample in samples])
    said = np.mean([paired_error(futures, sample) for sample in samples])
    assert said == pytest.approx(scatter, rel=0.12)  # three standard errors of a scatter of 400


def test_the_interval_over_draws_holds_nine_in_ten_of_the_effects() -> None:
    random = np.random.default_rng(2)
    futures = trial().futures
    up, down = random.beta(1, 30, futures.draws), random.beta(2, 12, futures.draws)
    chance = random.random(futures.count)
    difference = (chance < up[futures.draw]).astype(float) - (chance > 1.0 - down[futures.draw])
    low, high = interval_over_draws(futures, difference)
    held = np.mean((low <= up - down) & (up - down <= high))
    assert 0.82 <= held <= 0.97


def test_a_lever_that_only_averts_has_no_interval_above_zero() -> None:
    futures = trial().futures
    difference = -(np.random.default_rng(3).random(futures.count) < 0.1).astype(float)
    low, high = interval_over_draws(futures, difference)
    assert -1.0 <= low <= difference.mean() <= high <= 0.0
    nothing = np.zeros(futures.count)
    for seed in range(50):
        surprises = np.random.default_rng(seed).normal(size=(2, futures.count, 2))
        nothing_done = effect_of("q", futures, paired(nothing, nothing, *surprises))
        assert (nothing_done.interval, nothing_done.change) == ((0.0, 0.0), 0.0)
        rarely = difference * (np.arange(futures.count) % (seed + 1) == 0)
        effect = effect_of("q", futures, paired(nothing - rarely, nothing, *surprises))
        assert effect.interval[0] <= effect.change <= effect.interval[1] <= 0.0
        effect = effect_of("q", futures, paired(nothing, nothing - rarely, *surprises))
        assert 0.0 <= effect.interval[0] <= effect.change <= effect.interval[1]


@pytest.mark.parametrize(
    ("text", "question", "most"),
    [
        ("hills.ceasefire=true", "strike", 1 / 3),
        ("hills.link:direct=0", "strike", 1 / 3),
        ("PPP.refuses_offence=true", "strike", 1 / 3),
        ("PPP.go_ahead=true", "war", 1 / 3),
        ("AAA.concludes=true", "war", 1 / 3),
        ("AAA.concludes=true", "strike", 1 / 3),
        # Of an answer with yes or no as many pairs differ as the effect is large, whatever the
        # numbers: here at least .75 of the error of two runs. Surprise takes most of it.
        ("PPP.go_ahead=true", "strike", 0.45),
        ("options.salvo=0", "killed", 1 / 3),
    ],
)
def test_pairs_narrow_the_interval(text: str, question: str, most: float) -> None:
    """Beside two runs of their own, which cost as much."""
    base = trial()
    pulled = base.pulled(settings(text))
    before, after = base.outcomes[question], base.outcomes_of(pulled)[question]
    alone = np.hypot(monte_carlo_error(base.futures, before), monte_carlo_error(pulled, after))
    effect = base.effects(pulled)[question]
    assert effect.monte_carlo_error <= most * alone, effect.monte_carlo_error / alone


def test_a_question_that_is_not_there_is_named() -> None:
    crisis = small().compiled.crisis
    with pytest.raises(ValueError, match="'wars': no such question is open; did you mean 'war'"):
        question_of(crisis, "wars")
    assert question_of(crisis, None).id == "response"  # the only headline
    assert question_of(crisis, "war").type == "war"
    past = {"within_days": None, "by": crisis.as_of}
    shut = [one.model_copy(update=past) for one in crisis.questions]
    with pytest.raises(ValueError, match="no question of the crisis is open"):
        question_of(crisis.model_copy(update={"questions": shut}), None)


def test_a_lever_by_hand_is_not_proposed() -> None:
    lever = next(one for one in declared_levers(small().compiled) if one.calm is None)
    with pytest.raises(ValueError, match="by hand"):
        calm_setting(lever, small().compiled.crisis)


@given(st.text(max_size=30), st.text(max_size=12))
def test_any_text_is_read_or_refused(name: str, value: str) -> None:
    with suppress(ValueError):
        settings(f"{name}={value}")
