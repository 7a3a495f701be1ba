"""The forms in which an act or a statement is typed, and what they become in a crisis file.

A form checks nothing by itself: what was typed becomes an entry, the crisis file with that entry
is checked as any other, and each problem is led back to the field that it is about.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from offramp.choice.terms import claimable_terms
from offramp.crisis.explaining import as_identifier
from offramp.crisis.parts import Attribution
from offramp.crisis.problems import CrisisError, Problem
from offramp.crisis.schema import Crisis, MunitionClass, Stance
from offramp.ladder import LEVEL_MEANINGS, Level
from offramp.reader.document import visible
from offramp.reader.entries import Entry
from offramp.reader.writing import added

Typed = Mapping[str, str]
"""What was typed, by the name of the field."""

_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_WHOLE = re.compile(r"-?\d{1,15}", re.ASCII)
_SHARE = re.compile(r"\d{0,9}\.\d{1,9}|\d{1,9}", re.ASCII)
_DAMAGE = ("none", "light", "moderate", "heavy")


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a form.

    Attributes:
        name: as the form sends it; where the crisis file has such a field, its name there.
        label: what a person reads.
        kind: text, long, day, number, choice or tick.
        hint: what to write, and what the field means.
        choices: values of a choice with their labels.
        required: whether the file needs it.
    """

    name: str
    label: str
    kind: str = "text"
    hint: str = ""
    choices: tuple[tuple[str, str], ...] = ()
    required: bool = False


@dataclass(frozen=True, slots=True)
class Group:
    """Fields that belong together, under a title; folded where they are seldom needed."""

    title: str
    fields: tuple[Field, ...]
    folded: bool = False


class FieldError(ValueError):
    """What was typed cannot be written.

    Attributes:
        problems: field and what is wrong with it, in the order found; an empty field stands for
            the whole form.
    """

    def __init__(self, problems: list[tuple[str, str]]) -> None:
        super().__init__("; ".join(f"{name}: {said}" for name, said in problems))
        self.problems = problems


def groups(kind: str, crisis: Crisis) -> list[Group]:
    """Return the form of a kind of fact: ``act`` or ``statement``."""
    fields = _act_groups(crisis) if kind == "act" else _statement_groups(crisis)
    return [*fields, _source_group(crisis)]


def with_fact(
    kind: str, typed: Typed, crisis: Crisis, content: bytes, name: str
) -> tuple[str, str]:
    """Return the text of a crisis file with a fact in it, and the fact's id.

    Args:
        kind: ``act`` or ``statement``.
        typed: what was typed into its form.
        crisis: what the file holds.
        content: of the file.
        name: the file, for problems.

    Raises:
        FieldError: the fact would be a problem in the file.
        CrisisError: the file itself cannot take it.
    """
    sources = dict(_new_source(typed, crisis))
    entry: Entry = _act(typed) if kind == "act" else _statement(typed)
    entry["id"] = _free(_wanted(entry), {one.id for one in crisis.timeline})
    cited = [*filter(None, [_text(typed, "source")]), *sources]
    ticked = {"disputed": True} if typed.get("disputed") else {}
    fact: Entry = {"kind": kind} | _present(entry) | {"source": cited} | ticked
    try:
        text = added(content, name, {"timeline": [fact]}, sources, claimable_terms())
    except CrisisError as error:
        place = f"timeline[{len(crisis.timeline)}]"
        rows = [one["type"] for one in fact.get("munitions", [])]
        found = [_led_back(one, place, rows) for one in error.problems]
        if not typed.get("known"):  # it is the day, where the day is told
            found = [one for one in found if one[0] != "known"]
        raise FieldError(list(dict.fromkeys(found))) from None
    return text, str(entry["id"])


# --- The fields


