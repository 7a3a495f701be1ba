"""Who acts: states, leaders, forces and armed groups, by every name that reporting gives them.

The lists are the project's own: `lexicon/states.txt` with Correlates of War and ISO 3166 codes,
and `lexicon/groups.txt`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache
from pathlib import Path

from offramp.reader.words import Token, tokens

_LEXICON = Path(__file__).with_name("lexicon")


class ActorSort(StrEnum):
    """What a listed actor is."""

    STATE = "state"
    GROUP = "group"
    COALITION = "coalition"
    ORGANIZATION = "organization"
    PLACE = "place"


class NameSort(StrEnum):
    """What a name says of the actor."""

    NAME = "name"
    DEMONYM = "demonym"
    CAPITAL = "capital"
    LEADER = "leader"


@dataclass(frozen=True, slots=True)
class Actor:
    """A state, armed group, organization or place that stands in the lists.

    Attributes:
        id: as crisis files write it; ISO 3166 for a state.
        name: the one shown.
        sort: what it is.
        cow: Correlates of War code of a state that has one.
        soil: id of the state where a group or place is at home, or None.
        sponsor: id of the state that backs a group, or None.
    """

    id: str
    name: str
    sort: ActorSort
    cow: int | None = None
    soil: str | None = None
    sponsor: str | None = None


@dataclass(frozen=True, slots=True)
class Named:
    """A listed name found in a sentence: tokens `start` to `end`, whose, and what sort of name."""

    start: int
    end: int
    actor: Actor
    sort: NameSort


@dataclass
class _Node:
    next: dict[str, _Node] = field(default_factory=dict)
    found: tuple[Actor, NameSort] | None = None


@dataclass(frozen=True)
class Actors:
    """Every listed actor, and the tree of their names by word.

    Attributes:
        by_id: the actors.
    """

    by_id: dict[str, Actor]
    root: _Node

    def named(self, sentence: Sequence[Token]) -> list[Named]:
        """Return the listed names in a sentence, longest first at each place, none overlapping."""
        found = []
        place = 0
        while place < len(sentence):
            name = self._longest(sentence, place)
            if name is None:
                place += 1
            else:
                found.append(name)
                place = name.end
        return found

    def _longest(self, sentence: Sequence[Token], start: int) -> Named | None:
        node: _Node | None = self.root
        best: Named | None = None
        for end in range(start, len(sentence)):
            node = node.next.get(sentence[end].text.replace("’", "'")) if node else None
            if node is None:
                break
            if node.found is not None:
                best = Named(start, end + 1, *node.found)
        return best

    def of_name(self, name: str) -> Actor | None:
        """Return the actor whom *name* alone means, or None."""
        cut = tokens(name)
        found = self._longest(cut, 0)
        return found.actor if found is not None and found.end == len(cut) else None


@cache
def actors() -> Actors:
    """Return the lists that ship."""
    by_id: dict[str, Actor] = {}
    root = _Node()
    for actor, names in (*_states(), *_groups()):
        by_id[actor.id] = actor
        for sort, name in names:
            _plant(root, name, actor, sort)
    return Actors(by_id, root)


def _plant(root: _Node, name: str, actor: Actor, sort: NameSort) -> None:
    node = root
    for token in tokens(name):
        node = node.next.setdefault(token.text, _Node())
    if node.found is None:
        node.found = (actor, sort)


Names = list[tuple[NameSort, str]]


def _states() -> Iterator[tuple[Actor, Names]]:
    for fields in _rows("states.txt", 6):
        code, cow, names, demonyms, capitals, leaders = fields
        listed = _split(names)
        actor = Actor(code, listed[0], ActorSort.STATE, int(cow) if cow else None)
        found: Names = [(NameSort.NAME, name) for name in listed]
        for demonym in _split(demonyms):
            found.append((NameSort.DEMONYM, demonym))
            if not demonym.endswith(("s", "sh", "ch", "ese")):
                found.append((NameSort.DEMONYM, f"{demonym}s"))
        found += [(NameSort.CAPITAL, name) for name in _split(capitals)]
        found += [(NameSort.LEADER, name) for name in _split(leaders)]
        yield actor, found


def _groups() -> Iterator[tuple[Actor, Names]]:
    for code, sort, soil, sponsor, names in _rows("groups.txt", 5):
        listed = _split(names)
        actor = Actor(code, listed[0], ActorSort(sort), None, soil or None, sponsor or None)
        yield actor, [(NameSort.NAME, name) for name in listed]


def _rows(file: str, width: int) -> Iterator[list[str]]:
    for line in (_LEXICON / file).read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            fields = line.split("|")
            assert len(fields) == width, f"{file}: {line}"
            yield fields


def _split(text: str) -> list[str]:
    return [one for one in text.split(";") if one]
