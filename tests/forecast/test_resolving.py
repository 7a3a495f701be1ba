"""How questions came out, by hand and against the answers of a future that went the same way."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from aftermaths import (
    AS_OF,
    DIRECT,
    act,
    after,
    entry,
    measured,
    questions_of_files,
    some_acts,
)
from hypothesis import given, settings
from made import Deed, made
from small import small, small_crisis

from offramp.crisis.problems import CrisisError
from offramp.crisis.questions import (
    ActQuestion,
    FirstDayQuestion,
    FirstResponseQuestion,
    KilledNumberQuestion,
    KilledQuestion,
    Question,
    QuietQuestion,
    WarQuestion,
)
from offramp.crisis.schema import Act, Aftermath, Crisis
from offramp.crisis.whole import read_whole
from offramp.forecast.answering import Answering
from offramp.forecast.resolving import Outcome, outcomes


def settled(crisis: Crisis, question: Question) -> Outcome:
    (found,) = outcomes(crisis, AS_OF, [question])
    return found


COMMON = {"id": "q", "text": "?", "within_days": 30}


def force(**fields: Any) -> ActQuestion:
    event = {"actor": "AAA", "target": "BBB", "level": ">= limited"}
    return ActQuestion(**COMMON | {"type": "act", "event": event} | fields)


@pytest.mark.parametrize(
    ("acts", "fields", "value"),
    [
        ([], {}, False),
        ([act(1)], {}, True),
        ([act(30)], {}, True),
        ([act(31)], {}, False),
        ([act(0)], {}, False),  # on the as-of day, known later
        ([act(0)], {"opened": AS_OF}, True),
        ([act(5, "display")], {}, False),
        ([act(5, actor="BBB", target="AAA")], {}, False),
        ([], {"opened": date(2024, 4, 5)}, True),  # the strike of that day
        ([], {"opened": date(2024, 4, 6)}, False),
        ([act(60)], {"within_days": None, "by": AS_OF + timedelta(days=60)}, True),
    ],
)
def test_an_act_counts_by_its_day(acts: list[Act], fields: dict[str, Any], value: bool) -> None:
    assert settled(after(*acts), force(**fields)).value is value


def test_what_decides_is_named() -> None:
    found = settled(after(act(9, "major"), act(4)), force())
    assert found.decided_by == ("act-104-limited",)
    assert found.closes == AS_OF + timedelta(days=30)
    assert "2024-04-19" in found.reason


def test_beyond_the_complete_timeline_only_what_happened_decides() -> None:
    early = AS_OF + timedelta(days=20)
    assert settled(after(act(10), until=early), force()).value is True
    nothing = settled(after(until=early), force())
    assert (nothing.status, nothing.value) == ("undecided", None)
    assert settled(after(act(25), until=early), force()).status == "undecided"
    assert settled(after(until=AS_OF + timedelta(days=30)), force()).value is False


def test_war() -> None:
    question = WarQuestion(**COMMON, type="war", front=DIRECT)
    assert settled(after(act(3, "major")), question).value is False
    assert settled(after(act(30, "war")), question).value is True
    assert settled(after(act(31, "war")), question).value is False
    assert settled(after(act(3, "war", front="hills", target="GGG")), question).value is False
    # A war goes on between its acts, so it is under way in between.
    assert settled(after(act(-10, "war"), act(50, "war")), question).value is True
    peace = act(-5, "conciliate")
    assert settled(after(act(-10, "war"), peace, act(50, "war")), question).value is False


def test_killed() -> None:
    acts = [act(2, harm={"killed": 4}), act(30, "major", harm={"killed": 6})]
    late = act(31, "war", harm={"killed": 100})
    elsewhere = act(4, front="hills", target="GGG", harm={"killed": 50})
    crisis = after(*acts, late, elsewhere)

    def at_least(number: int, **fields: Any) -> Outcome:
        question = KilledQuestion(**COMMON | fields, type="killed", front=DIRECT, at_least=number)
        return settled(crisis, question)

    assert at_least(10).value is True
    assert at_least(10).decided_by == ("act-102-limited", "act-130-major")
    assert at_least(11).value is False
    # The barrage of 13 April killed one, the strike of 5 April seven.
    assert at_least(11, opened=date(2024, 4, 13)).value is True
    assert at_least(18, opened=date(2024, 4, 5)).value is True
    assert at_least(19, opened=date(2024, 4, 5)).value is False
    number = KilledNumberQuestion(**COMMON, type="killed_number", front=DIRECT)
    assert settled(crisis, number).value == 10
    short = AS_OF + timedelta(days=10)
    assert settled(after(*acts, until=short), number).status == "undecided"


def test_quiet() -> None:
    def quiet(days: int, crisis: Crisis, **fields: Any) -> bool | None:
        question = QuietQuestion(**COMMON | fields, type="quiet", front=DIRECT, days=days)
        value = settled(crisis, question).value
        assert value is None or isinstance(value, bool)
        return value

    two = after(act(11, "deniable"), act(20, actor="BBB", target="AAA"))
    assert quiet(10, two) is True  # the first ten days, and the last ten
    assert quiet(11, two) is False
    words = after(act(11, "display"), act(20, "verbal"))
    assert quiet(30, words) is True
    # Opened on the day after the barrage of 13 April, two quiet days count before the as-of date.
    assert quiet(12, two, opened=date(2024, 4, 14)) is True
    assert quiet(13, two, opened=date(2024, 4, 5)) is False
    # The days between two acts of war are days of war.
    assert quiet(12, after(act(5, "war"), act(25, "war"))) is False
    assert quiet(12, after(act(5, "war"), act(6, "conciliate"), act(25, "war"))) is True
    # Ten days are known to be quiet; what follows is not known.
    short = after(until=AS_OF + timedelta(days=10))
    assert quiet(10, short) is True
    assert quiet(11, short) is None
    broken = after(act(15), until=AS_OF + timedelta(days=15))
    assert quiet(15, broken) is None
    assert quiet(16, broken) is False


def test_quiet_on_a_front_that_burns_is_open_until_somebody_measures() -> None:
    question = QuietQuestion(**COMMON, type="quiet", front="hills", days=14)
    crisis = after()
    assert settled(crisis, question).status == "undecided"
    assert settled(measured(crisis, 0.02, 1, 30), question).value is True
    assert settled(measured(crisis, 2.0, 1, 30), question).value is False
    assert settled(measured(crisis, 2.0, 1, 17), question).value is False  # 13 days are left
    assert settled(measured(crisis, 2.0, 1, 16), question).status == "undecided"


@pytest.mark.parametrize(
    ("event", "value"),
    [
        ({"actor": "BBB", "target": "AAA", "level": ">= limited"}, 5),  # war is force of both
        ({"actor": "AAA", "target": "BBB", "level": ">= limited"}, 5),
        ({"front": DIRECT, "level": "= war"}, 5),
        ({"actor": "BBB", "target": "AAA", "level": "= major"}, None),  # war and nothing less
        ({"actor": "PPP", "target": "BBB", "level": ">= limited"}, 12),  # from its own first act
        ({"actor": "BBB", "target": "AAA", "level": ">= limited", "soil": "AAA"}, None),
    ],
)
def test_war_between_two_acts_of_war_is_force_of_both_sides(
    event: dict[str, Any], value: int | None
) -> None:
    pairs = [(one.actor, one.target) for one in small().futures(1, 1).compiled.dyads]
    calm = measured(
        after(act(5, "war"), act(12, "war", id="p", actor="PPP"), act(20, "war", id="end")),
        0.0,
        1,
        90,
    )
    deeds = [Deed(5, pairs.index(("AAA", "BBB")), 8), Deed(12, pairs.index(("PPP", "BBB")), 8)]
    days = {(0, 0, week): count for week, count in ((0, 3), (1, 7), (2, 6))}
    future = made([deeds], 45, war_days=days)
    for kind in ("act", "first_day"):
        model = ActQuestion if kind == "act" else FirstDayQuestion
        question = model(**COMMON, type=kind, event=event)
        found, answer = settled(calm, question), Answering(future, small().posterior, {})
        expected = None if value is None else AS_OF + timedelta(days=value)
        if kind == "act":
            assert found.value is (value is not None)
            assert answer.answer(question).probability == float(value is not None)
        else:
            quantiles = answer.answer(question).quantiles
            assert found.value == (expected or "none")
            assert quantiles is not None
            assert quantiles["0.5"] == (expected and str(expected))


def test_the_routine_of_a_burning_front_is_force_as_far_as_it_was_measured() -> None:
    group = {"actor": "GGG", "target": "AAA", "level": ">= limited"}
    force_, major = (
        ActQuestion(**COMMON, type="act", event=group | {"level": level})
        for level in (">= limited", ">= major")
    )
    first = FirstDayQuestion(**COMMON, type="first_day", event=group)
    burning, unmeasured = measured(after(), 2.0, 1, 10), after()
    assert settled(burning, force_).value is True
    assert settled(burning, first).value == AS_OF + timedelta(days=1)
    assert settled(burning, major).value is False  # routine is limited
    assert settled(unmeasured, force_).status == "undecided"
    assert settled(unmeasured, first).status == "undecided"
    late = after(act(8, actor="GGG", target="AAA", front="hills"))
    assert settled(late, force_).value is True
    assert settled(late, first).status == "undecided"  # it may have gone on before


def test_a_war_under_way_is_force_as_it_is_war() -> None:
    crisis = measured(after(), 0.0, 1, 30)
    fronts = [
        one.model_copy(update={"war": True}) if one.id == "hills" else one for one in crisis.fronts
    ]
    at_war = crisis.model_copy(update={"fronts": fronts})
    event = {"actor": "GGG", "target": "AAA", "level": ">= limited"}
    assert settled(at_war, ActQuestion(**COMMON, type="act", event=event)).value is True
    assert settled(at_war, WarQuestion(**COMMON, type="war", front="hills")).value is True


def test_a_first_response() -> None:
    common = {"type": "first_response", "actor": "AAA", "target": "BBB"}
    question = FirstResponseQuestion(**COMMON, **common, after="b-barrage")
    assert settled(after(), question).value == "none"
    assert settled(
        after(act(2, "verbal"), act(9, "display"), act(4, "deniable")), question
    ).value == ("deniable")
    assert settled(after(act(31)), question).value == "none"
    assert settled(after(act(31), until=AS_OF + timedelta(days=29)), question).value is None
    # Of the trigger's own day, what stands after it answers; what stands before does not.
    assert settled(after(act(-2, "limited")), question).value == "limited"
    earlier = FirstResponseQuestion(
        **COMMON, type="first_response", actor="BBB", target="AAA", after="a-strikes"
    )
    assert settled(after(), earlier).value == "major"


def test_a_first_day() -> None:
    question = FirstDayQuestion(
        **COMMON, type="first_day", event={"front": DIRECT, "level": ">= deniable"}
    )
    assert settled(after(act(8), act(3, "deniable")), question).value == date(2024, 4, 18)
    assert settled(after(act(31)), question).value == "none"
    assert settled(after(until=AS_OF), question).status == "undecided"


def test_an_entry_goes_before_the_facts() -> None:
    found = settled(after(act(3), entries=[entry(False)]), force())
    assert (found.status, found.value) == ("resolved", False)
    assert found.decided_by == ("wire",)
    assert found.reason == "So it was judged."
    annulled = settled(after(act(3), entries=[entry("annulled")]), force())
    assert (annulled.status, annulled.value) == ("annulled", None)
    other_day = entry(False).model_copy(update={"as_of": date(2024, 4, 1)})
    assert settled(after(act(3), entries=[other_day]), force()).value is True


@pytest.mark.parametrize(
    ("question", "right", "wrong"),
    [
        (force(), True, [1, "true", date(2024, 4, 20)]),
        (
            KilledNumberQuestion(**COMMON, type="killed_number", front=DIRECT),
            12,
            [True, "12", "none"],
        ),
        (
            FirstDayQuestion(**COMMON, type="first_day", event={"front": DIRECT}),
            date(2024, 4, 20),
            [True, 5, "soon"],
        ),
        (
            FirstResponseQuestion(
                **COMMON, type="first_response", actor="AAA", target="BBB", after="b-barrage"
            ),
            "limited",
            [True, 6, "hold", "force"],
        ),
    ],
)
def test_an_entry_must_fit_its_question(question: Question, right: Any, wrong: list[Any]) -> None:
    assert settled(after(entries=[entry(right)]), question).value == right
    for value in wrong:
        with pytest.raises(ValueError, match=r"the resolution of q as of 2024-04-15 is .*: write"):
            settled(after(entries=[entry(value)]), question)


def test_a_day_written_as_text_is_a_day() -> None:
    question = FirstDayQuestion(**COMMON, type="first_day", event={"front": DIRECT})
    assert settled(after(entries=[entry("2024-04-20")]), question).value == date(2024, 4, 20)
    assert settled(after(entries=[entry("none")]), question).value == "none"


@pytest.mark.parametrize(
    "question",
    [
        force(opened=AS_OF + timedelta(days=1)),
        force(within_days=None, by=AS_OF),
        force(within_days=91),  # beyond the horizon
        force(event={"actor": "ZZZ", "level": ">= limited"}),
    ],
)
def test_what_cannot_be_asked_is_annulled(question: Question) -> None:
    found, sound = outcomes(after(act(3)), AS_OF, [question, force(id="sound")])
    assert (found.status, found.value) == ("annulled", None)
    assert sound.value is True
    assert settled(after(act(3)), question).status == "annulled"


def test_a_crisis_must_reach_beyond_the_day() -> None:
    with pytest.raises(ValueError, match="has no aftermath"):
        outcomes(small_crisis(), AS_OF)
    with pytest.raises(ValueError, match="complete until 2024-04-14"):
        outcomes(after(until=date(2024, 4, 14)), AS_OF)


def test_the_whole_file_is_read(tmp_path: Path) -> None:
    """Of the flagship, the answer of 19 April 2024 is a later fact."""
    whole = read_whole("israel-iran-2024-04")
    assert any(one.day > whole.as_of for one in whole.timeline)
    broken = tmp_path / "broken.yaml"
    broken.write_text("offramp: 1\n", encoding="utf-8")
    with pytest.raises(CrisisError):
        read_whole(broken)


def test_the_falklands_as_history_has_them() -> None:
    """As of 3 April 1982: South Georgia on 25 April, the landing on 21 May, the end on 14 June."""
    crisis = read_whole("falklands-1982")
    day = date(1982, 4, 3)
    aftermath = Aftermath(as_of=[day], complete_until=date(1982, 9, 30))
    found = {
        one.question: one
        for one in outcomes(crisis.model_copy(update={"aftermath": aftermath}), day)
    }
    expected = {
        "britain-first-response": "limited",
        "britain-force-7d": False,
        "britain-force-30d": True,
        "britain-force-day": date(1982, 4, 25),
        "britain-islands-60d": True,
        "argentina-force-30d": True,
        "falklands-war-90d": True,
        "killed-100-90d": True,
        "killed-1000-90d": False,
        "killed-90d": 455,  # 321 + 20 + 22 + 33 + 59, as the timeline has them
        "quiet-30d-by-120d": True,
        "beagle-force-90d": False,
    }
    for name, value in expected.items():
        assert found[name].value == value, name


@settings(max_examples=120)
@given(questions_of_files(), some_acts())
def test_facts_settle_as_a_future_does(
    question: Question, same: tuple[list[Act], list[Deed]]
) -> None:
    acts, deeds = same
    answer = Answering(made([deeds], 45), small().posterior, {}).answer(question)
    value = settled(measured(after(*acts), 0.0, 1, 90), question).value
    if answer.probability is not None:
        assert value == (answer.probability == 1.0)
    elif answer.categories is not None:
        assert answer.categories[str(value)] == 1.0
    else:
        assert answer.quantiles is not None
        median = answer.quantiles["0.5"]
        assert median == (
            None if value == "none" else value if answer.type == "number" else str(value)
        )


def test_no_forecast_reads_what_came_after() -> None:
    """What conditions, simulates or answers gets a crisis that was cut; it cannot reach a file."""
    package = Path(__file__).parents[2] / "src" / "offramp"
    for room in ("choice", "engine", "forecast"):
        for path in (package / room).rglob("*.py"):
            assert "crisis.whole import" not in path.read_text(encoding="utf-8"), path
