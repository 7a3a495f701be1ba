"""The cast of a document: whom words that name nobody mean in it.

"Its air force", "the government", "our garrison", "Belaunde" and "both sides" mean somebody only
by what is told around them.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from offramp.reader.actors import Actor, ActorSort, NameSort, actors
from offramp.reader.clause_words import QUOTES
from offramp.reader.clauses import Sentence
from offramp.reader.mentions import DETERMINERS, PREPOSITIONS, Mention
from offramp.reader.new_groups import new_group
from offramp.reader.words import tokens, word_set

LISTED = frozenset({ActorSort.STATE, ActorSort.GROUP, ActorSort.COALITION})
OWNERS = word_set("its their his her")
_OURS = word_set("our we us")
_BOTH = re.compile(
    r"\b(?:both|the two|two|the)(?: \w+)? (?:sides|countries|governments|nations|armies|"
    r"neighbou?rs|capitals|parties|states|powers|foes|rivals|foreign ministers|leaders)\b",
    re.IGNORECASE,
)
_EACH = re.compile(
    r"\bboth (?:sides|countries|governments|armies|navies)(?: \w+)? $", re.IGNORECASE
)
_TITLE = re.compile(
    r"^(?:acting |vice[- ])?(?:president|prime minister|premier|foreign minister|king|"
    r"chancellor|defen[cs]e minister|general|gen\.?|admiral|colonel|marshal)\b",
    re.IGNORECASE,
)
_SHIP = re.compile(
    r"\b(?:frigate|gunboat|destroyer|cruiser|carrier|submarine|trawler|corvette|patrol boat|"
    r"warship|cutter|minesweeper|tanker|ship|vessel)\b",
    re.IGNORECASE,
)
_REACH = 6


@dataclass
class Cast:
    """Who is meant in one document.

    Attributes:
        pair: the two actors named most, where they stand out; "both sides" are these.
        author: who says "we", or None.
        home: the state from whose capital the document is datelined, or None.
        subject: the actor of the last sentence, whom a pronoun means.
        speaker: for whom the one speaks who says the sentence being read, or None.
        names: actors by the last names of their leaders, as the document gives them.
    """

    pair: tuple[Actor, Actor] | None = None
    author: Actor | None = None
    home: Actor | None = None
    subject: Actor | None = None
    speaker: Actor | None = None
    names: dict[str, Actor] = field(default_factory=dict)

    def rival(self, actor: Actor) -> Actor | None:
        """Return the other of the pair, or None for one who is not of it."""
        if self.pair is None or actor.id not in {one.id for one in self.pair}:
            return None
        return self.pair[1] if actor.id == self.pair[0].id else self.pair[0]

    def learn(self, sentence: Sentence) -> None:
        """Note the last names of leaders that a sentence gives with their country."""
        for mention in sentence.mentions:
            if mention.actor is None or mention.actor.sort is not ActorSort.STATE:
                continue
            words = mention.text.split()
            named = len(words) > 2 and all(word[:1].isupper() for word in words[-2:])
            if mention.role == "official" and named and actors().of_name(words[-1]) is None:
                self.names.setdefault(words[-1].strip(".,’'"), mention.actor)

    def of(self, sentence: Sentence, mention: Mention) -> Actor | None:
        """Return whom a mention means, or None; places and organizations are returned as such."""
        if mention.pronoun:
            return self.author if mention.text.lower() in _OURS else self.subject
        if mention.actor is not None:
            return mention.actor
        owner = self.owner(sentence, mention)
        if owner is not None:
            return owner
        seat = self._seat(sentence, mention)
        if seat is not None:
            return seat
        words = mention.text.split()
        begin = sentence.tokens[mention.start].start
        return new_group(sentence.text[begin : begin + 70]) or self.names.get(
            words[-1].strip(".,’'")
        )

    def _seat(self, sentence: Sentence, mention: Mention) -> Actor | None:
        """Return whose "the government in Athens" or "the armed forces of Greece" is, or None."""
        if mention.role not in {"government", "forces"}:
            return None
        joined = sentence.lower[mention.end : mention.end + 1]
        if joined != ("of",) and (joined != ("in",) or mention.role != "government"):
            return None
        there = sentence.mention_at.get(mention.end + 1)
        state = (
            there is not None and there.actor is not None and there.actor.sort is ActorSort.STATE
        )
        return there.actor if state and there is not None else None

    def owner(self, sentence: Sentence, mention: Mention) -> Actor | None:
        """Return whose a mention is by "its", "their" or "our" before it, or None."""
        lower = sentence.lower
        for place in range(mention.start - 1, max(-1, mention.start - _REACH), -1):
            word = lower[place]
            if word in _OURS:
                return self.author
            if word in OWNERS:
                return self._before(sentence, place)
            joins = word in PREPOSITIONS or word in QUOTES or place in sentence.mention_at
            if joins or (word in DETERMINERS and not word.isdigit()) or not word[:1].isalnum():
                return None
        return None

    def _before(self, sentence: Sentence, place: int) -> Actor | None:
        """Return whom "its" at a place means: who is named before it, subjects first."""
        named = [
            m
            for m in sentence.mentions
            if m.end <= place and m.actor is not None and m.actor.sort in LISTED
        ]
        plain = [
            m
            for m in named
            if m.start == 0 or sentence.lower[m.start - 1] not in PREPOSITIONS - {"after", "as"}
        ]
        sides = [m for m in plain if not m.demonym or m.role is not None]
        found = sides or plain or named
        return found[-1].actor if found else self.subject

    def ruler(self, sentence: Sentence, mention: Mention, target: Actor | None) -> Actor | None:
        """Return for whom "the government" or "President X" acts: the last subject or the rival.

        Args:
            sentence: where it stands.
            mention: of no listed actor.
            target: whom the act befalls, if known.
        """
        capital = any(word[:1].isupper() for word in mention.text.split())
        if capital:
            named = sentence.lower[mention.start - 1] if mention.start else ""
            if not _TITLE.match(mention.text) and not _SHIP.search(f"{named} {mention.text}"):
                return None
            return (self.rival(target) if target is not None else None) or self._host()
        before = sentence.lower[mention.start - 1] if mention.start else ""
        if before != "the" or mention.role not in {"government", "forces"}:
            return None
        found = self._before(sentence, mention.start) or self.home
        return None if found is None or (target and found.id == target.id) else found

    def _host(self) -> Actor | None:
        """Return the state of the dateline, unless two others are whom the document is about."""
        return self.home if self.pair is None or self.home in self.pair else None

    def both(self, words: str) -> tuple[Actor, Actor] | None:
        """Return the pair where words such as "the two sides" mean it."""
        return self.pair if self.pair is not None and _BOTH.search(words) else None


def by_each(sentence: Sentence, place: int) -> bool:
    """Whether the subject of a verb is each of two, so that it is an act of each on the other."""
    return _EACH.search(sentence.text[: sentence.tokens[place].start]) is not None


def leading_pair(texts: Iterable[str]) -> tuple[Actor, Actor] | None:
    """Return the two actors that texts name most, if both are named often and no third is."""
    count: Counter[str] = Counter()
    listed = actors()
    for text in texts:
        for name in listed.named(tokens(text)):
            if name.actor.sort in LISTED and name.sort is not NameSort.LEADER:
                count[name.actor.id] += 1
    (first, most), (second, next_most), (_, third) = [*count.most_common(3), *[("", 0)] * 3][:3]
    if next_most < 2 or next_most <= third or 6 * next_most < most:
        return None
    return listed.by_id[first], listed.by_id[second]


def home_of(paragraphs: Iterable[str]) -> Actor | None:
    """Return the state whose capital a wire story is datelined from, or None."""
    for paragraph in paragraphs:
        match = re.match(r"([A-Z][A-Z .’'-]{2,30})[,(–—-]", paragraph)
        if match is not None:
            found = actors().of_name(match[1].strip(" -").title())
            return found if found is not None and found.sort is ActorSort.STATE else None
    return None
