"""The prior over everything uncertain, as a transformation of standard normal numbers.

Every uncertain quantity of a crisis is a function of a vector z of independent standard normal
numbers. The conditioning moves in z, where the prior is the same everywhere.
"""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np
from scipy.special import betaincinv, expit, ndtr

from offramp.choice.figures import Figures
from offramp.choice.judgements import JUDGEMENTS, Judgement
from offramp.choice.model import ALPHA_ROW, BETA_ROW
from offramp.choice.parameters import FIXED, unpack
from offramp.choice.tempo import TEMPO_PRIOR
from offramp.choice.terms import (
    ELICITED,
    ESTIMATED_COUNT,
    EXPECTED_RETALIATION,
    TERM_COUNT,
    elicited_shapes,
)
from offramp.crisis.schema import ActorKind
from offramp.engine.compile import Compiled
from offramp.engine.plan import Draws, FloatArray, ScalarColumn
from offramp.ladder import LEVEL_COUNT, Level
from offramp.raid import CLASS_COUNT, CLASS_NAMES

UNKNOWN_DEFENCE = (2.0, 2.0)
"""Kill probability where no raid of the class had ended by the as-of date (elicited)."""
NODES, NODE_WEIGHTS = np.polynomial.hermite_e.hermegauss(5)
"""Others hold five values of an actor's resolve possible (Gauss–Hermite)."""


RELIABILITY = next(one for one in JUDGEMENTS if one.name == "reliability")
"""The judgement that each class of munition has a number of its own from."""
SINGLE_JUDGEMENTS = tuple(one for one in JUDGEMENTS if one is not RELIABILITY)
"""Those that are one number each, in the order of their places in z."""


@dataclass(frozen=True)
class Layout:
    """Where each block stands in z, as slices."""

    fixed: slice
    elicited: slice
    retaliation: slice
    judgements: slice
    tempo: slice
    reliability: slice
    resolve: slice
    options: slice
    kill: slice
    war_ending: slice
    size: int


def layout_of(compiled: Compiled) -> Layout:
    """Return the layout of z for a crisis."""
    lengths = (
        FIXED,
        len(ELICITED),
        1,
        len(SINGLE_JUDGEMENTS),
        len(TEMPO_PRIOR),
        CLASS_COUNT,
        len(compiled.actors),
        len(compiled.options),
        len(compiled.layers) * CLASS_COUNT,
        1,
    )
    ends = np.cumsum(lengths)
    places = (slice(int(end - n), int(end)) for end, n in zip(ends, lengths, strict=True))
    names = [one.name for one in fields(Layout) if one.name != "size"]
    return Layout(size=int(ends[-1]), **dict(zip(names, places, strict=True)))


