"""What every format of the brief says in the same words."""

from __future__ import annotations

import shlex
from bisect import bisect_right
from collections.abc import Sequence
from datetime import date, timedelta

from offramp.crisis.library import shipped
from offramp.forecast.document import (
    AnalogueCase,
    AnalogueNote,
    Answer,
    ClaimAnswer,
    ClaimNote,
    Curve,
    Decomposition,
    Forecast,
    NextMove,
    RaidCheck,
    Reason,
    Spillover,
    TermNote,
    WeightsNote,
)
from offramp.forecast.words import day, interval, number, percent, points, share, signed

CHECKPOINTS = (1, 3, 7, 14, 30, 60, 90, 180, 365)
"""Days at which tables read a curve, with its last day."""

STEP_NAMES = {
    "history": "history’s rate",
    "pairs": "this pair and act",
    "record": "own records",
    "ledger": "state of ledger",
    "ties": "ties",
    "elicited": "elicited terms",
    "timeline": "the timeline",
}
"""Of a decomposition's steps, short enough for a chart."""
STEP_COLUMNS = ("step", "what is known now", "reaches", "adds, in points", "in the other order")
ORDER_NOTE = (
    "Each step is a forecast of the same model with less known. The effects sum to the forecast; "
    "their order is a convention, so each is given for the opposite order too, marked where the "
    "two differ by more than chance and a point. ± is one Monte Carlo standard error."
)

Triple = tuple[float, float, float]


def headline_answers(forecast: Forecast) -> list[Answer]:
    """Return the answers marked as headlines; all of them where none is marked."""
    return [answer for answer in forecast.answers if answer.headline] or forecast.answers


def other_answers(forecast: Forecast) -> list[Answer]:
    """Return the answers that are not headlines, where some are."""
    headlines = headline_answers(forecast)
    return [answer for answer in forecast.answers if answer not in headlines]


def figure(answer: Answer) -> str:
    """Return the one figure that stands for an answer.

    The probability; of categories the likeliest; of quantiles the median.
    """
    if answer.settled and answer.probability in (0, 1):
        return "yes" if answer.probability else "no"
    if answer.probability is not None:
        return percent(answer.probability)
    if answer.categories:
        return max(answer.categories, key=lambda name: (answer.categories or {})[name])
    return quantile(answer, (answer.quantiles or {}).get("0.5"))


def quantile(answer: Answer, value: float | str | None) -> str:
    """Return one quantile of a number or date; none means that it does not happen in time."""
    if value is None:
        return f"not by {day(answer.closes)}"
    if isinstance(value, str):
        try:
            return day(date.fromisoformat(value))
        except ValueError:
            return value
    return number(value)


def quantiles(answer: Answer) -> list[tuple[str, str]]:
    """Return the quantiles of an answer as rows of level and value, lowest first."""
    given = answer.quantiles or {}
    return [(share(float(key)), quantile(answer, given[key])) for key in sorted(given, key=float)]


def categories(answer: Answer) -> list[tuple[str, float, tuple[float, float] | None]]:
    """Return the categories of an answer as rows of name, probability and interval."""
    intervals = answer.category_intervals or {}
    return [
        (name, chance, intervals.get(name)) for name, chance in (answer.categories or {}).items()
    ]


def base_rate(answer: Answer) -> str:
    """Return the base rate with its reference class, empty where there is none."""
    note = answer.base_rate
    if note is None:
        return ""
    cases = "case" if note.cases == 1 else "cases"
    return f"{share(note.rate)} of {note.cases:,} {cases}: {note.reference_class}"


def credible(answer: Answer) -> str:
    """Return the 90 % credible interval of an answer's probability, empty where there is none."""
    return "" if answer.interval is None or answer.settled else interval(*answer.interval)


def monte_carlo(answer: Answer) -> str:
    """Return the Monte Carlo error: in per cent of a probability, else in the answer's unit."""
    error = answer.monte_carlo_error
    return f"{error:.2g}" if answer.quantiles else f"{100 * error:.2f} %"


def until(answer: Answer) -> str:
    """Return the days that a question is about."""
    return f"{day(answer.opens)} to {day(answer.closes)}"


