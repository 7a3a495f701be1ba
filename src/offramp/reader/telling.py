"""One document told sentence by sentence: acts, stances, claims, ties and what has not happened."""

from __future__ import annotations

import itertools
import re
from collections.abc import Collection, Iterator
from dataclasses import replace
from datetime import date

from offramp.crisis.schema import Stance
from offramp.ladder import Level
from offramp.reader.act_lexicon import ActKind, act_lexicon
from offramp.reader.act_telling import ActTeller
from offramp.reader.actors import Actor
from offramp.reader.acts import FoundAct, acts
from offramp.reader.cast import LISTED, Cast, home_of, leading_pair
from offramp.reader.claims import FALLBACK_TERM, sense_of, term_of
from offramp.reader.clauses import Sentence, cut
from offramp.reader.context import Event
from offramp.reader.dates import days
from offramp.reader.dating import (
    heading_day,
)
from offramp.reader.document import Document, without_place
from offramp.reader.proposals import Evidence
from offramp.reader.sentences import is_prose, sentences
from offramp.reader.speech import SAY, Speaker, expert, is_person, joined, quotes, speaker
from offramp.reader.statements import OF_CLIENT, FoundStatement, statements
from offramp.reader.tenor import utterance, verbal_act
from offramp.reader.ties import ties
from offramp.reader.told import FoundClaim, Told

_ABSENT = re.compile(
    r"\b(?:has|have|had)(?: not|n['’]t)? (?:yet )?(?:to )?(?:not )?(?:yet )?"
    r"(?P<verb>respond(?:ed)?|retaliat(?:e|ed)|answer(?:ed)?|str(?:ike|uck) back|react(?:ed)?|"
    r"attack(?:ed)?)\b",
    re.I,
)
_SAID = re.compile(rf"\b(?:{'|'.join(sorted(SAY))})\b(?: [\w’']+){{0,4}} $")
"""Words before the day on which something was said, as "told reporters on"."""

_OPENING = 3
"""A subject begins within so many words."""

_STATEMENT = re.compile(
    r"^(?:joint |press |official )?(?:statement|remarks|communiqu|declaration|release|address)",
    re.I,
)


def tell(document: Document, terms: Collection[str]) -> Told:
    """Return what a document tells.

    Args:
        document: the text with its dateline.
        terms: the names that claims may be tied to; none are proposed if it is empty.
    """
    return _Teller(document, terms).tell()


