"""Answers to questions in the language, against futures read one by one in plain loops."""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache

import numpy as np
import pytest
from aftermaths import SMALL, act, after, entry, measured, some_acts
from hypothesis import given, settings
from hypothesis import strategies as st
from made import Deed, made, some_deeds, some_weeks
from scipy.stats import beta
from sentences import AS_OF, some_questions, statements
from small import small
from walking import NEVER, Story, known, read, stories, true
from walking import Deed as Told

from offramp.choice.editions import edition_for, shipped_figures
from offramp.crisis.as_of import read_crisis
from offramp.crisis.library import shipped
from offramp.crisis.schema import Crisis
from offramp.engine.ensemble import Futures, keep
from offramp.forecast import events
from offramp.forecast.answering import Answering
from offramp.forecast.asking import ask, in_language, parse
from offramp.forecast.asking import language as say
from offramp.forecast.asking.asking import FEWEST_LEFT, Asking, Put, read_questions
from offramp.forecast.asking.criteria import Criteria
from offramp.forecast.asking.document import AnsweredQuestion
from offramp.forecast.asking.evaluating import Evaluating
from offramp.forecast.asking.records import FutureRecords
from offramp.forecast.asking.settling import settle
from offramp.forecast.asking.vocabulary import Vocabulary
from offramp.forecast.forecasting import Simulated, simulate_crisis
from offramp.forecast.uncertainty import credible_interval, monte_carlo_error
from offramp.ladder import LEVEL_NAMES

COUNT, HORIZON = 2000, 90


@cache
def asking() -> Asking:
    one = small()
    futures = one.futures(COUNT, HORIZON)
    return Asking(Simulated(one.prior, one.posterior, futures), shipped_figures())


@cache
def told() -> list[Story]:
    return stories(asking().simulated.futures)


def answered(text: str) -> AnsweredQuestion:
    return asking().answer(Put(text, parse(text, SMALL())), "q")


def evaluating(futures: Futures) -> Evaluating:
    return Evaluating(FutureRecords(futures), AS_OF, futures.horizon)


@pytest.mark.parametrize("name", shipped())
def test_a_simple_question_has_the_answer_of_the_file(name: str) -> None:
    crisis = read_crisis(name)
    figures = edition_for(crisis.as_of)
    simulated = simulate_crisis(crisis, 200, 3, draws=40)
    answering = Answering(simulated.futures, simulated.posterior, figures.base_rates)
    for question in crisis.questions:
        text = in_language(question)
        found = Asking(simulated, figures).answer(Put(text, parse(text, crisis)), "q")
        assert found.answer == answering.answer(question)
        assert found.reads == text


def agree(futures: Futures, asked: say.Asked) -> None:
    """Hold what the arrays say of each future against a plain reading of it."""
    expected = [read(story, asked) for story in stories(futures)]
    reading = evaluating(futures)
    if isinstance(asked, say.Whether):
        verdict = reading.verdict(asked.statement)
        assert verdict.true.tolist() == [value == 1.0 for value in expected]
        assert (verdict.true != verdict.false).all()
    elif isinstance(asked, say.When):
        days = [NEVER if day == events.NEVER else day for day in reading.first_days(asked)]
        assert days == expected
    else:
        assert reading.numbers(asked).tolist() == pytest.approx(expected)


@st.composite
def some_futures(draw: st.DrawFn) -> Futures:
    """Futures made by chance; killed and toll are whole, so that sums are exact."""
    deeds = draw(some_deeds(HORIZON))
    attacks, war, toll = (draw(some_weeks(len(deeds), HORIZON)) for _ in range(3))
    return made(deeds, HORIZON, attacks, {place: int(n) for place, n in war.items()}, toll)


@settings(max_examples=80)
@given(some_futures(), st.builds(say.Whether, statements()) | some_questions())
def test_made_futures_are_read_as_by_hand(futures: Futures, asked: say.Asked) -> None:
    agree(futures, asked)


@settings(max_examples=40)
@given(st.integers(0, COUNT - 20), st.builds(say.Whether, statements()) | some_questions())
def test_simulated_futures_are_read_as_by_hand(first: int, asked: say.Asked) -> None:
    futures = asking().simulated.futures
    rows = np.zeros(COUNT, bool)
    rows[first : first + 20] = True
    agree(keep(futures, rows), asked)