def step_rows(found: Decomposition) -> list[tuple[str, ...]]:
    """Return the steps of a decomposition as rows of `STEP_COLUMNS`."""
    return [
        (
            STEP_NAMES[step.kind],
            found.reference_class or step.text if step.kind == "history" else step.text,
            percent(step.probability),
            f"{points(step.effect)} ± {100 * step.error:.1f}",
            ""
            if step.other_order is None or step.other_error is None
            else f"{points(step.other_order)} ± {100 * step.other_error:.1f}"
            + (" (differs)" if step.order_matters else ""),
        )
        for step in found.steps
    ]


def support(claim: ClaimNote) -> str:
    """Return how far the evidence supports a claim, in a sentence; empty where it is untied."""
    if claim.prior is None or claim.posterior is None:
        return claim.note
    text = (
        f"Tied to the {claim.quantity}. Probability that it holds: {percent(claim.prior)} before "
        f"the timeline, {percent(claim.posterior)} given it."
    )
    return f"{text} {claim.note[0].upper()}{claim.note[1:]}." if claim.note else text


def strongest(claim: ClaimNote) -> ClaimAnswer | None:
    """Return the answer that hangs on a claim most, where one is told for both sides."""
    told = [
        (abs(one.holds - one.fails), -place, one)
        for place, one in enumerate(claim.answers)
        if one.holds is not None and one.fails is not None
    ]
    return max(told)[2] if told else None


CLAIM_COLUMNS = ("question", "now", "if it holds", "if it does not")


def claim_rows(claim: ClaimNote) -> list[tuple[str, ...]]:
    """Return what a claim implies for each question, as rows of `CLAIM_COLUMNS`."""
    return [
        (
            answer.text,
            percent(answer.now),
            with_error(answer.holds, answer.error_holds),
            with_error(answer.fails, answer.error_fails),
        )
        for answer in claim.answers
    ]


def with_error(chance: float | None, error: float | None) -> str:
    """Return a probability with its standard error in points, a dash where there is none."""
    if chance is None:
        return "–"
    return percent(chance) if error is None else f"{percent(chance)} ± {100 * error:.1f}"


def dyad(actor: str, target: str) -> str:
    """Return "actor → target"."""
    return f"{actor} → {target}"


def at_day(curve: Curve, wanted: int) -> int | None:
    """Return the position of the last day of *curve* that is not after *wanted*, if any."""
    position = bisect_right(curve.days, wanted) - 1
    return None if position < 0 else position


def chance_by(curve: Curve, wanted: int) -> float | None:
    """Return the probability by a day; None before the curve begins or after it ends."""
    position = at_day(curve, wanted)
    if position is None or curve.days[-1] < wanted:
        return None
    return curve.probability[position]


def checkpoints(days: Sequence[int]) -> list[int]:
    """Return positions in *days* (ascending) of the days that a table shows, its last included."""
    shown = set(CHECKPOINTS) | set(days[-1:])
    return [position for position, each in enumerate(days) if each in shown]


def shown_days(curves: Sequence[Curve]) -> list[int]:
    """Return the days at which a table shows curves."""
    days = sorted({each for curve in curves for each in curve.days})
    return [days[position] for position in checkpoints(days)]


def chance_and_interval(curve: Curve, wanted: int) -> tuple[str, str]:
    """Return the probability by a day and its interval; a dash where the curve has none."""
    position = at_day(curve, wanted)
    if position is None or curve.days[-1] < wanted:
        return "–", ""
    spread = interval(curve.low[position], curve.high[position])
    return percent(curve.probability[position]), spread


def date_of(forecast: Forecast, days: int) -> date:
    """Return the date that is so many days after the as-of date."""
    return forecast.as_of + timedelta(days=days)


def front_name(forecast: Forecast, front: str) -> str:
    """Return the name of a front, its identifier where the spillover does not list it."""
    return next((each.name for each in forecast.spillover if each.front == front), front)


def weightiest(reason: Reason) -> list[TermNote]:
    """Return the terms of a reason, those that add or take most first."""
    return sorted(reason.terms, key=lambda term: -abs(term.value * term.weight))


def awaited(note: AnalogueNote) -> str:
    """Return the act that awaits an answer, as "major of 13 April 2024, 2 days ago"."""
    when = {0: "that day", 1: "a day ago"}.get(note.waited, f"{note.waited} days ago")
    how = ", not on itself or not openly" if note.indirect else ""
    return f"{note.received} of {day(note.received_on)}, {when}{how}"


