"""What names what in a crisis: ids declared once, and every name that is used declared."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from offramp.crisis.draft import NAMED_SECTIONS, Draft
from offramp.crisis.parts import Fact, Part
from offramp.crisis.problems import Finding, Path, field_name, nearest, quoted
from offramp.crisis.questions import (
    ActEvent,
    ActQuestion,
    FirstDayQuestion,
    FirstResponseQuestion,
    QuestionBase,
)
from offramp.crisis.schema import (
    Act,
    Actor,
    Claim,
    Crisis,
    Defence,
    Front,
    Link,
    Option,
    Pair,
    Statement,
    Tie,
)

_WHAT = {
    "sources": "source",
    "actors": "actor",
    "fronts": "front",
    "options": "option",
    "timeline": "act or statement",
}
_FACT_SECTIONS = ("actors", "ties", "pairs", "fronts", "links", "defences", "timeline", "claims")


@dataclass(frozen=True, slots=True)
class Reference:
    """A name that a part uses: where in the part, in which section it is declared, the name."""

    path: Path
    section: str
    name: str


def references(part: Part) -> Iterator[Reference]:
    """Yield every name that a part of a crisis uses, except of its sources.

    A name that the part may do without, as the option of an act, is yielded where it is given.
    """
    match part:
        case Actor():
            yield from _listed("members", part.members)
        case Tie():
            yield from _named("actors", {"from": part.giver, "to": part.receiver})
        case Pair():
            yield from _listed("between", part.between)
        case Front():
            for index, pair in enumerate(part.pairs):
                for side, actor in enumerate(pair):
                    yield Reference(("pairs", index, side), "actors", actor)
        case Link():
            yield from _named("fronts", {"from": part.giver, "to": part.receiver})
        case Option():
            yield from _named("actors", {"actor": part.actor, "target": part.target})
        case Defence():
            yield from _named("actors", {"defender": part.defender, "owner": part.owner})
        case Act():
            yield from _of_act(part)
        case Statement():
            named = {"speaker": part.speaker, "about": part.about, "against": part.against}
            yield from _named("actors", named)
        case Claim():
            yield from _named("actors", {"about": part.about})
        case QuestionBase():
            yield from _of_question(part)


def parts(crisis: Crisis) -> dict[str, list[Part]]:
    """Return the lists of a crisis by section, without its sources."""
    sections = (*_FACT_SECTIONS, "options", "questions")
    return {section: list(getattr(crisis, section)) for section in sections}


def facts(part: Part, path: Path) -> Iterator[tuple[Path, Fact]]:
    """Yield the facts in a part, itself first if it is one, each with its path."""
    if isinstance(part, Fact):
        yield path, part
    if isinstance(part, Front):
        for index, tempo in enumerate(part.tempo):
            yield (*path, "tempo", index), tempo


def opposed(fronts: Iterable[Front], one: str, other: str, front: str | None = None) -> bool:
    """Tell whether two actors face each other on the front of that id, or on any if None."""
    return any(
        {one, other} == set(pair)
        for candidate in fronts
        if front in (None, candidate.id)
        for pair in candidate.pairs
    )


def findings(draft: Draft) -> Iterator[Finding]:
    """Yield every id that is declared twice and every name that is not declared."""
    for section, entries in parts(draft.crisis).items():
        for path, part in draft.each(section, entries):
            for reference in references(part):
                yield from _undeclared(draft, path, reference)
            for fact_path, fact in facts(part, path):
                for index, name in enumerate(fact.source):
                    found = Reference(("source", index), "sources", name)
                    yield from _undeclared(draft, fact_path, found)
    yield from _declared_twice(draft)


def _listed(field: str, names: tuple[str, ...] | list[str]) -> Iterator[Reference]:
    for index, name in enumerate(names):
        yield Reference((field, index), "actors", name)


def _named(section: str, names: dict[str, str | None]) -> Iterator[Reference]:
    for field, name in names.items():
        if name is not None:
            yield Reference((field,), section, name)


def _of_act(act: Act) -> Iterator[Reference]:
    yield from _named("actors", {"actor": act.actor, "target": act.target, "through": act.through})
    yield from _named("fronts", {"front": act.front})
    yield from _named("options", {"option": act.option})


def _of_question(question: QuestionBase) -> Iterator[Reference]:
    if isinstance(question, ActQuestion | FirstDayQuestion):
        for reference in _of_event(question.event):
            yield Reference(("event", *reference.path), reference.section, reference.name)
    elif isinstance(question, FirstResponseQuestion):
        yield from _named("actors", {"actor": question.actor, "target": question.target})
        yield from _named("timeline", {"after": question.after})
    else:
        yield from _named("fronts", {"front": getattr(question, "front", None)})


def _of_event(event: ActEvent) -> Iterator[Reference]:
    yield from _named("actors", {"actor": event.actor, "target": event.target})
    yield from _named("fronts", {"front": event.front})


def _undeclared(draft: Draft, path: Path, reference: Reference) -> Iterator[Finding]:
    declared = draft.declared[reference.section]
    if reference.name not in declared:
        what = _WHAT[reference.section]
        yield Finding(
            (*path, *reference.path),
            f"unknown {what} {quoted(reference.name)}",
            nearest(reference.name, declared, f"`{reference.section}` has"),
        )


def _declared_twice(draft: Draft) -> Iterator[Finding]:
    crisis = draft.crisis
    for section in NAMED_SECTIONS:
        entries = draft.each(section, getattr(crisis, section))
        yield from _repeated("id", [((*path, "id"), entry.id) for path, entry in entries])
    actors = draft.each("actors", crisis.actors)
    codes = [((*path, "cow"), actor.cow) for path, actor in actors if actor.cow is not None]
    yield from _repeated("code", codes)
    pairs = draft.each("pairs", crisis.pairs)
    yield from _repeated(
        "pair", [((*at, "between"), frozenset(pair.between)) for at, pair in pairs]
    )
    links = draft.each("links", crisis.links)
    yield from _repeated("link", [(path, (link.giver, link.receiver)) for path, link in links])
    for path, front in draft.each("fronts", crisis.fronts):
        faced = enumerate(front.pairs)
        yield from _repeated("pair", [((*path, "pairs", k), frozenset(pair)) for k, pair in faced])


def _repeated(what: str, keys: Sequence[tuple[Path, Hashable]]) -> Iterator[Finding]:
    first: dict[Hashable, Path] = {}
    for path, key in keys:
        earlier = first.setdefault(key, path)
        if earlier != path:
            fix = "give each its own" if what in ("id", "code") else "keep one of the two"
            yield Finding(path, f"the same {what} as {field_name(earlier)}", fix)