def _act_groups(crisis: Crisis) -> list[Group]:
    actors = _actors(crisis)
    fronts = tuple((front.id, front.name) for front in crisis.fronts)
    levels = tuple(
        (level.label, f"{level.label}: {LEVEL_MEANINGS[level]}")
        for level in Level
        if level is not Level.HOLD
    )
    attribution = tuple((one.value, one.value) for one in Attribution)
    options = tuple((one.id, f"{one.text} ({one.id})") for one in crisis.options)
    who = (
        Field("actor", "Who did it", "choice", choices=actors, required=True),
        Field("target", "To whom", "choice", choices=actors, required=True),
        Field("front", "On which front", "choice", choices=fronts, required=True),
        Field("level", "Level", "choice", "What was done.", levels, required=True),
        Field("text", "What happened", "long", "One or two sentences.", required=True),
    )
    detail = (
        Field("soil", "On whose territory", "choice", choices=actors),
        Field("attribution", "Who is known to have done it", "choice", choices=attribution),
        Field("through", "Through which proxy", "choice", choices=actors),
        Field("option", "Option of the file", "choice", choices=options),
        Field("telegraphed", "Announced, or seen coming by hours", "tick"),
        Field("crisis_trigger", "It triggers a crisis: basic values, little time", "tick"),
    )
    damage = tuple((one, one) for one in _DAMAGE)
    harm = (
        Field("harm.killed", "Killed", "number", "People of the target."),
        Field("harm.wounded", "Wounded", "number"),
        Field("harm.damage", "Damage", "choice", choices=damage),
    )
    return [
        Group("The act", (*_days(), *who)),
        Group("Place, author and kind", detail, folded=True),
        Group("Harm", harm, folded=True),
        Group("Munitions, as the defender claims", tuple(_munition_fields()), folded=True),
    ]


def _munition_fields() -> Iterator[Field]:
    for one in MunitionClass:
        for what in ("launched", "intercepted"):
            label = f"{one.value.capitalize()}: {what}"
            yield Field(f"munitions.{one.value}.{what}", label, "number")
    hint = "Of all that was launched, from 0 to 1, as 0.99."
    yield Field("intercepted_share", "Share intercepted", "number", hint)


def _statement_groups(crisis: Crisis) -> list[Group]:
    actors = _actors(crisis)
    stances = tuple((one.value, one.value.replace("_", " ")) for one in Stance)
    said = "Concluded and threat are said to a rival, the others of a client, partner or proxy."
    about = "The rival, or the client, partner or proxy."
    against = "The rival against whom a patron restrains or joins."
    fields = (
        Field("speaker", "Who said it", "choice", choices=actors, required=True),
        Field("stance", "Stance", "choice", said, stances, required=True),
        Field("about", "About whom", "choice", about, actors, required=True),
        Field("against", "Against whom", "choice", against, actors),
        Field("text", "What was said", "long", "One or two sentences.", required=True),
    )
    return [Group("The statement", (*_days(), *fields))]


def _days() -> tuple[Field, ...]:
    known = "The first day on which this was public; empty means the same day."
    return (
        Field("day", "Day", "day", "In the theatre’s time, as 2024-04-15.", required=True),
        Field("known", "Known since", "day", known),
    )


def _source_group(crisis: Crisis) -> Group:
    there = tuple(
        (name, f"{one.publisher}: {one.title} ({one.date})")
        for name, one in sorted(crisis.sources.items(), key=lambda pair: pair[1].date, reverse=True)
    )
    fields = (
        Field("source", "A source of the file", "choice", choices=there),
        Field("new.title", "Or a new one: title"),
        Field("new.publisher", "Its publisher"),
        Field("new.date", "Its date", "day"),
        Field("new.url", "Its address", hint="It begins with https://."),
        Field("disputed", "Good sources disagree", "tick"),
    )
    return Group("Source", fields)


def _actors(crisis: Crisis) -> tuple[tuple[str, str], ...]:
    return tuple((one.id, f"{one.name} ({one.id})") for one in crisis.actors)


# --- What was typed, as an entry


def _act(typed: Typed) -> Entry:
    words = ("actor", "target", "front", "level", "text", "soil", "attribution", "through")
    harm = {
        "killed": _number(typed, "harm.killed"),
        "wounded": _number(typed, "harm.wounded"),
        "damage": _text(typed, "harm.damage"),
    }
    return {
        **_dated(typed),
        **{name: _text(typed, name) for name in (*words, "option")},
        "harm": _present(harm),
        "munitions": list(_munitions(typed)),
        "intercepted_share": _share(typed),
        "telegraphed": bool(typed.get("telegraphed")),
        "crisis_trigger": bool(typed.get("crisis_trigger")),
    }


