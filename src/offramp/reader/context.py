"""What has been told so far in a document: acts with their details, and who spoke last."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date

from offramp.ladder import Level
from offramp.reader.act_probability import confidence
from offramp.reader.actors import Actor
from offramp.reader.proposals import Amount, Evidence, HarmProposal, MunitionProposal
from offramp.reader.speech import Speaker

MAJOR_MUNITIONS = 50
"""From so many munitions in one raid on, an attack is a barrage."""

MAJOR_KILLED = 100
"""From so many killed on, an attack is major, as MIE's many killed."""


@dataclass
class Event:
    """An act as it is being told, details added as they come.

    Attributes:
        traits: how it is told, from which its confidence follows.
        first: the first day on which it can have happened, or None.
        last: the last such day, or None.
        bounded: only `last` is meant: it happened some time before.
        nominal: only nouns have told it so far.
        order: where it was first told.
        basis: what of its sides is inferred, as `FoundAct.basis` says.
    """

    actor: Actor
    target: Actor | None
    level: Level
    event_type: str
    traits: tuple[str, ...]
    evidence: list[Evidence]
    first: date | None = None
    last: date | None = None
    bounded: bool = False
    day_words: str = ""
    soil: str | None = None
    nominal: bool = False
    order: int = 0
    harm: HarmProposal | None = None
    munitions: tuple[MunitionProposal, ...] = ()
    share: float | None = None
    share_words: str = ""
    interceptors: dict[str, None] = field(default_factory=dict)
    telegraphed: bool = False
    disagreements: list[str] = field(default_factory=list)
    basis: tuple[str, ...] = ()

    @property
    def probability(self) -> float:
        """How likely it is right as it stands."""
        return confidence(self.traits)

    @property
    def forceful(self) -> bool:
        """Whether it is a use of force."""
        return self.level >= Level.DENIABLE

    def add_harm(self, told: HarmProposal, document: str) -> None:
        """Add what one report says of harm; what differs is kept as a disagreement."""
        if self.harm is None:
            self.harm = told
        else:
            killed = self._amount("killed", self.harm.killed, told.killed, document)
            wounded = self._amount("wounded", self.harm.wounded, told.wounded, document)
            damage = self.harm.damage or told.damage
            if told.damage not in (None, damage):
                self.disagreements.append(
                    f"damage: {damage}, but {told.damage} in {document}"[:600]
                )
            self.harm = HarmProposal(killed=killed, wounded=wounded, damage=damage)
        self._raise()

    def add_munitions(self, told: tuple[MunitionProposal, ...], document: str) -> None:
        """Add what one report says was launched; what differs is kept as a disagreement."""
        if not self.munitions:
            self.munitions = told
        elif told and total(told) != total(self.munitions):
            self.disagreements.append(
                f"launched: {total(self.munitions)}, but {total(told)} in {document}"
            )
            if len(told) > len(self.munitions):
                self.munitions = told
        self._raise()

    def _amount(
        self, what: str, one: Amount | None, other: Amount | None, document: str
    ) -> Amount | None:
        if one is None or other is None:
            return one or other
        if one.value != other.value and not _among(one, other):
            line = (
                f"{what}: {one.words or one.value}, but {other.words or other.value} in {document}"
            )
            self.disagreements.append(line[:600])
        return max(one, other, key=lambda amount: amount.value)

    def _raise(self) -> None:
        if self.level is not Level.LIMITED:
            return
        killed = self.harm.killed.value if self.harm and self.harm.killed else 0
        if total(self.munitions) >= MAJOR_MUNITIONS or killed >= MAJOR_KILLED:
            self.level = Level.MAJOR


_SOME = re.compile(r"\b(?:child|children|girls?|boys?|bab(?:y|ies)|women|woman|civilians?)\b", re.I)


def _among(one: Amount, other: Amount) -> bool:
    """Whether the fewer are some of the more: three children of nine people."""
    fewer, more = sorted((one, other), key=lambda amount: amount.value)
    return bool(_SOME.search(fewer.words)) and not _SOME.search(more.words)


def total(munitions: tuple[MunitionProposal, ...]) -> int:
    """Return how many munitions were launched in all."""
    return sum(one.launched.value for one in munitions)


@dataclass
class Context:
    """What has been told so far in a document.

    Attributes:
        events: acts in the order of the telling.
        speaker: who spoke last.
        subject: the actor of the last sentence, whom a pronoun means.
    """

    events: list[Event] = field(default_factory=list)
    speaker: Speaker | None = None
    subject: Actor | None = None

    def last_force(self, actors: set[str]) -> Event | None:
        """Return the latest attack whose sides are among *actors*, or the last attack at all."""
        forceful = [event for event in self.events if event.forceful]
        for fit in (_both, _target, _actor):
            found = [event for event in forceful if fit(event, actors)]
            if found:
                return max(found, key=lambda event: (event.last or date.min, event.order))
        return forceful[-1] if forceful else None

    def raid(self, actors: set[str]) -> Event | None:
        """Return the last attack on one of *actors*, one whose munitions are told first."""
        on_them = [event for event in self.events if event.forceful and _target(event, actors)]
        counted = [event for event in on_them if event.munitions]
        found = counted or on_them
        return found[-1] if found else None

    def rival(self, actor: Actor, besides: Actor | None = None) -> Actor | None:
        """Return with whom an actor exchanged hostile acts last, or None."""
        for event in reversed(self.events):
            if event.level < Level.VERBAL or event.target is None:
                continue
            for one, other in ((event.actor, event.target), (event.target, event.actor)):
                if one.id == actor.id and (besides is None or other.id != besides.id):
                    return other
        return None


def _both(event: Event, actors: set[str]) -> bool:
    return _actor(event, actors) and _target(event, actors)


def _target(event: Event, actors: set[str]) -> bool:
    return event.target is not None and event.target.id in actors


def _actor(event: Event, actors: set[str]) -> bool:
    return event.actor.id in actors
