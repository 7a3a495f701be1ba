from __future__ import annotations

from datetime import date

from offramp.reader.document import Document
from offramp.reader.proposals import ActProposal
from offramp.reader.reading import read

SUNDAY = date(2024, 4, 14)


def story(name: str, text: str, day: date = date(2024, 4, 15)) -> Document:
    return Document(name, name, "Wire", day, True, None, (text,))


def acts(*documents: Document) -> list[ActProposal]:
    return [p for p in read(documents).proposals if isinstance(p, ActProposal)]


def test_two_reports_of_one_act_are_one_with_their_disagreement() -> None:
    (found,) = acts(
        story("one.txt", "Iran fired 300 drones at Israel on Sunday, killing 12 people."),
        story("two.txt", "On Sunday Iran launched 320 drones at Israel, killing 15 people."),
    )
    assert (found.first_day, found.day) == (SUNDAY, SUNDAY)
    assert [evidence.document for evidence in found.evidence] == ["one.txt", "two.txt"]
    told = " ".join(found.disagreements)
    assert "300" in told
    assert "320" in told
    assert "12 people" in told
    assert "15 people" in told


def test_acts_of_other_days_or_sides_stay_apart() -> None:
    found = acts(
        story("a.txt", "Iran attacked Israel on Sunday."),
        story("b.txt", "Iran attacked Israel on April 2, 2024."),
        story("c.txt", "Israel attacked Iran on Sunday."),
    )
    assert {(p.actor, p.target, p.day) for p in found} == {
        ("IRN", "ISR", SUNDAY),
        ("IRN", "ISR", date(2024, 4, 2)),
        ("ISR", "IRN", SUNDAY),
    }


def test_a_large_raid_is_major_and_a_small_one_is_not() -> None:
    (large,) = acts(story("a.txt", "Iran fired 300 drones at Israel on Sunday."))
    (small,) = acts(story("a.txt", "Iran fired 3 drones at Israel on Sunday."))
    assert (large.level, small.level) == ("major", "limited")


def test_a_noun_without_target_joins_the_attack_that_it_means() -> None:
    text = "Iran attacked Israel on Sunday. Iran's attack was telegraphed days before."
    (found,) = acts(story("a.txt", text))
    assert found.telegraphed
    assert len(found.evidence) == 2


def test_talks_count_only_between_those_who_face_each_other() -> None:
    calm = story("a.txt", "France held talks with Germany on Sunday.")
    assert acts(calm) == []
    tense = story("b.txt", "Iran attacked Israel on April 2, 2024. Iran held talks with Israel.")
    assert ("IRN", "ISR", "conciliate") in [(p.actor, p.target, p.level) for p in acts(tense)]


def test_the_dead_of_the_attacker_are_not_those_of_the_attacked() -> None:
    text = (
        "Azerbaijan shelled Armenia on Sunday, killing 49 Armenian soldiers. "
        "It said that 50 Azerbaijani servicemen were killed."
    )
    (found,) = acts(story("a.txt", text))
    assert found.harm is not None
    assert found.harm.killed is not None
    assert found.harm.killed.value == 49
    assert found.disagreements == ()


def test_the_dead_of_one_side_are_of_the_attack_on_it() -> None:
    text = (
        "Armenia attacked Azerbaijan on Sunday. Azerbaijan shelled Armenia on Sunday. "
        "It said that 50 Azerbaijani servicemen were killed."
    )
    killed = {
        p.actor: p.harm.killed.value for p in acts(story("a.txt", text)) if p.harm and p.harm.killed
    }
    assert killed == {"ARM": 50}


def test_some_of_the_dead_are_no_other_toll() -> None:
    (found,) = acts(
        story("a.txt", "Pakistan bombed Iran on Sunday, killing nine people."),
        story("b.txt", "Iran said three children were killed in the Pakistani attack on Sunday."),
    )
    assert found.harm is not None
    assert found.harm.killed is not None
    assert found.harm.killed.value == 9
    assert found.disagreements == ()


def test_what_another_did_is_told_in_an_accusing_tone_at_most() -> None:
    text = "Israel said that Iran had bombed a village. Iran said that it would bomb Israel."
    tones = {said.actor: said.tone for said in read([story("a.txt", text)]).tenor}
    assert tones == {"ISR": 0.5, "IRN": 1.0}


def test_tenor_has_a_sign() -> None:
    words = "Israel threatened Iran with war. Iran said that the matter was closed."
    tones = {said.actor: said.tone for said in read([story("a.txt", words)]).tenor}
    assert tones["IRN"] < 0 < tones["ISR"]