def _munitions(typed: Typed) -> Iterator[Entry]:
    for one in MunitionClass:
        counts = {
            what: _number(typed, f"munitions.{one.value}.{what}")
            for what in ("launched", "intercepted")
        }
        if _present(counts):
            yield {"type": one.value} | _present(counts)


def _statement(typed: Typed) -> Entry:
    words = ("speaker", "stance", "about", "against", "text")
    return {**_dated(typed), **{name: _text(typed, name) for name in words}}


def _dated(typed: Typed) -> Entry:
    day = _day(typed, "day")
    return {"day": day, "known": _day(typed, "known") or day}


def _new_source(typed: Typed, crisis: Crisis) -> Iterator[tuple[str, Entry]]:
    source = {
        "title": _text(typed, "new.title"),
        "publisher": _text(typed, "new.publisher"),
        "date": _day(typed, "new.date"),
        "url": _text(typed, "new.url"),
    }
    if _present(source):
        words = as_identifier(f"{source['publisher']} {source['title']}")[:40].strip("-")
        yield _free(words or "source", crisis.sources), _present(source)


def _wanted(entry: Entry) -> str:
    who = (entry.get("actor"), entry.get("target"), entry.get("level"))
    said = (entry.get("speaker"), entry.get("stance"))
    day = entry["day"]
    month_day = f"{day:%m%d}" if isinstance(day, date) else ""
    parts = [*filter(None, who), *filter(None, said), month_day]
    return as_identifier(" ".join(parts))[:56].strip("-") or "fact"


def _free(wanted: str, taken: Collection[str]) -> str:
    name, number = wanted, 1
    while name in taken:
        number += 1
        name = f"{wanted}-{number}"
    return name


def _present(entry: Entry) -> Entry:
    """Return what was filled in of an entry; a count of nothing is something."""
    return {
        name: value for name, value in entry.items() if value or (value is not False and value == 0)
    }


def _text(typed: Typed, name: str) -> str:
    return visible(typed.get(name, ""))


def _day(typed: Typed, name: str) -> date | str:
    """Return a day, or what was typed where it is none: the check says so."""
    text = _text(typed, name)
    try:
        return date.fromisoformat(text) if _DAY.fullmatch(text) else text
    except ValueError:
        return text


def _number(typed: Typed, name: str) -> int | str:
    text = _text(typed, name)
    return int(text) if _WHOLE.fullmatch(text) else text


def _share(typed: Typed) -> float | str:
    text = _text(typed, "intercepted_share")
    return float(text) if _SHARE.fullmatch(text) else text


# --- What is wrong, by field


def _led_back(problem: Problem, place: str, rows: list[str]) -> tuple[str, str]:
    """Return the form's field that a problem of the file is about, and what is wrong with it."""
    said = _said(problem)
    if problem.field.startswith(f"{place}."):
        return _form_name(problem.field[len(place) + 1 :], rows), said
    match = re.fullmatch(r"sources\.[\w-]+(?:\.(title|publisher|date|url))?", problem.field)
    if match:
        return f"new.{match[1] or 'title'}", said
    return "", said


def _said(problem: Problem) -> str:
    """Return a problem in words that fit a form: nobody writes keys or quotes there."""
    if problem.message == "missing":
        return "this is needed"
    if problem.field.endswith(".source") and problem.message.startswith("needs at least"):
        return "choose a source of the file, or name a new one"
    fix = problem.fix.removesuffix(", without quotes")
    return "; ".join(part for part in (problem.message, fix) if part)


def _form_name(path: str, rows: list[str]) -> str:
    munition = re.match(r"munitions\[(\d+)\](?:\.(launched|intercepted))?", path)
    if munition:
        return f"munitions.{rows[int(munition[1])]}.{munition[2] or 'launched'}"
    return "source" if path.startswith("source") else path
