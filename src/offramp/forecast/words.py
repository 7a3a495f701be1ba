"""Probabilities, numbers and days as the brief says them.

The words are those of the Office of the Director of National Intelligence, Intelligence
Community Directive 203, "Analytic Standards" (2015). A word never stands without its number.
"""

from __future__ import annotations

from datetime import date
from math import floor


def _whole(probability: float) -> int:
    """Return the whole per cent, halves rounded up; 0 and 100 only beyond 1 and 99 %."""
    if not 0 <= probability <= 1:
        raise ValueError(f"not a probability: {probability!r}")
    if probability < 0.01:
        return 0
    if probability > 0.99:
        return 100
    return floor(100 * probability + 0.5)


def likelihood(probability: float) -> str:
    """Return the ICD 203 term for the whole per cent that `percent` shows.

    Where two ranges meet, the term nearer to even holds (20 % is "unlikely", 80 % "likely"),
    save that 5 % is "almost no chance" and 95 % "almost certain".

    Raises:
        ValueError: *probability* is not between 0 and 1.
    """
    whole = _whole(probability)
    if whole <= 5:
        return "almost no chance"
    if whole < 20:
        return "very unlikely"
    if whole < 45:
        return "unlikely"
    if whole <= 55:
        return "roughly even chance"
    if whole <= 80:
        return "likely"
    return "very likely" if whole < 95 else "almost certain"


def percent(probability: float) -> str:
    """Return a forecast probability as "31 %", "<1 %" or ">99 %".

    A forecast from finitely many futures is never shown as 0 or 100 %.

    Raises:
        ValueError: *probability* is not between 0 and 1.
    """
    return f"{_bound(probability)} %"


def _bound(probability: float) -> str:
    whole = _whole(probability)
    return {0: "<1", 100: ">99"}.get(whole, str(whole))


def share(value: float) -> str:
    """Return an observed share of cases: as `percent`, but none is "0 %" and all "100 %".

    Raises:
        ValueError: *value* is not between 0 and 1.
    """
    return f"{value * 100:.0f} %" if value in (0, 1) else percent(value)


def interval(low: float, high: float) -> str:
    """Return a range of probabilities as "18–47 %", "<1–3 %" or "90 to >99 %".

    Raises:
        ValueError: a bound is not between 0 and 1.
    """
    first, last = _bound(low), _bound(high)
    if first == last:
        return f"{first} %"
    return f"{first} to {last} %" if last.startswith(">") else f"{first}–{last} %"


def words(probability: float) -> str:
    """Return the ICD 203 term with its number, for example "unlikely (31 %)".

    Raises:
        ValueError: *probability* is not between 0 and 1.
    """
    return f"{likelihood(probability)} ({percent(probability)})"


def number(value: float) -> str:
    """Return a count or quantity: "1,200", "12", "3.4", "0.07", with a true minus sign."""
    size = abs(value)
    if size == int(size) or size >= 10:
        text = f"{size:,.0f}"
    elif size >= 1:
        text = f"{size:.1f}"
    else:
        text = f"{size:.2f}"
    return f"−{text}" if value < 0 and text.strip("0.,") else text


def counted(count: int, one: str, more: str = "") -> str:
    """Return a number with its noun, as "1 front", "2 fronts"; *more* where no s makes it many."""
    return f"{count} {one if count == 1 else more or f'{one}s'}"


def signed(value: float) -> str:
    """Return a figure in log-odds with its sign, for example "+0.42" or "−1.20"; zero has none."""
    text = f"{abs(value):.2f}"
    if text == "0.00":
        return text
    return f"{'−' if value < 0 else '+'}{text}"


def points(value: float) -> str:
    """Return a difference of probabilities in percentage points: "+3", "−12", "+0.4" or "0"."""
    size = abs(100.0 * value)
    text = f"{size:.0f}" if size >= 2 else f"{size:.1f}"
    if not text.strip("0."):
        return "0"
    return f"{'−' if value < 0 else '+'}{text}"


def day(value: date) -> str:
    """Return a day as "15 April 2024"."""
    return f"{value.day} {value:%B %Y}"


def short_day(value: date) -> str:
    """Return a day without its year, as "15 Apr"."""
    return f"{value.day} {value:%b}"