@pytest.mark.parametrize(
    ("deeds", "text", "happens"),
    [
        ([(3, 0)], "AAA acts on BBB by 2024-04-18", True),
        ([(4, 0)], "AAA acts on BBB by 2024-04-18", False),
        ([(3, 0), (3, 1)], "BBB acts on AAA after AAA acts on BBB within 9 days", True),
        ([(3, 1), (3, 0)], "BBB acts on AAA after AAA acts on BBB within 9 days", False),
        (
            [(3, 0), (8, 1)],
            "BBB acts on AAA within 5 days after AAA acts on BBB within 9 days",
            True,
        ),
        (
            [(3, 0), (9, 1)],
            "BBB acts on AAA within 5 days after AAA acts on BBB within 9 days",
            False,
        ),
        # The second strike is near enough, whatever the first was.
        (
            [(1, 0), (5, 0), (9, 1)],
            "BBB acts on AAA within 5 days after AAA acts on BBB within 9 days",
            True,
        ),
        ([(3, 0)], "AAA acts on BBB before BBB acts on AAA within 9 days", True),
        ([(3, 0), (5, 1)], "AAA acts on BBB before BBB acts on AAA within 9 days", True),
        ([(3, 1), (5, 0)], "AAA acts on BBB before BBB acts on AAA within 9 days", False),
        ([(3, 1)], "AAA acts on BBB before BBB acts on AAA within 9 days", False),
        ([(3, 0), (4, 0)], "AAA acts on BBB at least twice within 9 days", True),
        ([(3, 0), (3, 0)], "AAA acts on BBB at least twice within 9 days", True),
        ([(3, 0), (3, 1)], "AAA acts on BBB at least twice within 9 days", False),
        (
            [(3, 0), (3, 1)],
            "(AAA acts on BBB or BBB acts on AAA) at least twice within 9 days",
            True,
        ),
        # A's strike of 5 April came first.
        ([(3, 1)], "BBB acts on AAA after AAA acts on BBB within 9 days", False),
        ([(3, 1)], "BBB acts on AAA after AAA acts on BBB since 2024-04-05 within 9 days", True),
        ([(3, 0)], "AAA holds until 2024-04-17", True),
        ([(3, 0)], "AAA holds until 2024-04-18", False),
        ([(3, 0)], "AAA holds below war until 2024-04-18", True),
    ],
)
def test_one_future_by_hand(deeds: list[tuple[int, int]], text: str, happens: bool) -> None:
    dyads = [(one.actor, one.target) for one in small().compiled.dyads]
    places = [dyads.index(("AAA", "BBB")), dyads.index(("BBB", "AAA"))]
    futures = made([[Deed(day, places[who], 6) for day, who in deeds]], 20)
    asked = parse(text, SMALL()).asked
    assert isinstance(asked, say.Whether)
    assert evaluating(futures).verdict(asked.statement).true.tolist() == [happens]


CONDITIONS = [
    "AAA holds on BBB below deniable until 2024-05-15",
    "BBB acts on AAA at level >= limited by 2024-05-15",
    "BBB acts on AAA at level >= limited within 20 days after AAA acts on BBB at level >= limited "
    "by 2024-06-15",
    "killed on direct >= 5 by 2024-06-01 and not war on direct by 2024-06-01",
]
QUESTIONS = [
    "war on direct by 2024-07-01",
    "AAA acts on BBB at level >= limited by 2024-07-01",
    "quiet on direct for 20 days by 2024-07-01 or killed on direct >= 50 by 2024-07-01",
]


@pytest.mark.parametrize("condition", CONDITIONS)
@pytest.mark.parametrize("question", QUESTIONS)
def test_a_condition_filters_the_futures(question: str, condition: str) -> None:
    """One by one: those in which the condition is true, and of these those with a yes."""
    found = answered(f"{question} given that {condition}")
    sentence = parse(f"{question} given that {condition}", SMALL())
    assert isinstance(sentence.asked, say.Whether)
    assert sentence.given is not None
    left = [k for k, story in enumerate(told()) if true(story, sentence.given)]
    yes = [k for k in left if true(told()[k], sentence.asked.statement)]
    assert FEWEST_LEFT <= len(left) < COUNT
    assert found.condition is not None
    assert found.condition.futures_left == len(left)
    assert found.condition.draws_left == len({k % 200 for k in left})
    assert found.answer.probability == pytest.approx(len(yes) / len(left))
    assert found.condition.unconditional == answered(question).answer
    assert found.answer.base_rate is None
    assert found.examples is not None
    assert found.examples.true == yes[:3]
    assert found.examples.false == [k for k in left if k not in yes][:3]


