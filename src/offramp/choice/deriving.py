"""Deriving the shipped figures from the data: the work of ``offramp fit``."""

from __future__ import annotations

import platform
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from offramp.choice.centring import centred
from offramp.choice.defences import Raids, pooled_betas
from offramp.choice.dyad import NONE_PENDING
from offramp.choice.editions import EDITIONS, NEWEST
from offramp.choice.figures import Figures, load_figures
from offramp.choice.fingerprints import file_digests, fingerprint
from offramp.choice.fit import Fit, fit
from offramp.choice.model import (
    ALPHA_ROW,
    expected_retaliation,
    provocation_factors,
)
from offramp.choice.pairing import BATTLE_ACTION, History
from offramp.choice.parameters import FIXED, unpack
from offramp.choice.records import MIE, DecisionRecords, decision_records, thinned
from offramp.choice.reference import count_base_rates
from offramp.choice.tempo import FrontCounts, TempoFit, fit_tempo
from offramp.choice.terms import ESTIMATED_COUNT, TERM_COUNT
from offramp.history.keds import read_levant
from offramp.history.locating import Shelf
from offramp.history.raids import read_ukraine_raids
from offramp.ladder import LEVEL_COUNT, Level

FloatArray = npt.NDArray[np.float64]

EARLIEST = date(1949, 12, 31)
"""Before it there are no wars and next to no acts since `HARM_FROM` to count."""
HARM_FROM = pd.Timestamp(1946, 1, 1).toordinal()
MAJOR_NONE, MAJOR_MEAN, MAJOR_SPREAD = 0.4, 2.0, 1.5
"""Elicited: MIE cannot show the harm of a large strike that killed few."""
DENIABLE_NONE, DENIABLE_MEAN, DENIABLE_SPREAD = 0.6, 0.5, 1.0
"""Elicited: harm of a deniable act."""
WAR_GAP_DAYS = 90
ROCKET_KILL = (8.0, 2.0)
"""Elicited: no table of raids shows rockets; short-range defences claim most of them."""
FEWEST_RAIDS = 3
RETALIATION_SAMPLE = 4000
KEEP_ONE_IN = 5
"""Quiet spells that enter the fit, each with that weight."""
DATASETS = {
    "mie": "MIE",
    "icb": "ICB",
    "icb-dyads": "ICB dyads",
    "capabilities": "NMC",
    "alliances": "ATOP",
    "contiguity": "COW contiguity",
    "distance": "minimum distances",
    "rivalries": "Thompson rivalries",
    "wars": "COW wars",
    "keds": "KEDS Levant",
    "raids": "Massive Missile Attacks on Ukraine",
}
"""What the figures come from: the dataset's name here and in a brief."""

PALESTINIANS = ("PAL", "PSE")
LEVANT_FRONTS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "Israel–Palestinians": (("ISR",), PALESTINIANS),
    "Israel–Lebanon": (("ISR",), ("LBN",)),
    "Israel–Syria": (("ISR",), ("SYR",)),
    "Lebanon–Palestinians": (("LBN",), PALESTINIANS),
    "Lebanon–Syria": (("LBN",), ("SYR",)),
    "Lebanon–United States": (("LBN",), ("USA",)),
    "Iran–Iraq": (("IRN",), ("IRQ",)),
    "Iraq–United States": (("IRQ",), ("USA",)),
    "Iraq–Kuwait": (("IRQ",), ("KWT",)),
}
"""Fronts of the KEDS Levant events by the first letters of both sides' codes; Hezbollah and other
groups stand under their country's."""


@dataclass(frozen=True)
class Sources:
    """The data that figures are derived from, read once.

    Attributes:
        history: of acts, crises and states.
        fronts: daily acts of force on the fronts of the Levant.
        raids: file of raids on Ukraine.
        digests: SHA-256 by file.
    """

    history: History
    fronts: FrontCounts
    raids: Path
    digests: dict[str, str]

    @classmethod
    def read(cls, datasets: Shelf) -> Sources:
        """Read the datasets.

        Raises:
            DatasetError: a file is missing or not as published.
        """
        return cls(
            History.read(datasets),
            levant_fronts(datasets.file("keds")),
            datasets.file("raids"),
            digests_of(datasets),
        )


