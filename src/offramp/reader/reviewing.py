"""Proposals as a person reviews them: told on one line, and with fields changed."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from pydantic import TypeAdapter, ValidationError

from offramp.crisis.problems import nearest, quoted
from offramp.crisis.schema import Stance, TieKind
from offramp.ladder import LEVEL_NAMES
from offramp.reader.proposals import (
    AbsenceProposal,
    ActProposal,
    AnyProposal,
    ClaimProposal,
    StatementProposal,
    TieProposal,
    Utterance,
    named_munitions,
)

_PROPOSAL: TypeAdapter[AnyProposal] = TypeAdapter(AnyProposal)
_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)

_MARKS = "▁▂▃▄▅▆▇█"
"""Tone from -1 to 1, in as many steps."""

_STEADY = 0.2
"""A smaller change of tone is none."""

_DAYS_SHOWN = 6

CHOICES: Mapping[str, tuple[str, ...]] = {
    "level": LEVEL_NAMES[1:],
    "stance": tuple(one.value for one in Stance),
    "tie": tuple(one.value for one in TieKind),
    "sense": ("raises", "lowers"),
}
"""Fields of proposals whose values come from a list."""

EDITABLE = (
    "first_day",
    "day",
    "actor",
    "target",
    "level",
    "soil",
    "telegraphed",
    "intercepted_share",
    "speaker",
    "stance",
    "giver",
    "tie",
    "receiver",
    "name",
    "role",
    "term",
    "about",
    "against",
    "sense",
)
"""The fields that a person may change, in the order in which they are read."""


class EditError(ValueError):
    """Changes to a proposal are refused.

    Attributes:
        problems: what is wrong, by field.
    """

    def __init__(self, problems: Mapping[str, str]) -> None:
        super().__init__("; ".join(f"{name}: {said}" for name, said in problems.items()))
        self.problems = dict(problems)


def editable(one: AnyProposal) -> dict[str, Any]:
    """Return the fields of a proposal that may be changed, with their values as JSON has them."""
    there = one.model_dump(mode="json")
    return {name: there[name] for name in EDITABLE if name in there}


def edited(one: AnyProposal, changes: Mapping[str, str]) -> AnyProposal:
    """Return a proposal with fields changed.

    A single day that is changed moves as a whole, unless the first day is changed too. A day that
    a person gives is not inferred: it is its own words.

    Args:
        one: the proposal.
        changes: new values as text, by field; an empty text takes the value away.

    Raises:
        EditError: a value does not fit its field, or there is no such field.
    """
    fields = editable(one)
    unknown = {name: nearest(name, fields, "its fields are") for name in changes.keys() - fields}
    values: dict[str, Any] = {name: text.strip() or None for name, text in changes.items()}
    if "day" in values and fields["first_day"] == fields["day"]:
        values.setdefault("first_day", values["day"])
    wrong = unknown | {name: said for name in values if (said := _misfit(name, values[name]))}
    if wrong:
        raise EditError(wrong)
    if values.keys() & {"day", "first_day"}:
        given = dict.fromkeys(values.get(name) for name in ("first_day", "day"))
        values["day_words"] = " to ".join(day for day in given if day)
    try:
        return _PROPOSAL.validate_python(one.model_dump(mode="json") | values)
    except ValidationError as error:
        found = error.errors(include_url=False)
        raise EditError({str(one["loc"][-1]): one["msg"] for one in found}) from None


def _misfit(name: str, value: str | None) -> str:
    """Return why a text cannot be the value of a field, as far as is known before validation."""
    if value is None:
        return ""
    if name in CHOICES and value not in CHOICES[name]:
        return f"unknown value {quoted(value)}; {nearest(value, CHOICES[name], 'write one of')}"
    if name in ("day", "first_day") and not _is_day(value):
        return f"{quoted(value)} is not a day; write a day as 2024-04-15"
    return ""


def _is_day(text: str) -> bool:
    try:
        return _DAY.fullmatch(text) is not None and bool(date.fromisoformat(text))
    except ValueError:
        return False


def summary(one: AnyProposal) -> str:
    """Return what a proposal says, on one line."""
    match one:
        case ActProposal():
            return f"act: {one.actor} → {one.target}, {one.level} ({one.event_type}){_details(one)}"
        case StatementProposal():
            against = f" against {one.against}" if one.against else ""
            return f"statement: {one.speaker} {one.stance.value}, about {one.about}{against}"
        case ClaimProposal():
            about = f" of {one.about}" if one.about else ""
            return f"claim: {one.name}, {one.role}: {one.term}{about} {one.sense} the risk"
        case TieProposal():
            return f"tie: {one.giver} {one.tie.value} of {one.receiver}"
        case AbsenceProposal():
            return f"no act: {one.actor} has not acted" + (
                f" on {one.target}" if one.target else ""
            )


def _details(act: ActProposal) -> str:
    parts = []
    if act.soil:
        parts.append(f"on {act.soil}")
    for one in act.munitions:
        parts.append(f"{one.launched.words} {named_munitions(one)}")
    if act.harm is not None:
        for name in ("killed", "wounded"):
            amount = getattr(act.harm, name)
            if amount is not None:
                sign = {"at_least": "≥ ", "at_most": "≤ ", "about": "about "}.get(amount.bound, "")
                parts.append(f"{name} {sign}{amount.value}")
        if act.harm.damage:
            parts.append(f"damage {act.harm.damage}")
    if act.intercepted_words:
        parts.append(f"{act.intercepted_words} intercepted")
    if act.interceptors:
        parts.append(f"intercepted by {', '.join(act.interceptors)}")
    if act.telegraphed:
        parts.append("telegraphed")
    parts += [f"disputed: {line}" for line in act.disagreements]
    return "".join(f"; {part}" for part in parts)


def when(one: AnyProposal) -> str:
    """Return the day of a proposal as a person reads it."""
    if one.day is None:
        return "no day"
    if isinstance(one, ActProposal) and one.first_day is None:
        return f"by {one.day}"
    if one.first_day is not None and one.first_day != one.day:
        return f"{one.first_day} to {one.day}"
    return str(one.day)


def tones(said: Sequence[Utterance]) -> Iterator[str]:
    """Yield a line on each voice: its mean tone, a mark and the mean for each day, the course.

    The course is told by the first and last day alone, and only where there are two.
    """
    voices: dict[tuple[str, str], list[Utterance]] = {}
    for one in sorted(said, key=lambda one: one.day):
        voices.setdefault((one.actor, one.voice), []).append(one)
    for (actor, voice), some in voices.items():
        days = {one.day: [u.tone for u in some if u.day == one.day] for one in some}
        means = {day: sum(values) / len(values) for day, values in days.items()}
        count = f"{len(some)} statement{'s' if len(some) > 1 else ''}"
        tones_said = [one.tone for one in some]
        mean = sum(tones_said) / len(some)
        low, high = min(tones_said), max(tones_said)
        apart = f" ({low:+.2f} to {high:+.2f})" if high > low else ""
        yield f"{actor} {voice}: mean {mean:+.2f}{apart}; {count}; {_course(means)}"


def _course(means: Mapping[date, float]) -> str:
    """Return the tone of each day, of many the first and last, with what becomes of it."""
    marks = "".join(_MARKS[round((tone + 1) / 2 * (len(_MARKS) - 1))] for tone in means.values())
    told = [f"{day} {tone:+.2f}" for day, tone in means.items()]
    if len(told) == 1:
        return f"{marks} {told[0]}"
    first, *_, last = means.values()
    change = last - first
    word = "steady" if abs(change) < _STEADY else "hardening" if change > 0 else "softening"
    shown = told if len(told) <= _DAYS_SHOWN else [told[0], "…", told[-1]]
    return f"{marks} {', '.join(shown)}: {word}"