def test_every_type_of_question_can_be_conditioned() -> None:
    condition = "BBB acts on AAA at level >= limited by 2024-05-15"
    sentence = parse(f"war on direct by 2024-07-01 given that {condition}", SMALL())
    assert sentence.given is not None
    left = [story for story in told() if true(story, sentence.given)]
    number = answered(f"how many times does AAA act on BBB by 2024-07-01 given that {condition}")
    asked = parse("how many times does AAA act on BBB by 2024-07-01", SMALL()).asked
    counts = [read(story, asked) for story in left]
    assert number.answer.quantiles is not None
    assert number.answer.quantiles["0.5"] == pytest.approx(np.median(counts), abs=0.5)
    response = answered(f"first response of AAA to b-barrage within 30 days given that {condition}")
    assert response.answer.categories is not None
    answers = [
        next(
            (
                LEVEL_NAMES[d.level]
                for d in story.deeds
                if (d.actor, d.target) == ("AAA", "BBB") and 1 <= d.day <= 30 and d.level >= 3
            ),
            "none",
        )
        for story in left
    ]
    for level, share in response.answer.categories.items():
        assert share == pytest.approx(answers.count(level) / len(answers))


def test_too_few_futures_are_refused() -> None:
    with pytest.raises(ValueError, match=r"too few futures are left to condition on: \d+ of 2,000"):
        answered("war on direct by 2024-07-01 given that war on direct by 2024-04-16")


def test_the_error_of_a_conditional_answer_covers() -> None:
    """Of the ratios, about 95 in 100 lie within 1.96 errors of the true one."""
    random = np.random.default_rng(4)
    draws, count, trials = 50, 1000, 1500
    of = random.beta(2.0, 3.0, draws)
    given_that = random.beta(1.0, 2.0, draws)
    of, given_that = np.sort(of), np.sort(given_that)  # draws that meet it have it more often
    futures = made([[]] * count, 7, draws=draws)
    draw = np.arange(count) % draws
    truth = (of * given_that).sum() / given_that.sum()
    hits = 0
    for _ in range(trials):
        kept = random.random(count) < given_that[draw]
        outcome = (random.random(count) < of[draw])[kept].astype(np.float64)
        error = monte_carlo_error(keep(futures, kept), outcome)
        hits += abs(outcome.mean() - truth) <= 1.96 * error
    assert 0.93 <= hits / trials <= 0.97


def test_the_interval_of_a_conditional_answer_weighs_the_draws() -> None:
    """A draw that makes the condition as likely as the outcome: Beta(a + 1, b) for Beta(a, b)."""
    random = np.random.default_rng(5)
    draws, count = 1000, 60_000
    futures = made([[]] * count, 7, draws=draws)
    found = []
    for _ in range(4):
        chance = random.beta(2.0, 4.0, draws)[np.arange(count) % draws]
        kept = random.random(count) < chance
        outcome = (random.random(count) < chance)[kept].astype(np.float64)
        found.append(credible_interval(keep(futures, kept), outcome))
    low, high = beta(3.0, 4.0).ppf([0.05, 0.95])
    assert np.mean(found, axis=0) == pytest.approx([low, high], abs=0.02)


def test_kept_futures_are_those_futures() -> None:
    futures = asking().simulated.futures
    wanted = np.zeros(COUNT, bool)
    wanted[[3, 4, 700, 1999]] = True
    left = keep(futures, wanted)
    assert left.number.tolist() == [3, 4, 700, 1999]
    assert left.draw.tolist() == [3, 4, 100, 199]
    assert stories(left) == [told()[k] for k in (3, 4, 700, 1999)]
    again = small().futures(1, HORIZON, first=700)  # a future has its number for good
    assert stories(again) == [told()[700]]
    assert left.simulated.tolist() == [10] * 200