def digests_of(datasets: Shelf) -> dict[str, str]:
    """Return the SHA-256 of the file of each of `DATASETS`, by its name.

    Raises:
        DatasetError: a file is missing.
    """
    return file_digests(datasets.file(name) for name in DATASETS)


@dataclass(frozen=True)
class Derived:
    """Figures, and what they came from.

    Attributes:
        figures: what ships.
        records: decision records, before thinning.
        fitted: the choice model.
        tempo: of burning fronts.
    """

    figures: Figures
    records: DecisionRecords
    fitted: Fit
    tempo: TempoFit


def derive(sources: Sources, until: date, progress: Callable[[str], None]) -> Derived:
    """Derive all figures from what had ended by *until*.

    Raises:
        ValueError: too little had ended by then.
    """
    if until < EARLIEST:
        raise ValueError(f"too little had ended by {until}: figures need history to {EARLIEST}")
    history, day = sources.history, until.toordinal()
    acts = acts_until(history.acts, day)
    progress("retracing pairs of states")
    records = decision_records(history, day)
    progress(f"fitting {len(records):,} decision records")
    kept = thinned(records, KEEP_ONE_IN)
    fitted = fit(kept, progress)
    progress("counting harm, wars and base rates; fitting tempo")
    tempo = fit_tempo(sources.fronts.until(day))
    toll, ending = war_figures(acts)
    spreads = np.sqrt(np.diag(fitted.covariance))[FIXED:]
    figures = Figures(
        mean=centred(fitted, kept),
        root=np.asarray(np.linalg.cholesky(fitted.covariance[:FIXED, :FIXED]), np.float64),
        resolve={
            int(code): (round(float(mean), 4), round(float(spread), 4))
            for code, mean, spread in zip(
                fitted.layout.actors, fitted.mode[FIXED:], spreads, strict=True
            )
        },
        resolve_spread=fitted.resolve_spread,
        retaliation_mean=_retaliation_mean(fitted, records),
        harm=harm_figures(acts),
        war_toll=toll,
        war_ending=ending,
        kill=kill_figures(sources.raids, _raids_until(until), progress),
        base_rates=count_base_rates(acts, history.cases, day),
        provenance=_provenance(sources, until, records, fitted),
        tempo=tempo.figures,
    )
    return Derived(figures, records, fitted, tempo)


def derive_editions(
    datasets: Shelf,
    out: Path,
    progress: Callable[[str], None],
    editions: dict[str, date] | None = None,
) -> list[str]:
    """Derive every edition that is missing from *out* or out of date; return their names.

    An edition is left as it is where it was made from the same files, by the same sources, up to
    the same day; each is written whole as soon as it is made, so work that was stopped goes on.

    Args:
        datasets: where they are.
        out: directory of the editions' files.
        progress: told each step.
        editions: name and last day of each; `EDITIONS` if absent.

    Raises:
        DatasetError: a file is missing or not as published.
        OSError: *out* cannot be written to.
    """
    digests = digests_of(datasets)
    chosen = EDITIONS if editions is None else editions
    due = [
        name
        for name, until in chosen.items()
        if not _up_to_date(out / f"{name}.npz", fingerprint(digests, until))
    ]
    for name in chosen.keys() - set(due):
        progress(f"edition {name}: up to date")
    if not due:
        return []
    progress("reading the datasets")
    sources = Sources.read(datasets)
    out.mkdir(parents=True, exist_ok=True)
    for name in due:

        def tell(line: str, name: str = name) -> None:
            progress(f"edition {name}: {line}")

        derive(sources, chosen[name], tell).figures.save(out / f"{name}.npz")
    return due


