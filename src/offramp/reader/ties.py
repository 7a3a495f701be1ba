"""Ties: who backs, arms or defends whom, as a sentence says it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from offramp.crisis.schema import TieKind
from offramp.reader.actors import Actor, ActorSort, actors
from offramp.reader.clauses import Sentence
from offramp.reader.context import Context

_BACKED = re.compile(r"\b(?P<giver>[A-Z][\w.]*)-(?:backed|sponsored|supported|armed|aligned)\b")
_PROXY = re.compile(r"\b(?:prox(?:y|ies)|militias?|allied groups?)\b", re.I)
_DEFENDED = re.compile(
    r"\b(?:intercept\w*|shot down|shoot\w* down|down(?:ed|ing)|showed up|came to the aid|"
    r"help(?:ed|ing)? (?:\w+ ){0,3}(?:defend|intercept|shoot|down|repel)|defended)\b",
    re.I,
)
_FRIENDS = re.compile(r"\b(?:allies|partners|friends|coalition|helped|aid)\b", re.I)


@dataclass(frozen=True, slots=True)
class FoundTie:
    """A tie that a sentence says, from giver to receiver."""

    giver: Actor
    receiver: Actor
    kind: TieKind
    start: int
    end: int
    probability: float


def ties(sentence: Sentence, context: Context) -> Iterator[FoundTie]:
    """Yield the ties that a sentence says."""
    yield from _sponsors(sentence)
    yield from _defenders(sentence, context)


def _sponsors(sentence: Sentence) -> Iterator[FoundTie]:
    """Yield sponsors: "Iran-backed X", "Iranian proxies, like X"."""
    listed = actors()
    for mention in sentence.mentions:
        group = mention.actor
        if group is None or group.sort is not ActorSort.GROUP:
            continue
        start = sentence.tokens[mention.start].start
        around = sentence.text[max(0, start - 40) : sentence.tokens[mention.end - 1].end]
        backed = _BACKED.search(around)
        giver = listed.of_name(backed["giver"]) if backed else None
        if giver is None and group.sponsor and _PROXY.search(around):
            sponsor = listed.by_id[group.sponsor]
            named = any(m.actor is sponsor for m in sentence.mentions)
            giver = sponsor if named or backed or "Iran" in around else None
        if giver is not None and giver.sort is ActorSort.STATE and group.id != "PROX":
            end = sentence.tokens[mention.end - 1].end
            yield FoundTie(giver, group, TieKind.SPONSOR, start, end, 0.85)


def _defenders(sentence: Sentence, context: Context) -> Iterator[FoundTie]:
    """Yield partners in defence: states named as having helped to stop the last attack."""
    verb = _DEFENDED.search(sentence.text)
    if verb is None or not _FRIENDS.search(sentence.text):
        return
    named = [m.actor for m in sentence.mentions if m.actor and m.actor.sort is ActorSort.STATE]
    event = context.raid({actor.id for actor in named})
    if event is None or event.target is None or event.target.sort is not ActorSort.STATE:
        return
    seen: set[str] = set()
    for actor in named:
        if actor.id in {event.target.id, event.actor.id, *seen}:
            continue
        seen.add(actor.id)
        yield FoundTie(actor, event.target, TieKind.DEFENCE_PARTNER, verb.start(), verb.end(), 0.8)
