"""Acts one side or day of which is told only around them."""

from __future__ import annotations

from datetime import date

import pytest

from offramp.reader.document import Document
from offramp.reader.proposals import ActProposal, Reading
from offramp.reader.reading import read

BEFORE = (
    "Greece and Turkey are at odds over an islet. "
    "Turkish forces attacked a Greek patrol boat on Monday."
)
LINE = date(1996, 2, 2)
"""A Friday."""


def reading(text: str, *more: str) -> Reading:
    return read([Document("d", "An islet", "x", LINE, True, None, (BEFORE, text, *more))])


def told(text: str) -> set[tuple[str, str, str]]:
    return {
        (p.actor, p.target, p.level)
        for p in reading(text).proposals
        if isinstance(p, ActProposal) and any(e.sentence == text for e in p.evidence)
    }


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Athens said its air force had shot down a Turkish jet.", "GRC TUR limited"),
        ("Greek tanks rolled across the frontier.", "GRC TUR limited"),
        ("Turkish soldiers crossed into Greek territory at three points.", "TUR GRC limited"),
        ("A Turkish jet was shot down, the Greek defence ministry said.", "GRC TUR limited"),
        ("Turkey lost a destroyer.", "GRC TUR limited"),
        ("Greek troops returned fire, and Athens appealed for calm.", "GRC TUR limited"),
        ("The frigate Hydra rammed a Turkish tug, according to Ankara.", "GRC TUR limited"),
        ("Greece said one Turkish pilot had been captured.", "GRC TUR pressure"),
        ("Greece closed its airspace.", "GRC TUR pressure"),
        ("Athens broke off on Thursday all diplomatic relations.", "GRC TUR pressure"),
        ("The government in Athens recalled its envoy.", "GRC TUR pressure"),
        ("Greece responded by sealing the land border.", "GRC TUR pressure"),
        ("Greece put its armed forces on high alert.", "GRC TUR display"),
        ("Ankara sent four frigates toward the islet.", "TUR GRC display"),
        ("Greece condemned the attack.", "GRC TUR verbal"),
        ("Turkey protested to the Security Council.", "TUR GRC verbal"),
        ("Turkey offered talks.", "TUR GRC conciliate"),
        ("Greece withdrew its frigates from the area.", "GRC TUR conciliate"),
        ("The armed forces of Turkey bombed a village inside Greek territory.", "TUR GRC limited"),
        ("Turkey fired three missiles into the sea off Rhodes.", "TUR GRC display"),
        ("The Greek army has been put on heightened alert.", "GRC TUR display"),
        ("Greece despatched three battalions to its frontier with Turkey.", "GRC TUR display"),
        ("Turkey suspended all military contacts with Greece.", "TUR GRC pressure"),
        (
            "Greece declared four members of the Turkish embassy personae non gratae.",
            "GRC TUR pressure",
        ),
        ("The ambassador of Turkey, Ali Veli, was summoned on Thursday.", "GRC TUR verbal"),
        ("Turkish speedboats shot up a Greek tug.", "TUR GRC limited"),
        ("Greece called the raid an act of piracy.", "GRC TUR verbal"),
        ("Turkey cancelled a visit by the Greek foreign minister.", "TUR GRC verbal"),
        ("The captured soldiers were handed back to Turkey.", "GRC TUR conciliate"),
    ],
)
def test_the_side_that_is_not_named_is_whom_the_other_faces(text: str, expected: str) -> None:
    assert told(text) == {tuple(expected.split())}


def test_both_sides_are_the_pair() -> None:
    both = {("GRC", "TUR", "conciliate"), ("TUR", "GRC", "conciliate")}
    assert told("The two governments agreed on Thursday to stop the raids.") == both


