"""The same seed gives the same bytes, on any number of threads, in any chunks, from anywhere."""

from __future__ import annotations

from dataclasses import fields

import numpy as np
import pytest
from small import SEED, Small, small, small_crisis

from offramp.choice.editions import shipped_figures
from offramp.engine.compile import compile_crisis
from offramp.engine.condition import condition
from offramp.engine.ensemble import Futures, run
from offramp.engine.prior import prior_of
from offramp.engine.threads import THREADS_VARIABLE, in_threads, thread_count

COUNT, HORIZON = 300, 45
BY_ACT = ("day", "dyad", "level", "option", "killed", "failed")
BY_FUTURE = ("attacks", "toll", "war_days", "surprise")


def simulated(crisis: Small, *, seed: int = 9, first: int = 0, count: int = COUNT, chunk: int = 64):
    return run(crisis.compiled, crisis.posterior, count, seed, HORIZON, first=first, chunk=chunk)


def as_bytes(futures: Futures) -> dict[str, bytes]:
    """Return every array of the futures as bytes, with its type and shape."""
    out = {}
    for field in fields(futures):
        value = getattr(futures, field.name)
        if isinstance(value, np.ndarray):
            out[field.name] = f"{value.dtype} {value.shape} ".encode() + value.tobytes()
    assert set(out) == {"start", *BY_ACT, *BY_FUTURE}
    return out


@pytest.fixture(scope="module")
def plain() -> dict[str, bytes]:
    return as_bytes(simulated(small()))


@pytest.mark.parametrize("threads", ["1", "2", "3"])
@pytest.mark.parametrize("chunk", [7, 64, 4096])
def test_threads_and_chunks_change_nothing(
    plain: dict[str, bytes], threads: str, chunk: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(THREADS_VARIABLE, threads)
    assert as_bytes(simulated(small(), chunk=chunk)) == plain


@pytest.mark.parametrize("first", [1, 42, 299])
def test_a_future_is_the_same_in_any_run(first: int) -> None:
    whole = simulated(small())
    part = simulated(small(), first=first, count=COUNT - first)
    begin = int(whole.start[first])
    assert part.draw.tolist() == whole.draw[first:].tolist()
    assert (part.start + begin).tolist() == whole.start[first:].tolist()
    for name in BY_ACT:
        assert getattr(part, name).tobytes() == getattr(whole, name)[begin:].tobytes(), name
    for name in BY_FUTURE:
        assert getattr(part, name).tobytes() == getattr(whole, name)[first:].tobytes(), name


def test_a_shorter_horizon_is_the_beginning_of_a_longer_one() -> None:
    crisis = small()
    long = simulated(crisis)
    short = run(crisis.compiled, crisis.posterior, COUNT, 9, 21)
    early = long.day <= 21
    for name in BY_ACT:
        assert getattr(short, name).tobytes() == getattr(long, name)[early].tobytes(), name
    for name in BY_FUTURE:
        assert np.array_equal(getattr(short, name), getattr(long, name)[:, :, :3]), name


def test_another_seed_is_another_future(plain: dict[str, bytes]) -> None:
    other = as_bytes(simulated(small(), seed=10))
    assert all(other[name] != plain[name] for name in ("start", "attacks"))


def test_conditioning_is_the_same_on_any_number_of_threads(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    prior = prior_of(compile_crisis(small_crisis()), shipped_figures())
    found = []
    for threads in ("1", "2"):
        monkeypatch.setenv(THREADS_VARIABLE, threads)
        posterior = condition(prior, SEED, 60)
        found.append([posterior.z.tobytes(), *(part.tobytes() for part in posterior.worlds)])
    assert found[0] == found[1]
    assert condition(prior, SEED + 1, 60).z.tobytes() != found[0][0]


@pytest.mark.parametrize("rows", [0, 1, 5, 17])
@pytest.mark.parametrize("threads", ["1", "2", "8"])
def test_ranges_cover_every_row_once(
    rows: int, threads: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(THREADS_VARIABLE, threads)
    seen = np.zeros(rows, np.int64)

    def work(first: int, last: int) -> None:
        seen[first:last] += 1

    in_threads(rows, work)
    assert seen.tolist() == [1] * rows


@pytest.mark.parametrize("text", ["", "0", "257", "two", "-1", "1.5"])
def test_a_number_of_threads_that_is_none(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(THREADS_VARIABLE, text)
    with pytest.raises(ValueError, match="1 to 256"):
        thread_count()
