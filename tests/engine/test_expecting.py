"""What is expected of acts: on average no surprise, whatever is watched and whatever happens."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from small import DRAWS, Small, small
from test_changes import changed, everything
from test_same_bytes import BY_ACT, BY_FUTURE, as_bytes

from offramp.engine.ensemble import Futures
from offramp.engine.plan import WatchedRow
from offramp.ladder import Level

COUNT, HORIZON, KINDS = 100 * DRAWS, 40, 24
PLAIN, LATE = 0, 1
ENOUGH = 4.2
"""Standard errors beyond which one of some hundred means of zero lies once in four hundred runs."""


def watching_at_random(crisis: Small) -> Small:
    """Watch kinds of acts of random dyads, levels, options and last days."""
    random = np.random.default_rng(3)
    plan = crisis.compiled.plan
    dyads, options = len(crisis.compiled.dyads), len(crisis.compiled.options) + 1
    watched = np.zeros((WatchedRow.DYADS + dyads, KINDS))
    levels = np.sort(random.integers(1, 9, (KINDS, 2)), axis=1)
    levels[: KINDS // 2] = (Level.DENIABLE, Level.WAR)
    watched[[WatchedRow.LOWEST, WatchedRow.HIGHEST]] = levels.T
    watched[WatchedRow.LAST_DAY] = plan.as_of_day + random.integers(1, HORIZON + 1, KINDS)
    watched[WatchedRow.DYADS :] = random.random((KINDS, dyads)).T < 0.5
    by_option = (random.random((KINDS, options)) < 0.6).astype(float)
    by_option[::2] = 1.0
    watched[WatchedRow.BY_OPTION] = ~by_option.all(axis=1)
    plan = plan._replace(watched=watched, watched_options=by_option)
    compiled = replace(crisis.compiled, plan=plan)
    return replace(crisis, prior=replace(crisis.prior, compiled=compiled))


@cache
def watched(with_changes: bool) -> Futures:
    crisis = changed(everything()) if with_changes else small()
    return watching_at_random(crisis).futures(COUNT, HORIZON)


@pytest.mark.parametrize("with_changes", [False, True])
@pytest.mark.parametrize("weighed", [PLAIN, LATE])
def test_surprise_is_zero_on_average(with_changes: bool, weighed: int) -> None:
    surprise = watched(with_changes).surprise[:, :, weighed].astype(float)
    error = surprise.std(axis=0) / np.sqrt(COUNT)
    some = error > 0.0
    assert some.sum() > KINDS // 2
    assert np.abs(surprise.mean(axis=0)[some] / error[some]).max() < ENOUGH
    assert not surprise[:, ~some].any()


def test_surprise_is_zero_on_average_whatever_happened_first() -> None:
    """Of later days too: in futures told apart by what was done in the first ten days."""
    crisis = watching_at_random(small())
    plan = crisis.compiled.plan
    futures = crisis.futures(COUNT, HORIZON)
    early = plan.watched.copy()
    early[WatchedRow.LAST_DAY] = np.minimum(early[WatchedRow.LAST_DAY], plan.as_of_day + 10)
    compiled = replace(crisis.compiled, plan=plan._replace(watched=early))
    before = replace(crisis, prior=replace(crisis.prior, compiled=compiled))
    later = (futures.surprise - before.futures(COUNT, HORIZON).surprise)[:, :, PLAIN]
    acts = (futures.day <= 10) & (futures.level >= Level.DENIABLE)
    force = np.bincount(futures.future[acts], minlength=COUNT) > 0
    for told in (force, ~force):
        error = later[told].std(axis=0) / np.sqrt(told.sum())
        some = error > 0.0
        assert some.sum() > KINDS // 3
        assert np.abs(later[told].mean(axis=0)[some] / error[some]).max() < ENOUGH


def test_the_first_that_is_wanted_ends_the_watch() -> None:
    """Each dyad counts at most one act a morning and one an evening, on one day."""
    futures = watched(False)
    assert futures.surprise[:, :, PLAIN].max() <= 2 * len(futures.compiled.dyads)
    plan = futures.compiled.plan
    kind = next(
        kind
        for kind in range(KINDS)
        if not plan.watched[WatchedRow.BY_OPTION, kind] and futures.surprise[:, kind].any()
    )
    low, high, last = plan.watched[: WatchedRow.BY_OPTION, kind]
    wanted = plan.watched[WatchedRow.DYADS :, kind][futures.dyad] > 0.0
    wanted &= (futures.level >= low) & (futures.level <= high)
    wanted &= futures.day <= last - plan.as_of_day
    never = np.bincount(futures.future[wanted], minlength=COUNT) == 0
    assert (futures.surprise[never, kind, PLAIN] <= 0.0).all()
    assert 0.0 < never.mean() < 1.0


@pytest.mark.parametrize("with_changes", [False, True])
def test_watching_changes_no_future(with_changes: bool) -> None:
    crisis = changed(everything()) if with_changes else small()
    one = as_bytes(crisis.futures(2_000, HORIZON))
    other = as_bytes(watching_at_random(crisis).futures(2_000, HORIZON))
    for name in ("start", *BY_ACT, *BY_FUTURE):
        assert name == "surprise" or one[name] == other[name], name
