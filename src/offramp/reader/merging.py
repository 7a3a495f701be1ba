"""One act told several times becomes one proposal; what the tellings say differently is kept."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from offramp.ladder import Level
from offramp.reader.actors import Actor
from offramp.reader.context import Event

_APART = timedelta(days=1)


def merged(events: Iterable[Event]) -> list[Event]:
    """Return the acts with those told more than once made one, in the order of the telling.

    Two tellings are one act if actor and target agree, both are war, both other force, or both
    the same other level, and their days can be the same. A telling that gives no day joins the
    last act that fits.
    """
    events = list(events)
    kept: list[Event] = []
    for event in [e for e in events if e.first or e.last] + [
        e for e in events if not (e.first or e.last)
    ]:
        same = [other for other in kept if _same(other, event)]
        if same:
            join(same[-1], event)
        else:
            kept.append(event)
    return sorted(kept, key=lambda event: event.order)


def join(one: Event, other: Event) -> None:
    """Add to an act what another telling of it says."""
    words = one.evidence[0].document if not other.evidence else other.evidence[0].document
    if other.harm is not None:
        one.add_harm(other.harm, words)
    if other.munitions:
        one.add_munitions(other.munitions, words)
    if one.share is not None and other.share is not None and one.share != other.share:
        one.disagreements.append(
            f"intercepted: {one.share_words}, but {other.share_words} in {words}"
        )
    one.share = one.share if one.share is not None else other.share
    one.share_words = one.share_words or other.share_words
    one.interceptors.update(other.interceptors)
    one.telegraphed |= other.telegraphed
    one.soil = one.soil or other.soil
    one.disagreements += [line for line in other.disagreements if line not in one.disagreements]
    if other.first is not None and (one.first is None or _narrower(other, one)):
        one.first, one.last, one.bounded = other.first, other.last, False
        one.day_words = other.day_words
    if one.level < Level.WAR and other.level > one.level:
        one.level, one.event_type = other.level, other.event_type
    one.nominal &= other.nominal
    one.order = min(one.order, other.order)
    _told_by_both(one, other)


def _told_by_both(one: Event, other: Event) -> None:
    """Give an act the evidence of two tellings, and how the surer tells it.

    Of two tellings in one document the surer stands first; else the order is that of the reports.
    """
    surer = one if one.probability >= other.probability else other
    same = one.evidence[0].document == other.evidence[0].document
    first, second = (other, one) if same and surer is other else (one, other)
    seen = {evidence.sentence for evidence in first.evidence}
    more = [evidence for evidence in second.evidence if evidence.sentence not in seen]
    again = ("told again",) if more else ()
    one.traits = tuple(dict.fromkeys((*surer.traits, *again)))
    one.evidence = [*first.evidence, *more]


def _same(one: Event, other: Event) -> bool:
    if one.target is None or other.target is None:
        return False
    if (one.actor.id, one.target.id) != (other.actor.id, other.target.id):
        return False
    war = {one.level is Level.WAR, other.level is Level.WAR}
    if len(war) == 2:
        return False
    if one.forceful != other.forceful:
        return False
    if not one.forceful and (one.level, one.event_type) != (other.level, other.event_type):
        return False
    return _days_fit(one, other)


def _days_fit(one: Event, other: Event) -> bool:
    if one.level is Level.WAR or one.last is None or other.last is None:
        return True
    if one.bounded or other.bounded:
        early, late = (one, other) if one.bounded else (other, one)
        if early.bounded and late.bounded:
            return True
        return late.first is not None and early.last is not None and late.first <= early.last
    if _told_apart(one, other):
        return False
    first, second = one.first or one.last, other.first or other.last
    return first <= other.last + _APART and second <= one.last + _APART


def _told_apart(one: Event, other: Event) -> bool:
    """Whether one report tells by two verbs what was done on two different days."""
    same = one.evidence[0].document == other.evidence[0].document
    exact = all(e.first == e.last and not e.nominal for e in (one, other))
    return same and exact and one.last != other.last


def _narrower(one: Event, other: Event) -> bool:
    if one.first is None or one.last is None or other.first is None or other.last is None:
        return one.first is not None
    return one.last - one.first < other.last - other.first


def with_sides(events: Iterable[Event], pair: tuple[Actor, Actor] | None) -> list[Event]:
    """Return the acts with both sides; where one is not named it is whom the other faces.

    An act one side of which cannot be told is left out.

    Args:
        events: of one document, in the order of the telling.
        pair: the two whom the document is about, if it is about two.
    """
    events = list(events)
    named = [e for e in events if e.target is not None]
    out = []
    for event in events:
        if event.target is None:
            if "deed" in event.basis:
                event.target = _doer(event, named)
            else:
                _infer(event, named, pair)
        if event.target is not None and event.target.id != event.actor.id:
            out.append(event)
    return out


def _doer(event: Event, named: list[Event]) -> Actor | None:
    """Return who did the deed told last before an act that condemns it."""
    before = [
        e
        for e in named
        if e.level >= Level.DISPLAY and e.actor.id != event.actor.id and e.order <= event.order
    ]
    return before[-1].actor if before else None


def _infer(event: Event, named: list[Event], pair: tuple[Actor, Actor] | None) -> None:
    """Take whom the actor faces for the target, or for the doer of what it suffered."""
    other = _opponent(event, named, pair)
    if other is None:
        return
    if "suffered" in event.basis:
        event.actor, event.target = other, event.actor
    else:
        event.target = other


def _opponent(event: Event, named: list[Event], pair: tuple[Actor, Actor] | None) -> Actor | None:
    """Return whom an actor faces: in its own acts of force, in those on it, in any, in the pair."""
    me = event.actor.id
    hostile = [e for e in named if e.level >= Level.VERBAL]
    for found in ([e for e in hostile if e.forceful], hostile):
        by_me = [e for e in found if e.actor.id == me]
        on_me = [e for e in found if e.target is not None and e.target.id == me]
        suffered = "suffered" in event.basis
        for some in (on_me, by_me) if suffered else (by_me, on_me):
            if some:
                near = min(some, key=lambda e: abs(e.order - event.order))
                return near.target if near.actor.id == me else near.actor
    if pair is None or me not in {one.id for one in pair}:
        return None
    return pair[1] if pair[0].id == me else pair[0]
