"""Articles held against what they tell by their gold files."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from offramp.choice.terms import claimable_terms
from offramp.reader.extracting import documents
from offramp.reader.proposals import ActProposal, ClaimProposal, Reading, StatementProposal
from offramp.reader.reading import ACCEPTED, read
from offramp.reader.sentences import is_prose, sentences

FIXTURES = Path(__file__).with_name("fixtures")
HELD_OUT = Path(__file__).with_name("held_out")
CRISES = Path(__file__).with_name("crises")
CRISES_ASIDE = Path(__file__).with_name("crises_aside")
CRISES_LATER = Path(__file__).with_name("crises_later")
CRISES_LAST = Path(__file__).with_name("crises_last")
CRISES_UNSEEN = Path(__file__).with_name("crises_unseen")
_FORCE = {"limited", "major"}


@dataclass
class Tally:
    """Counts over the articles.

    Attributes:
        accepted: accepted acts.
        right: of them, those that the gold file has.
        told: acts that the gold file has.
        found: of them, those that were accepted.
        quiet: sentences that tell no act.
        alarmed: of them, those from which an act was accepted.
        stances: statements that the gold file has.
        stances_found: of them, those that were proposed.
        claimed: claims of named persons that the gold file has.
        claimed_found: of them, those that were proposed.
        groups: groups that stand in no list, by the gold file.
        groups_found: of them, those that were proposed as new.
        mistakes: in words.
        graded: confidence of each act, and whether it is right.
    """

    accepted: int = 0
    right: int = 0
    told: int = 0
    found: int = 0
    quiet: int = 0
    alarmed: int = 0
    stances: int = 0
    stances_found: int = 0
    stances_proposed: int = 0
    claimed: int = 0
    claimed_found: int = 0
    claims_proposed: int = 0
    groups: int = 0
    groups_found: int = 0
    mistakes: list[str] = field(default_factory=list)
    graded: list[tuple[float, bool]] = field(default_factory=list)


def gold(articles: Path = FIXTURES) -> dict[str, Any]:
    data = YAML(typ="safe", pure=True).load((articles / "gold.yaml").read_text(encoding="utf-8"))
    return dict(data)


def reading_of(path: Path, line: date) -> Reading:
    return read(documents(path, line), claimable_terms())


def tally(articles: Path = FIXTURES) -> Tally:
    out = Tally()
    for name, told in gold(articles).items():
        line = as_day(told["dateline"])
        assert line is not None
        _count(out, articles / name, told, reading_of(articles / name, line))
    return out


def _count(out: Tally, path: Path, told: dict[str, Any], reading: Reading) -> None:
    name = path.name
    acts = [p for p in reading.proposals if isinstance(p, ActProposal)]
    accepted = [act for act in acts if act.confidence >= ACCEPTED]
    left = [list(one) for one in told["acts"]]
    either = [list(one) for one in told.get("either", [])]
    out.told += len(left)
    for act in sorted(acts, key=lambda act: -act.confidence):
        match = next((one for one in [*left, *either] if fits(act, one)), None)
        of_new = _new_name(reading, act.actor) in told.get("new", [])
        out.graded.append((act.confidence, match is not None or of_new))
        if act not in accepted:
            continue
        out.accepted += 1
        if match is None and of_new:
            out.right += 1
            continue
        if match is None:
            out.mistakes.append(f"{name}: wrong {_line(act)} | {act.evidence[0].sentence[:110]}")
            continue
        out.right += 1
        if match in left:
            left.remove(match)
            out.found += 1
        else:
            either.remove(match)
    out.mistakes += [f"{name}: missed {one}" for one in left]
    evidence = {e.sentence for act in accepted for e in act.evidence}
    for sentence in _sentences(path, as_day(told["dateline"])):
        if not any(sentence.startswith(begin) for begin in told["event_sentences"]):
            out.quiet += 1
            if sentence in evidence:
                out.alarmed += 1
                out.mistakes.append(f"{name}: alarm | {sentence[:110]}")
    _count_words(out, name, told, reading)


def _new_name(reading: Reading, code: str) -> str:
    return next((one.name for one in reading.actors if one.id == code and one.new), "")


def _count_words(out: Tally, name: str, told: dict[str, Any], reading: Reading) -> None:
    said = {
        (p.speaker, p.stance.value, p.about)
        for p in reading.proposals
        if isinstance(p, StatementProposal)
    }
    out.stances += len(told["statements"])
    out.stances_proposed += len(said)
    for one in told["statements"]:
        if tuple(one) in said:
            out.stances_found += 1
        else:
            out.mistakes.append(f"{name}: stance missed {one}; proposed {sorted(said)}")
    claims = [p.name for p in reading.proposals if isinstance(p, ClaimProposal)]
    out.claims_proposed += len(set(claims))
    new = [actor.name for actor in reading.actors if actor.new]
    for wanted, found, field_name in (("claims", claims, "claimed"), ("new", new, "groups")):
        names = told.get(wanted, [])
        hits = [one for one in names if any(one in other or other in one for other in found)]
        setattr(out, field_name, getattr(out, field_name) + len(names))
        setattr(out, f"{field_name}_found", getattr(out, f"{field_name}_found") + len(hits))
        out.mistakes += [f"{name}: {wanted} missed {one}" for one in names if one not in hits]


def fits(act: ActProposal, one: list[Any]) -> bool:
    actor, target, level, first, last = one
    if (act.actor, act.target) != (actor, target):
        return False
    same = act.level == level or {act.level, level} <= _FORCE
    day = act.first_day or act.day
    if not same or first is None:
        return same
    return day is not None and (as_day(first) or day) <= day <= (as_day(last) or day)


def as_day(value: Any) -> date | None:
    return value if isinstance(value, date) or value is None else date.fromisoformat(str(value))


def _line(act: ActProposal) -> str:
    return f"{act.actor} on {act.target}, {act.level}, {act.first_day}..{act.day} {act.confidence}"


def _sentences(path: Path, line: date | None) -> list[str]:
    return [
        text
        for document in documents(path, line)
        for paragraph in document.paragraphs
        if is_prose(paragraph)
        for _, text in sentences(paragraph)
    ]