@pytest.mark.parametrize(
    "text",
    [
        "Greece denied that its forces had fired first.",
        "Turkey might seize an islet, or cut its ties with Athens.",
        "Suppose that Turkey attacked.",
        "Any attempt to land on the islet would be costly.",
        "Turkish steel hit the European market.",
        "Greece does not wish for war.",
        "Britain could join, officials said.",
        "The minister, who flew to the front by helicopter, is expected to resign.",
    ],
)
def test_what_was_not_done_is_no_act(text: str) -> None:
    assert told(text) == set()


def test_days_told_from_another_act() -> None:
    text = (
        "Greek jets bombed a Turkish post on Thursday, two days after Turkish ships shelled Rhodes."
    )
    days = {(p.actor, p.day) for p in reading(text).proposals if isinstance(p, ActProposal)}
    assert ("GRC", date(1996, 2, 1)) in days
    assert ("TUR", date(1996, 1, 30)) in days


def test_a_day_on_which_something_is_due_is_not_the_day_of_an_act() -> None:
    text = "Greece suspended flights to Turkey that were due to resume on Wednesday."
    (day,) = {p.day for p in reading(text).proposals if p.evidence[0].sentence == text}
    assert day == LINE


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Fighters of Liwa al-Quds shelled a Turkish army post.", "Liwa al-Quds"),
        ("The Aegean Resistance Front attacked Turkish troops.", "Aegean Resistance Front"),
    ],
)
def test_a_group_in_no_list_is_proposed_as_new(text: str, name: str) -> None:
    found = reading(text)
    (new,) = [actor for actor in found.actors if actor.new]
    assert new.name == name
    acts = [p for p in found.proposals if isinstance(p, ActProposal) and p.actor == new.id]
    assert [act.evidence[0].sentence for act in acts] == [text]


def test_forces_of_states_are_no_new_groups() -> None:
    found = reading("The Royal Navy and the Security Council condemned Turkey.")
    assert not [actor for actor in found.actors if actor.new]


def test_a_denial_stands_with_the_act() -> None:
    found = reading("Greece said it had shot down a Turkish jet, which Turkey denied.")
    lines = [line for p in found.proposals for line in p.disagreements]
    assert lines == ["Turkey denies it"]


def test_an_agreement_with_its_day_between_is_that_of_both() -> None:
    text = "Greece and Turkey agreed on Thursday to ease tensions."
    assert told(text) == {("GRC", "TUR", "conciliate"), ("TUR", "GRC", "conciliate")}


def test_what_goes_on_has_no_day_of_its_own() -> None:
    text = (
        "Turkish forces attacked Greek posts on January 5. "
        "The region has been in turmoil for weeks, with Bulgaria bombing Serbia."
    )
    (found,) = (
        p
        for p in read([Document("d", "War", "x", LINE, True, None, (text,))]).proposals
        if isinstance(p, ActProposal) and p.actor == "BGR"
    )
    assert (found.first_day, found.day) == (date(1996, 1, 5), LINE)


def test_the_day_of_what_happened_is_not_that_of_the_answer() -> None:
    text = "Greece expelled the Turkish ambassador over what happened on January 8."
    days = {
        p.day
        for p in reading(text).proposals
        if isinstance(p, ActProposal) and p.level == "pressure"
    }
    assert days == {LINE}


def test_what_both_did_each_did_to_the_other() -> None:
    for text, level in (
        ("Both sides sent warships.", "display"),
        ("Both countries have recalled their ambassadors.", "pressure"),
    ):
        assert told(text) == {("GRC", "TUR", level), ("TUR", "GRC", level)}


def test_a_president_is_not_of_the_city_from_which_others_are_reported() -> None:
    story = (
        "BANGKOK (Wire) - American jets bombed Cambodia on Monday, and Cambodia shelled American "
        "ships. America has few friends in Cambodia. President Doe sent a carrier to Cambodia."
    )
    found = read([Document("d", "War", "x", LINE, True, None, (story,))]).proposals
    assert all(p.actor != "THA" for p in found if isinstance(p, ActProposal))
