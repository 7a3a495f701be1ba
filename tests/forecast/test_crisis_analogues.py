"""The analogues of a crisis: of which decisions, read as of which day, cut at the as-of date."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest

from offramp.choice.analogues import TOLD_DAYS
from offramp.choice.decision_points import shipped_points
from offramp.choice.editions import shipped_figures
from offramp.choice.terms import claimable_terms
from offramp.crisis.as_of import read_crisis
from offramp.crisis.schema import Crisis
from offramp.forecast.analogues import crisis_analogues
from offramp.forecast.document import AnalogueNote
from offramp.state_names import STATES


def crisis(as_of: date | None = None) -> Crisis:
    return read_crisis("falklands-1982", as_of, claimable_terms())


@pytest.fixture(scope="module")
def notes() -> list[AnalogueNote]:
    return crisis_analogues(crisis(), shipped_figures(), count=50)


def test_decisions_are_those_that_await_an_answer(notes: list[AnalogueNote]) -> None:
    by_dyad = {(note.actor, note.target): note for note in notes}
    invaded = by_dyad["GBR", "ARG"]
    assert (invaded.received, invaded.received_on) == ("major", date(1982, 4, 2))
    assert invaded.waited == (crisis().as_of - date(1982, 4, 2)).days
    assert not invaded.indirect


def test_no_case_ended_after_the_day(notes: list[AnalogueNote]) -> None:
    as_of = crisis().as_of
    for note in notes:
        assert note.cases == len(note.nearest) == 50
        last = max(case.day for case in note.nearest)
        assert last + timedelta(days=TOLD_DAYS + note.waited) <= as_of
        assert all(case.after_days is None or case.after_days <= TOLD_DAYS for case in note.nearest)
        distances = [case.distance for case in note.nearest]
        assert distances == sorted(distances)


def test_shares_are_those_of_the_cases(notes: list[AnalogueNote]) -> None:
    """Told of each case is the first use of force, so the shares follow from what is told."""
    force = ("deniable", "limited", "major", "war")
    for note in notes:
        weight = np.array([case.weight for case in note.nearest])
        for days, share in ((7, note.force_within_7), (30, note.force_within_30)):
            used = np.array(
                [
                    case.done in force
                    and case.after_days is not None
                    and case.after_days <= note.waited + days
                    for case in note.nearest
                ]
            )
            assert share == pytest.approx(float((weight * used).sum() / weight.sum()))
        # Whoever had used force by then is no analogue of one who waits.
        assert not any(
            case.done in force and case.after_days is not None and case.after_days <= note.waited
            for case in note.nearest
        )


def test_one_actor_and_one_that_is_not_there(notes: list[AnalogueNote]) -> None:
    mine = crisis_analogues(crisis(), shipped_figures(), actor="GBR", count=2)
    assert [note.actor for note in mine] == ["GBR"]
    assert mine[0].nearest == next(n for n in notes if n.actor == "GBR").nearest[:2]
    with pytest.raises(ValueError, match="no actor 'XXX' in falklands-1982: one of"):
        crisis_analogues(crisis(), shipped_figures(), actor="XXX")


def test_every_state_of_the_table_has_a_name() -> None:
    points = shipped_points()
    assert set(np.unique(points.actor)) <= set(STATES)
    assert set(np.unique(points.rival)) <= {0, *STATES}
