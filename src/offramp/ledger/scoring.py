"""The track record: every forecast whose question is resolved, scored beside its baselines.

A question counts once, however often it was logged: the losses of its forecasts are averaged
first, over all its as-of days and windows, and scores are means over questions. In what needs
single forecasts, the diagram and the slope, each of a question's n forecasts has weight 1/n.
Intervals are by the bootstrap over crises.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt

from offramp.crisis.problems import nearest, quoted
from offramp.ledger.contests import OURS, Case, Losses, climates, losses
from offramp.ledger.entries import FORECASTER, Entry, LoggedForecast
from offramp.ledger.outcomes import ANNULLED, YES, Book, day_of_outcome
from offramp.ledger.record import Gap, Mean, Record, Section
from offramp.ledger.verifying import faults
from offramp.score.bootstrap import mean_interval
from offramp.score.proper import recalibration, skill
from offramp.score.reliability import BIN_COUNT, ReliabilityBin, reliability_bins, rows_by_bin

FloatArray = npt.NDArray[np.float64]

POINT_CASES = 5
"""Forecasts that a point of the diagram has at least, up to `BIN_COUNT` points."""
TYPES = ("binary", "multiple_choice", "numeric", "date")


def track_record(
    entries: Sequence[Entry], crisis: str | None = None, forecaster: str = FORECASTER
) -> Record:
    """Score what a ledger holds.

    Climatology is that of all crises of the ledger, whatever is shown.

    Args:
        entries: of the ledger, in order.
        crisis: only of this crisis, if given.
        forecaster: whose forecasts.

    Raises:
        ValueError: the ledger has no such crisis or forecaster, or is not as it was written.
    """
    found = faults(entries)
    if found:
        raise ValueError(f"the ledger is not as it was written: {found[0]}")
    book = Book.of(entries)
    mine = [one for made in book.forecasts.values() for one in made if one.forecaster == forecaster]
    _present("forecaster", forecaster, {one.forecaster for one in _all(book)})
    _present("crisis", crisis, {one.crisis for one in mine})
    shown = [one for one in mine if crisis in (None, one.crisis)]
    chosen = {
        kind: [row for row in rows if crisis in (None, row.case.forecast.crisis)]
        for kind, rows in _contests(_sorted_out(book, mine)[1]).items()
    }
    scored = [row.case for rows in chosen.values() for row in rows]
    outcomes = _outcomes(book, shown)
    return Record(
        forecaster=forecaster,
        crisis=crisis,
        questions=len({(one.crisis, one.question) for one in shown}),
        forecasts=len(shown),
        resolved=sum(any(one != ANNULLED for one in made) for made in outcomes),
        annulled=sum(all(one == ANNULLED for one in made) for made in outcomes),
        scored=len(scored),
        prospective=sum(map(_prospective, scored)),
        left_out=_sorted_out(book, shown)[0],
        sections={kind: _section(kind, rows) for kind, rows in chosen.items() if rows},
        calibration=_calibration(chosen["binary"]),
        by_crisis=_by_crisis(chosen["binary"]),
        entries=len(entries),
        head=entries[-1].hash if entries else "",
    )


def cases_by_bin(entries: Sequence[Entry], forecaster: str = FORECASTER) -> list[list[Case]]:
    """Return the forecasts behind each point of the diagram of `track_record`, of all crises."""
    book = Book.of(entries)
    mine = [one for one in _all(book) if one.forecaster == forecaster]
    cases = [one for one in _sorted_out(book, mine)[1] if one.forecast.type == "binary"]
    if not cases:
        return []
    chances = np.array([one.forecast.probability_yes for one in cases], np.float64)
    return [[cases[row] for row in rows] for rows in rows_by_bin(chances, _points(len(cases)))]


def _all(book: Book) -> Iterable[LoggedForecast]:
    return (one for made in book.forecasts.values() for one in made)


def _present(what: str, name: str | None, known: set[str]) -> None:
    if name is not None and name not in known and known:
        fix = nearest(name, known, "there are")
        raise ValueError(f"{what} {quoted(name)} is not in the ledger; {fix}")


def _outcomes(book: Book, shown: Sequence[LoggedForecast]) -> list[list[str]]:
    """Return the outcomes in force of each question that has any, by window."""
    found: dict[tuple[str, str], list[str]] = {}
    for window in dict.fromkeys(one.window for one in shown):
        resolution = book.in_force(window)
        if resolution is not None:
            found.setdefault(window[:2], []).append(resolution.resolution)
    return list(found.values())


def _sorted_out(book: Book, made: Sequence[LoggedForecast]) -> tuple[dict[str, int], list[Case]]:
    """Return why forecasts are not scored, with how many, and those that are."""
    left_out = {"unresolved": 0, "annulled": 0, "settled": 0, "outcome known": 0}
    cases = []
    for one in made:
        resolution = book.in_force(one.window)
        if one.settled:
            left_out["settled"] += 1
        elif resolution is None:
            left_out["unresolved"] += 1
        elif resolution.resolution == ANNULLED:
            left_out["annulled"] += 1
        elif one.as_of >= _decided(Case(one, resolution)):
            left_out["outcome known"] += 1
        else:
            cases.append(Case(one, resolution))
    return left_out, cases


def _decided(case: Case) -> date:
    """Return the day from which the outcome could be known."""
    on = case.resolution.actual_resolve_time
    return day_of_outcome(case.outcome, case.forecast.type, on)


def _prospective(case: Case) -> bool:
    return case.forecast.start_time.date() < _decided(case)


@dataclass(frozen=True)
class _Row:
    """A case with its losses by name of the forecast and of the score."""

    case: Case
    losses: dict[str, Losses]


def _contests(cases: Sequence[Case]) -> dict[str, list[_Row]]:
    """Return cases with their losses by type; climatology leaves their question out."""
    found = {}
    for kind in TYPES:
        alike = [case for case in cases if case.forecast.type == kind]
        climate = climates(alike)
        found[kind] = [_Row(case, losses(case, climate[case.question])) for case in alike]
    return found


def _section(kind: str, rows: Sequence[_Row]) -> Section:
    names = [name for name in dict.fromkeys(n for row in rows for n in row.losses) if name != OURS]
    slope, intercept = _recalibration(rows) if kind == "binary" else (None, None)
    return Section(
        type=kind,
        questions=len({row.case.question for row in rows}),
        forecasts=len(rows),
        crises=len({row.case.forecast.crisis for row in rows}),
        offramp={score: _mean(rows, OURS, score) for score in _scores(rows, OURS)},
        baselines={
            name: {score: _mean(rows, name, score) for score in _scores(rows, name)}
            for name in names
        },
        covered={
            name: len({row.case.question for row in rows if name in row.losses}) for name in names
        },
        paired={
            name: {score: _paired(rows, name, score) for score in _scores(rows, name)}
            for name in names
        },
        slope=slope,
        intercept=intercept,
    )


def _scores(rows: Sequence[_Row], name: str) -> list[str]:
    return list(dict.fromkeys(score for row in rows for score in row.losses.get(name, ())))


def _mean(rows: Sequence[_Row], name: str, score: str) -> Mean:
    return _over_questions(
        (row.case, row.losses[name][score]) for row in rows if score in row.losses.get(name, ())
    )


def _paired(rows: Sequence[_Row], name: str, score: str) -> Gap:
    both = [row for row in rows if score in row.losses.get(name, ())]
    difference = _over_questions(
        (row.case, row.losses[OURS][score] - row.losses[name][score]) for row in both
    )
    mine, theirs = (
        float(np.mean(_by_question((row.case, row.losses[one][score]) for row in both)[0]))
        for one in (OURS, name)
    )
    saved = skill(mine, theirs) if theirs > 0.0 else None
    return Gap(difference, saved)


def _over_questions(values: Iterable[tuple[Case, float]]) -> Mean:
    """Return the mean over questions of the means of their forecasts, with its interval."""
    means, names = _by_question(values)
    crises = np.unique(names, return_inverse=True)[1]
    if crises.max() == 0:  # one crisis says nothing of how scores differ among crises
        return Mean(float(means.mean()), None)
    return Mean(float(means.mean()), mean_interval(means, crises.astype(np.int64)))


def _by_question(values: Iterable[tuple[Case, float]]) -> tuple[FloatArray, list[str]]:
    """Return the mean of each question's values and the crisis that it is of, each (Q,)."""
    found: dict[tuple[str, str], list[float]] = {}
    for case, value in values:
        found.setdefault(case.question, []).append(value)
    means = np.array([np.mean(of_one) for of_one in found.values()])
    return means, [crisis for crisis, _ in found]


