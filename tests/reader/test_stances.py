"""What statements commit their speakers to, and to whom."""

from __future__ import annotations

from datetime import date

import pytest

from offramp.reader.document import Document
from offramp.reader.proposals import StatementProposal
from offramp.reader.reading import read

BEFORE = "Greece and Turkey are at odds. Turkish forces attacked a Greek boat on Monday."
LINE = date(1996, 2, 2)
"""A Friday."""


def stances(text: str, title: str = "An islet") -> set[tuple[str, str, str]]:
    document = Document("d", title, "x", LINE, True, None, (BEFORE, text))
    return {
        (p.speaker, p.stance.value, p.about)
        for p in read([document]).proposals
        if isinstance(p, StatementProposal)
    }


@pytest.mark.parametrize(
    "text",
    [
        "Greece said it would not hesitate to use force.",
        "Greece warned that it would not stand idly by.",
        '"We will not tolerate another raid," the Greek defence minister said.',
        "Greece said any ship that came near the islet would be sunk.",
        "Greece said Turkey was playing with fire.",
        "Greece said that it reserved the right to respond.",
        "Greece said it was ready to take all necessary measures.",
        "Greece said that the consequences of a landing would be grave.",
        "Athens said that all options were on the table.",
        "Greece said that it kept the right to take further measures.",
        "The speaker of parliament said that Greece would settle the score.",
        "Greece said that a landing would be treated as an act of war.",
        '"Let nobody expect us to stay silent," the Greek prime minister said.',
    ],
)
def test_a_threat(text: str) -> None:
    assert ("GRC", "threat", "TUR") in stances(text)


@pytest.mark.parametrize(
    "text",
    [
        "Greece said it would not allow its farmers to burn stubble, as some had said it would.",
        "Greece said it would be treated as an equal.",
        "Greece said that prices would be high.",
        "Greece said it was ready to take part in a fair.",
    ],
)
def test_no_threat(text: str) -> None:
    assert not any(stance == "threat" for _, stance, _ in stances(text))


def test_a_threat_is_not_to_whom_it_shields() -> None:
    text = "Italy said it would help defend Greece, and that Turkey would pay a heavy price."
    assert ("ITA", "threat", "TUR") in stances(text)
    assert ("ITA", "threat", "GRC") not in stances(text)


def test_a_state_that_defends_its_own_stands_by_nobody() -> None:
    for own in ("itself", "its territory", "its national airspace"):
        assert not any(s == "will_defend" for _, s, _ in stances(f"Greece will defend {own}."))
    assert ("ITA", "will_defend", "GRC") in stances("Italy said it would defend Greece.")


@pytest.mark.parametrize(
    "text",
    [
        "Italy said that both sides should talk.",
        "Italy asked both countries to keep their heads.",
        "Italy urged the two governments to avoid any further escalation.",
    ],
)
def test_restraint_on_both(text: str) -> None:
    assert {("ITA", "restrain", "GRC"), ("ITA", "restrain", "TUR")} <= stances(text)


def test_restraint_on_one_is_not_on_the_other() -> None:
    found = stances("Italy told Greece to slow things down and not to attack Turkey.")
    assert ("ITA", "restrain", "GRC") in found
    assert ("ITA", "restrain", "TUR") not in found


def test_both_named_together_are_restrained() -> None:
    found = stances("Italy urged Greece and Turkey to refrain from force.")
    assert {("ITA", "restrain", "GRC"), ("ITA", "restrain", "TUR")} <= found


def test_a_government_speaks_of_itself_in_its_own_statement() -> None:
    text = "Greece does not want war. It will not allow its soil to be trodden on."
    title = "Statement by the Government of Greece"
    assert ("GRC", "threat", "TUR") in stances(text, title)


def test_its_chief_is_not_that_of_whom_an_adjective_names() -> None:
    text = "Greece will answer the Turkish attack of Monday, its army chief said on Thursday."
    document = Document("d", "An islet", "x", LINE, True, None, (BEFORE, text))
    (found,) = (p for p in read([document]).proposals if isinstance(p, StatementProposal))
    assert (found.speaker, found.about, found.day) == ("GRC", "TUR", date(1996, 2, 1))


def test_who_is_warned_does_not_speak() -> None:
    found = stances("Greece has been warned that Turkey reserves the right to respond.")
    assert not any(speaker == "GRC" for speaker, _, _ in found)


def test_an_official_of_no_named_state_commits_the_one_of_which_the_clause_speaks() -> None:
    text = "Defence Secretary John Doe said Turkey considered the matter closed."
    assert ("TUR", "concluded", "GRC") in stances(text)
    analyst = "Jane Roe, an analyst, said that Turkey would settle the score."
    assert stances(analyst) == set()


def test_an_official_named_in_a_sentence_before_commits_nobody() -> None:
    before = "After a day of talks in the old town by the sea, said the speaker of parliament."
    assert stances(f"{before} “We will retaliate.”") == set()
