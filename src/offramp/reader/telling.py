"""One document told sentence by sentence: acts, stances, claims, ties and what has not happened."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import replace
from datetime import date, timedelta

from offramp.crisis.schema import Stance
from offramp.ladder import Level
from offramp.reader.act_lexicon import ActKind, act_lexicon
from offramp.reader.actors import Actor, ActorSort
from offramp.reader.acts import LISTED, FoundAct, acts, harms
from offramp.reader.claims import sense_of, term_of
from offramp.reader.clauses import Sentence, cut
from offramp.reader.context import Context, Event
from offramp.reader.dates import Days, days
from offramp.reader.dating import ANSWERS, dated, habitual, heading_day, without_place
from offramp.reader.details import harm, intercepted, munitions, telegraphed
from offramp.reader.document import Document
from offramp.reader.proposals import Evidence
from offramp.reader.sentences import is_prose, sentences
from offramp.reader.speech import Speaker, expert, is_person, joined, quotes, speaker
from offramp.reader.statements import FoundStatement, statements
from offramp.reader.tenor import utterance, verbal_act
from offramp.reader.ties import ties
from offramp.reader.told import FoundClaim, Told

_ABSENT = re.compile(
    r"\b(?:has|have|had)(?: not|n['’]t)? (?:yet )?(?:to )?(?:not )?(?:yet )?"
    r"(?P<verb>respond(?:ed)?|retaliat(?:e|ed)|answer(?:ed)?|str(?:ike|uck) back|react(?:ed)?|"
    r"attack(?:ed)?)\b",
    re.I,
)
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


class _Teller:
    """Keeps the context of one document while it is told."""

    def __init__(self, document: Document, terms: Collection[str]) -> None:
        self.document = document
        self.terms = terms
        self.context = Context()
        self.told = Told(events=self.context.events)
        self.default: Days | None = None
        self.quote_open = False
        self.quoted = False
        self.author = _author(document)

    def tell(self) -> Told:
        for paragraph in self.document.paragraphs:
            if not is_prose(paragraph):
                continue
            self.default = heading_day(paragraph, self.document.day)
            self.quote_open = False
            for _, text in sentences(without_place(paragraph)):
                self.told.sentences += 1
                self._sentence(text)
        return self.told

    def _sentence(self, text: str) -> None:
        sentence = cut(text, act_lexicon())
        inside = self._inside_quote(text)
        self.quoted = inside or self.quote_open
        who = self._speaker(sentence)
        found = [] if inside else acts(sentence, self.context.subject)
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
        if who is not None and who.mention.pronoun and self.author is None:
            return self.context.speaker
        if who is None and self.quoted:
            return self.context.speaker
        if self.author is not None and (who is None or who.mention.pronoun):
            own = {"we", "our", "us"} & set(sentence.lower)
            return self.author if own else who
        return who

    def _remember(self, sentence: Sentence, who: Speaker | None, found: list[FoundAct]) -> None:
        if who is not None:
            self.context.speaker = who
        if found:
            self.context.subject = found[0].actor
        else:
            first = next((m for m in sentence.mentions if not m.pronoun), None)
            if first is not None and first.start <= 3 and first.actor is not None:
                self.context.subject = first.actor if first.actor.sort in LISTED else None

    def _evidence(self, sentence: Sentence, start: int, end: int) -> Evidence:
        words = sentence.text[start:end] or sentence.text
        return Evidence(
            document=self.document.name[:600], sentence=sentence.text[:2000], words=words[:2000]
        )

    # --- acts

    def _events(
        self, sentence: Sentence, found: list[FoundAct], who: Speaker | None
    ) -> Iterator[Event]:
        if not found:
            return
        named = [one for one in days(sentence.text, self.document.day) if not one.future]
        found_days = dated(sentence, found, named, self.default)
        known = [day for day in found_days if day is not None and day.exact]
        for act, day in zip(found, found_days, strict=True):
            if day is None and act.kind.level <= Level.VERBAL and habitual(sentence):
                continue
            reporter = None if act.target is not None else _reporter(act, who)
            event = Event(
                act.actor,
                act.target or reporter,
                act.kind.level,
                act.kind.event_type,
                act.probability if reporter is None else min(0.75, 1.5 * act.probability),
                [self._evidence(sentence, act.start, act.end)],
                soil=act.soil,
                nominal=act.predicate.nominal,
                order=len(self.context.events),
            )
            self._date(event, act, day, known, sentence)
            yield event

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
            if event is not None:
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

    # --- words

    def _statements(
        self, sentence: Sentence, found: list[FoundStatement], who: Speaker | None
    ) -> None:
        for one in map(self._between_rivals, found):
            about = one.about
            if one.stance in {Stance.CONCLUDED, Stance.UNDECIDED}:
                about = self.context.rival(one.speaker) or about
            elif about is None:
                about = self.context.rival(one.speaker)
            if about is None or about.id == one.speaker.id:
                continue
            against = one.against
            if one.stance in _NEEDS_RIVAL and against is None:
                against = self.context.rival(about, one.speaker)
            named = [d for d in days(sentence.text, self.document.day) if not d.future and d.exact]
            day = named[0].last if named else self.default.last if self.default else None
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
                self._threat(one, about, day, evidence)

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

    def _threat(self, one: FoundStatement, about: Actor, day: date, evidence: Evidence) -> None:
        """A public threat is an act of words too, because the actor chose to make it."""
        kind = ActKind(Level.VERBAL, "THREATEN")
        self.context.events.append(
            Event(
                one.speaker,
                about,
                kind.level,
                kind.event_type,
                one.probability * 0.95,
                [evidence],
                first=day,
                last=day,
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
        if len(quote.split()) < 5:
            return
        term = term_of(quote, self.terms)
        sense = sense_of(quote)
        if term is None or sense is None:
            return
        about = _about(quote)
        evidence = self._evidence(sentence, 0, len(sentence.text))
        self.told.claims.append(
            FoundClaim(who.name, who.role, quote[:2000], term, sense, about, evidence)
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


def _reporter(act: FoundAct, who: Speaker | None) -> Actor | None:
    """Return who reports an attack that names no target: those whom it befell report it."""
    if act.predicate.nominal or who is None or who.actor is None or who.voice == "media":
        return None
    fits = who.actor.sort in LISTED and who.actor.id != act.actor.id
    return who.actor if fits else None


def _author(document: Document) -> Speaker | None:
    """Return who speaks of "we" where the title says whose statement a document is."""
    if not _STATEMENT.match(document.title):
        return None
    for mention in cut(document.title).mentions:
        if mention.actor is not None and mention.actor.sort in LISTED:
            return Speaker(mention, mention.actor, "government", mention.text, "")
    return None


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
