"""Simulation-based calibration: truths drawn from the prior have uniform ranks in posteriors.

    python tests/engine/calibration.py --replications 500 --out benchmarks/results/calibration.json

For each replication: draw everything uncertain from the prior, simulate a timeline with the
engine, write it down as the acts of a crisis file, condition on it, and note the rank of the
true value among the posterior draws. If simulation, timeline, likelihood and sampler belong
together, ranks are uniform (Talts et al. 2018, arXiv:1804.06788).

What a timeline cannot carry is left out: fronts do not burn, wars do not end, claims of
interceptions are true and trusted in full, and each option launches one class in a fixed
number. Timelines with more acts than the engine keeps are dropped, which depends on the
data alone and so leaves the ranks uniform.

One approximation remains: of two that act on one day the file's second is taken to answer the
first, while the engine now and then has both act in the morning.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from unittest.mock import patch

import numpy as np
import numpy.typing as npt
from scipy.stats import chisquare
from small import small_crisis

from offramp.choice.editions import shipped_figures
from offramp.choice.model import ALPHA_ROW
from offramp.choice.terms import ELICITED
from offramp.crisis.schema import Act, Crisis, Harm, Munition, Option, OptionMunition
from offramp.engine import condition as conditioning
from offramp.engine.compile import compile_crisis
from offramp.engine.condition import Posterior, condition
from offramp.engine.ensemble import Futures, run
from offramp.engine.outcome import MAX_ACTS
from offramp.engine.plan import Draws, FloatArray, ScalarColumn
from offramp.engine.prior import SINGLE_JUDGEMENTS, Prior, prior_of
from offramp.engine.replay import replay_all, room_for_worlds
from offramp.ladder import Level

DAYS = 60
DRAWS = 200
BINS = 10
OVERALL = 0.001
"""Chance that any quantity is rejected where all ranks are uniform."""
LAUNCHED = {"barrage": ("drone", 40), "salvo": ("ballistic", 8)}
GUNS, DRONE = 2, 0
"""Layer and class of the kill probability that is followed."""


def quantities(prior: Prior) -> dict[str, Callable[[Draws, FloatArray], FloatArray]]:
    """Return what is ranked: functions of draws and of the z behind them."""
    term = [one.name for one in ELICITED].index
    judgement = [one.name for one in SINGLE_JUDGEMENTS].index
    layout = prior.layout
    return {
        "resolve of A": lambda draws, z: draws.resolve[:, 0],
        "resolve of B": lambda draws, z: draws.resolve[:, 1],
        "alpha of display": lambda draws, z: draws.choice[:, ALPHA_ROW, Level.DISPLAY],
        "alpha of limited": lambda draws, z: draws.choice[:, ALPHA_ROW, Level.LIMITED],
        "conciliation": lambda draws, z: draws.choice[:, ALPHA_ROW, Level.CONCILIATE],
        "diligence_words": lambda draws, z: z[:, layout.judgements][
            :, judgement("diligence_words")
        ],
        "patron_restraint": lambda draws, z: z[:, layout.elicited][:, term("patron_restraint")],
        "expected_retaliation": lambda draws, z: draws.scalars[:, ScalarColumn.RETALIATION],
        "kill probability": lambda draws, z: draws.kill[:, 1 + GUNS, DRONE],
    }


def starting_crisis() -> Crisis:
    """Return the small crisis on a day after which all is coded, with nothing burning."""
    crisis = small_crisis()
    options = [option.model_copy(update={"munitions": _fixed(option)}) for option in crisis.options]
    fronts = [front.model_copy(update={"tempo": []}) for front in crisis.fronts]
    start = crisis.as_of + timedelta(days=1)
    return crisis.model_copy(
        update={"options": options, "fronts": fronts, "coded_from": start, "horizon_days": DAYS}
    )


def _fixed(option: Option) -> list[OptionMunition]:
    if option.id not in LAUNCHED:
        return []
    name, count = LAUNCHED[option.id]
    return [OptionMunition(type=name, launched=(count, count))]


def told(futures: Futures, row: int) -> Crisis:
    """Return the crisis as of the end of one future, its acts written down as facts."""
    crisis, compiled = futures.compiled.crisis, futures.compiled
    acts = []
    for place in range(int(futures.start[row]), int(futures.start[row + 1])):
        dyad, level = compiled.dyads[futures.dyad[place]], Level(int(futures.level[place]))
        option = compiled.options[futures.option[place]] if futures.option[place] >= 0 else None
        day = crisis.as_of + timedelta(days=int(futures.day[place]))
        raid: dict[str, object] = {}
        if option is not None and option.munitions:
            name, launched = LAUNCHED[option.id]
            stopped = round(float(futures.failed[place]) * launched)
            munition = Munition(type=name, launched=launched, intercepted=stopped)
            raid = {"munitions": [munition], "telegraphed": option.telegraphed}
        acts.append(
            Act(
                kind="act",
                id=f"act-{place}",
                day=day,
                known=day,
                source=["wire"],
                actor=dyad.actor,
                target=dyad.target,
                front=dyad.front,
                level=level.label,
                text="Simulated.",
                soil=option.soil if option else None,
                harm=Harm(killed=int(futures.killed[place])),
                crisis_trigger=level >= Level.MAJOR,
                **raid,
            )
        )
    end = crisis.as_of + timedelta(days=DAYS)
    return crisis.model_copy(update={"timeline": [*crisis.timeline, *acts], "as_of": end})


def truths(prior: Prior, count: int, seed: int) -> tuple[FloatArray, Futures]:
    """Draw *count* truths from the prior, and a future from each."""
    z = np.random.default_rng(seed).standard_normal((count, prior.layout.size))
    draws = prior.draws(z)
    draws.scalars[:, ScalarColumn.ENDING] = 1e-12  # a timeline cannot say that a war has ended
    # What is told works on the timeline's actors, and in these futures too.
    for level, column in (
        (Level.VERBAL, ScalarColumn.DILIGENCE_WORDS),
        (Level.PRESSURE, ScalarColumn.DILIGENCE_PRESSURE),
        (Level.DISPLAY, ScalarColumn.DILIGENCE_DISPLAY),
    ):
        draws.choice[:, ALPHA_ROW, level] += draws.scalars[:, column]
        draws.scalars[:, column] = 0.0
    worlds = room_for_worlds(prior.compiled.plan, draws, count)
    silence = np.zeros(count)
    replay_all(prior.compiled.plan, draws, worlds, silence)
    assert not silence.any(), "the past before the start is not coded"
    posterior = Posterior(draws, z, worlds, float(count), float(count), 0, 1.0)
    return z, run(prior.compiled, posterior, count, seed, DAYS)


@dataclass(frozen=True)
class Ranks:
    """Ranks of the truths, (replications,) each, from 0 to `draws`; and how it went."""

    of: dict[str, npt.NDArray[np.int64]]
    draws: int
    dropped: int
    sample_size: float
    seconds: float

    def p_values(self) -> dict[str, float]:
        """Return the p-values of uniformity by chi-square over `BINS` bins of equal width."""
        return {name: uniform_p(ranks / self.draws) for name, ranks in self.of.items()}


def uniform_p(values: FloatArray) -> float:
    """Return the p-value of the uniformity of values in [0, 1]."""
    return float(chisquare(np.histogram(values, BINS, (0.0, 1.0))[0]).pvalue)


def calibrate(
    replications: int, seed: int, draws: int = DRAWS, each: Callable[[int], None] = lambda k: None
) -> Ranks:
    """Return the ranks of *replications* truths, dropped ones included in the number."""
    begin = time.perf_counter()
    prior = prior_of(compile_crisis(starting_crisis()), shipped_figures())
    z, futures = truths(prior, replications, seed)
    followed = quantities(prior)
    true = {name: value(prior.draws(z), z) for name, value in followed.items()}
    ranks: dict[str, list[int]] = {name: [] for name in followed}
    sizes = []
    tie = np.random.default_rng([seed, 1])
    for k in range(replications):
        if np.diff(futures.start)[k] >= MAX_ACTS:
            continue
        again = replace(prior, compiled=compile_crisis(told(futures, k)))
        with patch.object(conditioning, "CLAIM_TRUST", 1.0):
            posterior = condition(again, seed + k, draws)
        sizes.append(posterior.sample_size)
        for name, value in followed.items():
            found = value(posterior.draws, posterior.z)
            ties = int((found == true[name][k]).sum())
            ranks[name].append(int((found < true[name][k]).sum()) + int(tie.integers(ties + 1)))
        each(k + 1)
    return Ranks(
        {name: np.array(rank) for name, rank in ranks.items()},
        draws,
        replications - len(sizes),
        float(np.mean(sizes)),
        time.perf_counter() - begin,
    )


def main() -> None:
    """Run a study and write what it found."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--replications", type=int, default=500)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--out", type=Path)
    chosen = parser.parse_args()
    found = calibrate(
        chosen.replications, chosen.seed, each=lambda k: print(f"\r{k}", end="", flush=True)
    )
    report = {
        "replications": chosen.replications,
        "dropped": found.dropped,
        "seed": chosen.seed,
        "days": DAYS,
        "draws": DRAWS,
        "mean_effective_sample_size": round(found.sample_size, 1),
        "seconds": round(found.seconds, 1),
        "test": f"chi-square over {BINS} bins; all together reject uniform ranks at {OVERALL}",
        "rejected_below": OVERALL / len(found.of),
        "p_values": {name: round(p, 5) for name, p in found.p_values().items()},
        "histograms": {
            name: np.histogram(rank / DRAWS, BINS, (0.0, 1.0))[0].tolist()
            for name, rank in found.of.items()
        },
    }
    text = json.dumps(report, indent=1)
    print(f"\n{text}")
    if chosen.out:
        chosen.out.write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
