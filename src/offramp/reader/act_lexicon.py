"""The lexicon of acts: which words say that an act on the ladder was done."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from offramp.ladder import LEVEL_NAMES, Level, level_named
from offramp.reader.lexicon import Hit, Lexicon, combined

_FILES = tuple(
    Path(__file__).with_name("lexicon") / name for name in ("acts.txt", "predicates.txt")
)
_REACH = 9
"""How many words may lie between a verb and the noun that it needs."""


@dataclass(frozen=True, slots=True)
class ActKind:
    """What an entry says: the level that one such act has, and its PLOVER type."""

    level: Level
    event_type: str


@cache
def act_lexicon() -> Lexicon:
    """Return the lexicon of acts together with that of predicates, which govern them."""
    return combined([path.read_text(encoding="utf-8") for path in _FILES])


def act_kind(hit: Hit, hits: Sequence[Hit]) -> ActKind | None:
    """Return what act an entry says, or None; *hits* are all entries of its sentence."""
    for kind in hit.kinds:
        level, _, rest = kind.partition(".")
        if level not in LEVEL_NAMES:
            continue
        event_type, _, need = rest.partition("+")
        if not need or _follows(hit, hits, f"noun.{need}"):
            return ActKind(level_named(level), event_type)
    return None


def _follows(hit: Hit, hits: Sequence[Hit], noun: str) -> bool:
    """Whether a noun of a kind is part of an entry or follows it closely."""
    words = act_lexicon().root.next
    if any(noun in words[word].kinds for word in hit.entry.split()[1:] if word in words):
        return True
    return any(noun in other.kinds and 0 <= other.start - hit.end <= _REACH for other in hits)
