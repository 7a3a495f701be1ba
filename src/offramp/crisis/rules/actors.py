"""Rules on actors, and on parts that run from one thing to another."""

from __future__ import annotations

from collections.abc import Iterator

from offramp.crisis.draft import Draft
from offramp.crisis.problems import Finding, Path
from offramp.crisis.rules.meetings import meetings
from offramp.crisis.schema import Actor, ActorKind, Statement


def _kinds(draft: Draft) -> Iterator[Finding]:
    members = {actor.id: actor.members for actor in draft.crisis.actors}
    for path, actor in draft.each("actors", draft.crisis.actors):
        if actor.kind is ActorKind.STATE and actor.cow is None:
            message = "a state needs its Correlates of War code"
            yield Finding((*path, "cow"), message, "add it, as 'cow: 666', or correct the kind")
        if actor.kind is ActorKind.COALITION:
            yield from _coalition((*path, "members"), actor, members)
        elif actor.members:
            message = f"a {actor.kind.value} has no members"
            fix = "remove them, or write 'kind: coalition'"
            yield Finding((*path, "members"), message, fix)


def _coalition(path: Path, actor: Actor, members: dict[str, list[str]]) -> Iterator[Finding]:
    if not actor.members:
        yield Finding(path, "a coalition needs members", "list them, as 'members: [USA, GBR]'")
    seen: set[str] = set()
    waiting = list(actor.members)
    while waiting:
        member = waiting.pop()
        if member == actor.id:
            message = f"{actor.id} is a member of itself, directly or through another coalition"
            yield Finding(path, message, "remove the member that leads back")
            return
        if member not in seen:
            seen.add(member)
            waiting += members.get(member, [])


def _two_ends(draft: Draft) -> Iterator[Finding]:
    for path, one, other in _ends(draft):
        if one == other:
            yield Finding(path, f"both ends are {one}", "name two different ones")


def _ends(draft: Draft) -> Iterator[tuple[Path, str, str | None]]:
    """Yield the two ends of all that runs from one to another, with the path of the second."""
    crisis = draft.crisis
    for path, tie in draft.each("ties", crisis.ties):
        yield (*path, "to"), tie.giver, tie.receiver
    for path, link in draft.each("links", crisis.links):
        yield (*path, "to"), link.giver, link.receiver
    for path, pair in draft.each("pairs", crisis.pairs):
        yield (*path, "between"), *pair.between
    for path, front in draft.each("fronts", crisis.fronts):
        for index, faced in enumerate(front.pairs):
            yield (*path, "pairs", index), *faced
    for path, entry in draft.each("timeline", crisis.timeline):
        if isinstance(entry, Statement):
            yield (*path, "about"), entry.speaker, entry.about
            yield (*path, "against"), entry.about, entry.against
    for path, (actor, target, _) in meetings(draft):
        yield path, actor, target


RULES = (_kinds, _two_ends)
