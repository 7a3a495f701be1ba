"""Accepted proposals written into a crisis file: only if the result passes the checks."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

from offramp.crisis.checking import check
from offramp.crisis.problems import CrisisError
from offramp.crisis.reading import read_bytes, read_document
from offramp.crisis.references import opposed
from offramp.crisis.schema import Act, Actor, Crisis, Statement
from offramp.ladder import Level, level_named
from offramp.reader import entries
from offramp.reader.inserting import inserted
from offramp.reader.proposals import (
    ActorProposal,
    ActProposal,
    AnyProposal,
    ClaimProposal,
    Reading,
    StatementProposal,
    TieProposal,
)
from offramp.reader.reading import actor_proposal
from offramp.storing import write_whole

_NEAR = timedelta(days=1)


@dataclass
class Outcome:
    """What became of accepted proposals.

    Attributes:
        written: ids of the entries that were written.
        left_out: what was not written, each with the reason.
    """

    written: list[str] = field(default_factory=list)
    left_out: list[tuple[str, str]] = field(default_factory=list)


def write_into(
    path: Path,
    reading: Reading,
    accepted: Sequence[AnyProposal],
    terms: Collection[str] | None = None,
) -> Outcome:
    """Write accepted proposals into a crisis file, all else in it unchanged.

    Args:
        path: the crisis file; it must pass the checks as it is.
        reading: where the proposals come from.
        accepted: what a person accepted.
        terms: the terms that claims may speak of; any if None.

    Raises:
        CrisisError: the file has problems, or would have them with the entries; nothing is
            written then.
    """
    content, name = read_bytes(path), str(path)
    crisis = check(read_document(content, name), terms)
    try:
        new, outcome = joined(content, name, crisis, reading, accepted, terms)
    except CrisisError as error:
        message = f"with these entries it would have problems, so nothing is written: {error}"
        raise CrisisError.of_file(name, message[:2000], "drop or edit the entry") from None
    if outcome.written:
        write_whole(path, new)
    return outcome


def joined(
    content: bytes,
    name: str,
    crisis: Crisis,
    reading: Reading,
    accepted: Sequence[AnyProposal],
    terms: Collection[str] | None = None,
) -> tuple[str, Outcome]:
    """Return the text of a crisis file with accepted proposals in it, and what became of each.

    Args:
        content: of the file.
        name: the file, for problems.
        crisis: what it holds.
        reading: where the proposals come from.
        accepted: what a person accepted.
        terms: the terms that claims may speak of; any if None.

    Raises:
        CrisisError: the file would have problems with the entries, each at its place in the text.
    """
    joining = _Joining(crisis, reading)
    for proposal in accepted:
        joining.take(proposal)
    new = added(content, name, joining.lists, joining.sources, terms)
    return new, joining.outcome


def added(
    content: bytes,
    name: str,
    lists: Mapping[str, Sequence[entries.Entry]],
    sources: Mapping[str, entries.Entry],
    terms: Collection[str] | None = None,
) -> str:
    """Return the text of a crisis file with entries at the end of its sections, once it is checked.

    Args:
        content: of a file that passes the checks.
        name: the file, for problems.
        lists: new entries by section.
        sources: new sources by id.
        terms: the terms that claims may speak of; any if None.

    Raises:
        CrisisError: the file would have problems with them, each at its place in the new text.
    """
    new = inserted(content.decode("utf-8-sig"), name, lists, sources)
    check(read_document(new.encode("utf-8"), name), terms)
    return new


class _Joining:
    """Gathers what is added to one crisis file."""

    def __init__(self, crisis: Crisis, reading: Reading) -> None:
        self.crisis = crisis
        self.reported = {source.document: source for source in reading.sources}
        self.actors = {actor.id: actor for actor in reading.actors}
        # An edited proposal may name actors of the file that the reporting does not.
        self.names = {actor.id: actor.id for actor in crisis.actors if actor.id not in self.actors}
        self.names |= _same_actors(crisis, reading.actors)
        self.outcome = Outcome()
        self.sources: dict[str, entries.Entry] = {}
        self.lists: dict[str, list[entries.Entry]] = {
            "actors": [],
            "ties": [],
            "timeline": [],
            "claims": [],
        }
        self.ids = {
            "ties": {tie.id for tie in crisis.ties},
            "timeline": {entry.id for entry in crisis.timeline},
            "claims": {claim.id for claim in crisis.claims},
        }
        self.source_ids: dict[str, str] = {}
        self.days: set[tuple[str, str, str, date]] = {
            (e.actor, e.target, e.front, e.day) for e in crisis.timeline if isinstance(e, Act)
        }

    def take(self, proposal: AnyProposal) -> None:
        """Add a proposal, or say why it is left out."""
        reason = ""
        match proposal:
            case ActProposal():
                reason = self._act(proposal)
            case StatementProposal():
                reason = self._statement(proposal)
            case TieProposal():
                reason = self._tie(proposal)
            case ClaimProposal():
                reason = self._claim(proposal)
            case _:
                reason = "in coded days, silence says so: nothing need be written"
        if reason:
            self.outcome.left_out.append((proposal.id, reason))

    def _act(self, act: ActProposal) -> str:
        if act.day is None:
            return "the reporting gives no day: add it by hand"
        actor, target = self.names.get(act.actor), self.names.get(act.target)
        if actor is None or target is None:
            return f"no front where {act.actor} and {act.target} face each other"
        front = next((f.id for f in self.crisis.fronts if opposed([f], actor, target)), None)
        if front is None:
            return f"no front where {actor} and {target} face each other"
        known = entries.known_day(act, self.reported)
        entry = entries.act_entry(act, front, self.names, known)
        there = self._told(act, actor, target)
        if there is not None:
            return f"the file has this act already: {there.id}{_differences(there, entry)}"
        key = (actor, target, front, entry["day"])
        if key in self.days:
            return "a day has one act: join it to that of this actor on this target that day"
        self.days.add(key)
        self._add("timeline", entry, act)
        return ""

    def _told(self, act: ActProposal, actor: str, target: str) -> Act | None:
        """Return the file's act of the same sides and sort within a day of it, or None."""
        assert act.day is not None
        force = level_named(act.level) >= Level.DENIABLE
        first, last = (act.first_day or act.day) - _NEAR, act.day + _NEAR
        for entry in self.crisis.timeline:
            if not isinstance(entry, Act) or (entry.actor, entry.target) != (actor, target):
                continue
            level = level_named(entry.level)
            same = level >= Level.DENIABLE if force else entry.level == act.level
            if same and (
                first <= entry.day <= last or (act.first_day is None and entry.day <= last)
            ):
                return entry
        return None

    def _statement(self, said: StatementProposal) -> str:
        if said.day is None:
            return "the reporting gives no day: add it by hand"
        known = entries.known_day(said, self.reported)
        named = [said.speaker, said.about, *([said.against] if said.against else [])]
        for code in named:
            self._name(code, known, said)
        for entry in self.crisis.timeline:
            if isinstance(entry, Statement):
                same = (entry.speaker, entry.stance, entry.about) == (
                    self.names[said.speaker],
                    said.stance,
                    self.names[said.about],
                )
                if same and abs(entry.day - said.day) <= _NEAR:
                    return "the file has this statement already"
        self._add("timeline", entries.statement_entry(said, self.names, known), said)
        return ""

    def _tie(self, tie: TieProposal) -> str:
        known = entries.known_day(tie, self.reported)
        self._name(tie.giver, known, tie)
        self._name(tie.receiver, known, tie)
        ends = (self.names[tie.giver], self.names[tie.receiver])
        for there in self.crisis.ties:
            if (there.giver, there.receiver) == ends:
                return f"the file has a tie from {ends[0]} to {ends[1]} already"
        self._add("ties", entries.tie_entry(tie, self.names, known), tie)
        return ""

    def _claim(self, claim: ClaimProposal) -> str:
        known = entries.known_day(claim, self.reported)
        said = _plain(claim.quote)
        if any(_plain(there.quote) in said for there in self.crisis.claims):
            return "the file has this claim already"
        self._add("claims", entries.claim_entry(claim, self.names, known), claim)
        return ""

    def _name(self, code: str, known: date, proposal: AnyProposal) -> None:
        """Make sure that the file has an actor by the time it is spoken of."""
        if code in self.names:
            return
        theirs = code
        while any(actor.id == theirs for actor in self.crisis.actors):
            theirs = f"{theirs[:10]}X"
        self.names[code] = theirs
        actor = (self.actors.get(code) or actor_proposal(code)).model_copy(update={"id": theirs})
        self.lists["actors"].append(entries.actor_entry(actor, known, self._cite(proposal, known)))

    def _add(self, section: str, entry: entries.Entry, proposal: AnyProposal) -> None:
        entry["id"] = self._free(section, str(entry["id"]))
        self.lists[section].append(entry | {"source": self._cite(proposal, entry["known"])})
        self.outcome.written.append(entry["id"])

    def _free(self, section: str, wanted: str) -> str:
        name, number = wanted, 1
        while name in self.ids[section]:
            number += 1
            name = f"{wanted}-{number}"
        self.ids[section].add(name)
        return name

    def _cite(self, proposal: AnyProposal, by: date) -> list[str]:
        """Return the file's ids of a proposal's sources, adding those that it lacks."""
        return list(self._sources(proposal, by))

    def _sources(self, proposal: AnyProposal, by: date) -> Iterator[str]:
        wanted = set(entries.cited(proposal, self.reported, by))
        for source in self.reported.values():
            if source.id not in wanted:
                continue
            if source.id not in self.source_ids:
                there = self.crisis.sources
                name, number = source.id, 1
                while name in there and there[name].title != source.title:
                    number += 1
                    name = f"{source.id}-{number}"
                if name not in there:
                    self.sources[name] = entries.source_entry(source)
                self.source_ids[source.id] = name
            yield self.source_ids[source.id]


