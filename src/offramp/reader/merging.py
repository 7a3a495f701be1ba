"""One act told several times becomes one proposal; what the tellings say differently is kept."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from offramp.ladder import Level
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
    seen = {evidence.sentence for evidence in one.evidence}
    one.evidence += [evidence for evidence in other.evidence if evidence.sentence not in seen]
    one.probability = max(one.probability, other.probability)


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
    first, second = one.first or one.last, other.first or other.last
    return first <= other.last + _APART and second <= one.last + _APART


def _narrower(one: Event, other: Event) -> bool:
    if one.first is None or one.last is None or other.first is None or other.last is None:
        return one.first is not None
    return one.last - one.first < other.last - other.first


def inferred_targets(events: Iterable[Event]) -> list[Event]:
    """Return the acts with targets; a noun that names none means whom its actor last fought.

    An act whose target cannot be told is left out.
    """
    events = list(events)
    out = []
    for event in events:
        if event.target is None:
            _infer(event, events)
        if event.target is not None:
            out.append(event)
    return out


def _infer(event: Event, events: list[Event]) -> None:
    """Take the target that the same actor's other attacks name, or else who attacks it."""
    named = [e for e in events if e.target is not None and e.forceful]
    by_it = [e for e in named if e.actor.id == event.actor.id]
    on_it = [e for e in named if e.target is not None and e.target.id == event.actor.id]
    if by_it:
        near = min(by_it, key=lambda e: abs(e.order - event.order))
        event.target = near.target
    elif len({e.actor.id for e in on_it}) == 1:
        event.target = on_it[0].actor
        event.probability = round(event.probability * 1.3, 3)
