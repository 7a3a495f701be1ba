"""Futures a second: the engine and the day-by-day reference, side by side in one run.

    python benchmarks/engine.py --futures 20000 --reference 100

Both simulate the small crisis of the tests; the engine the shipped crises too.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "engine"))

from reference import simulate
from small import small

from offramp.crisis.as_of import read_crisis
from offramp.crisis.library import shipped
from offramp.engine.ensemble import run
from offramp.engine.threads import thread_count
from offramp.forecast import simulate_crisis

REPEATS = 3


def rate(count: int, work: Callable[[], object]) -> float:
    """Return futures a second, the best of a few runs."""
    best = float("inf")
    for _ in range(REPEATS):
        begin = time.perf_counter()
        work()
        best = min(best, time.perf_counter() - begin)
    return count / best


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--futures", type=int, default=20_000, help="of the engine")
    parser.add_argument("--reference", type=int, default=100, help="futures of the reference")
    parser.add_argument("--days", type=int, default=180)
    chosen = parser.parse_args()
    crisis = small()
    crisis.futures(100, chosen.days)  # compile before the clock starts
    simulate(crisis.compiled, crisis.posterior, 2, 5, seed=1)
    engine = rate(chosen.futures, lambda: crisis.futures(chosen.futures, chosen.days))
    plain = rate(
        chosen.reference,
        lambda: simulate(crisis.compiled, crisis.posterior, chosen.reference, chosen.days, 1),
    )
    print(f"{chosen.days} days, {thread_count()} threads")
    print(f"{'small crisis, reference':<32}{plain:>12,.0f} futures/s")
    print(f"{'small crisis, engine':<32}{engine:>12,.0f} futures/s, {engine / plain:,.0f} times")
    for name in shipped():
        simulated = simulate_crisis(read_crisis(name), 100, 1, draws=200)
        compiled, posterior = simulated.prior.compiled, simulated.posterior
        speed = rate(
            chosen.futures,
            partial(run, compiled, posterior, chosen.futures, 1, chosen.days),
        )
        print(f"{name + ', engine':<32}{speed:>12,.0f} futures/s")


if __name__ == "__main__":
    main()
