"""Fits of the choice model on what had ended before a day, kept between runs."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Callable
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd

from offramp.choice.deriving import KEEP_ONE_IN
from offramp.choice.fingerprints import SOURCES
from offramp.choice.fit import Fit, fit
from offramp.choice.pairing import History
from offramp.choice.parameters import Layout
from offramp.choice.records import decision_records, thinned
from offramp.store import workspace
from offramp.storing import write_whole

Progress = Callable[[str, int, int], None]
FOLDER = Path("backtests")


def kept_in(name: str) -> Path:
    """Return where a file of that name is kept between runs of backtests."""
    folder = workspace() / FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    return folder / name


def fit_before(history: History, start: date, progress: Progress, step: tuple[int, int]) -> Fit:
    """Return the choice model fitted on what had ended before *start*; kept for the next run.

    Args:
        history: the datasets.
        start: first day of the test.
        progress: called with what is done, how much, of how much.
        step: how much and of how much.
    """
    kept = kept_in(f"{_fingerprint(history, start)}.npz")
    if kept.is_file():
        return _load(kept)
    progress(f"retracing what ended before {start}", *step)
    until = min(start.toordinal() - 1, _last_day(history))
    records = thinned(decision_records(history, until), KEEP_ONE_IN)
    progress(f"fitting {len(records):,} records before {start}", *step)
    fitted = fit(records)
    _save(kept, fitted)
    return fitted


def _last_day(history: History) -> int:
    acts = int(history.acts["day"].max())
    return max(acts, int(history.cases["trigger_latest"].max()) + 400)


def _fingerprint(history: History, start: date) -> str:
    package = Path(__file__).parents[1]
    whole = hashlib.sha256(start.isoformat().encode())
    for folder, modules in SOURCES.items():
        for module in modules:
            whole.update((package / folder / f"{module}.py").read_bytes())
    for table in (history.acts, history.cases):
        whole.update(pd.util.hash_pandas_object(table.astype(str)).to_numpy().tobytes())
    return whole.hexdigest()[:24]


def _save(path: Path, fitted: Fit) -> None:
    stream = io.BytesIO()
    np.savez_compressed(
        stream,
        actors=fitted.layout.actors,
        mode=fitted.mode,
        covariance=fitted.covariance,
        resolve_spread=fitted.resolve_spread,
        spreads=np.array(list(fitted.evidence)),
        evidence=np.array(list(fitted.evidence.values())),
        log_likelihood=fitted.log_likelihood,
    )
    write_whole(path, stream.getvalue())


def _load(path: Path) -> Fit:
    with np.load(path) as kept:
        return Fit(
            layout=Layout(kept["actors"]),
            mode=kept["mode"],
            covariance=kept["covariance"],
            resolve_spread=float(kept["resolve_spread"]),
            evidence=dict(zip(kept["spreads"].tolist(), kept["evidence"].tolist(), strict=True)),
            log_likelihood=float(kept["log_likelihood"]),
        )
