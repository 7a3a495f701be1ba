from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest
from gold import FIXTURES
from hypothesis import given
from hypothesis import strategies as st
from ruamel.yaml import YAML

import border
from offramp.choice.terms import claimable_terms
from offramp.crisis.as_of import load, read_crisis
from offramp.crisis.problems import CrisisError
from offramp.crisis.schema import Act, Statement
from offramp.crisis.template import template_text
from offramp.reader.drafting import DraftingError, draft
from offramp.reader.entries import block, scalar, told_words
from offramp.reader.extracting import documents, of_bytes
from offramp.reader.proposals import ActProposal, Reading, StatementProposal
from offramp.reader.reading import ACCEPTED, read
from offramp.reader.reviewing import EditError, edited
from offramp.reader.writing import write_into

STORY = border.STORY.encode()
CRISIS = re.sub(
    r"\{id: PAK, name: Pakistan, (.*?) iso3: PAK,",
    r"{id: PK1, name: Islamabad, \1",
    border.CRISIS,
).replace("PAK", "PK1")
"""The same crisis, but that one state is known to it by another id and name than to a reader."""


@pytest.fixture
def crisis(tmp_path: Path) -> Path:
    path = tmp_path / "border.yaml"
    path.write_text(CRISIS)
    load(CRISIS)
    return path


@pytest.fixture
def reading() -> Reading:
    return read(of_bytes(STORY, "story.txt", day=date(2031, 3, 13)), claimable_terms())


def test_accepted_facts_are_written_and_all_else_stays(crisis: Path, reading: Reading) -> None:
    outcome = write_into(crisis, reading, reading.proposals, claimable_terms())
    text = crisis.read_text()
    left = iter(text.split("\n"))
    kept = [line for line in CRISIS.split("\n") if line != "timeline: []"]
    assert all(line in left for line in kept), "a line that was there has changed or moved"
    found = read_crisis(crisis, date(2031, 3, 13))
    (strike,) = [e for e in found.timeline if isinstance(e, Act) and e.level == "limited"]
    assert (strike.actor, strike.target, strike.day) == ("IND", "PK1", date(2031, 3, 12))
    assert strike.harm is not None
    assert strike.harm.killed == 4
    stances = {(e.speaker, e.stance.value) for e in found.timeline if isinstance(e, Statement)}
    assert stances == {("PK1", "threat"), ("CHN", "restrain")}
    assert {actor.id for actor in found.actors} == {"IND", "PK1", "CHN"}
    assert set(found.sources) == {"book", "raid-on-the-border"}
    assert outcome.written
    assert all(strike.source == ["raid-on-the-border"] for strike in found.timeline)


def test_a_second_time_nothing_is_written(crisis: Path, reading: Reading) -> None:
    write_into(crisis, reading, reading.proposals)
    once = crisis.read_bytes()
    outcome = write_into(crisis, reading, reading.proposals)
    assert outcome.written == []
    assert crisis.read_bytes() == once


def test_what_a_later_report_says_otherwise_is_told(crisis: Path, reading: Reading) -> None:
    write_into(crisis, reading, reading.proposals)
    later = b"Raid\n\nIndia bombed a camp inside Pakistan on 12 March 2031, killing nine people.\n"
    again = read(of_bytes(later, "later.txt", day=date(2031, 3, 14)))
    outcome = write_into(crisis, again, again.proposals)
    assert outcome.written == []
    (reason,) = (reason for _, reason in outcome.left_out)
    assert "ind-pak-limited-0312; differs: killed 4 there, 9 here" in reason


def test_the_words_of_a_long_sentence_keep_whom_the_act_killed() -> None:
    story = (
        "Over the weekend, Iran directed more than 300 missiles and drones at Israel in "
        "retaliation for an Israeli strike on an Iranian consulate in Syria, which killed "
        "diplomats and two top leaders in Iran's Revolutionary Guard Corps."
    )
    found = read(of_bytes(story.encode(), "a.txt", day=date(2024, 4, 15)))
    (act,) = (p for p in found.proposals if isinstance(p, ActProposal) and p.actor == "ISR")
    words = told_words(act)
    assert words.startswith("Israeli strike on an Iranian consulate")
    assert "two top leaders" in words


def test_a_file_that_would_fail_the_checks_is_not_written(crisis: Path, reading: Reading) -> None:
    before = crisis.read_bytes()
    (act,) = [p for p in reading.proposals if isinstance(p, ActProposal) and p.level == "limited"]
    broken = act.model_copy(update={"level": "hold"})
    with pytest.raises(CrisisError, match="nothing is written"):
        write_into(crisis, reading, [broken])
    assert crisis.read_bytes() == before


def test_a_crisis_with_problems_is_refused(crisis: Path, reading: Reading) -> None:
    crisis.write_text(CRISIS.replace("kind: war", "kind: peace").replace("type: war", "type: no"))
    with pytest.raises(CrisisError):
        write_into(crisis, reading, reading.proposals)


