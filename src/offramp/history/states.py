"""States and pairs of states as of a year: power, ties, neighbours, rivals, weapons, wars.

Every answer uses only what the files say at or before the year asked. Where a file ends, its last
year is carried forward: capabilities end in 2022, alliances in 2018, contiguity in 2016, distances
in 2019 and rivalries in 2020 in the versions named below. Wars are not carried forward.

A year is coarse: an alliance, a rivalry or a war that began in December counts for its whole year.
To forecast a decision, ask for the year before it.

Sources, in the form in which the R package ``peacesciencer`` exports them, or the publisher's own
file where it has these columns: Singer et al., National Material Capabilities 6; Leeds et al.,
ATOP 5.1; Stinnett et al., Direct Contiguity 3.2; Schvitz et al., minimum distances (CShapes 2);
Thompson, Sakuwa and Suhas, Analyzing Strategic Rivalries, 2022; Correlates of War, Inter-State
War 4.
"""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from offramp.history.sources import Column, read_table
from offramp.history.timelines import FOREVER, Integers, Numbers, Spells, Steps, Truths, pair

NEIGHBOUR_TYPES = (1, 2, 3)
"""Direct contiguity by land, or across at most 12 or 24 miles of water."""


class Possession(NamedTuple):
    """The years in which a state had nuclear weapons, both included."""

    state: int
    first_year: int
    last_year: int = FOREVER


NUCLEAR_STATES = (
    Possession(2, 1945),  # United States: first test
    Possession(365, 1949),  # Soviet Union and Russia: first test
    Possession(200, 1952),  # United Kingdom: first test
    Possession(220, 1960),  # France: first test
    Possession(710, 1964),  # China: first test
    Possession(666, 1967),  # Israel: devices assembled before the war of June 1967 (Cohen 1998)
    Possession(560, 1979, 1991),  # South Africa: first device to accession to the treaty
    Possession(770, 1987),  # Pakistan: able to assemble one
    Possession(750, 1988),  # India: deliverable weapons, after the test of 1974 (Perkovich 1999)
    Possession(731, 2006),  # North Korea: first test
)
"""Sources: the Nuclear Threat Initiative's country profiles; Avner Cohen, Israel and the Bomb,
1998; George Perkovich, India's Nuclear Bomb, 1999. Soviet weapons on the soil of Belarus,
Kazakhstan and Ukraine until 1996 were under Russian control and do not count."""

FIRST = Column("first", published=("ccode1",), minimum=2, maximum=999)
SECOND = Column("second", published=("ccode2",), minimum=2, maximum=999)
YEAR = Column("year", minimum=1400, maximum=2100)


@dataclass(frozen=True)
class StateFiles:
    """Where the publishers' files are, plain or gzip."""

    capabilities: Path
    alliances: Path
    contiguity: Path
    distances: Path
    rivalries: Path
    wars: Path


class StateSystem:
    """The states' power and their ties to each other, by year.

    States are Correlates of War numbers. Every argument of a question may be a number or an array;
    the answer has the shape to which they broadcast (a 0-d array for numbers alone).

    Args:
        files: the publishers' files.

    Raises:
        DatasetError: a file is not as published.
    """

    def __init__(self, files: StateFiles) -> None:
        self._capabilities = _capabilities(files.capabilities)
        self._alliances = _alliances(files.alliances)
        self._contiguity = _contiguity(files.contiguity)
        self._distances = _distances(files.distances)
        self._rivalries = _rivalries(files.rivalries)
        self._wars = _wars(files.wars)
        self._nuclear = Spells(*np.array(NUCLEAR_STATES, dtype=np.int64).T)

    def cinc(self, state: npt.ArrayLike, year: npt.ArrayLike) -> Numbers:
        """Return the share of the world's material capabilities, 0–1; NaN before the first."""
        return self._capabilities.at(state, year)

    def allied(self, first: npt.ArrayLike, second: npt.ArrayLike, year: npt.ArrayLike) -> Truths:
        """Return whether the two have promised each other, or one the other, to defend it."""
        return self._alliances.cover(pair(first, second), year)

    def contiguous(self, first: npt.ArrayLike, second: npt.ArrayLike, day: npt.ArrayLike) -> Truths:
        """Return whether the two are neighbours on a day (an ordinal), see `NEIGHBOUR_TYPES`."""
        return self._contiguity.cover(pair(first, second), day)

    def distance_km(
        self, first: npt.ArrayLike, second: npt.ArrayLike, year: npt.ArrayLike
    ) -> Numbers:
        """Return the least distance between the two territories; NaN before 1886."""
        return self._distances.at(pair(first, second), year)

    def rivals(self, first: npt.ArrayLike, second: npt.ArrayLike, year: npt.ArrayLike) -> Truths:
        """Return whether the two are strategic rivals."""
        return self._rivalries.cover(pair(first, second), year)

    def nuclear(self, state: npt.ArrayLike, year: npt.ArrayLike) -> Truths:
        """Return whether the state has nuclear weapons, see `NUCLEAR_STATES`."""
        return self._nuclear.cover(state, year)

    def at_war(self, first: npt.ArrayLike, second: npt.ArrayLike, year: npt.ArrayLike) -> Truths:
        """Return whether the two fought an inter-state war in the year; False after the file."""
        return self._wars.cover(pair(first, second), year)

    def with_ties(self, cases: pd.DataFrame) -> pd.DataFrame:
        """Return the cases with what the files say of each.

        Args:
            cases: columns ``actor, target`` (states) and ``year``, without missing values; a
                ``day`` (ordinal) where contiguity is to be of the day. Where it is missing or
                there is no such column, contiguity is of 1 January.

        Returns:
            A copy with ``actor_cinc, target_cinc, allied, contiguous, distance_km, rivals,
            actor_nuclear, target_nuclear, at_war``.
        """
        actor = cases["actor"].to_numpy(dtype=np.int64)
        target = cases["target"].to_numpy(dtype=np.int64)
        year = cases["year"].to_numpy(dtype=np.int64)
        day = _first_of_january(year)
        if "day" in cases:
            known = cases["day"].to_numpy(dtype=np.float64, na_value=np.nan)
            day = np.where(np.isnan(known), day, known).astype(np.int64)
        return cases.assign(
            actor_cinc=self.cinc(actor, year),
            target_cinc=self.cinc(target, year),
            allied=self.allied(actor, target, year),
            contiguous=self.contiguous(actor, target, day),
            distance_km=self.distance_km(actor, target, year),
            rivals=self.rivals(actor, target, year),
            actor_nuclear=self.nuclear(actor, year),
            target_nuclear=self.nuclear(target, year),
            at_war=self.at_war(actor, target, year),
        )


