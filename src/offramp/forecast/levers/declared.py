"""The levers of a crisis, read off its file: what may be otherwise, and who could see to it.

A lever is named by who or what it is of, a word, and whom it concerns:
``USA.restrains:ISR:IRN``, ``IRN.concludes:ISR``, ``gaza.ceasefire``, ``gaza.link:direct``,
``options.isr-cyber-iran``, ``warning``.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from offramp.crisis.schema import Crisis, Stance, TieKind
from offramp.engine.compile import Compiled
from offramp.engine.plan import OptionColumn
from offramp.engine.timeline import BURNING_RATE, tempo_now
from offramp.ladder import FORCE_THRESHOLD, level_named


class Kind(StrEnum):
    """What a lever works on."""

    STANCE = "stance"
    WORD = "word"
    CEASEFIRE = "ceasefire"
    LINK = "link"
    OPTION = "option"
    WARNING = "warning"


@dataclass(frozen=True)
class KindNote:
    """What is to be known of a kind of lever.

    Attributes:
        changes: what it changes in the model.
        values: which values it takes.
        unasked: how likely it is that it comes about by itself.
    """

    changes: str
    values: str
    unasked: str


KINDS: dict[Kind, KindNote] = {
    Kind.STANCE: KindNote(
        "what a patron, ally or partner holds towards a client against a rival; `defends` also "
        "mans its layers of defence",
        "`true`, `false`, a day",
        "share of like statements of the speaker in the timeline, with an elicited share that "
        "counts as two statements",
    ),
    Kind.WORD: KindNote(
        "`concludes`: its word that the matter is closed; `threatens`: its public threat",
        "`true`, `false`, a day",
        "share of the futures in which it says so by itself within 30 days",
    ),
    Kind.CEASEFIRE: KindNote(
        "a front that burns or is at war stops; it burns again if both sides use overt force "
        "within two weeks",
        "`true`, a day",
        "probability that the fighting ends by itself within 30 days",
    ),
    Kind.LINK: KindNote(
        "how strongly one front's fire raises the hazard on another",
        "`false`, `true`, or a factor from 0 to 1",
        "elicited",
    ),
    Kind.OPTION: KindNote(
        "how often an option is taken among those of its level; the level is as likely as before",
        "`false`, `true`, or a factor from 0 to 100",
        "of the futures in which its actor acts at that level, the share in which it is not taken",
    ),
    Kind.WARNING: KindNote(
        "whether the defence is warned of raids, so that layers that need a warning take part",
        "`true`, `false`, a day",
        "share of the timeline's raids that were telegraphed, with the file's options as two",
    ),
}
"""One row a kind; docs/levers.md is held against it."""

STANCES: dict[str, Stance] = {
    "restrains": Stance.RESTRAIN,
    "go_ahead": Stance.GO_AHEAD,
    "joins_offence": Stance.WILL_JOIN,
    "refuses_offence": Stance.REFUSE_TO_JOIN,
    "defends": Stance.WILL_DEFEND,
    "refuses_defence": Stance.REFUSE_TO_DEFEND,
}
"""What a patron, ally or partner may hold towards a client."""
STANCE_WORDS = {
    "restrains": "urges {client} not to use force on {rival}",
    "go_ahead": "tells {client} to go ahead against {rival}",
    "joins_offence": "says it will join {client} in attacking {rival}",
    "refuses_offence": "refuses to join {client} in attacking {rival}",
    "defends": "takes part in the defence of {client} against {rival}",
    "refuses_defence": "refuses to take part in the defence of {client} against {rival}",
}
CALM_STANCES = {
    "restrains": True,
    "go_ahead": False,
    "joins_offence": False,
    "refuses_offence": True,
    "defends": True,
    "refuses_defence": False,
}
"""At which value a stance is proposed; whether it lowers a risk is for the futures to say."""
OFFENCE, DEFENCE = ("joins_offence", "refuses_offence"), ("defends", "refuses_defence")
PRESSURE = ("restrains", "go_ahead")
WORDS_OF_TIE: dict[TieKind, tuple[str, ...]] = {
    TieKind.PATRON: PRESSURE + OFFENCE + DEFENCE,
    TieKind.ALLY: PRESSURE + OFFENCE + DEFENCE,
    TieKind.SPONSOR: PRESSURE + OFFENCE,
    TieKind.DEFENCE_PARTNER: PRESSURE + DEFENCE,
    TieKind.OFFENCE_PARTNER: PRESSURE + OFFENCE,
}
SAID = {"concludes": True, "threatens": False}
"""What a side may say to its rival, and at which value it is proposed."""
SAID_WORDS = {
    "concludes": "says that the matter with {rival} is closed",
    "threatens": "threatens {rival} in public",
}


@dataclass(frozen=True)
class Lever:
    """One lever of a crisis.

    Attributes:
        name: as it is written.
        kind: what it works on.
        who: who could pull it, in words.
        text: what is so if it is true.
        calm: value at which it is proposed; None if only by hand.
        word: of `STANCES` or `SAID`, empty otherwise.
        parts: speaker, client, rival; actor, rival; front; two fronts; option; by kind.
    """

    name: str
    kind: Kind
    who: str
    text: str
    calm: float | None
    word: str = ""
    parts: tuple[str, ...] = ()


def declared_levers(compiled: Compiled) -> tuple[Lever, ...]:
    """Return every lever of a crisis, those on the first front first; derived from its file."""
    crisis = compiled.crisis
    return (
        *_stances(compiled),
        *_words(compiled),
        *_ceasefires(crisis),
        *_links(crisis),
        *_options(crisis),
        *_warning(compiled),
    )


def _is_quiet(crisis: Crisis, front: str) -> bool:
    at_war = next(one for one in crisis.fronts if one.id == front).war
    return not at_war and tempo_now(crisis, front) < BURNING_RATE


def _rivals(compiled: Compiled, actor: str) -> dict[str, bool]:
    """Return the rivals of an actor by front, and whether levers towards each are proposed.

    They are where the two face each other on a front that is quiet now; else towards the first.
    """
    rivals: dict[str, bool] = {}
    for dyad in compiled.dyads:
        if dyad.actor == actor:
            quiet = _is_quiet(compiled.crisis, dyad.front)
            rivals[dyad.target] = rivals.get(dyad.target, False) or quiet
    if rivals and not any(rivals.values()):
        rivals[next(iter(rivals))] = True
    return rivals


def _stances(compiled: Compiled) -> Iterator[Lever]:
    words: dict[tuple[str, str], dict[str, None]] = {}
    for tie in compiled.crisis.ties:
        allowed = words.setdefault((tie.giver, tie.receiver), {})
        allowed |= dict.fromkeys(WORDS_OF_TIE[tie.kind])
    for defence in compiled.crisis.defences:
        if defence.owner != defence.defender:
            allowed = words.setdefault((defence.owner, defence.defender), {})
            allowed |= dict.fromkeys(DEFENCE)
    for (speaker, client), allowed in words.items():
        for rival, proposed in _rivals(compiled, client).items():
            if rival != speaker:
                yield from (_stance(speaker, client, rival, word, proposed) for word in allowed)


def _stance(speaker: str, client: str, rival: str, word: str, proposed: bool) -> Lever:
    return Lever(
        name=f"{speaker}.{word}:{client}:{rival}",
        kind=Kind.STANCE,
        who=speaker,
        text=f"{speaker} {STANCE_WORDS[word].format(client=client, rival=rival)}",
        calm=float(CALM_STANCES[word]) if proposed else None,
        word=word,
        parts=(speaker, client, rival),
    )


def _words(compiled: Compiled) -> Iterator[Lever]:
    for actor in compiled.actors:
        for rival, proposed in _rivals(compiled, actor).items():
            for word, calm in SAID.items():
                yield Lever(
                    name=f"{actor}.{word}:{rival}",
                    kind=Kind.WORD,
                    who=actor,
                    text=f"{actor} {SAID_WORDS[word].format(rival=rival)}",
                    calm=float(calm) if proposed else None,
                    word=word,
                    parts=(actor, rival),
                )


def _ceasefires(crisis: Crisis) -> Iterator[Lever]:
    for front in crisis.fronts:
        sides = " and ".join(dict.fromkeys(side for pair in front.pairs for side in pair))
        yield Lever(
            name=f"{front.id}.ceasefire",
            kind=Kind.CEASEFIRE,
            who=sides,
            text=f"the fighting on the front {front.id} ends",
            calm=None if _is_quiet(crisis, front.id) else 1.0,
            parts=(front.id,),
        )


def _links(crisis: Crisis) -> Iterator[Lever]:
    for link in crisis.links:
        yield Lever(
            name=f"{link.giver}.link:{link.receiver}",
            kind=Kind.LINK,
            who="those who fight on both",
            text=f"fighting on the front {link.giver} raises the hazard on {link.receiver}",
            calm=0.0,
            parts=(link.giver, link.receiver),
        )


def _options(crisis: Crisis) -> Iterator[Lever]:
    for option in crisis.options:
        force = level_named(option.level) >= FORCE_THRESHOLD
        yield Lever(
            name=f"options.{option.id}",
            kind=Kind.OPTION,
            who=option.actor,
            text=f"{option.actor} has the option {option.id} ({option.level})",
            calm=0.0 if force else None,
            parts=(option.id,),
        )


def _warning(compiled: Compiled) -> Iterator[Lever]:
    raids = compiled.plan.options[:, OptionColumn.HIGH :].sum(axis=1) > 0
    if raids.any():
        senders = dict.fromkeys(
            option.actor for option, raid in zip(compiled.options, raids, strict=True) if raid
        )
        yield Lever(
            name="warning",
            kind=Kind.WARNING,
            who=f"{' and '.join(senders)}, or whoever sees it coming",
            text="the defence is warned of raids",
            calm=1.0,
        )
