"""The lexicon of acts: which words say that an act on the ladder was done."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from offramp.ladder import LEVEL_NAMES, Level, level_named
from offramp.reader.clause_words import BE
from offramp.reader.clauses import Sentence
from offramp.reader.lexicon import Hit, Lexicon, combined

_FILES = tuple(
    Path(__file__).with_name("lexicon") / name for name in ("acts.txt", "predicates.txt")
)
_REACH = 9
"""How many words may lie between a verb and the noun that it needs, after "+"."""

_NEAR = 5
"""The same, after "~"."""

_APPOSED = 9
"""How many words may lie before "was" and its verb, a name between commas among them."""

_BOUNDS = frozenset({",", ";", ":", "that", "but", "after", "before", "while", "when", "to"})


@dataclass(frozen=True, slots=True)
class ActKind:
    """What an entry says: the level that one such act has, and its PLOVER type."""

    level: Level
    event_type: str


@cache
def act_lexicon() -> Lexicon:
    """Return the lexicon of acts together with that of predicates, which govern them."""
    return combined([path.read_text(encoding="utf-8") for path in _FILES])


def act_kind(hit: Hit, sentence: Sentence) -> ActKind | None:
    """Return what act an entry says, or None, by the nouns of its sentence."""
    for kind in hit.kinds:
        level, _, rest = kind.partition(".")
        if level not in LEVEL_NAMES:
            continue
        event_type, mark, need = _parted(rest)
        if not need or _follows(hit, sentence, f"noun.{need}", mark == "~"):
            return ActKind(level_named(level), event_type)
    return None


def _parted(rest: str) -> tuple[str, str, str]:
    """Return the event type of a kind, the mark after it, and the noun that must follow."""
    mark = "~" if "~" in rest else "+"
    return rest.partition(mark)


def _follows(hit: Hit, sentence: Sentence, noun: str, near: bool) -> bool:
    """Whether a noun of a kind is part of an entry or follows it closely.

    Of a passive it may stand before the verb, as in "its border was closed".
    """
    words = act_lexicon().root.next
    if any(noun in words[word].kinds for word in hit.entry.split()[1:] if word in words):
        return True
    reach = _NEAR if near else _REACH
    for other in sentence.hits:
        if noun not in other.kinds:
            continue
        gap = other.start - hit.end
        if 0 <= gap <= reach:
            between = sentence.lower[hit.end : other.start]
            if not near or not (_BOUNDS & set(between)):
                return True
        before = sentence.lower[other.end : hit.start] if other.end <= hit.start else ()
        linked = BE | {"that", "which"}
        reach = _APPOSED if before and before[-1] in BE else _NEAR
        if near and before and len(before) <= reach and linked & set(before):
            return True
    return False