def _integers(column: pd.Series) -> Integers:
    return column.to_numpy(dtype=np.int64)


def _pairs(table: pd.DataFrame) -> Integers:
    return pair(_integers(table["first"]), _integers(table["second"]))


def _open_ended(ends: Integers) -> Integers:
    """Return the ends with the file's last, at which it stopped observing, made `FOREVER`."""
    return np.where(ends == ends.max(initial=0), FOREVER, ends)


def read_capabilities(path: Path) -> pd.DataFrame:
    """Return ``state, year, cinc`` (share of the world's material capabilities), one row each.

    Raises:
        DatasetError: the file is not as published.
    """
    columns = (
        Column("state", published=("ccode",), minimum=2, maximum=999),
        YEAR,
        Column("cinc", "number", required=False, minimum=0, maximum=1),
    )
    return read_table(path, columns).reset_index(drop=True)


def read_alliances(path: Path) -> pd.DataFrame:
    """Return ``first, second, year, defence`` (1 where either promised to defend the other).

    Raises:
        DatasetError: the file is not as published.
    """
    promise = Column("defence", published=("atop_defense", "defense"), allowed=frozenset({0, 1}))
    return read_table(path, (FIRST, SECOND, YEAR, promise)).reset_index(drop=True)


def read_contiguity(path: Path) -> pd.DataFrame:
    """Return ``first, second, kind`` (1 land to 5 at most 400 miles of water), ``start, end``.

    Start and end are ordinals of the first days of months, as published.

    Raises:
        DatasetError: the file is not as published.
    """
    columns = (
        FIRST,
        SECOND,
        Column("kind", published=("conttype",), minimum=0, maximum=5),
        Column("start", "date", published=("stdate",)),
        Column("end", "date", published=("enddate",)),
    )
    return read_table(path, columns).reset_index(drop=True)


def read_distances(path: Path) -> pd.DataFrame:
    """Return ``first, second, year, distance`` (km between the territories).

    Raises:
        DatasetError: the file is not as published.
    """
    distance = Column("distance", "number", published=("mindist",), minimum=0)
    return read_table(path, (FIRST, SECOND, YEAR, distance)).reset_index(drop=True)


def read_rivalries(path: Path) -> pd.DataFrame:
    """Return ``first, second, start, end`` (years) of the strategic rivalries.

    Raises:
        DatasetError: the file is not as published.
    """
    columns = (
        FIRST,
        SECOND,
        Column("start", published=("start", "styear"), minimum=1400, maximum=2100),
        Column("end", published=("end", "endyear"), minimum=1400, maximum=2100),
    )
    return read_table(path, columns).reset_index(drop=True)


def _capabilities(path: Path) -> Steps:
    table = read_capabilities(path).dropna()
    return Steps(_integers(table["state"]), _integers(table["year"]), table["cinc"].to_numpy())


def _alliances(path: Path) -> Spells:
    table = read_alliances(path)
    last = _open_ended(_integers(table["year"]))
    held = table["defence"].to_numpy() == 1
    return Spells(_pairs(table)[held], _integers(table["year"])[held], last[held])


def _contiguity(path: Path) -> Spells:
    table = read_contiguity(path)
    ends = _open_ended(_integers(table["end"]))
    # The publisher dates by month and writes its first day; a spell lasts to the month's last.
    ends = np.array([day if day == FOREVER else _end_of_month(day) for day in ends.tolist()])
    near = table["kind"].isin(NEIGHBOUR_TYPES).to_numpy()
    return Spells(_pairs(table)[near], _integers(table["start"])[near], ends[near])


def _distances(path: Path) -> Steps:
    table = read_distances(path)
    return Steps(_pairs(table), _integers(table["year"]), table["distance"].to_numpy())


def _rivalries(path: Path) -> Spells:
    table = read_rivalries(path)
    return Spells(_pairs(table), _integers(table["start"]), _open_ended(_integers(table["end"])))


def _wars(path: Path) -> Spells:
    table = read_table(path, (FIRST, SECOND, YEAR))
    years = _integers(table["year"])
    return Spells(_pairs(table), years, years)


def _first_of_january(years: Integers) -> Integers:
    """Return the ordinal of 1 January of each year."""
    distinct, places = np.unique(years, return_inverse=True)
    ordinals = [date(year, 1, 1).toordinal() for year in distinct.tolist()]
    return np.array(ordinals, dtype=np.int64)[places]


def _end_of_month(day: int) -> int:
    """Return the ordinal of the last day of the month that *day* is in."""
    start = date.fromordinal(day)
    return start.replace(day=monthrange(start.year, start.month)[1]).toordinal()
