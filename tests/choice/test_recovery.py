"""Records made from known weights give them back, within their intervals at the nominal rate."""

from __future__ import annotations

from unittest.mock import patch

import numpy as np
from made_records import invented, shown_places, simulated, truth
from scipy.stats import norm

from offramp.choice import fit as fitting
from offramp.choice.fit import fit
from offramp.choice.parameters import parameter_names
from offramp.choice.records import ICB, MIE
from offramp.ladder import Level

REPLICATIONS, ROWS, ACTORS, SPREAD = 2, 3_000, 20, 0.45
WANTED = {
    Level.VERBAL: 150.0,
    Level.PRESSURE: 100.0,
    Level.DISPLAY: 400.0,
    Level.LIMITED: 400.0,
    Level.MAJOR: 80.0,
    Level.WAR: 60.0,
}


def test_intervals_of_both_datasets_together_hold_the_truth() -> None:
    """About 230 parameters in each of two replications: 50 % and 90 % intervals."""
    errors = []
    for seed in range(REPLICATIONS):
        random = np.random.default_rng(seed)
        design = invented(random, ROWS, ACTORS)
        actors = np.unique(design.actor)
        theta = truth(random, design, actors, SPREAD, WANTED)
        records = simulated(theta, design, actors, random)
        with patch.object(fitting, "RESOLVE_SPREADS", (SPREAD,)):
            found = fit(records)
        places = shown_places(parameter_names(), len(actors))
        error = (found.mode - theta) / np.sqrt(np.diag(found.covariance))
        errors.append(error[places])
    every = np.abs(np.concatenate(errors))
    assert 0.42 <= (every < norm.ppf(0.75)).mean() <= 0.58
    assert 0.86 <= (every < norm.ppf(0.95)).mean() <= 0.94


def test_what_is_made_is_what_was_asked_for() -> None:
    random = np.random.default_rng(5)
    design = invented(random, ROWS, ACTORS)
    actors = np.unique(design.actor)
    theta = truth(random, design, actors, SPREAD, WANTED)
    made = [simulated(theta, design, actors, np.random.default_rng(k)) for k in range(5)]
    displays = [int(((one.days == 0) & (one.outcome == 1 << Level.DISPLAY)).sum()) for one in made]
    assert abs(np.mean(displays) - WANTED[Level.DISPLAY]) < 40  # two standard errors
    records = made[0]
    acts = records.days == 0
    icb, mie = records.dataset == ICB, records.dataset == MIE
    assert set(records.outcome[acts & mie]) == {1 << 2, 1 << 4, 1 << 6 | 1 << 7, 1 << 8}
    assert set(records.outcome[acts & icb]) == {1 << 3, 1 << 4, 1 << 6 | 1 << 7 | 1 << 8}
    assert set(records.outcome[~acts & icb]) == {1 | 1 << 2}
    assert records.days.sum() <= design.days.sum()
