"""Answers of the small crisis against plain counts over its futures."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import numpy as np
import pytest
from made import made
from small import Small, small, small_crisis
from walking import Story, attacks_on, stories

from offramp.choice.editions import shipped_figures
from offramp.crisis.questions import (
    ActQuestion,
    FirstDayQuestion,
    FirstResponseQuestion,
    KilledNumberQuestion,
    KilledQuestion,
    QuietQuestion,
    WarQuestion,
)
from offramp.engine.compile import compile_crisis
from offramp.engine.ensemble import Futures, run
from offramp.forecast.answering import Answering
from offramp.forecast.document import Answer
from offramp.forecast.outcomes import horizon_needed
from offramp.ladder import Level

COUNT, HORIZON = 1000, 90


@pytest.fixture(scope="module")
def futures() -> Futures:
    return small().futures(COUNT, HORIZON)


def answered(futures: Futures, question: Any) -> Answer:
    base_rates = shipped_figures().base_rates
    return Answering(futures, small().posterior, base_rates).answer(question)


def rows(futures: Futures) -> list[list[tuple[int, str, str, str, int, float]]]:
    """Return each future's acts: day, actor, target, front, level, killed."""
    dyads = futures.compiled.dyads
    acts = [
        (
            int(day),
            dyads[place].actor,
            dyads[place].target,
            dyads[place].front,
            int(level),
            float(k),
        )
        for day, place, level, k in zip(
            futures.day, futures.dyad, futures.level, futures.killed, strict=True
        )
    ]
    return [acts[a:b] for a, b in zip(futures.start[:-1], futures.start[1:], strict=True)]


def attacked(story: Story, closes: int, ways: int) -> bool:
    """Whether the states' front, where two pairs face each other, burns, and one attack counts."""
    return any(day <= closes for day in attacks_on(story, "direct", ways))


def act_question(**fields: Any) -> ActQuestion:
    return ActQuestion(
        **{
            "type": "act",
            "id": "q",
            "text": "Will A strike B?",
            "event": {"actor": "AAA", "target": "BBB", "level": ">= limited"},
            "within_days": 30,
        }
        | fields
    )


def test_every_kind_of_question_is_answered(futures: Futures) -> None:
    answers = [answered(futures, question) for question in small_crisis().questions]
    assert [one.type for one in answers] == [
        "first_response",
        "binary",
        "binary",
        "binary",
        "number",
        "binary",
        "date",
    ]
    for answer in answers:
        kinds = (answer.probability, answer.categories, answer.quantiles)
        assert sum(kind is not None for kind in kinds) == 1
        assert not answer.settled
        if answer.probability is not None:
            assert answer.interval is not None
            assert answer.interval[0] <= answer.probability <= answer.interval[1]
            assert 0.0 < answer.monte_carlo_error < 0.02
        if answer.categories is not None:
            assert answer.category_intervals is not None
            assert sum(answer.categories.values()) == pytest.approx(1.0)
            for name, share in answer.categories.items():
                low, high = answer.category_intervals[name]
                assert low <= share <= high


def test_an_act(futures: Futures) -> None:
    found = answered(futures, act_question())
    happens = [
        any(
            day <= 30 and (actor, target) == ("AAA", "BBB") and level >= Level.LIMITED
            for day, actor, target, _, level, _ in acts
        )
        or attacked(story, 30, ways=4)
        for acts, story in zip(rows(futures), stories(futures), strict=True)
    ]
    assert found.probability == np.mean(happens)
    assert 0.0 < found.probability < 1.0
    assert found.closes == date(2024, 5, 15)


