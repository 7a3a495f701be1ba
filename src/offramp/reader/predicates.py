"""A predicate: what a sentence says is done, by whom and to whom."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from offramp.reader.lexicon import Hit
from offramp.reader.mentions import Mention


@dataclass(frozen=True, slots=True)
class Predicate:
    """What is said to be done, by whom and to whom.

    Attributes:
        hit: the entry of the lexicon.
        subject: who acts, or None.
        object: whom it befalls, or None.
        place: a mention that says where, or None.
        nominal: a noun says it.
        passive: the verb is passive.
        governor: the predicate or verb on which it depends, or None.
        negated: it is denied that it is done.
        modal: the modal verb or construction under which it stands, or "".
        finite: it stands as a clause of its own.
    """

    hit: Hit
    subject: Mention | None = None
    object: Mention | None = None
    place: Mention | None = None
    nominal: bool = False
    passive: bool = False
    governor: Hit | None = None
    negated: bool = False
    modal: str = ""
    finite: bool = False

    @property
    def types(self) -> tuple[str, ...]:
        """The event types that the words suggest by themselves."""
        return _types(self.hit.kinds)


@lru_cache(maxsize=4096)
def _types(kinds: tuple[str, ...]) -> tuple[str, ...]:
    """Return the event types among the kinds of an entry, each once."""
    named = (kind.split(".")[0] for kind in kinds)
    return tuple(dict.fromkeys(name for name in named if name.isupper()))
