"""The bars: on the invented articles against their gold files, and on the real one."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from gold import FIXTURES, HELD_OUT, Tally, tally

from offramp.choice.terms import claimable_terms
from offramp.crisis.schema import Stance, TieKind
from offramp.reader.extracting import documents
from offramp.reader.proposals import (
    AbsenceProposal,
    ActProposal,
    ClaimProposal,
    Reading,
    StatementProposal,
    TieProposal,
)
from offramp.reader.reading import read

REPORTS = Path(__file__).parents[3] / "shared" / "reports"


@pytest.mark.parametrize("articles", [FIXTURES, HELD_OUT])
def test_precision_and_false_alarms(articles: Path) -> None:
    found: Tally = tally(articles)
    assert found.right / found.accepted >= 0.8, found.mistakes
    assert found.alarmed / found.quiet < 0.05, found.mistakes
    assert found.found / found.told >= 0.75, found.mistakes


@pytest.fixture(scope="module")
def real() -> Reading:
    files = sorted(REPORTS.glob("000_*.txt"))
    if not files:
        pytest.skip("the real article is not at ../shared/reports")
    return read(documents(files[0], date(2024, 4, 15)), claimable_terms())


def act(reading: Reading, actor: str, target: str) -> ActProposal:
    found = [
        p
        for p in reading.proposals
        if isinstance(p, ActProposal) and (p.actor, p.target) == (actor, target)
    ]
    assert found, f"no act of {actor} on {target}"
    return max(found, key=lambda one: ("verbal", "limited", "major", "war").index(one.level))


def test_the_strike_on_the_consulate(real: Reading) -> None:
    strike = act(real, "ISR", "IRN")
    assert strike.level == "limited"
    assert strike.soil == "SYR"
    assert strike.harm is not None
    assert strike.harm.killed is not None
    assert (strike.harm.killed.value, strike.harm.killed.bound) == (2, "at_least")
    assert "two top leaders" in strike.harm.killed.words
    assert strike.day is not None
    assert strike.day < date(2024, 4, 13)


def test_the_barrage(real: Reading) -> None:
    barrage = act(real, "IRN", "ISR")
    assert barrage.level == "major"
    assert (barrage.first_day, barrage.day) == (date(2024, 4, 13), date(2024, 4, 14))
    assert barrage.telegraphed
    (launched,) = barrage.munitions
    assert (launched.launched.value, launched.launched.bound) == (300, "at_least")
    assert set(launched.classes) == {"missile", "drone"}
    assert {"ISR", "USA"} <= set(barrage.interceptors)
    assert barrage.intercepted_words == "most"
    assert barrage.harm is not None
    assert barrage.harm.wounded is not None
    assert barrage.harm.wounded.value == 1
    assert barrage.harm.damage == "light"


def test_stances_are_no_acts(real: Reading) -> None:
    said = {
        (p.speaker, p.stance, p.about) for p in real.proposals if isinstance(p, StatementProposal)
    }
    assert ("IRN", Stance.CONCLUDED, "ISR") in said
    assert ("IRN", Stance.THREAT, "USA") in said
    assert ("USA", Stance.RESTRAIN, "ISR") in said
    assert ("USA", Stance.REFUSE_TO_JOIN, "ISR") in said
    acts = [p for p in real.proposals if isinstance(p, ActProposal)]
    assert not [p for p in acts if p.actor == "USA"]
    absent = [p for p in real.proposals if isinstance(p, AbsenceProposal)]
    assert [p.actor for p in absent] == ["ISR"]


def test_linked_fronts(real: Reading) -> None:
    assert act(real, "HAM", "ISR").day == date(2023, 10, 7)
    assert act(real, "ISR", "HAM").level == "war"
    assert act(real, "HOU", "SHIP").level == "limited"
    assert act(real, "IRQM", "USA").soil == "JOR"
    assert act(real, "HZB", "ISR").level == "limited"
    assert act(real, "ISR", "HZB").level == "limited"
    ties = {(p.giver, p.receiver, p.tie) for p in real.proposals if isinstance(p, TieProposal)}
    assert ("IRN", "HZB", TieKind.SPONSOR) in ties
    for partner in ("USA", "GBR", "FRA", "SAU", "JOR"):
        assert (partner, "ISR", TieKind.DEFENCE_PARTNER) in ties


def test_experts(real: Reading) -> None:
    claims = [p for p in real.proposals if isinstance(p, ClaimProposal)]
    by = {(p.name, p.term, p.sense) for p in claims}
    assert ("Michael DiMino", "partner_refusal", "lowers") in by
    assert ("Michael DiMino", "own_resolve", "lowers") in by
    assert ("Kenneth Pollack", "win_credit", "lowers") in by
    assert any("fellow at Defense Priorities" in p.role for p in claims)
    assert any("American Enterprise Institute" in p.role for p in claims)
    assert {p.about for p in claims} == {"ISR"}


def test_nothing_from_the_buttons(real: Reading) -> None:
    told = " ".join(e.sentence for p in real.proposals for e in p.evidence)
    for button in ("Inline Feedbacks", "View all comments", "Share Tweet"):
        assert button not in told
