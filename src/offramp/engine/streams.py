"""Counter-based random numbers: each cause of chance in each future has its own stream.

A number is a pure function of (seed, future, cause, index), so a future is the same on any
number of threads and in any chunk, and a change touches only what depends on it. The
generator is Squares (Widynski 2020, arXiv:2004.06278), five rounds, keyed by the seed.
"""

from __future__ import annotations

import numpy as np

from offramp.compiling import lean
from offramp.elementary import log

_U32 = np.uint64(32)
_GOLDEN = np.uint64(0x9E3779B97F4A7C15)
_MIX_A = np.uint64(0xBF58476D1CE4E5B9)
_MIX_B = np.uint64(0x94D049BB133111EB)
_ONE = np.uint64(1023 << 52)  # the bits of 1.0
_HALF_STEP = 2.0**-53

CLOCK, LEVEL, OPTION, HARM, RAID, TEMPO, COUNT, ENDING, TOLL, SILENCE, NOTED = range(11)
"""Causes of chance; each has room for 256 places (a dyad or a front)."""
_PLACES = 256


@lean
def key_of(seed: int) -> int:
    """Return the generator's key for *seed*: SplitMix64 of it, odd."""
    z = np.uint64(seed) + _GOLDEN
    z = (z ^ (z >> np.uint64(30))) * _MIX_A
    z = (z ^ (z >> np.uint64(27))) * _MIX_B
    signed: int = np.int64((z ^ (z >> np.uint64(31))) | np.uint64(1))  # type: ignore[assignment]
    return signed


@lean
def uniform(key: int, future: int, cause: int, place: int, index: int) -> float:
    """Return a number in (0, 1) for this future, cause, place and index.

    Args:
        key: from :func:`key_of`.
        future: 0 to 2^32 - 1.
        cause: one of the causes above.
        place: 0 to 255.
        index: 0 to 2^20 - 1.
    """
    stream = np.uint64(cause * _PLACES + place)
    counter = (np.uint64(future) << _U32) | (stream << np.uint64(20)) | np.uint64(index)
    # A key that passed through Python is a plain integer: uint64 times int64 would be a float.
    odd = np.uint64(key)
    y = counter * odd
    x = y
    z = y + odd
    x = x * x + y
    x = (x >> _U32) | (x << _U32)
    x = x * x + z
    x = (x >> _U32) | (x << _U32)
    x = x * x + y
    x = (x >> _U32) | (x << _U32)
    x = x * x + z
    t = x
    x = (x >> _U32) | (x << _U32)
    bits = t ^ ((x * x + y) >> _U32)
    from_one_to_two: float = np.uint64((bits >> np.uint64(12)) | _ONE).view(np.float64)
    return (from_one_to_two - 1.0) + _HALF_STEP


@lean
def exponential(key: int, future: int, cause: int, place: int, index: int) -> float:
    """Return a standard exponential number."""
    return -log(uniform(key, future, cause, place, index))
