"""What the datasets tell of each pair of states: acts between them, crises, power and ties."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd

from offramp.choice.dyad import Slot
from offramp.choice.pair import (
    BATTLE,
    CLASH,
    FIRST_ON_SECOND,
    SECOND_ON_FIRST,
    WAR_STARTED_BY_FIRST,
    WAR_STARTED_BY_SECOND,
    Pair,
)
from offramp.choice.reference import INDIRECT_TRIGGER
from offramp.history.icb import NON_STATE_ENTITY, opponents, read_icb_actors, read_icb_dyads
from offramp.history.locating import Shelf
from offramp.history.mie import read_mie
from offramp.history.states import StateSystem
from offramp.history.wars import read_wars
from offramp.ladder import ICB_MAJOR_RESPONSE, MIE_ACTION, Level, level_mask

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]

FIRST_YEAR = 1919
CONFRONTATION_YEARS = 20
NO_STATE = 0
"""Stands for an opponent that is not a state."""
BATTLE_ACTION, CLASH_ACTION = 22, 17

ICB_TRIGGER_LEVEL: dict[int, Level] = {
    1: Level.VERBAL,
    2: Level.VERBAL,
    3: Level.PRESSURE,
    4: Level.VERBAL,
    5: Level.VERBAL,
    6: Level.VERBAL,
    7: Level.DISPLAY,
    8: Level.LIMITED,
    9: Level.LIMITED,
}
"""ICB trigger types as rungs; 4 to 6 (changes, internal challenges) count as words."""
ICB_SILENCE = frozenset({Level.HOLD, Level.VERBAL})
"""What the days without a response above words may have been: of words, ICB shows only those
that were all the response there was."""


@dataclass(frozen=True)
class History:
    """What the records are made from, read once.

    Attributes:
        acts: from `read_mie`, with exact days, from `FIRST_YEAR` on.
        cases: from `read_icb_actors`, with `opponent`.
        states: power and ties.
        wars: from the interstate wars file: who started against whom, in which year.
    """

    acts: pd.DataFrame
    cases: pd.DataFrame
    states: StateSystem
    wars: frozenset[tuple[int, int, int]]

    @classmethod
    def read(cls, datasets: Shelf) -> History:
        """Read the datasets.

        Raises:
            DatasetError: a file is missing or not as published.
        """
        files = datasets.state_files()
        acts = read_mie(datasets.file("mie"))
        acts = acts[acts["day"].notna() & (acts["year"] >= FIRST_YEAR)]
        cases = read_icb_actors(datasets.file("icb"))
        dyads = read_icb_dyads(datasets.file("icb-dyads"))
        cases = cases.assign(opponent=opponents(cases, dyads).fillna(NO_STATE).astype("int64"))
        return cls(acts, cases, StateSystem(files), _war_initiators(files.wars))


def _war_initiators(path: Path) -> frozenset[tuple[int, int, int]]:
    wars = read_wars(path)
    begun = wars[(wars["onset"] == 1) & (wars["initiator"] == 1)]
    return frozenset(zip(begun["actor"], begun["target"], begun["year"], strict=True))


def acts_by_pair(
    acts: pd.DataFrame,
) -> tuple[dict[tuple[int, int], pd.DataFrame], dict[int, IntArray]]:
    """Acts by pair of states, in order, and the days of force by state."""
    first = np.minimum(acts["actor"], acts["target"])
    second = np.maximum(acts["actor"], acts["target"])
    acts = acts.assign(first=first, second=second).sort_values(
        ["first", "second", "day", "micnum", "eventnum"], kind="stable"
    )
    return grouped_by_pair(acts), _force_days(acts)


def grouped_by_pair(table: pd.DataFrame) -> dict[tuple[int, int], pd.DataFrame]:
    """Return the rows of each pair, in order; the columns `first` and `second` name it."""
    groups = (group for _, group in table.groupby(["first", "second"]))
    return {(int(g["first"].iloc[0]), int(g["second"].iloc[0])): g for g in groups}


def in_pairs(cases: pd.DataFrame) -> pd.DataFrame:
    """Return ICB's cases with the pair that actor and opponent are, in order of pair and day."""
    actor = cases["actor"].astype("int64")
    return cases.assign(
        first=np.minimum(actor, cases["opponent"]), second=np.maximum(actor, cases["opponent"])
    ).sort_values(["first", "second", "trigger_day", "crisno"], kind="stable")


def _force_days(acts: pd.DataFrame) -> dict[int, IntArray]:
    """By state: (day, opponent) of every exchange of force, ascending, shape (n, 2)."""
    force = acts[acts["level_low"] >= Level.LIMITED]
    both = np.concatenate(
        [
            force[["actor", "day", "target"]].to_numpy(np.int64),
            force[["target", "day", "actor"]].to_numpy(np.int64),
        ]
    )
    both = both[np.lexsort((both[:, 2], both[:, 1], both[:, 0]))]
    states, starts = np.unique(both[:, 0], return_index=True)
    pieces = np.split(both[:, 1:], starts[1:])
    return {int(state): piece for state, piece in zip(states, pieces, strict=True)}


