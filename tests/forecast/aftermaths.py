"""The small crisis with what came after it, for those who settle questions."""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache
from typing import Any

from hypothesis import strategies as st
from made import Deed, compiled
from small import small_crisis

from offramp.crisis.questions import (
    ActQuestion,
    FirstDayQuestion,
    FirstResponseQuestion,
    KilledNumberQuestion,
    KilledQuestion,
    Question,
    QuietQuestion,
    WarQuestion,
)
from offramp.crisis.schema import Act, Aftermath, Crisis, Resolution
from offramp.ladder import LEVEL_NAMES, Level

AS_OF = date(2024, 4, 15)
UNTIL = AS_OF + timedelta(days=90)
DIRECT = "direct"
SMALL = cache(small_crisis)


def act(day: int, level: str = "limited", **fields: Any) -> Act:
    """An act of A against B so many days after the as-of date."""
    when = AS_OF + timedelta(days=day)
    return Act(
        **{
            "kind": "act",
            "id": f"act-{day + 100}-{level}",
            "day": when,
            "known": when + timedelta(days=3),
            "source": ["wire"],
            "actor": "AAA",
            "target": "BBB",
            "front": DIRECT,
            "level": level,
            "text": "It acts.",
        }
        | fields
    )


def after(*acts: Act, until: date = UNTIL, entries: list[Resolution] | None = None) -> Crisis:
    """The small crisis with what came after it."""
    crisis = SMALL()
    aftermath = Aftermath(as_of=[AS_OF], complete_until=until, resolutions=entries or [])
    return crisis.model_copy(update={"timeline": [*crisis.timeline, *acts], "aftermath": aftermath})


def measured(crisis: Crisis, rate: float, start: int, end: int) -> Crisis:
    """A crisis in which somebody counted the attacks in the hills, in days after the as-of date."""
    hills = next(one for one in crisis.fronts if one.id == "hills")
    window = hills.tempo[0].model_copy(
        update={
            "acts_per_day": rate,
            "start": AS_OF + timedelta(days=start),
            "end": AS_OF + timedelta(days=end),
            "known": AS_OF + timedelta(days=end),
        }
    )
    front = hills.model_copy(update={"tempo": [*hills.tempo, window]})
    fronts = [one if one.id != "hills" else front for one in crisis.fronts]
    return crisis.model_copy(update={"fronts": fronts})


def entry(outcome: Any, question: str = "q") -> Resolution:
    return Resolution(
        question=question, as_of=AS_OF, outcome=outcome, source=["wire"], reason="So it was judged."
    )


CLOSE = st.integers(1, 40)
LEVELS = st.sampled_from(LEVEL_NAMES[1:])


@st.composite
def questions_of_files(draw: st.DrawFn) -> Question:
    """Any question that futures and facts count in the same way."""
    back = draw(st.none() | st.integers(0, 20))
    days = draw(CLOSE)
    common = {
        "id": "q",
        "text": "?",
        "within_days": days,
        "opened": None if back is None else AS_OF - timedelta(days=back),
    }
    event = {
        "actor": draw(st.sampled_from([None, "AAA", "BBB"])),
        "front": draw(st.sampled_from([None, DIRECT, "hills"])),
        "level": f"{draw(st.sampled_from(['>=', '<=', '=']))} {draw(LEVELS)}",
        "soil": draw(st.sampled_from([None, "AAA", "BBB"])),
        "attribution": draw(st.sampled_from([None, ["acknowledged"], ["unattributed"]])),
    }
    kind = draw(st.integers(0, 6))
    if kind == 0:
        return ActQuestion(**common, type="act", event=event)
    if kind == 1:
        return FirstDayQuestion(**common, type="first_day", event=event)
    if kind == 2:
        return WarQuestion(**common, type="war", front=DIRECT)
    if kind == 3:
        least = draw(st.integers(1, 40))
        return KilledQuestion(**common, type="killed", front=DIRECT, at_least=least)
    if kind == 4:
        return KilledNumberQuestion(**common, type="killed_number", front=DIRECT)
    if kind == 5:
        length = draw(st.integers(1, days))
        return QuietQuestion(**common, type="quiet", front=DIRECT, days=length)
    return FirstResponseQuestion(
        **common,
        type="first_response",
        actor="AAA",
        target="BBB",
        after="b-barrage",
        at_least=draw(LEVELS),
    )


@st.composite
def some_acts(draw: st.DrawFn) -> tuple[list[Act], list[Deed]]:
    """The same acts as later facts and as a future has them; war stays out of it."""
    options = compiled().options
    acts, deeds = [], []
    for number in range(draw(st.integers(0, 6))):
        place = draw(st.integers(0, len(compiled().dyads) - 1))
        dyad = compiled().dyads[place]
        mine = [
            k
            for k, one in enumerate(options)
            if (one.actor, one.target) == (dyad.actor, dyad.target)
        ]
        option = draw(st.sampled_from([-1, *mine]))
        how = {"level": Level(draw(st.integers(1, 7))).label}
        if option >= 0:
            how |= {"soil": options[option].soil, "attribution": options[option].attribution}
        day, dead = draw(st.integers(1, 45)), draw(st.integers(0, 20))
        who = {"actor": dyad.actor, "target": dyad.target, "front": dyad.front}
        acts.append(act(day, id=f"later-{number}", harm={"killed": dead}, **who, **how))
        deeds.append(Deed(day, place, Level[how["level"].upper()], float(dead), option))
    return acts, deeds