class _Teller(ActTeller):
    """Keeps the context of one document while it is told."""

    def __init__(self, document: Document, terms: Collection[str]) -> None:
        super().__init__(document)
        self.terms = terms
        self.told = Told(events=self.context.events)
        self.unsaid = ("", "")
        self.quote_open = False
        self.quoted = False
        self.author = _author(document)
        self.cast = Cast(
            leading_pair((document.title, *document.paragraphs)),
            self.author.actor if self.author is not None else None,
            home_of(document.paragraphs[:3]),
        )

    def tell(self) -> Told:
        for paragraph in self.document.paragraphs:
            if not is_prose(paragraph):
                continue
            self.default = heading_day(paragraph, self.document.day)
            self.quote_open = False
            self.running = None
            for _, text in sentences(without_place(paragraph)):
                self.told.sentences += 1
                self._sentence(text)
        self.told.pair = self.cast.pair
        return self.told

    def _sentence(self, text: str) -> None:
        sentence = cut(text, act_lexicon())
        inside = self._inside_quote(text)
        self.quoted = inside or self.quote_open
        self.cast.subject = self.context.subject
        who = self._speaker(sentence)
        self.cast.learn(sentence)
        self.cast.speaker = who.actor if who is not None else None
        found = [] if inside else acts(sentence, self.cast)
        new = list(self._events(sentence, found, who))
        self.context.events += new
        self._details(sentence, new)
        stated = statements(sentence, who)
        self._statements(sentence, stated, who)
        self._claim(sentence, who)
        for tie in ties(sentence, self.context):
            self.told.ties.append((tie, self._evidence(sentence, tie.start, tie.end)))
        self._absence(sentence)
        self._tenor(sentence, who, stated, new)
        self._remember(sentence, who, found)

    def _tenor(
        self,
        sentence: Sentence,
        who: Speaker | None,
        stated: list[FoundStatement],
        new: list[Event],
    ) -> None:
        day = self.document.day
        if who is not None and who.actor is not None:
            stances = [one.stance for one in stated if one.speaker.id == who.actor.id]
            tone = utterance(sentence, who, day, stances)
            self.told.tenor += [tone] if tone is not None else []
            return
        for event in new:
            if event.level <= Level.VERBAL:
                said = event.last or day
                self.told.tenor.append(
                    verbal_act(event.actor, event.event_type, said, sentence.text)
                )

    def _inside_quote(self, text: str) -> bool:
        """Whether a sentence begins inside a quotation opened in one before it."""
        inside = self.quote_open
        opened, closed = text.count("“"), text.count("”")
        if opened != closed:
            self.quote_open = opened > closed
        return inside

    def _speaker(self, sentence: Sentence) -> Speaker | None:
        who = speaker(sentence)
        if who is not None and who.actor is None and not who.mention.pronoun:
            meant = self.cast.of(sentence, who.mention)
            official = who.mention.role in {"government", "forces"}
            if meant is None and official and not who.role:
                meant = self.cast.ruler(sentence, who.mention, None)
            who = replace(who, actor=meant)
        if who is not None and who.mention.pronoun and self.author is None:
            return self.context.speaker
        if who is None and (self.quoted or _all_quoted(sentence.text)):
            return self.context.speaker
        if self.author is not None and (who is None or who.mention.pronoun):
            own = {"we", "our", "us"} & set(sentence.lower)
            return self.author if own or self._of_itself(sentence) else who
        return who

    def _of_itself(self, sentence: Sentence) -> bool:
        """Whether a sentence of a government's own statement begins with that government."""
        first = sentence.mentions[0] if sentence.mentions else None
        if first is None or first.start > _OPENING or self.author is None:
            return False
        meant = self.cast.of(sentence, first)
        return meant is not None and meant == self.author.actor

    def _remember(self, sentence: Sentence, who: Speaker | None, found: list[FoundAct]) -> None:
        if who is not None:
            self.context.speaker = who
        if found:
            self.context.subject = found[0].actor
        else:
            first = next((m for m in sentence.mentions if not m.pronoun), None)
            if first is not None and first.start <= 3 and first.actor is not None:
                self.context.subject = first.actor if first.actor.sort in LISTED else None

    # --- words

    def _statements(
        self, sentence: Sentence, found: list[FoundStatement], who: Speaker | None
    ) -> None:
        for one in map(self._between_rivals, self._both(sentence, found)):
            about = one.about
            if one.stance in {Stance.CONCLUDED, Stance.UNDECIDED}:
                about = self.context.rival(one.speaker) or about or self.cast.rival(one.speaker)
            elif about is None and one.stance is Stance.WILL_DEFEND:
                about = self._attacked(one.speaker)
            elif about is None and one.stance not in OF_CLIENT:
                about = self.context.rival(one.speaker)
            if about is None or about.id == one.speaker.id:
                continue
            against = one.against
            if one.stance in _NEEDS_RIVAL and against is None:
                against = self.context.rival(about, one.speaker)
            named = [d for d in days(sentence.text, self.document.day) if not d.future and d.exact]
            said = [d for d in named if _SAID.search(sentence.text[: d.start])] or named
            day = said[0].last if said else self.default.last if self.default else None
            day = min(day or self.document.day, self.document.day)
            evidence = self._evidence(sentence, one.start, one.end)
            self.told.statements.append(
                (
                    replace(one, about=about, against=against),
                    who,
                    day,
                    evidence,
                )
            )
            if one.stance is Stance.THREAT:
                self._threat(one, about, day, said[0].text if said else "", evidence)

    def _both(self, sentence: Sentence, found: list[FoundStatement]) -> Iterator[FoundStatement]:
        """Yield stances; one said of "both sides" is said of each."""
        for one in found:
            pair = self.cast.both(sentence.text) if one.stance is Stance.RESTRAIN else None
            sides = list(pair or ()) or _named_together(sentence, one)
            if one.stance is not Stance.RESTRAIN or len(sides) < 2:
                yield one
            elif all(side is not None and side.id != one.speaker.id for side in sides):
                for side, other in (sides, reversed(sides)):
                    yield replace(one, about=side, against=other)

    def _attacked(self, speaker: Actor) -> Actor | None:
        """Return who was attacked last, whom an ally who names nobody stands by."""
        targets = [e.target for e in self.context.events if e.forceful and e.target is not None]
        return targets[-1] if targets and targets[-1].id != speaker.id else None

    def _between_rivals(self, one: FoundStatement) -> FoundStatement:
        """A warning from somebody who uses force or shows it is a threat, not restraint."""
        hostile = any(
            event.level >= Level.DISPLAY
            and event.target is not None
            and {event.actor.id, event.target.id} == {one.speaker.id, one.about.id}
            for event in self.context.events
            if one.about is not None
        )
        if hostile and one.stance is Stance.RESTRAIN:
            return replace(one, stance=Stance.THREAT, against=None)
        return one

    def _threat(
        self, one: FoundStatement, about: Actor, day: date, words: str, evidence: Evidence
    ) -> None:
        """A public threat is an act of words too, because the actor chose to make it."""
        kind = ActKind(Level.VERBAL, "THREATEN")
        self.context.events.append(
            Event(
                one.speaker,
                about,
                kind.level,
                kind.event_type,
                ("one", "level verbal", "stance"),
                [evidence],
                first=day,
                last=day,
                day_words=words,
                order=len(self.context.events),
            )
        )

    def _claim(self, sentence: Sentence, who: Speaker | None) -> None:
        said = quotes(sentence.text)
        if self.quoted and not said and who is not None:
            said = [sentence.text]
        if who is None or not said or not self.terms:
            return
        person = is_person(who.mention) or bool(who.role)
        if not person or not (expert(who) or who.actor is None) or not who.role:
            return
        quote = joined(said).strip('“”" ')
        if self.unsaid[0] == who.name:
            quote = f"{self.unsaid[1]} {quote}"
        self.unsaid = ("", "")
        if len(quote.split()) < 5:
            return
        sense = sense_of(quote)
        if sense is None:
            self.unsaid = (who.name, quote[:1000])
            return
        term = term_of(quote, self.terms)
        sure = term is not None
        about = _about(quote)
        evidence = self._evidence(sentence, 0, len(sentence.text))
        self.told.claims.append(
            FoundClaim(
                who.name,
                who.role,
                quote[:2000],
                term or FALLBACK_TERM,
                sense,
                about,
                evidence,
                sure,
            )
        )

    def _absence(self, sentence: Sentence) -> None:
        if not ("not" in sentence.lower or "yet" in sentence.lower):
            return
        match = _ABSENT.search(sentence.text)
        if match is None or not re.search(r"\bnot|n['’]t|yet to\b", match[0], re.I):
            return
        before = [
            m
            for m in sentence.mentions
            if sentence.tokens[m.end - 1].end <= match.start() and m.actor is not None
        ]
        if before and before[-1].actor is not None and before[-1].actor.sort in LISTED:
            actor = before[-1].actor
            evidence = self._evidence(sentence, match.start(), match.end())
            self.told.absences.append((actor, self.context.rival(actor), evidence))


