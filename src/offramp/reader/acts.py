"""Acts that a sentence asserts: done, not merely wanted, feared, denied or asked for."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from offramp.ladder import Level
from offramp.reader.act_lexicon import ActKind, act_kind
from offramp.reader.act_probability import traits_of
from offramp.reader.act_sides import acting, into_sea, learnt_target, off_coast, target_of
from offramp.reader.actors import Actor, ActorSort
from offramp.reader.asserting import asserted
from offramp.reader.cast import LISTED, Cast, by_each
from offramp.reader.clause_words import AUXILIARIES
from offramp.reader.clauses import Sentence
from offramp.reader.lexicon import Hit
from offramp.reader.mentions import Mention
from offramp.reader.predicates import Predicate
from offramp.reader.words import word_set

_MUTUAL = frozenset(
    {"exchange fire", "trade fire", "clash", "fight", "meet", "hold talk", "battle"}
)
_JOINTLY = word_set("hold resume begin open sign meet reach restore exchange swap")
_SHARED = frozenset({"AGREE", "CONSULT", "COOPERATE"})
"""Types of which one act is that of both sides where both are its subject."""

_QUOTED = re.compile(r"[“\"][^“”\"]*[”\"]?")
_DEEDS = word_set(
    "attack attacks strike strikes shelling aggression raid raids invasion provocation "
    "provocations bombing bombardment seizure killing killings incursion assault assaults "
    "violence move act acts launch test tests escalation barrage offensive firing firings "
    "shooting shootings incident incidents drill drills exercise exercises"
)
_AT_HOME = word_set(
    "arrest detain kill killed wound wounded injure assassinate hack poison leave claim cause"
)
_BODILY = word_set("hit roll cross enter push advance march pour break")
"""Verbs that tell an act only of forces or weapons."""

_DOMESTIC = word_set("war fight meet ban designate") | {
    "shoot dead", "gun down", "blacklist", "take hostage", "meet with", "hold meeting", "bar",
    "car bomb", "sign agreement", "sign deal", "cut", "reject", "sanction", "apologise",
    "apologize", "massacre", "blow up", "destroy", "claim", "leave", "cause",
}  # fmt: skip
"""What is done at home or anywhere as often: on whom is not inferred."""

_WEAPON = re.compile(
    r"\b(?:missiles?|rockets?|drones?|jets?|warplanes?|bombs?|shells?|fighters?|artillery|guns|"
    r"aircraft|planes?)\b",
    re.I,
)


@dataclass(frozen=True, slots=True)
class FoundAct:
    """An act that a sentence asserts.

    Attributes:
        actor: who acts.
        target: whom it befalls, or None where a noun does not say.
        kind: level and event type of one such act.
        soil: id of the state on whose territory it fell, if said.
        predicate: the words that say it.
        start: index of the first character of its words.
        end: index after the last.
        basis: what of it is inferred; "suffered" if `actor` is whom it befell and who did it
            is to be found, "deed" if the target is who did what was told before.
        traits: how it is told, from which its confidence follows.
    """

    actor: Actor
    target: Actor | None
    kind: ActKind
    soil: str | None
    predicate: Predicate
    start: int
    end: int
    basis: tuple[str, ...] = ()
    traits: tuple[str, ...] = ()


def acts(sentence: Sentence, cast: Cast | None = None) -> list[FoundAct]:
    """Return the acts that a sentence cut by the lexicon of acts asserts, in order.

    Args:
        sentence: the sentence.
        cast: whom words that name nobody mean in its document.
    """
    cast = cast or Cast()
    if sentence.text.rstrip("”\"’' ").endswith("?"):
        return []
    quoted = [match.span() for match in _QUOTED.finditer(sentence.text)]
    found: list[FoundAct] = []
    for predicate in sentence.predicates:
        kind = act_kind(predicate.hit, sentence)
        if kind is None or not asserted(sentence, predicate, quoted):
            continue
        if predicate.nominal and kind.level < Level.DENIABLE:
            continue
        each = "both" in sentence.lower and by_each(sentence, predicate.hit.start)
        if predicate.hit.entry in _MUTUAL or kind.event_type in _SHARED or each:
            both = list(_mutual(sentence, predicate, kind, cast))
            if both or predicate.hit.entry in _MUTUAL:
                found += both
                continue
        found += _one(sentence, predicate, kind, cast)
    return found


# --- by whom, to whom


def _one(sentence: Sentence, predicate: Predicate, kind: ActKind, cast: Cast) -> Iterator[FoundAct]:
    basis: list[str] = []
    mention = predicate.subject
    actor = acting(sentence, mention, cast)
    if mention is not None and actor is not None and mention.actor is None:
        basis.append("pronoun" if mention.pronoun else "meant actor")
    if predicate.passive and mention is None and predicate.finite:
        yield from _suffered(sentence, predicate, kind, cast)
        return
    if actor is None and mention is not None and not predicate.nominal:
        told = predicate.object.actor if predicate.object is not None else None
        actor = cast.ruler(sentence, mention, told)
        basis.append("inferred actor")
    if actor is None or actor.sort not in LISTED:
        return
    if _loses(predicate):
        yield _found(sentence, predicate, kind, actor, None, None, ("suffered",))
        return
    kind, target, soil = _on_whom(sentence, predicate, actor, kind, cast)
    if target is not None and predicate.object is not None and predicate.object.actor is None:
        basis.append("meant target")
    if target is not None and _aside(sentence, predicate, actor, target, kind):
        target = None
    elif target is None and not predicate.nominal:
        learnt = learnt_target(sentence, predicate)
        target = learnt if learnt is None or learnt.id != actor.id else None
    if _fits_not(sentence, predicate, kind, actor, target):
        return
    if target is None:
        deed = kind.level is Level.VERBAL and _deed_follows(sentence, predicate)
        basis.append("deed" if deed else "inferred target")
    yield _found(sentence, predicate, kind, actor, target, soil, tuple(basis))


def _on_whom(
    sentence: Sentence, predicate: Predicate, actor: Actor, kind: ActKind, cast: Cast
) -> tuple[ActKind, Actor | None, str | None]:
    """Return of what kind an act is, whom it befalls and on whose soil.

    Munitions fired into the sea show force to those off whose coast it lies.
    """
    sea = into_sea(sentence, predicate, kind)
    if sea is None:
        return kind, *target_of(sentence, predicate, actor, kind, cast)
    return ActKind(Level.DISPLAY, "MOBILIZE"), off_coast(sentence, sea, actor), None


def _aside(
    sentence: Sentence, predicate: Predicate, actor: Actor, target: Actor, kind: ActKind
) -> bool:
    """Whether the object found is not whom the act befalls: its own actor, or a sponsor of talks.

    As in "agreed to a ceasefire proposed by the United States".
    """
    if target.sort is ActorSort.ORGANIZATION:
        return predicate.hit.entry.split()[0] == "protest"
    told = predicate.object
    gap = set(sentence.lower[predicate.hit.end : told.start]) if told is not None else set()
    if target.id == actor.id:
        return bool({",", "and", "that", "as", "from", "its", "their"} & gap) or target.id != (
            told.actor.id if told is not None and told.actor is not None else ""
        )
    return kind.event_type in {"AGREE", "YIELD"} and bool({"by", "proposed", "after"} & gap)


def _fits_not(
    sentence: Sentence, predicate: Predicate, kind: ActKind, actor: Actor, target: Actor | None
) -> bool:
    """Whether an act by an actor is none on the ladder as its sides and words stand."""
    armed = any(one.endswith("+arms") for one in predicate.hit.kinds)
    if armed and kind.level >= Level.LIMITED and _passes_over(sentence, predicate):
        return True
    bodily = kind.level >= Level.LIMITED and predicate.hit.entry.split()[0] in _BODILY
    if bodily and not _armed(sentence, predicate):
        return True
    if target is not None and (target.sort not in LISTED or target.id == actor.id):
        return True
    if target is None:
        return not _may_infer(sentence, predicate, kind, armed)
    ultimatum = "ultimatum" in predicate.hit.entry
    return kind.level is Level.VERBAL and not ultimatum and not _addressed(sentence, predicate)


def _passes_over(sentence: Sentence, predicate: Predicate) -> bool:
    """Whether munitions flew over or past whom the sentence names, rather than at them."""
    told = predicate.object
    if told is None or told.actor is None:
        return False
    gap = sentence.lower[predicate.hit.end : told.start]
    return bool({"over", "past", "off", "from", "for", "near"} & set(gap[-4:])) and "at" not in gap


def _may_infer(sentence: Sentence, predicate: Predicate, kind: ActKind, armed: bool) -> bool:
    """Whether an act without a named target may be on whom its actor faces in the document."""
    if predicate.nominal or (armed and kind.level >= Level.LIMITED):
        return kind.level >= Level.LIMITED
    if kind.level is Level.VERBAL:
        deed = kind.event_type == "ACCUSE" and _deed_follows(sentence, predicate)
        return deed or predicate.hit.entry.split()[0] in {"protest", "threaten"}
    if predicate.hit.entry in _DOMESTIC or predicate.hit.entry.split()[0] in _AT_HOME:
        return False
    people = predicate.object is not None and predicate.object.role is not None
    if predicate.passive and not people and kind.level is not Level.CONCILIATE:
        return False
    if _abroad(sentence, predicate) or not _bodily(sentence, predicate):
        return False
    return predicate.finite or sentence.lower[predicate.hit.start].endswith("ing")


def _abroad(sentence: Sentence, predicate: Predicate) -> bool:
    """Whether the words after a verb name whom no one of the document faces, as "in Africa"."""
    told = predicate.object
    return (
        told is not None
        and told.actor is not None
        and told.actor.sort not in LISTED | {ActorSort.PLACE}
    )


def _bodily(sentence: Sentence, predicate: Predicate) -> bool:
    """Whether a state or its forces act, not goods of it as in "Chinese steel flooded …"."""
    mention = predicate.subject
    if mention is None or not mention.demonym:
        return True
    plain = [
        word
        for word in sentence.lower[mention.end : predicate.hit.start]
        if word.isalpha() and word not in AUXILIARIES and not word.endswith("ly")
    ]
    return not plain or _armed(sentence, predicate)


def _deed_follows(sentence: Sentence, predicate: Predicate) -> bool:
    """Whether what is condemned is a deed told before, as "condemned the attack"."""
    end = predicate.hit.end
    after = sentence.lower[end : end + 4]
    return bool(_DEEDS & set(after)) and after[:1] != ("that",)


def _armed(sentence: Sentence, predicate: Predicate) -> bool:
    """Whether forces or weapons are the subject of a verb, so that it is meant bodily."""
    mention = predicate.subject
    if mention is None:
        return False
    words = sentence.lower[mention.start : predicate.hit.start]
    return mention.role == "forces" or bool(_WEAPON.search(" ".join(words)))


def _loses(predicate: Predicate) -> bool:
    """Whether an active verb says what befell its subject, as "lost a jet"."""
    return predicate.hit.entry.split()[0] == "lose" and not predicate.passive


def _suffered(
    sentence: Sentence, predicate: Predicate, kind: ActKind, cast: Cast
) -> Iterator[FoundAct]:
    """Yield an act told in the passive without a doer, by whom it befell.

    Of forces that were put on alert or sent, these are the actor.
    """
    mention = predicate.object
    if kind.event_type == "YIELD":
        yield from _handed(sentence, predicate, kind)
        return
    least = Level.VERBAL if predicate.hit.entry == "summon" else Level.PRESSURE
    if mention is None or kind.level < least or _harmless(predicate, mention):
        return
    victim = acting(sentence, mention, cast)
    basis: tuple[str, ...] = ("inferred target",) if kind.level is Level.DISPLAY else ("suffered",)
    if victim is None and mention.role == "forces":
        suffers = basis == ("suffered",)
        victim = cast.speaker if suffers else cast.ruler(sentence, mention, None) or cast.subject
        basis = (*basis, "meant target" if suffers else "meant actor")
    if victim is None or victim.sort not in LISTED:
        return
    if kind.event_type == "SANCTION" or predicate.hit.entry in _DOMESTIC:
        return
    by = None if kind.level is Level.DISPLAY else _counterpart(sentence, predicate, victim)
    if by is None and kind.level < Level.DISPLAY and cast.author not in (None, victim):
        by = cast.author  # a government tells what it did
    if by is not None:
        yield _found(sentence, predicate, kind, by, victim, None, ("meant actor",))
    else:
        yield _found(sentence, predicate, kind, victim, None, None, basis)


def _handed(sentence: Sentence, predicate: Predicate, kind: ActKind) -> Iterator[FoundAct]:
    """Yield that somebody was handed to the one named after "to", by whom it faces."""
    for place in range(predicate.hit.end, min(len(sentence.lower) - 1, predicate.hit.end + 4)):
        given = sentence.mention_at.get(place + 1)
        if sentence.lower[place] == "to" and given is not None and given.actor is not None:
            if given.actor.sort in LISTED:
                yield _found(sentence, predicate, kind, given.actor, None, None, ("suffered",))
            return


def _harmless(predicate: Predicate, mention: Mention) -> bool:
    """Whether only people were harmed, which is a detail of an act and not one."""
    return harms(predicate.hit) and mention.role not in {"forces", "official"}


def _counterpart(sentence: Sentence, predicate: Predicate, victim: Actor) -> Actor | None:
    """Return who is named as the other side: "killed in fighting with Chinese troops"."""
    for mention in sentence.mentions:
        if mention.start < predicate.hit.end or mention.actor is None:
            continue
        gap = set(sentence.lower[predicate.hit.end : mention.start])
        if mention.actor.id == victim.id or mention.actor.sort not in LISTED:
            continue
        ends = {",", ";", "after", "while", "said", "when"} & gap
        with_them = sentence.lower[max(0, mention.start - 2) : mention.start]
        return mention.actor if "with" in with_them and not ends else None
    return None


def _found(
    sentence: Sentence,
    predicate: Predicate,
    kind: ActKind,
    actor: Actor,
    target: Actor | None,
    soil: str | None,
    basis: tuple[str, ...] = (),
) -> FoundAct:
    parts = [m for m in (predicate.subject, predicate.object, predicate.place) if m is not None]
    first = min([predicate.hit.start, *(m.start for m in parts)])
    last = max([predicate.hit.end, *(m.end for m in parts)])
    start, end = sentence.tokens[first].start, sentence.tokens[last - 1].end
    traits = traits_of(sentence, predicate, kind, basis)
    return FoundAct(actor, target, kind, soil, predicate, start, end, basis, traits)


def _addressed(sentence: Sentence, predicate: Predicate) -> bool:
    """Whether words are said *to* their object: "warned Iran", not "warned that Iran may"."""
    if predicate.nominal:
        return False
    after = sentence.lower[predicate.hit.end : predicate.hit.end + 1]
    told = predicate.object
    if told is None or (after and after[0] in {"that", "of", "about", "it", "he", "they", "in"}):
        return False
    gap = sentence.lower[predicate.hit.end : told.start]
    return len(gap) <= 12 and "that" not in gap[:2] and "," not in gap


def _mutual(
    sentence: Sentence, predicate: Predicate, kind: ActKind, cast: Cast
) -> Iterator[FoundAct]:
    """Yield the acts of both sides where two are named together before or "with" after."""
    sides: list[Actor] = []
    begin = predicate.hit.start
    for mention in reversed(sentence.mentions):
        if mention.end > predicate.hit.start or mention.actor is None:
            continue
        gap = sentence.lower[mention.end : predicate.hit.start]
        if "to" in gap or ";" in gap or "that" in gap or len(gap) > 16:
            break
        before = sentence.lower[mention.start - 1] if mention.start else ""
        if before == "in" or mention.actor.sort not in LISTED or mention.actor.id == "PROX":
            continue
        if all(mention.actor.id != side.id for side in sides):
            if sides and "and" not in sentence.lower[mention.end : begin]:
                break
            sides.append(mention.actor)
            begin = mention.start
    sides.reverse()
    after = predicate.object.actor if predicate.object is not None else None
    together = predicate.hit.entry in _MUTUAL or predicate.hit.entry.split()[0] in _JOINTLY
    if len(sides) < 2 and together and after is not None and after.sort in LISTED:
        sides = [*sides[-1:], after]
    begin_words = sentence.text[: sentence.tokens[predicate.hit.start].start][-70:]
    both = cast.both(begin_words) if len(sides) < 2 else None
    sides = list(both) if both is not None else sides
    if len(sides) < 2 or sides[0].id == sides[1].id:
        return
    basis = () if both is None else ("meant actor", "meant target")
    for one, other in ((sides[0], sides[1]), (sides[1], sides[0])):
        found = _found(sentence, predicate, kind, one, other, None, basis)
        yield replace(found, start=sentence.tokens[begin].start)


def harms(hit: Hit) -> bool:
    """Whether an entry says that people were harmed rather than that an attack was made."""
    return hit.entry.split()[0] in {"kill", "killed", "wound", "injure", "leave", "killing"}
