"""Laplace's Gaussian against the No-U-Turn sampler on the same posterior.

    python benchmarks/bayes.py --until 1979-12-31 --out benchmarks/results/bayes.json

Needs the extras ``history`` and ``bayes``, and the datasets.
"""

from __future__ import annotations

import argparse
import json
import time
from datetime import date
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np

from offramp.choice.deriving import KEEP_ONE_IN
from offramp.choice.diagnosing import laplace_draws, predictive_check
from offramp.choice.fit import Fit, fit
from offramp.choice.pairing import History
from offramp.choice.parameters import parameter_names
from offramp.choice.records import DecisionRecords, decision_records, thinned
from offramp.choice.sampling import Sampled, sample_posterior
from offramp.choice.terms import ESTIMATED
from offramp.history.locating import shelf
from offramp.ladder import Level

CHECKED_DRAWS = 100
MOST_APART = 10


def quantiles(values: np.ndarray) -> dict[str, float]:
    chosen = (0.0, 0.05, 0.25, 0.5, 0.75, 0.95, 1.0)
    return {f"{q:g}": round(float(np.quantile(values, q)), 4) for q in chosen}


def compared(fitted: Fit, sampled: Sampled) -> dict[str, Any]:
    """How far the sampled posterior lies from the Gaussian, by parameter that history shows."""
    names = [*parameter_names(), *(f"resolve[{code}]" for code in fitted.layout.actors)]
    unseen = (Level.CONCILIATE.label, Level.DENIABLE.label)
    shown = np.array([not any(f"{level}]" in name for level in unseen) for name in names])
    flat = sampled.draws.reshape(-1, sampled.draws.shape[-1])[:, :-1]
    spread = np.sqrt(np.diag(fitted.covariance))
    shift = (flat.mean(axis=0) - fitted.mode) / spread
    ratio = flat.std(axis=0, ddof=1) / spread
    centred = (flat - flat.mean(axis=0)) / flat.std(axis=0)
    order = [k for k in np.argsort(-np.abs(shift)) if shown[k]][:MOST_APART]
    log_spread = sampled.draws[..., -1]
    return {
        "parameters": int(shown.sum()),
        "shift_of_mean_in_laplace_deviations": quantiles(shift[shown]),
        "share_within_a_quarter": round(float((np.abs(shift[shown]) < 0.25).mean()), 4),
        "share_within_a_half": round(float((np.abs(shift[shown]) < 0.5).mean()), 4),
        "ratio_of_deviations": quantiles(ratio[shown]),
        "skewness": quantiles((centred**3).mean(axis=0)[shown]),
        "furthest": {
            names[k]: [round(float(shift[k]), 3), round(float(ratio[k]), 3)] for k in order
        },
        "spread_of_resolve": {
            "chosen_by_evidence": fitted.resolve_spread,
            "sampled": quantiles(np.exp(log_spread)),
        },
    }


def checked(fitted: Fit, records: DecisionRecords, sampled: Sampled) -> list[dict[str, Any]]:
    """Predictive checks of both, side by side."""
    flat = sampled.draws.reshape(-1, sampled.draws.shape[-1])[:, :-1]
    actors = fitted.layout.actors
    step = max(len(flat) // CHECKED_DRAWS, 1)
    of_sampler = predictive_check(records, actors, flat[::step])
    of_laplace = predictive_check(records, actors, laplace_draws(fitted, CHECKED_DRAWS))
    return [
        {
            "dataset": ours.dataset,
            "days_since": ours.days_since,
            "kind": ours.kind,
            "observed": ours.observed,
            "sampler": round(ours.predicted, 1),
            "sampler_interval": [round(end, 1) for end in ours.interval],
            "laplace": round(theirs.predicted, 1),
            "laplace_interval": [round(end, 1) for end in theirs.interval],
        }
        for ours, theirs in zip(of_sampler, of_laplace, strict=True)
    ]


def study(options: argparse.Namespace) -> dict[str, Any]:
    until = date.fromisoformat(options.until)
    history = History.read(shelf(options.data))
    records = thinned(decision_records(history, until.toordinal()), KEEP_ONE_IN)
    fitted = fit(records)
    began = time.perf_counter()
    sampled = sample_posterior(
        records, fitted, draws=options.draws, tune=options.tune, chains=options.chains, seed=1
    )
    took = time.perf_counter() - began
    return {
        "until": options.until,
        "records": len(records),
        "acts": int((records.days == 0).sum()),
        "estimated_terms": len(ESTIMATED),
        "parameters": len(fitted.mode) + 1,
        "sampler": f"nutpie {version('nutpie')}, No-U-Turn, diagonal mass matrix, whitened",
        "chains": options.chains,
        "tune": options.tune,
        "draws": options.draws,
        "gradients_after_tuning": sampled.gradients,
        "seconds": round(took),
        "divergences": sampled.divergences,
        "r_hat": quantiles(sampled.r_hat),
        "effective_sample_size_bulk": quantiles(sampled.bulk),
        "effective_sample_size_tail": quantiles(sampled.tail),
        "against_laplace": compared(fitted, sampled),
        "predictive": checked(fitted, records, sampled),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--until", default="1979-12-31", help="use only what ended by this day")
    parser.add_argument("--data", type=Path, help="directory of the datasets")
    parser.add_argument("--draws", type=int, default=350)
    parser.add_argument("--tune", type=int, default=250)
    parser.add_argument("--chains", type=int, default=4)
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()
    options.out.write_text(json.dumps(study(options), indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