def known_pair(
    pair: tuple[int, int],
    acts: pd.DataFrame | None,
    cases: pd.DataFrame | None,
    history: History,
    force: dict[int, IntArray],
    until: int,
) -> Pair:
    """Return what is known of a pair of states.

    Args:
        pair: their numbers, ascending.
        acts: between them, from :func:`acts_by_pair`.
        cases: ICB's of either facing the other.
        history: power and ties.
        force: days of force by state, from :func:`acts_by_pair`.
        until: last day.
    """
    events = np.zeros((0, 6), np.int64) if acts is None else _events(pair, acts, history.wars)
    queries = np.zeros((0, 9), np.int64) if cases is None else _queries(pair, cases)
    years = np.arange(FIRST_YEAR - 1, 2100)
    starts = np.zeros(0, np.int64)
    if acts is not None:
        starts = np.sort(acts.groupby("micnum")["year"].min().to_numpy(np.int64))
    nothing = np.zeros((0, 2), np.int64)
    runs = [force.get(state, nothing) for state in pair]
    return Pair(
        events,
        queries,
        _static_slots(pair, history.states, years, starts),
        np.concatenate(runs),
        np.array([0, len(runs[0]), len(runs[0]) + len(runs[1])]),
        np.array(pair),
        np.array([years[0], level_mask(frozenset({Level.HOLD})), until]),
    )


def _events(
    pair: tuple[int, int], acts: pd.DataFrame, wars: frozenset[tuple[int, int, int]]
) -> IntArray:
    """Events of a pair: kind, day, mask of levels, lowest level, killed, last day, (n, 6)."""
    kind = np.where(acts["actor"] == pair[0], FIRST_ON_SECOND, SECOND_ON_FIRST)
    kind = np.where(acts["action"] == CLASH_ACTION, CLASH, kind)
    battle = (acts["action"] == BATTLE_ACTION).to_numpy()
    kind = np.where(battle, BATTLE, kind)
    by_first = np.array([(*pair, year) in wars for year in acts["year"]])
    by_second = np.array([(pair[1], pair[0], year) in wars for year in acts["year"]])
    kind = np.where(battle & by_first, WAR_STARTED_BY_FIRST, kind)
    kind = np.where(battle & by_second, WAR_STARTED_BY_SECOND, kind)
    masks = {action: level_mask(levels) for action, levels in MIE_ACTION.items()}
    mask = acts["action"].map(masks).to_numpy(np.int64)
    columns = (
        kind,
        acts["day"].to_numpy(np.int64),
        mask,
        acts["level_low"].to_numpy(np.int64),
        acts["killed_low"].fillna(0).to_numpy(np.int64),
        acts["end_day"].fillna(acts["day"]).to_numpy(np.int64),
    )
    return np.column_stack(columns)


def _queries(pair: tuple[int, int], cases: pd.DataFrame) -> IntArray:
    """ICB triggers: day, side (0, 1), level, indirect, lag, mask, silence, group, others."""
    types = cases["trigger_type"].astype("int64")
    response = cases["response_type"].astype("int64")
    answer = response.map({code: level_mask(s) for code, s in ICB_MAJOR_RESPONSE.items()})
    columns = (
        cases["trigger_day"].to_numpy(np.int64),
        (cases["actor"] != pair[0]).to_numpy(np.int64),
        types.map({code: int(level) for code, level in ICB_TRIGGER_LEVEL.items()}),
        (types == INDIRECT_TRIGGER).to_numpy(np.int64),
        cases["lag_days"].to_numpy(np.int64),
        np.where(cases["silent"], 0, answer),
        np.full(len(cases), level_mask(ICB_SILENCE)),
        (cases["trigger_entity"] == NON_STATE_ENTITY).to_numpy(np.int64),
        cases["others"].to_numpy(np.int64),
    )
    return np.column_stack(columns).astype(np.int64)


def _static_slots(
    pair: tuple[int, int], states: StateSystem, years: IntArray, starts: IntArray
) -> FloatArray:
    """Slots that change by the year only, for both sides, (2, years, slots)."""
    out = np.zeros((2, len(years), len(Slot)))
    day = np.array([pd.Timestamp(int(year), 1, 1).toordinal() for year in years])
    begun = np.searchsorted(starts, years) - np.searchsorted(starts, years - CONFRONTATION_YEARS)
    out[:, :, Slot.CONFRONTATIONS] = np.log1p(begun)
    if NO_STATE in pair:
        side = 0 if pair[0] != NO_STATE else 1
        out[side, :, Slot.NUCLEAR_SELF] = states.nuclear(pair[side], years)
        return out
    # The files count what began in December for its whole year: a day knows the year before it.
    before = years - 1
    power = np.log(states.cinc(pair[0], before) / states.cinc(pair[1], before))
    power = np.clip(np.nan_to_num(power, nan=0.0), -4.0, 4.0)
    out[0, :, Slot.POWER], out[1, :, Slot.POWER] = power, -power
    for side in (0, 1):
        out[side, :, Slot.NUCLEAR_SELF] = states.nuclear(pair[side], years)
        out[side, :, Slot.NUCLEAR_RIVAL] = states.nuclear(pair[1 - side], years)
    distance = states.distance_km(pair[0], pair[1], before)
    out[:, :, Slot.DISTANCE] = np.log1p(np.nan_to_num(distance, nan=2000.0) / 1000.0)
    out[:, :, Slot.CONTIGUOUS] = states.contiguous(pair[0], pair[1], day)
    out[:, :, Slot.ALLIED] = states.allied(pair[0], pair[1], before)
    out[:, :, Slot.RIVALS] = states.rivals(pair[0], pair[1], before)
    return out