def test_a_compound_question_that_is_decided_is_settled() -> None:
    decided = answered("not AAA acts on BBB at level >= limited since 2024-04-01 by 2024-05-15")
    assert decided.answer.settled
    assert decided.answer.probability == 0.0
    first = answered(
        "when does (AAA act on BBB at level >= limited or GGG act on AAA) since 2024-04-01 "
        "by 2024-05-15"
    )
    assert first.answer.settled
    assert first.answer.words == "on 2024-04-05"
    still_open = answered("not AAA acts on BBB at level >= limited by 2024-05-15")
    assert not still_open.answer.settled


def test_an_answer_says_what_futures_cannot_show() -> None:
    elsewhere = answered("AAA acts on BBB at level >= limited on soil of AAA by 2024-05-15")
    assert elsewhere.answer.probability == 0.0
    assert "soil of AAA" in elsewhere.notes[0]
    assert answered("AAA acts on BBB at level >= limited on soil of BBB by 2024-05-15").notes == []
    assert answered("BBB acts on AAA at level = conciliate by 2024-05-15").notes == []
    for words in ("AAA acts on BBB at level >= verbal", "AAA holds on BBB"):
        (note,) = answered(f"{words} by 2024-05-15").notes
        assert note.startswith("Futures have words as data sets record them")
    for told_as_files_do in (">= pressure", "= pressure", ">= display", "= display"):
        assert answered(f"AAA acts on BBB at level {told_as_files_do} by 2024-05-15").notes == []


@pytest.mark.parametrize(
    ("text", "criteria"),
    [
        (
            "AAA acts on BBB on front direct at level >= limited on soil of BBB acknowledged by "
            "2024-05-15",
            "Yes if State A acts against State B at level limited or above on the front “Between "
            "the states” on the soil of BBB acknowledged, from 16 April 2024 to the end of "
            "15 May 2024; no if not.",
        ),
        (
            "not war on direct by 2024-05-15 given that anyone acts on GGG at level = war at least "
            "twice by 2024-05-01",
            "Yes if it is not so that there is war on the front “Between the states”, from "
            "16 April 2024 to the end of 15 May 2024; no if not. Asked only of the futures in "
            "which any actor acts against Group G at level war at least twice, from 16 April 2024 "
            "to the end of 1 May 2024.",
        ),
        (
            "first response of AAA to b-barrage within 30 days",
            "The level of the first act of State A against State B at level pressure or above "
            "after “B answers with a barrage.” (13 April 2024), to the end of 15 May 2024; none "
            "if there is no such act.",
        ),
        (
            "how many are killed on direct since 2024-04-05 by 2024-05-15",
            "The number of people killed on the front “Between the states”, from 5 April 2024 to "
            "the end of 15 May 2024.",
        ),
    ],
)
def test_an_answer_says_how_it_resolves(text: str, criteria: str) -> None:
    assert Criteria(Vocabulary(SMALL()), AS_OF).of(parse(text, SMALL())) == criteria


def test_all_wrong_questions_are_told_at_once() -> None:
    with pytest.raises(ValueError, match=r"(?s)AAB.*BBC"):
        read_questions(
            ["AAB acts by 2024-05-15", "war on direct by 2024-05-15", "BBC acts by 2024-05-15"],
            SMALL(),
        )


def story(crisis: Crisis) -> Story:
    """What the timeline tells as a story without routine or war."""
    nothing = {front: [0] * 13 for front in ("direct", "hills")}
    deeds: list[Told] = known(crisis)
    return Story(AS_OF, deeds, nothing, nothing, nothing, HORIZON, 0, crisis)


@settings(max_examples=80)
@given(
    st.builds(say.Whether, statements()) | some_questions(),
    some_acts(),
    st.integers(1, 90),
)
def test_facts_settle_what_is_asked(asked: say.Asked, same: tuple[list, list], reach: int) -> None:
    """Complete to the horizon, they settle all as a plain reading does; else that, or nothing."""
    crisis = measured(after(*same[0]), 0.0, 1, 90)
    expected = read(story(crisis), asked)
    whole = settle(crisis, say.Sentence(asked), AS_OF, "q").value
    if isinstance(asked, say.When):
        value = "none" if expected == NEVER else AS_OF + timedelta(days=expected)
        assert whole == value
    elif isinstance(asked, say.Whether):
        assert whole is (expected == 1.0)
    else:
        assert whole == round(expected)
    short = measured(after(*same[0], until=AS_OF + timedelta(days=reach)), 0.0, 1, 90)
    assert settle(short, say.Sentence(asked), AS_OF, "q").value in (None, whole)


