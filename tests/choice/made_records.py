"""Decision records made from known weights, in the format of those made from history.

What a row of a design faces is taken as given; what was done is drawn from the model, day by
day, and coded as MIE or ICB would code it: large strikes under the label of bounded ones, all
force of ICB under one, words of its silences not at all.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from offramp.choice.fit import FITTED, SEEN, prior
from offramp.choice.pairing import ICB_SILENCE
from offramp.choice.parameters import (
    ALPHA_START,
    BETA_START,
    BINS,
    FIXED,
    GROUP_OF_LEVEL,
    HAZARD_GROUPS,
    HAZARD_START,
    alpha_index,
    beta_index,
)
from offramp.choice.records import ICB, MIE, DecisionRecords
from offramp.choice.terms import ESTIMATED_COUNT
from offramp.ladder import FORCE_THRESHOLD, LEVEL_COUNT, Level, level_mask

STRIKES = level_mask(frozenset({Level.LIMITED, Level.MAJOR}))
VIOLENCE = STRIKES | level_mask(frozenset({Level.WAR}))
LABEL = {
    MIE: {Level.LIMITED: STRIKES, Level.MAJOR: STRIKES},
    ICB: dict.fromkeys((Level.LIMITED, Level.MAJOR, Level.WAR), VIOLENCE),
}
"""What each dataset makes of a level that it does not tell from others."""
MATCHED = 30
"""Steps in which intercepts are brought to rates."""


def utilities(theta: np.ndarray, design: DecisionRecords, actor: np.ndarray) -> np.ndarray:
    """Utility of every level, written out anew from the formula of docs/model.md, (R, 9)."""
    hazards = theta[HAZARD_START:BETA_START].reshape(len(HAZARD_GROUPS), BINS)
    out = np.zeros((len(design), LEVEL_COUNT))
    for level in FITTED:
        beta = np.array([theta[beta_index(term, level)] for term in range(ESTIMATED_COUNT)])
        by_bin = np.append(hazards[GROUP_OF_LEVEL[level]], 0.0)
        out[:, level] = theta[alpha_index(level)] + by_bin[design.hazard_bin] + design.x @ beta
        if level >= FORCE_THRESHOLD:
            out[:, level] += theta[FIXED + actor]
    return out


def chances(utility: np.ndarray, dataset: np.ndarray) -> np.ndarray:
    """Probability of every level on a day, of those that the dataset can show, (R, 9)."""
    seen = np.where(dataset == MIE, SEEN[MIE], SEEN[ICB])
    mass = np.exp(utility) * ((seen[:, None] >> np.arange(LEVEL_COUNT)) & 1)
    force = mass[:, FORCE_THRESHOLD:]
    lower = mass[:, :FORCE_THRESHOLD]
    some = force.sum(axis=1, keepdims=True)
    calm = lower / lower.sum(axis=1, keepdims=True) / (1.0 + some)
    return np.hstack([calm, force / (1.0 + some)])


def truth(
    random: np.random.Generator,
    design: DecisionRecords,
    actors: np.ndarray,
    spread: float,
    wanted: dict[Level, float],
) -> np.ndarray:
    """Weights from the prior of the fit, intercepts at which levels come as often as wanted."""
    mean, precision = prior(len(actors), spread)
    theta = mean + np.linalg.cholesky(np.linalg.inv(precision)) @ random.standard_normal(len(mean))
    actor = np.searchsorted(actors, design.actor)
    days = np.where(design.days > 0, design.days, 1.0)
    for _ in range(MATCHED):
        chance = chances(utilities(theta, design, actor), design.dataset)
        acts = 1.0 - chance[:, :1]
        expected = ((1.0 - (1.0 - acts) ** days[:, None]) * chance / np.maximum(acts, 1e-12)).sum(0)
        for level, number in wanted.items():
            theta[ALPHA_START + level - 1] += np.log(number / expected[level])
    return theta


def simulated(
    theta: np.ndarray, design: DecisionRecords, actors: np.ndarray, random: np.random.Generator
) -> DecisionRecords:
    """Records of a design under known weights: each row's silence, and the act that ends it."""
    actor = np.searchsorted(actors, design.actor)
    chance = chances(utilities(theta, design, actor), design.dataset)
    silent = (design.dataset == ICB) & (design.outcome == level_mask(ICB_SILENCE))
    silence = np.where(silent, level_mask(ICB_SILENCE), level_mask(frozenset({Level.HOLD})))
    event = chance.copy()
    event[:, Level.HOLD] = 0.0
    event[silent, Level.VERBAL] = 0.0
    days = np.where(design.days > 0, design.days, 1.0).astype(np.int64)
    wait = random.geometric(np.clip(event.sum(axis=1), 1e-15, 1.0)) - 1
    acted = wait < days
    pick = random.random((len(design), 1)) * event.sum(axis=1, keepdims=True)
    level = (pick > event.cumsum(axis=1)).sum(axis=1)
    label = np.array(
        [
            LABEL[int(one)].get(Level(int(rung)), 1 << int(rung))
            for one, rung in zip(design.dataset, level, strict=True)
        ]
    )
    quiet = np.minimum(wait, days).astype(np.float64)
    spells = replace(design, days=quiet, outcome=silence).where(quiet > 0)
    acts = replace(design, days=np.zeros(len(design)), outcome=label).where(acted)
    return DecisionRecords(
        *(
            np.concatenate([getattr(spells, name), getattr(acts, name)])
            for name in DecisionRecords.__annotations__
        )
    )


def invented(random: np.random.Generator, rows: int, actors: int) -> DecisionRecords:
    """A design with nothing of history in it: spells of MIE, and every fourth row of ICB."""
    dataset = np.where(np.arange(rows) % 4 == 0, ICB, MIE)
    return DecisionRecords(
        x=random.normal(0.0, 0.4, (rows, ESTIMATED_COUNT)).astype(np.float32),
        hazard_bin=random.integers(0, BINS + 1, rows),
        days=random.integers(1, 15, rows).astype(np.float64),
        outcome=np.where(
            dataset == ICB, level_mask(ICB_SILENCE), level_mask(frozenset({Level.HOLD}))
        ),
        actor=random.integers(0, actors, rows) * 10 + 2,
        rival=np.full(rows, 365),
        day=np.arange(rows),
        dataset=dataset,
    )


def shown_places(theta_names: tuple[str, ...], actors: int) -> np.ndarray:
    """Places of the parameters that the datasets show, and of every resolve."""
    unseen = (f"{Level.CONCILIATE.label}]", f"{Level.DENIABLE.label}]")
    fixed = [k for k, name in enumerate(theta_names) if not name.endswith(unseen)]
    return np.array([*fixed, *range(FIXED, FIXED + actors)])