def _named_together(sentence: Sentence, one: FoundStatement) -> list[Actor]:
    """Return of whom and against whom a stance is said if the two are joined: "Iran and Iraq"."""
    if one.about is None or one.against is None:
        return []
    for mention, following in itertools.pairwise(sentence.mentions):
        actors = (mention.actor, following.actor)
        gap = set(sentence.lower[mention.end : following.start])
        if (
            "and" in gap
            and gap <= {"and", "the", "both"}
            and set(actors) == {one.about, one.against}
        ):
            return [one.about, one.against]
    return []


def _all_quoted(text: str) -> bool:
    """Whether a sentence is nothing but somebody's words."""
    return text[:1] in {"“", '"'} and text.rstrip()[-1:] in {"”", '"'}


_NEEDS_RIVAL = frozenset(
    {Stance.RESTRAIN, Stance.REFUSE_TO_JOIN, Stance.GO_AHEAD, Stance.WILL_JOIN}
)


def _about(quote: str) -> Actor | None:
    """Return of whom a quote speaks most: who is named most often, the last of equals."""
    named = [m.actor for m in cut(quote).mentions if m.actor is not None and m.actor.sort in LISTED]
    if not named:
        return None
    return max(named, key=lambda actor: (sum(a.id == actor.id for a in named), _last(named, actor)))


def _last(named: list[Actor], actor: Actor) -> int:
    return max(place for place, one in enumerate(named) if one.id == actor.id)


def _author(document: Document) -> Speaker | None:
    """Return who speaks of "we" where the title says whose statement a document is."""
    if not _STATEMENT.match(document.title):
        return None
    for mention in cut(document.title).mentions:
        if mention.actor is not None and mention.actor.sort in LISTED:
            return Speaker(mention, mention.actor, "government", mention.text, "")
    return None