def settled(text: str, crisis: Crisis) -> tuple[str, object]:
    found = settle(crisis, parse(text, SMALL()), AS_OF, "q")
    return found.status, found.value


def test_a_condition_that_is_false_annuls() -> None:
    crisis = after(act(5), act(9, actor="BBB", target="AAA"))
    question = "BBB acts on AAA at level >= limited by 2024-05-15"
    given_that = "given that AAA acts on BBB at level"
    assert settled(f"{question} {given_that} >= limited by 2024-05-01", crisis) == (
        "resolved",
        True,
    )
    assert settled(f"{question} {given_that} >= major by 2024-05-01", crisis) == ("annulled", None)
    short = after(act(9, actor="BBB", target="AAA"), until=AS_OF + timedelta(days=10))
    assert settled(f"{question} {given_that} >= limited by 2024-05-01", short) == (
        "undecided",
        None,
    )


def test_an_entry_of_the_file_settles_the_same_question() -> None:
    """The small file asks this itself, as `strike`."""
    crisis = after(entries=[entry(True, "strike")])
    text = "AAA acts on BBB at level >= limited within 30 days"
    assert settled(text, crisis) == ("resolved", True)
    assert settled(text, after()) == ("resolved", False)


def test_days_of_a_war_that_was_under_way_are_not_known() -> None:
    crisis = after()
    at_war = [front.model_copy(update={"war": front.id == "hills"}) for front in crisis.fronts]
    crisis = crisis.model_copy(update={"fronts": at_war})
    assert settled("how many days of war on hills within 9 days", crisis)[0] == "undecided"
    assert settled("how many days of war on direct within 9 days", crisis) == ("resolved", 0)


def test_fighting_that_no_act_tells_settles_compound_questions_as_simple_ones() -> None:
    """The question twice, joined, is compound."""
    act_asked = "GGG acts on AAA at level >= limited by 2024-05-15"
    war_asked = "BBB acts on AAA at level >= limited by 2024-05-15"
    at_war = measured(after(act(5, "war"), act(20, "war")), 0.0, 1, 90)
    for text, crisis, expected in (
        (act_asked, measured(after(), 2.0, 1, 10), ("resolved", True)),
        (act_asked, measured(after(), 0.0, 1, 90), ("resolved", False)),
        (act_asked, after(), ("undecided", None)),
        (war_asked, at_war, ("resolved", True)),
        (war_asked, measured(after(), 0.0, 1, 90), ("resolved", False)),
    ):
        assert settled(text, crisis) == expected
        assert settled(f"{text} or AAA acts on BBB at level = major by 2024-05-15", crisis) == (
            expected
        )


def test_quiet_that_nobody_measured_leaves_open_what_hangs_on_it() -> None:
    either = (
        "quiet on hills for 9 days by 2024-05-15 or AAA acts on GGG at level = war by 2024-05-15"
    )
    assert settled(either, after())[0] == "undecided"
    anyway = (
        "quiet on hills for 9 days by 2024-05-15 or AAA acts on BBB at level = war by 2024-05-15"
    )
    assert settled(anyway, after(act(3, "war"))) == ("resolved", True)


def test_asking_from_text_to_document() -> None:
    crisis = SMALL()
    text = "AAA acts on BBB at level >= limited within 30 days"
    found = ask(crisis, [text, "war on hills by 2024-05-15"], 200, 7, draws=50, whole=after(act(3)))
    assert [one.question for one in found.questions] == [text, "war on hills by 2024-05-15"]
    first = found.questions[0]
    assert first.answer.id == "strike"  # the file asks the same
    assert first.closes == date(2024, 5, 15)
    assert first.resolution is not None
    assert (first.resolution.status, first.resolution.value) == ("resolved", True)
    assert found.futures == 200
    again = ask(crisis, [text], 200, 7, draws=50)
    assert again.questions[0].answer == first.answer
    assert again.questions[0].resolution is None
