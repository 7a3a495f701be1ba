"""The small crisis that the tests of the engine share, compiled and conditioned once."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from offramp.choice.editions import shipped_figures
from offramp.crisis.as_of import read_crisis
from offramp.crisis.schema import Crisis
from offramp.engine.compile import Compiled, compile_crisis
from offramp.engine.condition import Posterior, condition
from offramp.engine.ensemble import Futures, run
from offramp.engine.prior import Prior, prior_of

PATH = Path(__file__).with_name("small.yaml")
DRAWS = 200
SEED = 5


@dataclass(frozen=True)
class Small:
    """A crisis on its way to futures."""

    prior: Prior
    posterior: Posterior

    @property
    def compiled(self) -> Compiled:
        return self.prior.compiled

    def futures(self, count: int, horizon: int, seed: int = SEED, first: int = 0) -> Futures:
        return run(self.compiled, self.posterior, count, seed, horizon, first=first)

    def changed(self, crisis: Crisis) -> Small:
        """Return the same draws in a changed crisis, whose actors and options are the same."""
        compiled = compile_crisis(crisis)
        return Small(replace(self.prior, compiled=compiled), self.posterior)


def small_crisis() -> Crisis:
    return read_crisis(PATH)


@cache
def small() -> Small:
    prior = prior_of(compile_crisis(small_crisis()), shipped_figures())
    return Small(prior, condition(prior, SEED, DRAWS))