def _up_to_date(path: Path, wanted: str) -> bool:
    if not path.exists():
        return False
    try:
        return bool(load_figures(path).provenance.get("fingerprint") == wanted)
    except ValueError:  # made for another table of terms, or no figures at all
        return False


def _provenance(
    sources: Sources, until: date, records: DecisionRecords, fitted: Fit
) -> dict[str, Any]:
    return {
        "command": f"offramp fit --until {until.isoformat()}",
        "until": until.isoformat(),
        "datasets": list(DATASETS.values()),
        "records": len(records),
        "acts": int((records.days == 0).sum()),
        "days_of_silence": float(records.days.sum()),
        "log_likelihood": round(fitted.log_likelihood, 2),
        "log_evidence_by_resolve_spread": {
            str(spread): round(value, 2) for spread, value in fitted.evidence.items()
        },
        "method": "penalised likelihood; Laplace's Gaussian, its intercepts centred",
        "python": platform.python_version(),
        "numpy": np.__version__,
        "sha256": sources.digests,
        "fingerprint": fingerprint(sources.digests, until),
    }


def levant_fronts(path: Path) -> FrontCounts:
    """Return the daily acts of force (CAMEO 18 to 20) on `LEVANT_FRONTS`.

    Raises:
        DatasetError: the file is not as published.
    """
    events = read_levant(path)
    first, last = int(events["day"].min()), int(events["day"].max())
    force = events[(events["level_low"] >= Level.DENIABLE).fillna(False)]
    counts = np.zeros((last - first + 1, len(LEVANT_FRONTS)), np.int64)
    for place, (one, other) in enumerate(LEVANT_FRONTS.values()):
        source, target = force["source_country"], force["target_country"]
        on_front = (source.isin(one) & target.isin(other)) | (source.isin(other) & target.isin(one))
        days = force.loc[on_front, "day"].to_numpy(np.int64) - first
        counts[:, place] = np.bincount(days, minlength=len(counts))
    sides = [set(pair) for pair in LEVANT_FRONTS.values()]
    links = [[float(a != b and bool(a & b)) for b in sides] for a in sides]
    return FrontCounts(tuple(LEVANT_FRONTS), first, counts, np.array(links))


