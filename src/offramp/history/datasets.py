"""The table of datasets: what each is, how its file is known, who made it, and on what terms."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Literal

import pandas as pd

from offramp.history.icb import read_icb_actors, read_icb_crises, read_icb_dyads
from offramp.history.icbe import read_icbe
from offramp.history.keds import read_levant
from offramp.history.leaders import read_leaders
from offramp.history.mid import read_mid_disputes, read_mid_incidents, read_mid_participants
from offramp.history.mie import read_mie
from offramp.history.peace import read_peace_scale
from offramp.history.raids import read_ukraine_raids, read_waves
from offramp.history.states import (
    read_alliances,
    read_capabilities,
    read_contiguity,
    read_distances,
    read_rivalries,
)
from offramp.history.ucdp import read_conflict_years, read_country_years, read_ged
from offramp.history.wars import read_wars


@dataclass(frozen=True)
class Dataset:
    """A dataset that Offramp reads.

    Attributes:
        name: what commands call it; a name before a hyphen is its family's.
        holds: what one row is.
        read: its reader.
        columns: published columns, any spelling of each, that together no other dataset has.
        files: patterns of the publisher's usual file names, without ``.gz``.
        when: the column of the reader that dates a row.
        unit: whether that is an ordinal day or a year.
        citation: how the publisher asks to be cited.
        licence: a note on the terms; the publisher's own text holds.
        url: where to get it, empty where no one place holds.
    """

    name: str
    holds: str
    read: Callable[[Path], pd.DataFrame]
    columns: tuple[tuple[str, ...], ...]
    files: tuple[str, ...]
    when: str
    unit: Literal["day", "year"]
    citation: str
    licence: str
    url: str

    def span(self, table: pd.DataFrame) -> tuple[int, int] | None:
        """Return the first and last year of what the reader returned, None where it has none."""
        times = table[self.when].dropna()
        if times.empty:
            return None
        first, last = int(times.min()), int(times.max())
        if self.unit == "year":
            return first, last
        return date.fromordinal(first).year, date.fromordinal(last).year


_ICB = (
    "Brecher, Wilkenfeld, Beardsley, James and Quinn, International Crisis Behavior Data, "
    "Duke University"
)
_ICB_TERMS = "free for research; cite; not to be redistributed"
_ICB_URL = "https://sites.duke.edu/icbdata/"
_MID = (
    "Palmer, McManus, D'Orazio, Kenwick, Karstens, Bloch, Dietrich, Kahn, Ritter and Soules, "
    "The MID5 Dataset, 2011–2014, Conflict Management and Peace Science 39, 2022"
)
_COW_TERMS = "Correlates of War: free for research; cite; not to be redistributed"
_MID_URL = "https://correlatesofwar.org/data-sets/mids/"
_UCDP_URL = "https://ucdp.uu.se/downloads/"
_PEACESCIENCER = "https://svmiller.com/peacesciencer/"

DATASETS: tuple[Dataset, ...] = (
    Dataset(
        "icb",
        "a state in a crisis: its trigger and its major response",
        read_icb_actors,
        (("cracid",), ("triggr",), ("majres",)),
        ("icb2v*.csv",),
        "trigger_year",
        "year",
        _ICB,
        _ICB_TERMS,
        _ICB_URL,
    ),
    Dataset(
        "icb-crises",
        "a crisis",
        read_icb_crises,
        (("crisno",), ("break",), ("protrac",)),
        ("icb1v*.csv",),
        "trigger_year",
        "year",
        _ICB,
        _ICB_TERMS,
        _ICB_URL,
    ),
    Dataset(
        "icb-dyads",
        "a pair of states hostile in a crisis, and year",
        read_icb_dyads,
        (("crisno",), ("statea",), ("stateb",)),
        ("icbdy_v*.csv",),
        "year",
        "year",
        f"Hewitt, Dyadic-Level Crisis Data; {_ICB}",
        _ICB_TERMS,
        _ICB_URL,
    ),
    Dataset(
        "icbe",
        "an event in a sentence of a crisis narrative",
        read_icbe,
        (("sentence_number_int_aligned",), ("sayintkind",)),
        ("ICBe_V*.csv",),
        "day_earliest",
        "day",
        "Douglass et al., Introducing the ICBe Dataset, Political Science Research and Methods, "
        "2024",
        "CC BY-NC-SA 4.0",
        "https://www.crisisevents.org/",
    ),
    Dataset(
        "mie",
        "a threat, display or use of force of one state against another",
        read_mie,
        (("micnum",), ("eventnum",), ("hostlev",)),
        ("mie-*.csv",),
        "year",
        "year",
        "Gibler and Miller, The Militarized Interstate Events (MIE) Dataset, 1816–2014, Journal "
        "of Conflict Resolution, 2023",
        "non-commercial use only; cite",
        "https://internationalconflict.ua.edu/data-download/",
    ),
    Dataset(
        "mid",
        "a militarized dispute",
        read_mid_disputes,
        (("dispnum", "dispnum3", "dispnum4"), ("hiact",), ("mindur",)),
        ("MIDA*.csv",),
        "start_year",
        "year",
        _MID,
        _COW_TERMS,
        _MID_URL,
    ),
    Dataset(
        "mid-incidents",
        "an incident of a dispute",
        read_mid_incidents,
        (("incidnum", "incidnum3", "incidnum4"), ("tbi", "duration"), ("numa",)),
        ("MIDI_*.csv", "MIDI [0-9]*.csv"),
        "start_year",
        "year",
        _MID,
        _COW_TERMS,
        _MID_URL,
    ),
    Dataset(
        "mid-participants",
        "a state in an incident",
        read_mid_participants,
        (("incidnum", "incidnum3", "incidnum4"), ("insidea",), ("ccode",)),
        ("MIDIP*.csv",),
        "start_year",
        "year",
        _MID,
        _COW_TERMS,
        _MID_URL,
    ),
    Dataset(
        "ged",
        "a lethal event",
        read_ged,
        (("type_of_violence",), ("dyad_new_id",), ("date_prec",)),
        ("GEDEvent*.csv", "ged*.csv"),
        "first_day",
        "day",
        "Sundberg and Melander, Introducing the UCDP Georeferenced Event Dataset, Journal of "
        "Peace Research 50, 2013; Davies et al., same journal, 2024",
        "CC BY 4.0",
        _UCDP_URL,
    ),
    Dataset(
        "conflicts",
        "an armed conflict and year",
        read_conflict_years,
        (("conflict_id",), ("intensity_level",), ("gwno_a",)),
        ("UcdpPrioConflict*.csv",),
        "year",
        "year",
        "Gleditsch et al., Armed Conflict 1946–2001, Journal of Peace Research 39, 2002; Davies "
        "et al., same journal, 2024",
        "CC BY 4.0",
        _UCDP_URL,
    ),
    Dataset(
        "violence",
        "deaths in organized violence in a country and year",
        read_country_years,
        (
            ("sb_total_deaths_best_cy", "sb_total_deaths_best"),
            ("os_total_deaths_best_cy", "os_total_deaths_best"),
        ),
        ("organizedviolencecy*.csv",),
        "year",
        "year",
        "Davies, Pettersson, Sollenberg and Öberg, Organized Violence, Journal of Peace Research, "
        "2025",
        "CC BY 4.0",
        _UCDP_URL,
    ),
    Dataset(
        "capabilities",
        "a state and year",
        read_capabilities,
        (("ccode",), ("year",), ("cinc",)),
        ("national_capabilities.csv", "NMC*.csv"),
        "year",
        "year",
        "Singer, Bremer and Stuckey, Capability Distribution, Uncertainty, and Major Power War, "
        "1972; National Material Capabilities 6",
        _COW_TERMS,
        "https://correlatesofwar.org/data-sets/national-material-capabilities/",
    ),
    Dataset(
        "alliances",
        "a directed pair of states with an alliance, and year",
        read_alliances,
        (("ccode1",), ("ccode2",), ("year",), ("atop_defense", "defense")),
        ("atop_alliance_dyads.csv",),
        "year",
        "year",
        "Leeds, Ritter, Mitchell and Long, Alliance Treaty Obligations and Provisions, "
        "International Interactions 28, 2002",
        "free for research; cite",
        _PEACESCIENCER,
    ),
    Dataset(
        "contiguity",
        "a pair of neighbours and how long they were",
        read_contiguity,
        (("conttype",), ("stdate",), ("enddate",)),
        ("direct_contiguity.csv",),
        "start",
        "day",
        "Stinnett, Tir, Schafer, Diehl and Gochman, The Correlates of War Project Direct "
        "Contiguity Data, Version 3, Conflict Management and Peace Science 19, 2002",
        _COW_TERMS,
        _PEACESCIENCER,
    ),
    Dataset(
        "distance",
        "a pair of states and year",
        read_distances,
        (("ccode1",), ("ccode2",), ("mindist",)),
        ("minimum_distance.csv",),
        "year",
        "year",
        "Schvitz, Girardin, Rüegger, Weidmann, Cederman and Gleditsch, Mapping the International "
        "System, 1886–2019: The CShapes 2.0 Dataset, Journal of Conflict Resolution 66, 2022",
        "CC BY-NC-SA 4.0",
        _PEACESCIENCER,
    ),
    Dataset(
        "rivalries",
        "a strategic rivalry",
        read_rivalries,
        (("ccode1",), ("ccode2",), ("start", "styear"), ("tssr_id", "rivalryno")),
        ("thompson_strategic_rivalries.csv", "thompson*.csv"),
        "start",
        "year",
        "Thompson, Sakuwa and Suhas, Analyzing Strategic Rivalries in World Politics, 2022",
        "free for research; cite",
        _PEACESCIENCER,
    ),
    Dataset(
        "wars",
        "a directed pair of states at war, and year",
        read_wars,
        (("warnum",), ("cowinteronset",), ("initiator1",)),
        ("interstate_wars.csv",),
        "year",
        "year",
        "Sarkees and Wayman, Resort to War, 2010; Inter-State Wars 4",
        _COW_TERMS,
        _PEACESCIENCER,
    ),
    Dataset(
        "leaders",
        "a leader's time in office",
        read_leaders,
        (("obsid",), ("startdate",), ("enddate",), ("entry",)),
        ("archigos*.csv",),
        "start_day",
        "day",
        "Goemans, Gleditsch and Chiozza, Introducing Archigos, Journal of Peace Research 46, 2009",
        "free for research; cite",
        "https://www.rochester.edu/college/faculty/hgoemans/data.htm",
    ),
    Dataset(
        "peace",
        "a pair of states and year on the peace scale",
        read_peace_scale,
        (("dyad",), ("peace_scale", "peacescale", "scale")),
        ("peace_scale*.csv",),
        "year",
        "year",
        "Diehl, Goertz and Gallegos, Peace Data: Concept, Measurement, Patterns, and Research "
        "Agenda, Conflict Management and Peace Science 38, 2021",
        "free for research; cite",
        "",
    ),
    Dataset(
        "keds",
        "an act or word in and around the Levant",
        read_levant,
        (("date",), ("source",), ("target",), ("code",)),
        ("levant*.csv",),
        "day",
        "day",
        "Schrodt, Kansas Event Data System, Levant data set, 1979–2011",
        "free for research; cite",
        "http://eventdata.parusanalytics.com/data.dir/levant.html",
    ),
    Dataset(
        "raids",
        "a weapon in a raid on Ukraine, launched and destroyed",
        lambda path: read_ukraine_raids(path, date.max),
        (("time_start",), ("launched",), ("destroyed",)),
        ("ukraine_missile_raids.csv", "missile_attacks_daily.csv"),
        "day",
        "day",
        "Ivaniuk, Massive Missile Attacks on Ukraine",
        "ODC-BY 1.0",
        "https://www.kaggle.com/datasets/piterfm/massive-missile-attacks-on-ukraine",
    ),
    Dataset(
        "waves",
        "an Iranian attack wave",
        read_waves,
        (("launch_utc",), ("munitions_est",)),
        ("waves_flat.csv",),
        "day",
        "day",
        "Iran attack waves, compiled from public reports",
        "the compiler's own terms; cite",
        "",
    ),
)
"""Every dataset, by the order in which `offramp history list` shows them."""

BY_NAME = {dataset.name: dataset for dataset in DATASETS}
