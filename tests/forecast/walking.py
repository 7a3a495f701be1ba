"""Questions read from futures one by one, in plain loops: what the arrays are held against."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from math import ceil

from offramp.crisis.schema import Act, Crisis
from offramp.engine.ensemble import Futures
from offramp.forecast.asking import language
from offramp.forecast.asking.language import Clause, HowMany, When, Whether
from offramp.ladder import LEVEL_NAMES

NEVER = 10**9
END_OF_DAY = 10**6
FIGHTING = END_OF_DAY - 1

Moment = tuple[int, int]
"""Day after the as-of date, and place within it."""


@dataclass
class Deed:
    """An act of one story."""

    day: int
    place: int
    actor: str
    target: str
    front: str
    level: int
    soil: str | None
    attribution: str
    killed: float


@dataclass
class Story:
    """What happened before the as-of date and in one future, day by day."""

    as_of: date
    deeds: list[Deed]
    attacks: dict[str, list[float]]
    toll: dict[str, list[float]]
    war_days: dict[str, list[int]]
    horizon: int
    number: int
    crisis: Crisis

    def week(self, table: dict[str, list], front: str, day: int) -> float:
        return table[front][(day - 1) // 7]


def known(crisis: Crisis) -> list[Deed]:
    acts = sorted((a for a in crisis.timeline if isinstance(a, Act)), key=lambda act: act.day)
    return [
        Deed(
            (act.day - crisis.as_of).days,
            place,
            act.actor,
            act.target,
            act.front,
            LEVEL_NAMES.index(act.level),
            act.soil,
            act.attribution.value,
            float(act.harm.killed if act.harm else 0),
        )
        for place, act in enumerate(acts)
    ]


def stories(futures: Futures) -> list[Story]:
    compiled = futures.compiled
    past = known(compiled.crisis)
    out = []
    for row in range(futures.count):
        deeds = list(past)
        for place in range(int(futures.start[row]), int(futures.start[row + 1])):
            dyad = compiled.dyads[futures.dyad[place]]
            number = int(futures.option[place])
            option = compiled.options[number] if number >= 0 else None
            deeds.append(
                Deed(
                    int(futures.day[place]),
                    place - int(futures.start[row]),
                    dyad.actor,
                    dyad.target,
                    dyad.front,
                    int(futures.level[place]),
                    option.soil if option else None,
                    option.attribution.value if option else "acknowledged",
                    float(futures.killed[place]),
                )
            )
        tables = [
            {front: table[row, k].tolist() for k, front in enumerate(compiled.fronts)}
            for table in (futures.attacks, futures.toll, futures.war_days)
        ]
        number = int(futures.number[row])
        out.append(
            Story(compiled.crisis.as_of, deeds, *tables, futures.horizon, number, compiled.crisis)
        )
    return out


def at_level(level: int, bound: str) -> bool:
    operator, name = bound.split()
    rung = LEVEL_NAMES.index(name)
    return {">=": level >= rung, "<=": 1 <= level <= rung, "=": level == rung}[operator]


def matches(deed: Deed, event: language.ActEvent) -> bool:
    return (
        at_level(deed.level, event.level)
        and event.actor in (None, deed.actor)
        and event.target in (None, deed.target)
        and event.front in (None, deed.front)
        and event.soil in (None, deed.soil)
        and (event.attribution is None or deed.attribution in event.attribution)
    )


def war_of(story: Story, front: str, pair: set[str], alone: bool) -> set[int]:
    """Days at war of two, from their first act of war on: of each week its first ones."""
    wars = [d for d in story.deeds if d.front == front and d.level == 8]
    own = [d.day for d in wars if {d.actor, d.target} == pair]
    first = min((day for day in own if day >= 1), default=NEVER)
    if alone or any(day < 1 for day in own):  # then a war that is under way is theirs
        under_way = moments(story, language.War(front), 1)[:1] == [(1, -1)]
        first = 1 if under_way or any(d.day == 1 for d in wars) else first
    days = set()
    for week, count in enumerate(story.war_days[front]):
        opens = max(7 * week + 1, first)
        if opens == first and first <= 7 * week + 7:
            count = max(count, 1)
        days |= {day for day in range(opens, opens + count) if day <= 7 * week + 7}
    return days


def attacks_on(story: Story, front: str, ways: int) -> set[int]:
    """Days of attacks that count: one in so many, from the first that dice give on."""
    chance = (story.number + 1) * ((5**0.5 - 1) / 2) % 1
    needed = 1
    while ways > 1 and chance < (1 - 1 / ways) ** needed:
        needed += 1
    days, number = set(), 0
    for week, attacks in enumerate(story.attacks[front]):
        for k in range(1, int(attacks) + 1):
            number += 1
            if number >= needed and (number - needed) % ways == 0:
                days.add(7 * week + ceil(7 * k / (attacks + 1)))
    return days


def fighting(story: Story, event: language.ActEvent) -> set[int]:
    """Days of fighting that no act tells, and that an event asks for."""
    if event.soil is not None or "acknowledged" not in (event.attribution or ["acknowledged"]):
        return set()
    days: set[int] = set()
    for front in story.crisis.fronts:
        if event.front not in (None, front.id):
            continue
        asked = {event.actor, event.target} - {None}
        pairs = [set(pair) for pair in front.pairs if asked <= set(pair)]
        reaches = [rung for rung in range(9) if at_level(rung, event.level)]
        if 8 in reaches:
            for pair in pairs:
                days |= war_of(story, front.id, pair, len(front.pairs) == 1)
        asking = [
            way
            for one, other in front.pairs
            for way in ((one, other), (other, one))
            if event.actor in (None, way[0]) and event.target in (None, way[1])
        ]
        if 6 in reaches and asking:
            days |= attacks_on(story, front.id, round(2 * len(front.pairs) / len(asking)))
    return days


def killed_by(story: Story, front: str, since: int, day: int) -> float:
    total = sum(d.killed for d in story.deeds if d.front == front and since <= d.day <= day)
    for week, toll in enumerate(story.toll[front]):
        total += toll * min(max(day - 7 * week, 0), 7) / 7
    return total


def moments(story: Story, event: language.Event, since: int) -> list[Moment]:
    match event:
        case language.Acts(wanted):
            told = [(d.day, d.place) for d in story.deeds if d.day >= since and matches(d, wanted)]
            days = {day for day in fighting(story, wanted) if day >= since}
            return sorted(told + [(day, FIGHTING) for day in days - {day for day, _ in told}])
        case language.War(front):
            acts = [
                (d.day, d.place)
                for d in story.deeds
                if d.front == front and d.level == 8 and d.day >= since
            ]
            first = min((day for day, _ in acts if day >= 1), default=NEVER)
            # A week with more days at war than from its first act of war on began at war.
            going_on = story.war_days[front][0] > max(min(7, story.horizon) - first + 1, 0)
            if going_on and not any(day <= 1 for day, _ in acts):
                return [(1, -1)]
            return [min(acts)] if acts else []
        case language.Killed(front, at_least):
            for day in range(since, story.horizon + 1):
                if killed_by(story, front, since, day) >= at_least:
                    return [(day, END_OF_DAY)]
            return []
        case language.Quiet(front, days):
            ends, run = [], 0
            for day in range(since, story.horizon + 1):
                force = any(d.day == day and d.front == front and d.level >= 5 for d in story.deeds)
                if day >= 1:
                    force |= story.week(story.attacks, front, day) > 0
                    force |= story.week(story.war_days, front, day) > 0
                run = 0 if force else run + 1
                if run == days:
                    ends.append((day, END_OF_DAY))
            return ends
        case language.Either(events):
            return sorted({m for one in events for m in moments(story, one, since)})
        case language.After(one, trigger, within):
            triggers = moments(story, trigger, since)
            return [
                m
                for m in moments(story, one, since)
                if any(t < m and (within is None or m[0] - t[0] <= within) for t in triggers)
            ]
        case language.Before(one, other):
            others = moments(story, other, since)
            return [m for m in moments(story, one, since) if not any(o <= m for o in others)]
        case language.Times(one, count):
            return sorted(moments(story, one, since))[count - 1 :]
    raise AssertionError(event)


def window(story: Story, clause: Clause | When | HowMany) -> tuple[int, int]:
    if clause.window.by is not None:
        close = (clause.window.by - story.as_of).days
    else:
        close = clause.window.within_days
    opened = clause.window.since or story.as_of + timedelta(days=1)
    return (opened - story.as_of).days, close


def true(story: Story, statement: language.Statement) -> bool:
    match statement:
        case Clause(event):
            opens, close = window(story, statement)
            return any(day <= close for day, _ in moments(story, event, opens))
        case language.Not(inner):
            return not true(story, inner)
        case language.All(parts):
            return all(true(story, part) for part in parts)
        case language.AnyOf(parts):
            return any(true(story, part) for part in parts)
    raise AssertionError(statement)


def read(story: Story, asked: language.Asked) -> float:
    """Return 1 or 0, a day (`NEVER` if none), or a number."""
    if isinstance(asked, Whether):
        return float(true(story, asked.statement))
    opens, close = window(story, asked)
    if isinstance(asked, When):
        found = [day for day, _ in moments(story, asked.event, opens) if day <= close]
        return min(found, default=NEVER)
    if asked.of == "killed":
        return killed_by(story, asked.subject, opens, close)
    if asked.of == "days of war":
        weeks = enumerate(story.war_days[asked.subject])
        return sum(days * min(max(close - 7 * week, 0), 7) / 7 for week, days in weeks)
    found = [day for day, _ in moments(story, asked.subject, opens) if day <= close]
    return len(found) if asked.of == "times" else len(set(found))
