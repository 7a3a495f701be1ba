"""Exponential and logarithm for compiled code, in a fifth of the time that the library's take.

Plain arithmetic without calls or branches, so that the compiler sets several side by side. The
relative error of `exp` and the absolute error of `log` are below 1e-13.
"""

from __future__ import annotations

import math
from typing import Any, TypeVar

import numpy as np

from offramp.compiling import lean
from offramp.lanes import Lanes, power_of_two

_MAGIC = 1.5 * 2.0**52  # added to a small number, leaves it rounded in the lowest bits
_FRACTION_BITS = np.uint64(52)
_BIAS = np.uint64(1023 << 52)
_FROM_ROOT_HALF = np.uint64((1023 << 52) - 0x3FE6A09E667F3BCD)  # less the bits of sqrt(1/2)
_BIASED_MAGIC = 2.0**52 + 1023.0
_MAGIC_BITS = np.uint64(1075 << 52)  # the bits of 2^52
_PER_LN2 = 1.0 / math.log(2.0)
_LN2_HIGH = 0.693147180369123816490  # its last bits are 0: a small multiple of it is exact
_LN2_LOW = 1.90821492927058770002e-10
LOWEST, HIGHEST = -708.0, 709.0
"""`exp` takes what is beyond for these."""


Number = TypeVar("Number", float, Lanes)


@lean
def exp(x: Number) -> Number:
    """Return e^x, of lanes in each; *x* is taken to lie within `LOWEST` and `HIGHEST`."""
    limited: Any = x
    limited = min(max(limited, LOWEST), HIGHEST)
    shifted = limited * _PER_LN2 + _MAGIC
    power = shifted - _MAGIC
    r = (limited - power * _LN2_HIGH) - power * _LN2_LOW
    square = r * r
    fourth = square * square
    value = (
        (1.0 + r)
        + square * ((1.0 / 2.0 + r * (1.0 / 6.0)) + square * (1.0 / 24.0 + r * (1.0 / 120.0)))
        + (square * fourth)
        * (
            ((1.0 / 720.0 + r * (1.0 / 5040.0)) + square * (1.0 / 40320.0 + r * (1.0 / 362880.0)))
            + fourth * (1.0 / 3628800.0 + r * (1.0 / 39916800.0))
        )
    )
    found: Number = value * power_of_two(shifted)
    return found


@lean
def log(x: float) -> float:
    """Return the natural logarithm of a positive number."""
    bits = np.float64(x).view(np.uint64)
    biased = (bits + _FROM_ROOT_HALF) >> _FRACTION_BITS  # the power of 2, plus 1023
    near_one = np.uint64(bits + _BIAS - (biased << _FRACTION_BITS))
    mantissa = near_one.view(np.float64)  # sqrt(1/2) to sqrt(2)
    twos = np.uint64(biased | _MAGIC_BITS).view(np.float64) - _BIASED_MAGIC
    s = (mantissa - 1.0) / (mantissa + 1.0)
    z = s * s
    fourth = z * z
    series = (
        (1.0 / 3.0 + z * (1.0 / 5.0))
        + fourth * (1.0 / 7.0 + z * (1.0 / 9.0))
        + (fourth * fourth)
        * ((1.0 / 11.0 + z * (1.0 / 13.0)) + fourth * (1.0 / 15.0 + z * (1.0 / 17.0)))
    )
    return twos * _LN2_HIGH + (2.0 * (s + s * z * series) + twos * _LN2_LOW)


@lean
def whole_power(x: float, exponent: int) -> float:
    """Return *x* to the power of a whole number from 0 on."""
    value = 1.0
    while exponent > 0:
        if exponent & 1:
            value *= x
        x *= x
        exponent >>= 1
    return value
