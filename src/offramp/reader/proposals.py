"""What the reader proposes: dated, sourced facts for a person to accept, edit or drop.

One schema for every reader: the one that ships and one behind an endpoint fill the same models.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from offramp.crisis.parts import LevelName
from offramp.crisis.schema import ActorKind, MunitionClass, Stance, TieKind

Line = Annotated[str, Field(max_length=600)]
ActorCode = Annotated[str, Field(pattern=r"^[A-Z][A-Z0-9]{1,11}$")]
Confidence = Annotated[float, Field(ge=0, le=1)]


class Model(BaseModel):
    """A part of a proposal: fixed once made, and no unknown field."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Evidence(Model):
    """The words that say it.

    Attributes:
        document: name of the document.
        sentence: the whole sentence, as written.
        words: the span of it that says the fact.
    """

    document: Line
    sentence: Annotated[str, Field(max_length=2_000)]
    words: Annotated[str, Field(max_length=2_000)]


class Amount(Model):
    """A count as the reporting gives it.

    Attributes:
        value: the figure, or the least that vague words mean.
        bound: whether it is exact, a lower or upper bound, about right, or vague.
        words: the words that give it.
    """

    value: int = Field(ge=0, le=10_000_000)
    bound: Literal["exact", "at_least", "about", "at_most", "vague"] = "exact"
    words: Line = ""


class HarmProposal(Model):
    """What an act did to people; damage in words."""

    killed: Amount | None = None
    wounded: Amount | None = None
    damage: Literal["none", "light", "moderate", "heavy"] | None = None


class MunitionProposal(Model):
    """Munitions launched: of one class if the words tell it, else of those listed together."""

    classes: tuple[str, ...]
    launched: Amount
    type: MunitionClass | None = None


def named_munitions(one: MunitionProposal) -> str:
    """Return the classes of munitions in the plural, as "missiles and drones"."""
    return " and ".join(f"{name}s" for name in one.classes)


class Proposal(Model):
    """What all proposals share.

    Attributes:
        id: unique among the proposals of one reading.
        day: the last day on which it can have happened, if the reporting tells.
        first_day: the first such day; the same as `day` where one day is meant.
        day_words: the words that give the day; empty where it was inferred.
        confidence: probability that the proposal is right as it stands.
        evidence: where it is said; more than one sentence where reports were merged.
        disagreements: what reports say differently, in words.
    """

    id: str
    day: date | None = None
    first_day: date | None = None
    day_words: Line = ""
    confidence: Confidence
    evidence: tuple[Evidence, ...] = Field(min_length=1)
    disagreements: tuple[Line, ...] = ()


class ActProposal(Proposal):
    """Something that one actor did to another."""

    kind: Literal["act"] = "act"
    actor: ActorCode
    target: ActorCode
    level: LevelName
    event_type: Line
    soil: ActorCode | None = None
    harm: HarmProposal | None = None
    munitions: tuple[MunitionProposal, ...] = ()
    intercepted_share: float | None = Field(default=None, ge=0, le=1)
    intercepted_words: Line = ""
    interceptors: tuple[ActorCode, ...] = ()
    telegraphed: bool = False


class StatementProposal(Proposal):
    """Something said in public that commits its speaker."""

    kind: Literal["statement"] = "statement"
    speaker: ActorCode
    stance: Stance
    about: ActorCode
    against: ActorCode | None = None
    voice: Literal["government", "official", "media"] = "official"


class ClaimProposal(Proposal):
    """A judgement that a named person made."""

    kind: Literal["claim"] = "claim"
    name: Line
    role: Line
    quote: Annotated[str, Field(max_length=2_000)]
    term: Line
    about: ActorCode | None = None
    sense: Literal["raises", "lowers"]


class TieProposal(Proposal):
    """Who backs whom."""

    kind: Literal["tie"] = "tie"
    giver: ActorCode
    receiver: ActorCode
    tie: TieKind


class AbsenceProposal(Proposal):
    """That an actor has not acted: in coded days silence says so, so nothing need be written."""

    kind: Literal["absence"] = "absence"
    actor: ActorCode
    target: ActorCode | None = None


AnyProposal = Annotated[
    ActProposal | StatementProposal | ClaimProposal | TieProposal | AbsenceProposal,
    Field(discriminator="kind"),
]


class ActorProposal(Model):
    """An actor that proposals name.

    Attributes:
        new: it stands in none of the reader's lists.
    """

    id: ActorCode
    name: Line
    kind: ActorKind
    cow: int | None = None
    new: bool = False


class Utterance(Model):
    """One statement as a point of an actor's tone.

    Attributes:
        tone: from -1 (conciliatory) to 1 (belligerent).
        voice: who speaks for the actor.
    """

    actor: ActorCode
    day: date
    voice: Literal["government", "official", "media"]
    tone: float = Field(ge=-1, le=1)
    sentence: Annotated[str, Field(max_length=2_000)]


class SourceProposal(Model):
    """A document that was read, as a crisis file cites it.

    Attributes:
        lead: its first sentence.
        headed: its title is its own, and not made of its first words.
    """

    id: str
    document: Line
    title: Line
    publisher: Line
    date: date
    dated: bool
    url: str | None = None
    lead: Line = ""
    headed: bool = True


class Reading(Model):
    """Everything proposed from some documents.

    Attributes:
        sources: the documents.
        actors: who is named.
        proposals: what is proposed, in the order in which it is told.
        tenor: tone of each actor's statements.
        sentences: how many sentences were read.
    """

    sources: tuple[SourceProposal, ...]
    actors: tuple[ActorProposal, ...]
    proposals: tuple[AnyProposal, ...]
    tenor: tuple[Utterance, ...] = ()
    sentences: int = 0
