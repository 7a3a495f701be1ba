"""Decision points: gathered from acts made by hand, kept and read back, cut at a day."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from made_points import KNOWN, Point, made_points

from offramp.choice import decision_points
from offramp.choice.decision_points import (
    ACT,
    COLUMNS,
    HORIZON_DAYS,
    NEVER,
    SILENT,
    TRIGGER,
    DecisionPoints,
    current_points,
    load_points,
    shipped_points,
)
from offramp.choice.gathering import gather_points
from offramp.choice.pairing import History
from offramp.choice.terms import INDEX
from offramp.history.locating import STATE_DATASETS, shelf
from offramp.history.states import StateFiles, StateSystem
from offramp.ladder import MIE_ACTION, Level
from offramp.store import DECISION_POINTS

USA, RUSSIA = 2, 365
ATTACK, SHOW, THREAT, CLASH, BATTLE = 16, 7, 1, 17, 22
DAY = date(1962, 10, 1).toordinal()
TABLES = {
    "capabilities": "ccode,year,cinc\n2,1900,0.2\n365,1900,0.1\n",
    "alliances": "ccode1,ccode2,year,atop_defense\n2,20,1950,1\n",
    "contiguity": "ccode1,ccode2,conttype,stdate,enddate\n2,20,1,1920-01-01,2016-12-01\n",
    "distance": "ccode1,ccode2,year,mindist\n2,365,1900,1000\n",
    "rivalries": "ccode1,ccode2,start,end\n2,365,1945,1989\n20,40,1900,2000\n",
    "wars": "ccode1,ccode2,year\n20,40,1900\n",
}


@pytest.fixture
def states(tmp_path: Path) -> StateSystem:
    paths = []
    for name in STATE_DATASETS:
        path = tmp_path / f"{name}.csv"
        path.write_text(TABLES[name], encoding="utf-8")
        paths.append(path)
    return StateSystem(StateFiles(*paths))


def history(
    states: StateSystem,
    acts: list[tuple[int, int, int, int]],
    triggers: list[tuple[int, int, int, int, int | None]] | None = None,
) -> History:
    """Acts: actor, target, day, action. Triggers: actor, opponent, day, response, lag."""
    rows = []
    for number, (actor, target, day, action) in enumerate(acts):
        levels = MIE_ACTION[action]
        rows.append(
            {
                "micnum": 1,
                "eventnum": number,
                "actor": actor,
                "target": target,
                "day": day,
                "end_day": day,
                "year": date.fromordinal(day).year,
                "action": action,
                "directed": action not in (CLASH, BATTLE),
                "level_low": int(min(levels)),
                "level_high": int(max(levels)),
                "killed_low": 0,
            }
        )
    cases = pd.DataFrame(
        triggers or [], columns=["actor", "opponent", "trigger_day", "response_type", "lag_days"]
    ).astype({"lag_days": "Int64", "trigger_day": "Int64", "response_type": "Int64"})
    cases["trigger_type"] = 9
    cases["trigger_entity"] = cases["opponent"]
    cases["trigger_earliest"] = cases["trigger_latest"] = cases["trigger_day"]
    cases["crisno"] = 1
    return History(pd.DataFrame(rows), cases, states, frozenset())


def told(points: DecisionPoints) -> list[tuple[int, int, int, dict[int, int]]]:
    """Each point as who, days from `DAY`, level, and what it did when."""
    return [
        (
            int(points.actor[row]),
            int(points.day[row]) - DAY,
            int(points.level[row]),
            {level: int(days) for level, days in enumerate(points.lags[row]) if days != NEVER},
        )
        for row in range(len(points))
    ]


def test_an_act_and_what_followed(states: StateSystem) -> None:
    points = gather_points(
        history(
            states,
            [
                (USA, RUSSIA, DAY, ATTACK),
                (RUSSIA, USA, DAY + 3, SHOW),
                (RUSSIA, USA, DAY + 9, ATTACK),
                (RUSSIA, USA, DAY + 10, SHOW),
                (RUSSIA, USA, DAY + 1000, SHOW),
            ],
        ),
        DAY + 2000,
        {},
    )
    assert told(points) == [
        (RUSSIA, 0, 6, {4: 3, 6: 9}),
        (USA, 3, 4, {}),
        (USA, 9, 6, {}),
        (USA, 10, 4, {}),
        (USA, 1000, 4, {}),
    ]
    force, recent, rivals = (INDEX[n] for n in ("provoked_force", "rival_recent", "rivals"))
    assert points.x[0, force] == 1.0
    assert points.x[0, recent] == pytest.approx(np.log1p(1.0))  # the act itself counts
    assert (points.x[:, rivals] == 1.0).all()
    assert points.x[0, INDEX["power"]] == pytest.approx(np.log(0.5))
    assert points.x[1, INDEX["power"]] == pytest.approx(np.log(2.0))
    assert points.x[2, INDEX["own_year"]] == pytest.approx(np.log1p(np.exp(-9 / 365)))


def test_of_two_acts_on_a_day_the_later_one_answers(states: StateSystem) -> None:
    points = gather_points(
        history(states, [(USA, RUSSIA, DAY, SHOW), (RUSSIA, USA, DAY, ATTACK)]), DAY, {}
    )
    assert told(points) == [(USA, 0, 6, {}), (RUSSIA, 0, 4, {6: 0})]


def test_clashes_and_battles_are_context_only(states: StateSystem) -> None:
    acts = [
        (USA, RUSSIA, DAY - 5, CLASH),
        (USA, RUSSIA, DAY, THREAT),
        (RUSSIA, USA, DAY + 1, BATTLE),
    ]
    points = gather_points(history(states, acts), DAY + 1, {})
    assert told(points) == [(RUSSIA, 0, 2, {})]
    assert points.x[0, INDEX["own_force"]] == pytest.approx(np.log1p(np.exp(-5 / 90)))


def test_triggers_know_the_major_response_only(states: StateSystem) -> None:
    triggers = [
        (USA, RUSSIA, DAY, 8, 6),
        (RUSSIA, USA, DAY + 1, 1, None),
        (USA, RUSSIA, DAY + 2, 3, 0),
    ]
    points = gather_points(
        history(states, [(USA, RUSSIA, DAY - 400, ATTACK)], triggers), DAY + 500, {}
    )
    triggered = points.where(points.kind == TRIGGER)
    assert told(triggered) == [(USA, 0, 6, {6: 6}), (RUSSIA, 1, 6, {}), (USA, 2, 6, {3: 0})]
    assert (triggered.x[:, INDEX["crisis"]] == 1.0).all()
    # A trigger leaves the state of the pair as it was: of three on three days none adds to another.
    recent = triggered.x[[0, 2], INDEX["crisis_own_recent"]]
    assert 0.0 < recent[1] < recent[0] < np.log1p(1.1)


def test_acts_after_the_last_day_are_unknown(states: StateSystem) -> None:
    acts = [(USA, RUSSIA, DAY, ATTACK), (RUSSIA, USA, DAY + 9, ATTACK)]
    whole = gather_points(history(states, acts), DAY + 9, {})
    cut = gather_points(history(states, acts), DAY + 8, {})
    assert told(cut) == [(RUSSIA, 0, 6, {})]
    assert not cut.judged(1, DAY + 100).any()  # the record ends on the day of the act
    assert whole.judged(9, DAY + 9).tolist() == [True, False]
    np.testing.assert_array_equal(whole.x[0], cut.x[0])


def test_saved_and_read_back(tmp_path: Path) -> None:
    points = made_points(
        [
            Point(x={"power": -3.999, "reciprocity": 2.123456}, did={Level.WAR: HORIZON_DAYS}),
            Point(actor=990, rival=0, kind=TRIGGER, day=date(2019, 12, 31)),
        ]
    )
    path = tmp_path / "points.npz"
    points.save(path)
    back = load_points(path)
    assert back is not None
    assert back.provenance == points.provenance
    np.testing.assert_allclose(back.x, points.x, atol=2e-3)
    for name in set(COLUMNS) - {"x"}:
        np.testing.assert_array_equal(getattr(back, name), getattr(points, name))
    assert back.first(frozenset({Level.WAR})).tolist() == [HORIZON_DAYS, SILENT]
    assert back.judged(30, KNOWN).tolist() == [True, False]


def test_a_table_with_other_covariates_is_not_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OFFRAMP_HOME", str(tmp_path))
    path = tmp_path / DECISION_POINTS
    assert not current_points().added
    made_points([Point()]).save(path)
    mine = current_points()
    assert mine.added
    assert len(mine) == 1
    monkeypatch.setattr(decision_points, "TERM_NAMES", ("other",))
    assert load_points(path) is None


def test_the_table_that_ships() -> None:
    points = shipped_points()
    assert (np.diff(points.day) >= 0).all()
    assert set(np.unique(points.kind)) == {ACT, TRIGGER}
    assert ((points.lags <= HORIZON_DAYS) | (points.lags == NEVER)).all()
    assert points.provenance["datasets"]
    shipped = Path(decision_points.__file__).parent / "figures" / DECISION_POINTS.name
    assert shipped.stat().st_size < 1_500_000


def test_israel_in_the_published_files(data_directory: Path) -> None:
    """What ships of one state, gathered anew from the acts of that state alone."""
    israel = 666
    whole = History.read(shelf(data_directory))
    acts, cases = whole.acts, whole.cases
    crises = cases.loc[cases["actor"] == israel, "crisno"]
    own = gather_points(
        History(
            acts[(acts["actor"] == israel) | (acts["target"] == israel)],
            cases[cases["crisno"].isin(crises)],
            whole.states,
            whole.wars,
        ),
        date.max.toordinal(),
        {},
    )
    shipped = shipped_points()
    mine, theirs = own.where(own.actor == israel), shipped.where(shipped.actor == israel)
    assert len(mine) > 300
    for name in ("rival", "day", "level", "kind", "lags"):
        np.testing.assert_array_equal(getattr(mine, name), getattr(theirs, name))
    np.testing.assert_allclose(mine.x, theirs.x, atol=4e-3)