def test_into_the_template_that_ships(tmp_path: Path, reading: Reading) -> None:
    path = tmp_path / "mine.yaml"
    text = template_text("mine")
    path.write_text(text)
    outcome = write_into(path, reading, reading.proposals)
    reasons = dict(outcome.left_out)
    assert any("no front" in reason for reason in reasons.values())
    lines = iter(path.read_text().split("\n"))
    assert all(line in lines for line in text.rstrip("\n").split("\n"))
    read_crisis(path, date(2031, 3, 13)) if outcome.written else None


@pytest.mark.parametrize("name", ["wire.txt", "timeline.txt", "naval.txt", "liveblog.txt"])
def test_a_draft_passes_the_checks(name: str) -> None:
    found = documents(FIXTURES / name)
    reading = read(found, claimable_terms())
    accepted = [p for p in reading.proposals if p.confidence >= ACCEPTED]
    text = draft("drafted", reading, accepted, "file:///schema.json", found[0].day)
    crisis = load(text, "drafted.yaml", None, claimable_terms())
    assert crisis.id == "drafted"
    assert crisis.timeline
    assert any(question.headline for question in crisis.questions)


def test_no_draft_of_a_text_without_sides() -> None:
    reading = read(documents(FIXTURES / "markets.txt"), claimable_terms())
    with pytest.raises(DraftingError, match="no two actors"):
        draft("drafted", reading, reading.proposals, "file:///x", date(2031, 10, 6))


@given(st.text(st.characters(exclude_categories=("Cs", "Cc", "Zl", "Zp")), max_size=60))
def test_text_is_written_so_that_yaml_reads_it_back(text: str) -> None:
    yaml = YAML(typ="safe", pure=True)
    assert yaml.load(f"x: {scalar(text)}\n")["x"] == (text if text else "")


def test_values_are_written_so_that_yaml_reads_them_back() -> None:
    entry = {"id": "NO", "day": "2024-04-15", "n": 3, "f": 0.5, "t": True, "l": ["a", "b: c"]}
    yaml = YAML(typ="safe", pure=True)
    assert yaml.load(block(entry, 2)) == [entry]


def test_an_edited_proposal_may_name_actors_that_the_reporting_does_not(
    tmp_path: Path, reading: Reading
) -> None:
    """One that only the file has, and one that only the reader's lists have."""
    path = tmp_path / "border.yaml"
    third = "  - {id: NP1, name: Nepal, kind: state, cow: 790, known: 2030-01-01, source: [book]}\n"
    path.write_text(CRISIS.replace("pairs:\n", f"{third}pairs:\n", 1))
    (said,) = [
        p for p in reading.proposals if isinstance(p, StatementProposal) and p.speaker == "CHN"
    ]
    other = edited(said, {"speaker": "NP1", "about": "BTN"})
    assert write_into(path, reading, [other], claimable_terms()).written
    found = read_crisis(path, date(2031, 3, 13))
    (entry,) = found.timeline
    assert isinstance(entry, Statement)
    assert (entry.speaker, entry.about) == ("NP1", "BTN")
    assert {actor.id for actor in found.actors} == {"IND", "PK1", "NP1", "BTN"}


def test_a_day_that_is_changed_moves_as_a_whole(reading: Reading) -> None:
    (act,) = [p for p in reading.proposals if isinstance(p, ActProposal) and p.level == "limited"]
    assert act.first_day == act.day == date(2031, 3, 12)
    moved = edited(act, {"day": "2031-03-10"})
    assert moved.first_day == moved.day == date(2031, 3, 10)
    spread = edited(act, {"day": "2031-03-14", "first_day": "2031-03-13"})
    assert (spread.first_day, spread.day) == (date(2031, 3, 13), date(2031, 3, 14))
    assert edited(spread, {"day": "2031-03-15"}).first_day == date(2031, 3, 13)
    gone = edited(act, {"day": ""})
    assert gone.first_day is gone.day is None


def test_a_day_that_a_person_gives_is_not_inferred(reading: Reading) -> None:
    (act,) = [p for p in reading.proposals if isinstance(p, ActProposal) and p.level == "limited"]
    inferred = act.model_copy(update={"day_words": ""})
    assert edited(inferred, {"level": "major"}).day_words == ""
    assert edited(inferred, {"day": " 2031-03-10 "}).day_words == "2031-03-10"
    days = {"first_day": "2031-03-09", "day": "2031-03-10"}
    assert edited(inferred, days).day_words == "2031-03-09 to 2031-03-10"
    assert edited(inferred, {"day": ""}).day_words == ""


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"level": "limitd"}, "level: unknown value 'limitd'; did you mean 'limited'?"),
        ({"day": "20310312"}, "day: '20310312' is not a day; write a day as 2024-04-15"),
        ({"day": "2031-02-30"}, "is not a day"),
        ({"levl": "major"}, "did you mean 'level'?"),
        ({"confidence": "1"}, "its fields are"),
        ({"actor": ""}, "actor: "),
    ],
)
def test_a_change_that_does_not_fit_is_refused(
    reading: Reading, changes: dict[str, str], told: str
) -> None:
    (act,) = [p for p in reading.proposals if isinstance(p, ActProposal) and p.level == "limited"]
    with pytest.raises(EditError, match=re.escape(told)):
        edited(act, changes)
