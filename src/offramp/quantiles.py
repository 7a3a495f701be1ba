"""Quantile functions, compiled: chance enters as one uniform number per cause.

Inversion keeps paired futures close: a small change in a probability changes few outcomes.
"""

from __future__ import annotations

import math

from offramp.compiling import lean


@lean
def normal_quantile(p: float) -> float:
    """Return the standard normal quantile of *p* in (0, 1) (Acklam 2003, error < 1.2e-9)."""
    if p < 0.02425 or p > 0.97575:
        tail = p if p < 0.5 else 1.0 - p
        q = math.sqrt(-2.0 * math.log(tail))
        value = (
            (
                (
                    ((-7.784894002430293e-03 * q - 3.223964580411365e-01) * q - 2.400758277161838)
                    * q
                    - 2.549732539343734
                )
                * q
                + 4.374664141464968
            )
            * q
            + 2.938163982698783
        ) / (
            (
                ((7.784695709041462e-03 * q + 3.224671290700398e-01) * q + 2.445134137142996) * q
                + 3.754408661907416
            )
            * q
            + 1.0
        )
        return value if p < 0.5 else -value
    q = p - 0.5
    r = q * q
    top = (
        (
            ((-3.969683028665376e01 * r + 2.209460984245205e02) * r - 2.759285104469687e02) * r
            + 1.383577518672690e02
        )
        * r
        - 3.066479806614716e01
    ) * r + 2.506628277459239
    bottom = (
        (
            ((-5.447609879822406e01 * r + 1.615858368580409e02) * r - 1.556989798598866e02) * r
            + 6.680131188771972e01
        )
        * r
        - 1.328068155288572e01
    ) * r + 1.0
    return top * q / bottom


@lean
def poisson_quantile(mean: float, p: float) -> int:
    """Return the Poisson quantile of *p*; from a mean of 30 by the normal approximation."""
    if mean <= 0.0:
        return 0
    if mean >= 30.0:
        return max(math.floor(mean + math.sqrt(mean) * normal_quantile(p) + 0.5), 0)
    term = math.exp(-mean)
    total = term
    count = 0
    while total < p and count < 200:
        count += 1
        term *= mean / count
        total += term
    return count


@lean
def binomial_quantile(trials: int, chance: float, p: float) -> int:
    """Return the binomial quantile of *p*; for a variance over 30 by the normal."""
    if trials <= 0 or chance <= 0.0:
        return 0
    if chance >= 1.0:
        return trials
    if chance > 0.5:  # keep the start of the sum away from underflow
        return trials - binomial_quantile(trials, 1.0 - chance, 1.0 - p)
    variance = trials * chance * (1.0 - chance)
    if variance > 30.0:
        value = math.floor(trials * chance + math.sqrt(variance) * normal_quantile(p) + 0.5)
        return min(max(value, 0), trials)
    odds = chance / (1.0 - chance)
    term = (1.0 - chance) ** trials
    total = term
    count = 0
    while total < p and count < trials:
        count += 1
        term *= odds * (trials - count + 1) / count
        total += term
    return count