def analogue_summary(note: AnalogueNote) -> str:
    """Return what the nearest past decisions led to, in a sentence."""
    return (
        f"Of the {note.cases} nearest past decisions without force by then, weighted by nearness, "
        f"{share(note.force_within_7)} used force within the next 7 days and "
        f"{share(note.force_within_30)} within 30."
    )


def analogue(case: AnalogueCase) -> tuple[str, str, str, str]:
    """Return who against whom, since when, what was received, and what was done when."""
    received = f"{case.received}, a crisis" if case.crisis else case.received
    if case.done is None:
        done = "nothing in 90 days"
    else:
        done = f"{case.done} {after_days(case.after_days or 0)}"
    return f"{case.actor} against {case.rival}", day(case.day), received, done


def after_days(days: int) -> str:
    """Return how long after something else came, as "after 2 days"."""
    return {0: "the same day", 1: "after 1 day"}.get(days, f"after {days} days")


def analogue_source(notes: Sequence[AnalogueNote]) -> str:
    """Return where the past decisions come from, in a sentence."""
    named = ", ".join(notes[0].datasets)
    if notes[0].source == "shipped":
        return (
            "No history that suffices was added here: the cases are those that ship, counted in "
            f"{named}."
        )
    return f"The cases were counted in the history added here: {named}."


def curve_names(moves: Sequence[NextMove]) -> list[str]:
    """Return the names of the curves of all moves, in order of first appearance."""
    return list(dict.fromkeys(curve.name for move in moves for curve in move.curves))


def middle(triple: Triple) -> str:
    """Return a share's 5, 50 and 95 % points as "88 % (71–95 %)"."""
    return f"{percent(triple[1])} ({interval(triple[0], triple[2])})"


def raid_rows(raid: RaidCheck) -> list[tuple[str, Triple]]:
    """Return the shares of a raid that a model expects to be stopped, by what it is told."""
    return [
        ("Expected before it was told", raid.predicted),
        ("Expected of the same raid after being told", raid.learned),
        ("Without partners in the defence", raid.without_partners),
        ("Without warning", raid.without_warning),
    ]


def war(front: Spillover) -> str:
    """Return the probability of war on a front by its curve's last day, with its interval."""
    if front.status == "at war":
        return "now"
    if not front.war.days:
        return "–"
    chance, low, high = front.war.probability[-1], front.war.low[-1], front.war.high[-1]
    return f"{percent(chance)} ({interval(low, high)})"


def ratio(triple: Triple) -> str:
    """Return a ratio's 5, 50 and 95 % points as "×1.2 (0.5–3.1)"."""
    low, mid, high = (number(value) for value in triple)
    return f"×{mid} ({low}–{high})"


def command_line(forecast: Forecast) -> str:
    """Return the command that gives this brief again; a file is where it was read."""
    ships = forecast.crisis in shipped()
    name = forecast.crisis if ships else f"{forecast.crisis}.yaml"
    arguments = [
        *("offramp", "brief", name),
        *("--as-of", forecast.as_of.isoformat()),
        *("--futures", str(forecast.futures)),
        *("--seed", str(forecast.seed)),
    ]
    if forecast.weights.file is not None:
        arguments += ["--weights", forecast.weights.file]
    return shlex.join(arguments)


def whose_weights(weights: WeightsNote) -> str:
    """Return a name for the weights, which says so where they are the user's own."""
    own = weights.file is not None
    return f"Weights of {weights.file} (not those that ship)" if own else "Weights"


def draws_note(forecast: Forecast) -> str:
    """Return what the effective sample size says, in a sentence."""
    size = number(round(forecast.effective_sample_size))
    text = f"The futures use {forecast.draws:,} draws of the weights, worth {size} independent ones"
    if forecast.tempering_steps == 0:
        return f"{text}."
    before = number(forecast.effective_sample_size_before_repair)
    steps = "step" if forecast.tempering_steps == 1 else "steps"
    return f"{text} (worth {before} before {forecast.tempering_steps} tempering {steps})."


def normal(pair: tuple[float, float]) -> str:
    """Return a mean and standard deviation in log-odds as "−0.60 ± 0.50"."""
    return f"{signed(pair[0])} ± {pair[1]:.2f}"
