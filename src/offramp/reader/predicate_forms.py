"""The form of a predicate: noun or verb, passive, finite, negated, under a modal or a verb."""

from __future__ import annotations

from typing import TYPE_CHECKING

from offramp.reader.clause_words import (
    ADVERBS,
    AUXILIARIES,
    BE,
    HAVE,
    MODALS,
    NEGATIONS,
    NOMINAL_ONLY,
    QUOTES,
    RELATIVES,
    STOPS,
    SUBORDINATORS,
)
from offramp.reader.lexicon import Hit
from offramp.reader.mentions import DETERMINERS, PREPOSITIONS
from offramp.reader.predicates import Predicate
from offramp.reader.words import IRREGULAR, word_set

if TYPE_CHECKING:
    from offramp.reader.clauses import Sentence

_PARTICLES = word_set("off down out up over away back in on at to into through")


class Forms:
    """Tells the form of the predicates of one sentence.

    Attributes:
        done: predicates read so far.
        verbs: of them, the verbs.
    """

    def __init__(self, sentence: Sentence) -> None:
        self.s = sentence
        self.lower = sentence.lower
        self.count = len(self.lower)
        self.at = sentence.mention_at
        self.done: list[Predicate] = []
        self.verbs: list[Predicate] = []

    def _before(self, place: int) -> int:
        """Return the index of the nearest token to the left that is no adverb or quotation mark."""
        place -= 1
        while place >= 0 and (self._adverb(place) or self.lower[place] in QUOTES):
            place -= 1
        return place

    def _adverb(self, place: int) -> bool:
        word = self.lower[place]
        return word in ADVERBS or (word.endswith("ly") and len(word) > 4 and place not in self.at)

    def _is_nominal(self, hit: Hit) -> bool:
        word = self.lower[hit.start]
        before = self._before(hit.start)
        previous = self.lower[before] if before >= 0 else ""
        if word.endswith("ed") or (word in IRREGULAR and IRREGULAR[word] != word):
            return previous in DETERMINERS and previous not in RELATIVES
        if word.endswith("ing"):
            follows = self.lower[hit.end] if hit.end < self.count else ""
            return previous in DETERMINERS or follows == "of" or previous in {"'s"}
        if previous in MODALS | {"to", "not"} | {"did", "do", "does"}:
            return hit.entry.split()[0] in NOMINAL_ONLY and previous != "to" and False
        if hit.entry.split()[0] in NOMINAL_ONLY and not self._after_subject(hit):
            return True
        if previous in DETERMINERS - {"that"} or previous in {"'s", "’", "'"}:
            return True
        if previous in PREPOSITIONS:
            return True
        mention = self.at.get(before)
        if mention is not None and mention.demonym and before == hit.start - 1:
            return not word.endswith("s") or self.s.tokens[before].text[-1] != "s"
        if before < 0:
            return False
        if mention is not None or self._after_subject(hit):
            return False
        return self._adjective(before) and not self._weapons(before)

    def _weapons(self, place: int) -> bool:
        """Whether a word names weapons or forces in the plural, which act: "drones hit"."""
        if not self.lower[place].endswith("s"):
            return False
        return any(
            hit.start <= place < hit.end and {"noun.arms", "noun.troops"} & set(hit.kinds)
            for hit in self.s.hits
        )

    def _after_subject(self, hit: Hit) -> bool:
        before = self._before(hit.start)
        mention = self.at.get(before)
        word = self.lower[hit.start]
        if mention is not None and mention.pronoun:
            return True
        return (
            mention is not None
            and not mention.demonym
            and word.endswith("s")
            and hit.end < self.count
        )

    def _adjective(self, place: int) -> bool:
        word = self.lower[place]
        return word.isalpha() and word not in (
            AUXILIARIES | SUBORDINATORS | RELATIVES | frozenset(("and", "or", "then", "to"))
        )

    def _is_passive(self, hit: Hit) -> bool:
        word = self.lower[hit.start]
        participle = word.endswith(("ed", "en")) or (
            word in IRREGULAR and IRREGULAR[word] not in {word, "be", "have", "do"}
        )
        participle = participle or word in {"hit", "shut", "cut", "put", "beset", "hurt", "set"}
        if not participle:
            return False
        before = self._before(hit.start)
        if before >= 0 and self.lower[before] in BE and before not in self.at:
            return True
        if "been" in self.lower[before + 1 : hit.start]:
            return True
        follows = self.lower[hit.end] if hit.end < self.count else ""
        if hit.end - hit.start > 1 and self.lower[hit.end - 1] not in _PARTICLES:
            return False  # "cancelled a visit by …": the noun's
        return follows == "by" and (before < 0 or self.lower[before] not in HAVE)

    def _finite(self, hit: Hit) -> bool:
        word = self.lower[hit.start]
        before = self._before(hit.start)
        previous = self.lower[before] if before >= 0 else ""
        if word.endswith("ing"):
            return previous in BE
        return previous != "to"

    def _negated(self, hit: Hit) -> bool:
        window = self.lower[max(0, hit.start - 4) : hit.start]
        for word in reversed(window):
            if word in NEGATIONS:
                return True
            if word in {",", "but", "and"} or word in SUBORDINATORS:
                return False
        return False

    def _modal(self, hit: Hit) -> str:
        place = hit.start - 1
        while place >= 0 and (self._adverb(place) or self.lower[place] in AUXILIARIES - {"to"}):
            if self.lower[place] in MODALS:
                return self.lower[place]
            place -= 1
        if self.s.tokens[hit.start].lower in MODALS:
            return self.lower[hit.start]
        start = self._clause_start(hit.start)
        if start > 0 and self.lower[start - 1] in {"if", "unless", "whether"}:
            return "if"
        return ""

    def _clause_start(self, place: int) -> int:
        while place > 0:
            word = self.lower[place - 1]
            if word in STOPS or word in SUBORDINATORS or word in {",", "–", "—", "--"}:
                return place
            place -= 1
        return place

    def _governor(self, hit: Hit) -> Hit | None:
        """Return the verb under which this one stands as an infinitive, gerund or complement."""
        before = self._before(hit.start)
        if before < 0:
            return None
        word, previous = self.lower[hit.start], self.lower[before]
        linked = previous == "to" or (
            word.endswith("ing") and (previous in PREPOSITIONS or previous not in {","} | BE)
        )
        for verb in reversed(self.done):
            gap = self.lower[verb.hit.end : hit.start]
            if any(mark in STOPS for mark in gap):
                return None
            if linked and len(gap) <= 12:
                return verb.hit
            complement = "that" in gap or any(
                m in gap for m in ("would", "will", "could", "should", "might", "must", "may", "if")
            )
            if verb.types and complement and "," not in gap and not verb.nominal:
                return verb.hit
            return None
        return None