def _differences(there: Act, told: entries.Entry) -> str:
    """Return in words what reporting says otherwise of an act than the file, or nothing."""
    harm = {} if there.harm is None else there.harm.model_dump()
    found = []
    if there.level != told["level"]:
        found.append(f"level {there.level} there, {told['level']} here")
    for name, value in told.get("harm", {}).items():
        if harm.get(name) != value:
            said = "not told" if harm.get(name) is None else harm[name]
            found.append(f"{name} {said} there, {value} here")
    share = told.get("intercepted_share")
    if share is not None and there.intercepted_share != share:
        found.append(f"intercepted share {there.intercepted_share} there, {share} here")
    return f"; differs: {', '.join(found)}" if found else ""


def _plain(quote: str) -> str:
    """Return the words of a quote, so that marks and case make no difference."""
    return " ".join(re.findall(r"\w+", quote.casefold()))


def _same_actors(crisis: Crisis, proposed: Sequence[ActorProposal]) -> Iterator[tuple[str, str]]:
    """Yield the reader's id of an actor with the file's own, where the file has the actor.

    Codes say it first, then names, then the id itself.
    """
    for one in proposed:
        found = next((a for a in crisis.actors if _same(a, one)), None)
        if found is not None:
            yield one.id, found.id


def _same(theirs: Actor, ours: ActorProposal) -> bool:
    if ours.cow is not None and theirs.cow is not None:
        return ours.cow == theirs.cow
    if theirs.iso3 is not None and theirs.iso3 == ours.id:
        return True
    return theirs.name.casefold() == ours.name.casefold() or theirs.id == ours.id
