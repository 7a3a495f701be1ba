"""The acts that a document tells, with their days and details."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

from offramp.ladder import Level
from offramp.reader.actors import Actor, ActorSort
from offramp.reader.acts import FoundAct, harms
from offramp.reader.cast import LISTED
from offramp.reader.clauses import Sentence, cut
from offramp.reader.context import Context, Event
from offramp.reader.dates import Days, days
from offramp.reader.dating import ANSWERS, dated, follows_after, habitual
from offramp.reader.details import harm, intercepted, munitions, telegraphed
from offramp.reader.document import Document
from offramp.reader.proposals import Evidence, HarmProposal
from offramp.reader.speech import Speaker

_DENIED = re.compile(
    r"^[^.;]{0,60}?, (?:which|but|though|although) ([A-Z][\w’' -]{2,30}?) (?:has )?den(?:ied|ies)\b"
)
_CAME = re.compile(r"\b(?:came|comes|coming|followed|follows|took place|happened)\b")


class ActTeller:
    """Tells the acts of one document's sentences, in order.

    Attributes:
        document: what is read.
        context: what has been told so far.
        default: the day with which the paragraph begins, if it does.
        running: the day of the last act of the paragraph that names one.
    """

    def __init__(self, document: Document) -> None:
        self.document = document
        self.context = Context()
        self.default: Days | None = None
        self.running: Days | None = None

    def _evidence(self, sentence: Sentence, start: int, end: int) -> Evidence:
        words = sentence.text[start:end] or sentence.text
        return Evidence(
            document=self.document.name[:600], sentence=sentence.text[:2000], words=words[:2000]
        )

    def _events(
        self, sentence: Sentence, found: list[FoundAct], who: Speaker | None
    ) -> Iterator[Event]:
        if not found:
            return
        named = [one for one in days(sentence.text, self.document.day) if not one.future]
        running = self._running(sentence)
        default = self.default or running
        found_days = [
            None if day is running and act.kind.level < Level.DENIABLE else day
            for act, day in zip(
                found, dated(sentence, found, named, default, self._anchor(sentence)), strict=True
            )
        ]
        known = [day for day in found_days if day is not None and day.exact]
        for act, day in zip(found, found_days, strict=True):
            if day is None and act.kind.level <= Level.VERBAL and habitual(sentence):
                continue
            suffered = "suffered" in act.basis
            reporter = None if act.target is not None or suffered else _reporter(act, who)
            event = Event(
                act.actor,
                act.target or reporter,
                act.kind.level,
                act.kind.event_type,
                act.traits if reporter is None else (*act.traits, "told by target"),
                [self._evidence(sentence, act.start, act.end)],
                soil=act.soil,
                nominal=act.predicate.nominal,
                order=len(self.context.events),
                basis=act.basis,
            )
            self._date(event, act, day, known, sentence)
            event.traits += (_dating(event, day),)
            if day is not None and day.exact and day.text and not act.predicate.nominal:
                self.running = replace(day, start=0, text="")
            denied = _DENIED.search(sentence.text[act.end :])
            if denied is not None and event.forceful:
                event.disagreements.append(f"{denied[1]} denies it"[:600])
            yield event

    def _running(self, sentence: Sentence) -> Days | None:
        """Return the day told last; of what goes on, all days from it to the dateline."""
        if self.running is None or not habitual(sentence):
            return self.running
        return replace(self.running, last=self.document.day)

    def _anchor(self, sentence: Sentence) -> date:
        """Return the day from which "two days after" counts where the sentence names none."""
        last = next((e for e in reversed(self.context.events) if e.forceful and e.last), None)
        if last is not None and last.last is not None and _CAME.search(sentence.text):
            return last.last
        return self.document.day

    def _date(
        self,
        event: Event,
        act: FoundAct,
        day: Days | None,
        known: list[Days],
        sentence: Sentence,
    ) -> None:
        if day is not None:
            event.first, event.day_words = day.first, day.text
            event.last = min(day.last, self.document.day)
            return
        if follows_after(sentence, act):
            event.last = min((one.first for one in known), default=self.document.day)
            event.bounded = True
            return
        before = sentence.text[: sentence.tokens[act.predicate.hit.start].start]
        answered = act.predicate.nominal and ANSWERS.search(before[-70:])
        if answered and known:
            event.last = min(one.first for one in known) - timedelta(days=1)
            event.bounded = True
        elif not act.predicate.nominal and act.predicate.finite and not habitual(sentence):
            event.first = event.last = self.document.day

    def _details(self, sentence: Sentence, new: list[Event]) -> None:
        here = [event for event in new if event.forceful]
        actors = {m.actor.id for m in sentence.mentions if m.actor is not None}
        document = self.document.name
        launched = munitions(sentence.text)
        if launched and here:
            _at(sentence, here, launched[0].launched.words).add_munitions(launched, document)
        told = harm(sentence.text)
        if told is not None:
            event = _harmed(sentence, here) if here else self.context.last_force(actors)
            event, told = self._on_whom(told, event)
            if event is not None and told != HarmProposal():
                event.add_harm(told, document)
        stopped = intercepted(sentence.text)
        if stopped is not None:
            self._intercepted(sentence, stopped.share, stopped.words, actors)
        if telegraphed(sentence.text):
            event = next(
                (e for e in reversed(self.context.events) if e.forceful and e.actor.id in actors),
                None,
            )
            if event is not None:
                event.telegraphed = True

    def _on_whom(
        self, told: HarmProposal, event: Event | None
    ) -> tuple[Event | None, HarmProposal]:
        """Return the act that did harm, and of the harm what it can have done.

        People said to be of one side were harmed by an act on that side: by the last one told, and
        by none where none is told and they are of the actor's own.
        """
        if event is None:
            return None, told
        amounts = [one for one in (told.killed, told.wounded) if one is not None]
        named = {m.actor.id for one in amounts for m in cut(one.words).mentions if m.actor}
        if event.target is not None and event.target.id in named:
            return event, told
        on_them = [e for e in self.context.events if e.forceful and e.target is not None]
        on_them = [e for e in on_them if e.target is not None and e.target.id in named]
        if on_them:
            return on_them[-1], told
        if event.actor.id not in named:
            return event, told
        return event, told.model_copy(update={"killed": None, "wounded": None})

    def _intercepted(
        self, sentence: Sentence, share: float | None, words: str, actors: set[str]
    ) -> None:
        event = self.context.raid(actors)
        if event is None:
            return
        if share is not None and event.share is None:
            event.share, event.share_words = share, words
        for mention in sentence.mentions:
            actor = mention.actor
            if actor is not None and actor.sort is ActorSort.STATE and actor.id != event.actor.id:
                before = sentence.lower[mention.start - 1] if mention.start else ""
                if before not in {"hit", "on", "at", "against", "in", "over", "from"}:
                    event.interceptors[actor.id] = None


def _dating(event: Event, day: Days | None) -> str:
    """Return how an act is dated, as a trait of it."""
    if day is not None and day.text:
        return "day named"
    return "no day" if event.last is None else "day from around"


def _reporter(act: FoundAct, who: Speaker | None) -> Actor | None:
    """Return who reports an attack that names no target: those whom it befell report it."""
    if act.predicate.nominal or who is None or who.actor is None or who.voice == "media":
        return None
    fits = who.actor.sort in LISTED and who.actor.id != act.actor.id
    return who.actor if fits else None


def _at(sentence: Sentence, here: list[Event], words: str) -> Event:
    """Return the act whose words hold others, or the first."""
    return next((event for event in here if words in event.evidence[0].words), here[0])


def _harmed(sentence: Sentence, here: list[Event]) -> Event:
    """Return the last act told before people are said to be harmed."""
    verb = next((h for h in sentence.hits if harms(h)), None)
    if verb is None:
        return here[-1]
    start = sentence.tokens[verb.start].start
    before = [e for e in here if sentence.text.find(e.evidence[0].words) <= start]
    return before[-1] if before else here[0]