def _weights(rows: Sequence[_Row]) -> FloatArray:
    """Return 1/n for each of the n forecasts of a question, (N,)."""
    count = Counter(row.case.question for row in rows)
    return np.array([1.0 / count[row.case.question] for row in rows])


def _chances(rows: Sequence[_Row]) -> tuple[FloatArray, FloatArray]:
    """Return probabilities of yes/no forecasts, and 1.0 where it came true, each (N,)."""
    chances = [row.case.forecast.probability_yes for row in rows]
    happened = [row.case.outcome == YES for row in rows]
    return np.array(chances, np.float64), np.array(happened, np.float64)


def _recalibration(rows: Sequence[_Row]) -> tuple[float | None, float | None]:
    """Return slope and intercept; None where they do not exist, or would be infinite."""
    chances, happened = _chances(rows)
    if _apart(chances, happened):
        return None, None
    intercept, slope = recalibration(chances, happened, _weights(rows))
    return (slope, intercept) if np.isfinite(slope) else (None, None)


def _apart(chances: FloatArray, happened: FloatArray) -> bool:
    """Whether a cut in the probabilities parts events from others, or there are only these."""
    events, others = chances[happened > 0.5], chances[happened < 0.5]
    if not len(events) or not len(others):
        return True
    return bool(events.min() >= others.max() or events.max() <= others.min())


def _calibration(rows: Sequence[_Row]) -> tuple[ReliabilityBin, ...]:
    if not rows:
        return ()
    return reliability_bins(*_chances(rows), _points(len(rows)), _weights(rows))


def _points(cases: int) -> int:
    return min(max(cases // POINT_CASES, 1), BIN_COUNT)


def _by_crisis(rows: Sequence[_Row]) -> dict[str, Section]:
    crises = sorted({row.case.forecast.crisis for row in rows})
    return {
        crisis: _section("binary", [row for row in rows if row.case.forecast.crisis == crisis])
        for crisis in crises
    }
