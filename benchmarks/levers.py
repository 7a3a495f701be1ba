"""What common random numbers do for the effects of levers, and how long an answer takes.

    python benchmarks/levers.py --futures 4000 --repeats 20

For levers of the flagship and some questions, each beside the error of two runs of their own, which
cost as much: the error that one run states; that of pairs alone, nothing taken out for surprise;
the least that pairs alone can have where the answer is yes or no; and the scatter of the effect
over repetitions with other futures.
"""

from __future__ import annotations

import argparse
import json
import math
import time
from pathlib import Path
from typing import Any

import numpy as np

from offramp.choice.terms import claimable_terms
from offramp.crisis.as_of import read_crisis
from offramp.forecast.levers import Experiment, parse_settings, prepare
from offramp.forecast.levers.effects import effect_of, experiment, paired_error
from offramp.forecast.levers.searching import pull
from offramp.forecast.uncertainty import monte_carlo_error

CRISIS = "israel-iran-2024-04"
LEVERS = (
    "USA.restrains=false",
    "USA.go_ahead=true",
    "USA.joins_offence=true",
    "ISR.concludes=true",
    "gaza.ceasefire=true",
    "gaza.ceasefire=2024-05-01",
    "gaza.link:direct=0",
    "options.isr-limited-iran-unclaimed=0",
)
QUESTIONS = (
    "israel-strikes-iran-7d",
    "israel-force-30d",
    "iran-attacks-israel-180d",
    "lebanon-war-180d",
)


def least_ratio(before: float, after: float) -> float:
    """Return the least ratio of the error of pairs alone to that of two runs of their own.

    At least as many pairs must differ as the shares differ by.
    """
    change = abs(after - before)
    apart = before * (1.0 - before) + after * (1.0 - after)
    return math.sqrt(change * (1.0 - change) / apart) if apart else 0.0


def stated(trial: Experiment, lever: str) -> dict[str, dict[str, float]]:
    """Return, by question, the effect of a lever and the ratios of errors that one run states."""
    settings = parse_settings([lever], trial.levers, trial.crisis)
    futures = trial.pulled(settings)
    found = {}
    for name, pair in trial.paired(futures).items():
        before = trial.outcomes[name]
        effect = effect_of(name, trial.futures, pair)
        alone = np.hypot(
            monte_carlo_error(trial.futures, before),
            monte_carlo_error(futures, before + pair.difference),
        )
        only_paired = paired_error(trial.futures, pair.difference)
        found[name] = {
            "before": effect.before,
            "after": effect.after,
            "error": effect.monte_carlo_error,
            "ratio": effect.monte_carlo_error / alone if alone else 0.0,
            "only_paired": only_paired / alone if alone else 0.0,
            "least_of_pairs": least_ratio(effect.before, effect.after),
        }
    return found


def scatter(trials: list[Experiment], lever: str) -> dict[str, float]:
    """Return, by question, the ratio of scatters of the effect over repetitions.

    The effect is what one repetition tells of its pairs; or what it shows with the lever less what
    the next shows without it.
    """
    settings = parse_settings([lever], trials[0].levers, trials[0].crisis)
    pairs = [trial.paired(trial.pulled(settings)) for trial in trials]
    ratios = {}
    for name in trials[0].outcomes:
        told = np.array([one[name].change.mean() for one in pairs])
        without = np.array([trial.outcomes[name].mean() for trial in trials])
        with_it = without + np.array([one[name].difference.mean() for one in pairs])
        apart = np.std(with_it - np.roll(without, 1), ddof=1)
        ratios[name] = float(np.std(told, ddof=1) / apart) if apart else 0.0
    return ratios


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--futures", type=int, default=4000)
    parser.add_argument("--repeats", type=int, default=0, help="repetitions of a quarter as many")
    parser.add_argument("--speed", type=int, default=20_000, help="pairs of the timed answer")
    parser.add_argument("--out", type=Path)
    chosen = parser.parse_args()
    crisis = read_crisis(CRISIS, None, claimable_terms())
    trial = prepare(crisis, chosen.futures, 1, questions=QUESTIONS)
    parts = (trial.compiled, trial.posterior, trial.figures)
    size = max(chosen.futures // 4, 100)
    trials = [
        experiment(*parts, size, 1, questions=QUESTIONS, first=(k + 1) * 1_000_000)
        for k in range(chosen.repeats)
    ]
    results: dict[str, Any] = {"futures": chosen.futures, "repeats": chosen.repeats, "levers": {}}
    heads = ("ratio", "pairs", "least", "measured")
    print(f"{'lever and question':<64}{'effect':>16}{''.join(f'{head:>9}' for head in heads)}")
    for lever in LEVERS:
        found, measured = stated(trial, lever), scatter(trials, lever) if trials else {}
        results["levers"][lever] = {
            name: {**figures, "measured_ratio": measured.get(name)}
            for name, figures in found.items()
        }
        for name, figures in results["levers"][lever].items():
            print(line(f"{lever}  {name}", figures))
    results["seconds"] = timed(trial, chosen.speed)
    print(f"an answer to every question from {chosen.speed:,} pairs: {results['seconds']:.1f} s")
    if chosen.out:
        chosen.out.write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")


def line(label: str, figures: dict[str, Any]) -> str:
    """Return a row of the table."""
    effect = f"{100 * figures['before']:.1f} → {100 * figures['after']:.1f} %"
    names = ("ratio", "only_paired", "least_of_pairs", "measured_ratio")
    cells = ("–" if figures[name] is None else f"{figures[name]:.2f}" for name in names)
    return f"{label:<64}{effect:>16}{''.join(f'{cell:>9}' for cell in cells)}"


def timed(trial: Experiment, count: int) -> float:
    """Return the seconds that a lever's answer takes where the crisis is conditioned already."""
    warm = experiment(trial.compiled, trial.posterior, trial.figures, count, 1)
    settings = parse_settings(["ISR.concludes=true"], warm.levers, warm.crisis)
    begin = time.perf_counter()
    pull(warm, settings)
    return time.perf_counter() - begin


if __name__ == "__main__":
    main()
