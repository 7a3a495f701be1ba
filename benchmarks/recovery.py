"""Recovery: records made from known weights on the designs of history give the weights back.

    python benchmarks/recovery.py --replications 60 --out benchmarks/results/recovery.json

What states faced is taken from history up to a day; weights, hazards and resolve are drawn from
the prior of the fit, intercepts so that levels come as often as history has them; what was done
is drawn from the model. Needs the extra ``history`` and the datasets.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
from scipy.stats import binomtest, kstest, norm, ttest_1samp

sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "choice"))

from made_records import shown_places, simulated, truth

from offramp.choice.deriving import KEEP_ONE_IN
from offramp.choice.fit import RESOLVE_SPREADS, fit
from offramp.choice.pairing import History
from offramp.choice.parameters import FIXED, parameter_names
from offramp.choice.records import DecisionRecords, decision_records, thinned
from offramp.choice.terms import ESTIMATED
from offramp.history.locating import shelf
from offramp.ladder import Level

SPREAD = 0.45
LEVELS = (0.5, 0.9)
MAJOR_SHARE = 0.2
"""History does not tell large strikes from bounded ones; of those made, so many are large."""


def wanted_acts(records: DecisionRecords) -> dict[Level, float]:
    """How often each level came: acts that may be at several count for the lowest."""
    masks = records.outcome[records.days == 0]
    lowest = np.array([int(mask & -mask).bit_length() - 1 for mask in masks])
    counts = np.bincount(lowest, minlength=len(Level))
    strikes = float(counts[Level.LIMITED] + counts[Level.MAJOR])
    return {
        Level.VERBAL: float(counts[Level.VERBAL]),
        Level.PRESSURE: float(counts[Level.PRESSURE]),
        Level.DISPLAY: float(counts[Level.DISPLAY]),
        Level.LIMITED: (1.0 - MAJOR_SHARE) * strikes,
        Level.MAJOR: MAJOR_SHARE * strikes,
        Level.WAR: float(counts[Level.WAR]),
    }


def replication(design: DecisionRecords, actors: np.ndarray, seed: int) -> dict[str, Any]:
    random = np.random.default_rng([2024, seed])
    theta = truth(random, design, actors, SPREAD, wanted_acts(design))
    records = simulated(theta, design, actors, random)
    found = fit(records)
    places = shown_places(parameter_names(), len(actors))
    # An actor without a row of its own is not in the layout.
    known = np.isin(actors, found.layout.actors)
    places = places[(places < FIXED) | np.append(np.ones(FIXED, bool), known)[places]]
    own = np.concatenate([np.arange(FIXED), FIXED + np.searchsorted(found.layout.actors, actors)])
    error = (found.mode[own[places]] - theta[places]) / np.sqrt(np.diag(found.covariance))[
        own[places]
    ]
    return {
        "acts": int((records.days == 0).sum()),
        "spread": found.resolve_spread,
        "places": places,
        "error": error,
    }


def summary(runs: list[dict[str, Any]], chosen: np.ndarray) -> dict[str, Any]:
    """Coverage of the intervals of the parameters *chosen* (a mask by place)."""
    out: dict[str, Any] = {"parameters": int(chosen.sum())}
    for level in LEVELS:
        bound = norm.ppf(0.5 + level / 2.0)
        by_run = []
        inside: dict[int, list[bool]] = {}
        for run in runs:
            keep = chosen[run["places"]]
            hits = np.abs(run["error"][keep]) < bound
            by_run.append(hits.mean())
            for place, hit in zip(run["places"][keep], hits, strict=True):
                inside.setdefault(int(place), []).append(bool(hit))
        p_values = [binomtest(sum(hits), len(hits), level).pvalue for hits in inside.values()]
        rows = sum(len(hits) for hits in inside.values())
        out[f"{level:g}"] = {
            "coverage": round(float(np.mean(by_run)), 4),
            "standard_error_over_replications": round(
                float(np.std(by_run, ddof=1) / np.sqrt(len(runs))), 4
            ),
            "t_test_p": (
                round(float(ttest_1samp(by_run, level).pvalue), 4) if np.ptp(by_run) > 0 else None
            ),
            "intervals": rows,
            "share_of_parameters_rejected_at_0.05": round(
                float(np.mean(np.array(p_values) < 0.05)), 4
            ),
            "smallest_p": round(float(min(p_values)), 6),
            "smallest_p_that_all_together_reject": round(0.01 / len(p_values), 6),
        }
    errors = np.concatenate([run["error"][chosen[run["places"]]] for run in runs])
    out["mean_error"] = round(float(errors.mean()), 4)
    out["spread_of_error"] = round(float(errors.std()), 4)
    out["kolmogorov_smirnov_distance"] = round(float(kstest(errors, "norm").statistic), 4)
    return out


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--replications", type=int, default=60)
    parser.add_argument("--until", default="1959-12-31", help="designs of history up to this day")
    parser.add_argument("--one-in", type=int, default=4, help="rows of the design that are used")
    parser.add_argument("--data", type=Path, help="directory of the datasets")
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()
    day = date.fromisoformat(options.until).toordinal()
    history = History.read(shelf(options.data))
    design = thinned(decision_records(history, day), KEEP_ONE_IN)
    design = design.where(np.arange(len(design)) % options.one_in == 0)
    actors = np.unique(design.actor)
    began = time.perf_counter()
    runs = []
    for seed in range(options.replications):
        runs.append(replication(design, actors, seed))
        print(f"\r{seed + 1}", end="", flush=True)
    names = (*parameter_names(), *("resolve[]" for _ in actors))
    kinds = {
        "all": "",
        "intercepts": "alpha",
        "hazards": "hazard",
        "weights": "beta",
        "resolve": "resolve",
    }
    report = {
        "until": options.until,
        "replications": options.replications,
        "design_rows": len(design),
        "rows_used": f"one in {options.one_in}",
        "mean_acts": round(float(np.mean([run["acts"] for run in runs])), 1),
        "estimated_terms": len(ESTIMATED),
        "true_spread_of_resolve": SPREAD,
        "spreads_chosen": {
            str(one): sum(run["spread"] == one for run in runs) for one in RESOLVE_SPREADS
        },
        "seconds": round(time.perf_counter() - began),
        "coverage": {
            kind: summary(runs, np.array([name.startswith(start) for name in names]))
            for kind, start in kinds.items()
        },
    }
    options.out.write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