def test_a_first_response(futures: Futures) -> None:
    question = FirstResponseQuestion(
        type="first_response",
        id="q",
        text="How?",
        actor="AAA",
        target="BBB",
        after="b-barrage",
        within_days=14,
        at_least="display",
    )
    found = answered(futures, question)
    expected = dict.fromkeys(("none", "display", "deniable", "limited", "major", "war"), 0.0)
    for acts in rows(futures):
        levels = [
            level
            for day, actor, target, _, level, _ in acts
            if day <= 14 and (actor, target) == ("AAA", "BBB") and level >= Level.DISPLAY
        ]
        expected[Level(levels[0]).label if levels else "none"] += 1.0 / COUNT
    assert found.categories == pytest.approx(expected)


def test_killed(futures: Futures) -> None:
    killed = np.array(
        [
            sum(k for day, _, _, front, _, k in acts if front == "direct" and day <= 70)
            for acts in rows(futures)
        ]
    )
    killed += futures.toll[:, 0, :10].sum(axis=1)
    common = {"id": "q", "text": "Killed?", "front": "direct", "within_days": 70}
    found = answered(futures, KilledQuestion(type="killed", at_least=10, **common))
    assert found.probability == pytest.approx((killed >= 10).mean(), abs=0.001)
    number = answered(futures, KilledNumberQuestion(type="killed_number", **common))
    assert number.quantiles is not None
    for q, value in number.quantiles.items():
        assert value == pytest.approx(float(np.round(np.quantile(killed, float(q)))), abs=1.0)
    assert list(number.quantiles.values()) == sorted(number.quantiles.values())


def test_killed_before_count_from_the_opening(futures: Futures) -> None:
    """The barrage of 13 April killed one; A's strike of 5 April seven."""
    common = {"type": "killed", "id": "q", "text": "Killed?", "front": "direct"}
    for opened, settled in ((date(2024, 4, 5), True), (date(2024, 4, 10), False)):
        question = KilledQuestion(at_least=8, within_days=30, opened=opened, **common)
        assert answered(futures, question).settled is settled