def _retaliation_mean(fitted: Fit, records: DecisionRecords) -> FloatArray:
    """Mean over acts of history of the retaliation that the model expects for each level.

    Over acts on heated days: what a rival faces who is expected to answer.
    """
    choice = unpack(fitted.mode[None, :FIXED])[0]
    choice[ALPHA_ROW, Level.CONCILIATE] = -20.0
    elicited = np.zeros((TERM_COUNT - ESTIMATED_COUNT, LEVEL_COUNT))
    choice = np.concatenate([choice, elicited])
    heated = (records.hazard_bin < NONE_PENDING) & (records.dataset == MIE)
    places = np.flatnonzero((records.days == 0) & heated)
    places = places[:: max(len(places) // RETALIATION_SAMPLE, 1)]
    total = np.zeros(LEVEL_COUNT)
    out = np.zeros(LEVEL_COUNT)
    certain = average = np.ones(1)
    provoked = np.empty((LEVEL_COUNT, LEVEL_COUNT))
    provocation_factors(choice, provoked)
    for place in places:
        x = records.x[place].astype(np.float64)  # both sides of a dyad are alike on average
        expected_retaliation(
            choice, provoked, np.pad(x, (0, TERM_COUNT - len(x))), certain, average, out
        )
        total += out
    mean: FloatArray = total / len(places)
    return mean


def acts_until(acts: pd.DataFrame, day: int) -> pd.DataFrame:
    """Return what of *acts* had happened by *day*; what then went on is cut there."""
    known = acts[acts["day"] <= day]
    return known.assign(end_day=known["end_day"].clip(upper=day))


def harm_figures(acts: pd.DataFrame) -> FloatArray:
    """Return, by level: probability of none killed, mean and spread of log killed, (9, 3)."""
    force = acts[acts["directed"] & (acts["level_low"] == Level.LIMITED)]
    killed = force.loc[force["day"] >= HARM_FROM, "killed_low"].dropna().to_numpy(np.float64)
    some = np.log(killed[killed > 0])
    out = np.zeros((LEVEL_COUNT, 3))
    out[:, 0] = 1.0
    out[Level.LIMITED] = (killed == 0).mean(), some.mean(), some.std()
    out[Level.DENIABLE] = DENIABLE_NONE, DENIABLE_MEAN, DENIABLE_SPREAD
    out[Level.MAJOR] = MAJOR_NONE, MAJOR_MEAN, MAJOR_SPREAD
    out[Level.WAR] = MAJOR_NONE, MAJOR_MEAN, MAJOR_SPREAD
    return out


def war_figures(acts: pd.DataFrame) -> tuple[tuple[float, float], tuple[float, float]]:
    """Return mean and spread of log killed a day of war, and of the log daily rate of ending.

    A war of a pair is a run of battles (MIE action 22) without a gap of 90 days.
    """
    battles = acts[(acts["action"] == BATTLE_ACTION) & (acts["day"] >= HARM_FROM)]
    first = np.minimum(battles["actor"], battles["target"])
    second = np.maximum(battles["actor"], battles["target"])
    rates, lengths = [], []
    for _, group in battles.groupby([first, second]):
        group = group.sort_values("day")
        begin = group["day"].to_numpy(np.int64)
        end = group["end_day"].fillna(group["day"]).to_numpy(np.int64)
        dead = group[["killed_low", "lost_low"]].fillna(0).sum(axis=1).to_numpy(np.float64)
        breaks = np.flatnonzero(begin[1:] - np.maximum.accumulate(end)[:-1] > WAR_GAP_DAYS) + 1
        for rows in np.split(np.arange(len(begin)), breaks):
            length = end[rows].max() - begin[rows].min() + 1
            lengths.append(length)
            rates.append(max(dead[rows].sum(), 1.0) / length)
    log_rate = np.log(rates)
    wars = len(lengths)
    ending = np.log(wars / np.sum(lengths))
    return (
        (round(float(log_rate.mean()), 4), round(float(log_rate.std(ddof=1)), 4)),
        (round(float(ending), 4), round(float(1.0 / np.sqrt(wars)), 4)),
    )


def _raids_until(until: date) -> date:
    """Each month of raids stands alone, so the newest edition, which has all data, has them all."""
    return date.max if until >= EDITIONS[NEWEST] else until


def kill_figures(
    path: Path, until: date, progress: Callable[[str], None]
) -> dict[str, dict[str, tuple[float, float]]]:
    """Return, by month and class, a Beta for the share of a raid that the defence destroys.

    Fitted on the raids that had ended by the end of the month, see `offramp.choice.defences`.

    Args:
        path: the file of raids.
        until: raids that ended on this day or later are left out.
        progress: told the months.
    """
    raids = read_ukraine_raids(path, until)
    usable = raids[
        raids["contested"] & (~raids["supersonic"] | (raids["weapon_class"] == "ballistic"))
    ]
    month_of = np.array([date.fromordinal(day).strftime("%Y-%m") for day in usable["end_day"]])
    months = sorted(set(month_of.tolist()))
    if months:
        progress(f"fitting kill probabilities, {months[0]} to {months[-1]}")
    out: dict[str, dict[str, tuple[float, float]]] = {}
    for month in months:
        known = usable[month_of <= month]
        by_class = {
            str(name): Raids(
                model=np.unique(rows["model"].to_numpy(str), return_inverse=True)[1],
                launched=rows["launched"].to_numpy(np.float64),
                destroyed=rows["destroyed"].to_numpy(np.float64),
            )
            for name, rows in known.groupby("weapon_class")
            if len(rows) >= FEWEST_RAIDS
        }
        fitted = pooled_betas(list(by_class.values()))
        out[month] = {"rocket": ROCKET_KILL, **dict(zip(by_class, fitted, strict=True))}
    return out
