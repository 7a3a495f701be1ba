"""Accepted proposals as the entries of a crisis file, written as YAML."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from offramp.crisis.schema import Stance
from offramp.ladder import Level, level_named
from offramp.reader.document import visible
from offramp.reader.proposals import (
    ActorProposal,
    ActProposal,
    ClaimProposal,
    Proposal,
    SourceProposal,
    StatementProposal,
    TieProposal,
    named_munitions,
)

Entry = dict[str, Any]
TEXT_LIMIT = 500
_SENTENCE = 180
_BOUND = re.compile(r"[,;:] (?:and )?|\b(?:said|says|that|after|when|while|but|on \w+day) ")
_HARM = r"(?:(?:which|that) )?(?:kill|wound|injur|leav|left)"
_END = re.compile(rf"[,;](?! {_HARM})|\.$| (?:after|while|but) | which (?!{_HARM})")
"""Where a clause of a long sentence begins and ends; what an act did to people stays with it."""


def actor_entry(actor: ActorProposal, known: date, sources: list[str]) -> Entry:
    """Return an actor; a state without a Correlates of War code is written as a group."""
    kind = actor.kind.value
    if kind == "coalition" or (kind == "state" and actor.cow is None):
        kind = "group"
    entry: Entry = {"id": actor.id, "name": _text(actor.name), "kind": kind}
    if kind == "state":
        entry |= {"cow": actor.cow, "iso3": actor.id}
    return entry | {"known": known, "source": sources}


def source_entry(source: SourceProposal) -> Entry:
    """Return a source, without its id."""
    entry: Entry = {
        "title": _text(source.title) or source.id,
        "publisher": _text(source.publisher) or "unknown",
        "date": source.date,
    }
    return entry | ({"url": _text(source.url)} if source.url else {})


def act_entry(act: ActProposal, front: str, names: Mapping[str, str], known: date) -> Entry:
    """Return an act on a front; what its day rests on and what is disputed stands in its text.

    Args:
        act: with a day.
        front: id of the front on which actor and target face each other.
        names: the file's id of each actor.
        known: the dateline of the report that told it first.
    """
    day = act.first_day or act.day
    entry: Entry = {
        "kind": "act",
        "id": act.id,
        "day": day,
        "actor": names[act.actor],
        "target": names[act.target],
        "front": front,
        "level": act.level,
        "text": _text(_told(act, known)),
    }
    if act.soil:
        entry["soil"] = names.get(act.soil, act.soil)
    if level_named(act.level) >= Level.DENIABLE:
        entry["attribution"] = "attributed"
        entry |= _details(act)
    if act.disagreements or act.day_words == "":
        entry["disputed"] = True
    return entry | {"known": max(known, day) if day else known}


def _details(act: ActProposal) -> Entry:
    entry: Entry = {}
    if act.harm is not None:
        harm: Entry = {}
        for name in ("killed", "wounded"):
            amount = getattr(act.harm, name)
            if amount is not None:
                harm[name] = amount.value
        if act.harm.damage:
            harm["damage"] = act.harm.damage
        entry["harm"] = harm
    classes: dict[str, int] = {}
    for one in act.munitions:
        if one.type is not None and one.launched.value >= 1:
            classes[one.type.value] = max(classes.get(one.type.value, 0), one.launched.value)
    if classes and all(one.type is not None for one in act.munitions):
        entry["munitions"] = [
            {"type": kind, "launched": min(count, 100_000)} for kind, count in classes.items()
        ]
    if act.intercepted_share is not None:
        entry["intercepted_share"] = act.intercepted_share
    if act.telegraphed:
        entry["telegraphed"] = True
    return entry


def _told(act: ActProposal, line: date) -> str:
    """Return the words of an act with what the fields cannot hold; *line* is the dateline."""
    notes = []
    if act.first_day is None:
        notes.append(f"day not given; by {act.day}")
    elif act.first_day != act.day:
        notes.append(f"{act.first_day} to {act.day}")
    elif not act.day_words:
        around = "the dateline" if act.day == line else "what is told before it"
        notes.append(f"day taken from {around}")
    mixed = [one for one in act.munitions if one.type is None]
    notes += [f"{m.launched.words} {named_munitions(m)} launched" for m in mixed]
    notes += [f"{act.intercepted_words} intercepted"] if act.intercepted_words else []
    notes += [f"intercepted by {', '.join(act.interceptors)}"] if act.interceptors else []
    notes += list(act.disagreements)
    words = told_words(act)
    return f"{words} ({'; '.join(notes)})" if notes else words


def told_words(act: ActProposal) -> str:
    """Return the sentence that tells an act, or of a long one only the words that tell it."""
    sentence = visible(act.evidence[0].sentence)
    if len(sentence) <= _SENTENCE:
        return sentence
    words = visible(act.evidence[0].words)
    place = max(0, sentence.find(words))
    begins = [m.end() for m in _BOUND.finditer(sentence, max(0, place - 45), place)]
    first = begins[-1] if begins else (0 if place <= 45 else place)
    end = _END.search(sentence, place + len(words))
    last = end.start() if end is not None else len(sentence)
    words = sentence[first : min(last, first + 300)].strip()
    return f"{words[:1].upper()}{words[1:]}"


def statement_entry(said: StatementProposal, names: Mapping[str, str], known: date) -> Entry:
    """Return a statement."""
    assert said.day is not None
    entry: Entry = {
        "kind": "statement",
        "id": said.id,
        "day": said.day,
        "speaker": names[said.speaker],
        "stance": said.stance.value,
        "about": names[said.about],
    }
    rivalled = said.stance not in {Stance.THREAT, Stance.CONCLUDED, Stance.UNDECIDED}
    if said.against is not None and rivalled:
        entry["against"] = names[said.against]
    return entry | {"text": _text(said.evidence[0].sentence), "known": max(known, said.day)}


def tie_entry(tie: TieProposal, names: Mapping[str, str], known: date) -> Entry:
    """Return a tie."""
    return {
        "id": tie.id,
        "kind": tie.tie.value,
        "from": names[tie.giver],
        "to": names[tie.receiver],
        "text": _text(tie.evidence[0].sentence),
        "known": known,
    }


def claim_entry(claim: ClaimProposal, names: Mapping[str, str], known: date) -> Entry:
    """Return a claim."""
    entry: Entry = {
        "id": claim.id,
        "by": {"name": _text(claim.name), "role": _text(claim.role) or "not given"},
        "quote": _text(claim.quote),
        "term": claim.term,
    }
    if claim.about is not None and claim.about in names:
        entry["about"] = names[claim.about]
    return entry | {"sense": claim.sense, "known": known}


def known_day(proposal: Proposal, sources: Mapping[str, SourceProposal]) -> date:
    """Return the first day on which a report of it was out."""
    days = [sources[e.document].date for e in proposal.evidence if e.document in sources]
    return min(days)


def cited(proposal: Proposal, sources: Mapping[str, SourceProposal], by: date) -> list[str]:
    """Return the ids of the sources of a proposal that were out by a day."""
    found = [sources[e.document] for e in proposal.evidence if e.document in sources]
    return list(dict.fromkeys(source.id for source in found if source.date <= by))


def _text(text: str | None) -> str:
    return visible(text or "")[:TEXT_LIMIT]


# --- YAML


def block(entry: Mapping[str, Any], indent: int) -> str:
    """Return an entry of a list as YAML, its dash at column *indent*."""
    pad = " " * indent
    lines = [f"{key}: {scalar(value)}" for key, value in entry.items()]
    return "".join(
        f"{pad}{'- ' if number == 0 else '  '}{line}\n" for number, line in enumerate(lines)
    )


def fields(entry: Mapping[str, Any], indent: int) -> str:
    """Return the fields of a mapping as YAML at column *indent*."""
    return "".join(f"{' ' * indent}{key}: {scalar(value)}\n" for key, value in entry.items())


def scalar(value: Any) -> str:
    """Return a value as YAML 1.2 on one line; text is always quoted unless it is a plain word."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, int | float):
        return str(value)
    if isinstance(value, list | tuple):
        return f"[{', '.join(scalar(one) for one in value)}]"
    if isinstance(value, Mapping):
        return f"{{{', '.join(f'{k}: {scalar(v)}' for k, v in value.items())}}}"
    text = str(value)
    plain = text.replace("-", "").replace("_", "")
    if plain.isascii() and plain.isalnum() and plain[:1].isalpha() and text[-1:] != "-":
        return text if text.lower() not in _WORDS else json.dumps(text)
    return json.dumps(text, ensure_ascii=False)


_WORDS = frozenset({"true", "false", "null", "yes", "no", "on", "off", "y", "n"})