def test_quiet_and_war_and_first_day(futures: Futures) -> None:
    common = {"id": "q", "text": "?", "within_days": 60}
    quiet = answered(futures, QuietQuestion(type="quiet", front="direct", days=61, **common))
    assert quiet.probability is not None
    assert quiet.probability < 1e-9  # 61 days do not fit into 60
    war = answered(futures, WarQuestion(type="war", front="direct", **common))
    begun = [
        any(day <= 60 and front == "direct" and level == 8 for day, _, _, front, level, _ in acts)
        for acts in rows(futures)
    ]
    assert war.probability == np.mean(begun)
    first = answered(
        futures,
        FirstDayQuestion(
            type="first_day", event={"front": "direct", "level": ">= limited"}, **common
        ),
    )
    days = sorted(
        min(
            [
                *(d for d, _, _, front, level, _ in acts if front == "direct" and level >= 6),
                *attacks_on(story, "direct", 1),
            ],
            default=10**6,
        )
        for acts, story in zip(rows(futures), stories(futures), strict=True)
    )
    assert first.quantiles is not None
    median = days[COUNT // 2]
    expected = date(2024, 4, 15) + timedelta(days=median) if median < 10**6 else None
    assert first.quantiles["0.5"] == (expected.isoformat() if expected else None)


@pytest.mark.parametrize(
    ("fields", "probability"),
    [
        ({"opened": date(2024, 4, 1)}, 1.0),  # A struck on 5 April
        ({"opened": date(2024, 4, 1), "within_days": None, "by": date(2024, 4, 15)}, 1.0),
        ({"within_days": None, "by": date(2024, 4, 15)}, 0.0),  # closed, and nothing counts
    ],
)
def test_what_is_decided_is_settled(
    futures: Futures, fields: dict[str, Any], probability: float
) -> None:
    found = answered(futures, act_question(**fields))
    assert found.settled
    assert found.probability == probability
    assert found.interval == (probability, probability)
    assert found.monte_carlo_error == 0.0


def test_a_day_that_has_come_is_settled(futures: Futures) -> None:
    """A struck on 5 April, after the question was opened."""
    question = FirstDayQuestion(
        type="first_day",
        id="q",
        text="When?",
        event={"actor": "AAA", "level": ">= limited"},
        opened=date(2024, 4, 1),
        within_days=60,
    )
    found = answered(futures, question)
    assert found.settled
    assert found.quantiles is not None
    assert set(found.quantiles.values()) == {"2024-04-05"}


def test_an_act_before_the_opening_decides_nothing(futures: Futures) -> None:
    found = answered(futures, act_question(opened=date(2024, 4, 6)))
    assert not found.settled


def test_a_response_that_came_is_settled() -> None:
    """Asked after A's strike, B has answered with its barrage."""
    question = FirstResponseQuestion(
        type="first_response",
        id="q",
        text="How?",
        actor="BBB",
        target="AAA",
        after="a-strikes",
        within_days=14,
    )
    found = answered(small().futures(50, 14), question)
    assert found.settled
    assert found.categories is not None
    assert found.categories["major"] == 1.0
    assert found.monte_carlo_error == 0.0


@pytest.mark.parametrize(("after", "answer"), [("a-strikes", "deniable"), ("b-barrage", "none")])
def test_an_answer_on_the_same_day_counts_if_it_stands_after(after: str, answer: str) -> None:
    """B answers A's strike that evening; A has not answered the barrage."""
    crisis = small_crisis()
    acts = {act.id: act for act in crisis.timeline}
    evening = acts["b-barrage"].model_copy(
        update={"id": "same-day", "day": acts["a-strikes"].day, "level": "deniable"}
    )
    place = 1 + [one.id for one in crisis.timeline].index("a-strikes")
    timeline = [*crisis.timeline[:place], evening, *crisis.timeline[place:]]
    changed = replace(
        made([[]], 14), compiled=compile_crisis(crisis.model_copy(update={"timeline": timeline}))
    )
    question = FirstResponseQuestion(
        type="first_response",
        id="q",
        text="How?",
        actor=acts[after].target,
        target=acts[after].actor,
        after=after,
        within_days=14,
    )
    found = answered(changed, question)
    assert found.categories is not None
    assert found.categories[answer] == 1.0


def test_the_base_rate_follows_what_was_done_to_the_actor(futures: Futures) -> None:
    """A faces a direct violent trigger of a crisis; the group nothing that is pending."""
    found = answered(futures, act_question())
    table = shipped_figures().base_rates["direct violent trigger"]
    assert found.base_rate is not None
    assert found.base_rate.rate == pytest.approx(table["rates"]["limited"][2])
    assert found.base_rate.cases == table["cases"]
    group = {"actor": "GGG", "target": "AAA", "level": ">= limited"}
    assert answered(futures, act_question(event=group)).base_rate is None
    assert answered(futures, act_question(event={"actor": "AAA"})).base_rate is None


def test_when_a_question_closes() -> None:
    day = date(2024, 4, 15)
    assert horizon_needed(act_question(), day) == 30
    assert horizon_needed(act_question(within_days=None, by=date(2024, 4, 20)), day) == 5
    assert horizon_needed(act_question(within_days=None, by=date(2024, 4, 10)), day) == -5


def test_probabilities_by_day_do_not_fall(futures: Futures) -> None:
    found = [answered(futures, act_question(within_days=days)) for days in (1, 7, 30, 90)]
    chances = [one.probability for one in found]
    assert chances == sorted(chances)
    assert chances[0] < chances[-1]


def test_futures_from_elsewhere_answer_alike() -> None:
    """An answer from other futures of the same posterior agrees within its error."""
    crisis: Small = small()
    one = answered(crisis.futures(COUNT, 30), act_question())
    other = answered(
        run(crisis.compiled, crisis.posterior, COUNT, 77, 30, first=5000), act_question()
    )
    assert one.probability is not None
    assert other.probability is not None
    error = np.hypot(one.monte_carlo_error, other.monte_carlo_error)
    assert abs(one.probability - other.probability) < 4.0 * error