@dataclass(frozen=True)
class Prior:
    """The prior of one crisis.

    Attributes:
        compiled: the crisis.
        figures: what history says.
        layout: of z.
        resolve_mean: of each actor, from its own record where it has one, (A,).
        resolve_spread: likewise, (A,).
        kill_shape: two parameters of a Beta by layer and class, (L, 4, 2).
    """

    compiled: Compiled
    figures: Figures
    layout: Layout
    resolve_mean: FloatArray
    resolve_spread: FloatArray
    kill_shape: FloatArray

    def draws(self, z: FloatArray, *, defences: bool = True) -> Draws:
        """Return the draws that rows of *z*, (N, size), stand for.

        Without *defences* nothing arrives and nothing is shot down: a replay does not ask.
        """
        judged = self._judgements(z[:, self.layout.judgements])
        scalars = np.zeros((len(z), ScalarColumn.COUNT))
        scalars[:, ScalarColumn.RETALIATION] = self._retaliation(z)
        scalars[:, ScalarColumn.KILLED_PER_LEAKER] = judged["killed_per_leaker"]
        scalars[:, ScalarColumn.SHOCK] = judged["contagion"]
        tempo = self._tempo(z[:, self.layout.tempo])
        scalars[:, ScalarColumn.PERSISTENCE] = expit(tempo["persistence"])
        scalars[:, ScalarColumn.KEEP] = np.exp(-np.exp(-tempo["memory"]))
        scalars[:, ScalarColumn.TEMPO_SPREAD] = np.exp(tempo["spread"])
        scalars[:, ScalarColumn.CROSS] = np.maximum(tempo["cross"], 0.0)
        scalars[:, ScalarColumn.WAR_FACTOR] = judged["war_factor"]
        scalars[:, ScalarColumn.DILIGENCE_WORDS] = judged["diligence_words"]
        scalars[:, ScalarColumn.DILIGENCE_PRESSURE] = judged["diligence_pressure"]
        scalars[:, ScalarColumn.DILIGENCE_DISPLAY] = judged["diligence_display"]
        scalars[:, ScalarColumn.DILIGENCE_FORCE] = judged["diligence_force"]
        ending_mean, ending_spread = self.figures.war_ending
        ending = ending_mean + ending_spread * z[:, self.layout.war_ending][:, 0]
        scalars[:, ScalarColumn.ENDING] = np.exp(ending)
        scalars[:, [ScalarColumn.TOLL_MEAN, ScalarColumn.TOLL_SPREAD]] = self.figures.war_toll
        resolve = self.resolve_mean + self.resolve_spread * z[:, self.layout.resolve]
        return Draws(
            choice=self._choice(z, judged),
            scalars=scalars,
            resolve=resolve,
            factor=np.exp(resolve),
            option_log_weight=self._options(z[:, self.layout.options]),
            kill=self._kill(z)
            if defences
            else np.zeros((len(z), 1 + len(self.kill_shape), CLASS_COUNT)),
            node_factor=np.exp(self.resolve_nodes),
            node_weight=NODE_WEIGHTS / NODE_WEIGHTS.sum(),
            by_level=np.column_stack([self.figures.retaliation_mean, self.figures.harm]),
        )

    @property
    def resolve_nodes(self) -> FloatArray:
        """What others hold possible of each actor's resolve, (A, K)."""
        return self.resolve_mean[:, None] + self.resolve_spread[:, None] * NODES

    def _choice(self, z: FloatArray, judged: dict[str, FloatArray]) -> FloatArray:
        fixed = self.figures.mean + z[:, self.layout.fixed] @ self.figures.root.T
        estimated = unpack(fixed)
        choice = np.zeros((len(z), BETA_ROW + TERM_COUNT, LEVEL_COUNT))
        choice[:, : BETA_ROW + ESTIMATED_COUNT] = estimated
        choice[:, ALPHA_ROW, Level.CONCILIATE] = judged["conciliation"]
        choice[:, ALPHA_ROW, Level.DENIABLE] = (
            choice[:, ALPHA_ROW, Level.LIMITED] + judged["deniable_gap"]
        )
        means = np.array([term.mean for term in ELICITED])
        spreads = np.array([term.spread for term in ELICITED])
        weight = means + spreads * z[:, self.layout.elicited]
        choice[:, BETA_ROW + ESTIMATED_COUNT :] = weight[:, :, None] * elicited_shapes()
        return choice

    def _retaliation(self, z: FloatArray) -> FloatArray:
        mean, spread = EXPECTED_RETALIATION.mean, EXPECTED_RETALIATION.spread
        assert mean is not None
        assert spread is not None
        weight: FloatArray = mean + spread * z[:, self.layout.retaliation][:, 0]
        return weight

    def _judgements(self, z: FloatArray) -> dict[str, FloatArray]:
        out = {}
        for place, judgement in enumerate(SINGLE_JUDGEMENTS):
            mean, spread = self.judged(judgement)
            value = mean + spread * z[:, place]
            if judgement.scale == "log":
                value = np.exp(value)
            elif judgement.scale == "logit":
                value = 1.0 / (1.0 + np.exp(-value))
            out[judgement.name] = value
        return out

    def judged(self, judgement: Judgement) -> tuple[float, float]:
        """Return mean and spread of a judgement: by past crises, else as elicited."""
        return self.figures.judgements.get(judgement.name, (judgement.mean, judgement.spread))

    def _tempo(self, z: FloatArray) -> dict[str, FloatArray]:
        """Draws of what is estimated of burning fronts, or elicited where nothing is."""
        return {
            name: mean + spread * z[:, place]
            for place, (name, (mean, spread)) in enumerate(self.tempo_prior.items())
        }

    @property
    def tempo_prior(self) -> dict[str, tuple[float, float]]:
        """Mean and spread of the tempo's parameters, see `offramp.choice.tempo.TEMPO_PRIOR`."""
        return {name: self.figures.tempo.get(name, prior) for name, prior in TEMPO_PRIOR.items()}

    def _options(self, z: FloatArray) -> FloatArray:
        weight = np.array([option.weight for option in self.compiled.options])
        spread = np.array([option.spread for option in self.compiled.options])
        log_weight: FloatArray = np.log(weight) + spread * z
        return log_weight

    def _kill(self, z: FloatArray) -> FloatArray:
        arrived = RELIABILITY.mean + RELIABILITY.spread * z[:, self.layout.reliability]
        shape = self.kill_shape
        chance = ndtr(z[:, self.layout.kill])
        killed = betaincinv(shape[..., 0].ravel(), shape[..., 1].ravel(), chance)
        rows = np.asarray(killed).reshape(len(z), *shape.shape[:2])
        return np.concatenate([1.0 / (1.0 + np.exp(-arrived))[:, None, :], rows], axis=1)


def prior_of(compiled: Compiled, figures: Figures) -> Prior:
    """Return the prior of a crisis, from what history said by its as-of date."""
    records = [figures.resolve.get(a.cow or 0) for a in compiled.crisis.actors]
    known = [
        record is not None and actor.kind == ActorKind.STATE
        for record, actor in zip(records, compiled.crisis.actors, strict=True)
    ]
    pairs = [
        record if fits and record else (0.0, figures.resolve_spread)
        for record, fits in zip(records, known, strict=True)
    ]
    months = [m for m in figures.kill if m < compiled.crisis.as_of.strftime("%Y-%m")]
    by_class = figures.kill[max(months)] if months else {}
    kill = np.array(
        [[by_class.get(name, UNKNOWN_DEFENCE) for name in CLASS_NAMES] for _ in compiled.layers]
    ).reshape(len(compiled.layers), CLASS_COUNT, 2)
    return Prior(
        compiled,
        figures,
        layout_of(compiled),
        np.array([pair[0] for pair in pairs]),
        np.array([pair[1] for pair in pairs]),
        kill,
    )
