"""By whom and to whom an act is done: the listed actors whom its subject and object mean."""

from __future__ import annotations

import re

from offramp.ladder import Level
from offramp.reader.act_lexicon import ActKind
from offramp.reader.actors import Actor, ActorSort, actors
from offramp.reader.arguments import choose
from offramp.reader.cast import LISTED, Cast
from offramp.reader.clauses import Sentence
from offramp.reader.mentions import Mention
from offramp.reader.predicates import Predicate
from offramp.reader.words import word_set

_SURE = 0.6
_VESSEL = re.compile(r"\b(?:ships?|vessels?|shipping|tankers?|freighters?|bulk carriers?)\b", re.I)
_WATERS = word_set("sea ocean water waters strait gulf bay channel")
_REACH = 14
_DIRECTED = word_set("against on at into inside toward towards over")


def acting(sentence: Sentence, mention: Mention | None, cast: Cast) -> Actor | None:
    """Return the listed actor whom a mention in the place of a subject means."""
    if mention is None:
        return None
    if mention.actor is None and not mention.pronoun:
        return _example(sentence, mention) or cast.of(sentence, mention)
    actor = cast.of(sentence, mention)
    if actor is None or actor.sort is ActorSort.PLACE:
        return None
    if actor.id == "PROX":
        return _example(sentence, mention) or actor
    return actor


def _example(sentence: Sentence, mention: Mention) -> Actor | None:
    """Return the actor named as an example of a group: "Iranian proxies, like Hezbollah"."""
    rest = sentence.lower[mention.end : mention.end + 4]
    if "like" in rest or ("such" in rest and "as" in rest) or "including" in rest:
        for place in range(mention.end, min(len(sentence.lower), mention.end + 6)):
            named = sentence.mention_at.get(place)
            if named is not None and named.actor is not None:
                return named.actor
    return None


def target_of(
    sentence: Sentence, predicate: Predicate, actor: Actor, kind: ActKind, cast: Cast
) -> tuple[Actor | None, str | None]:
    """Return whom an act befalls and on whose soil."""
    place = predicate.place
    soil = _soil(place.actor if place is not None else _located(sentence, predicate))
    mention = predicate.object
    if mention is None:
        return None, soil
    if mention.actor is None:
        meant = _home(sentence, mention) or (
            None if mention.pronoun else cast.of(sentence, mention)
        )
        if meant is None and _VESSEL.search(mention.text) and kind.level is not Level.DISPLAY:
            return (actors().by_id["SHIP"] if kind.level >= Level.PRESSURE else None), soil
        if meant is None and kind.level is Level.DISPLAY:
            meant = _next_listed(sentence, mention, actor)
        if meant is not None and meant.id == actor.id:
            meant = _other(sentence, predicate, actor)
        return meant, soil
    target = mention.actor
    if target.sort is ActorSort.PLACE:
        soil = soil or target.soil
        return actors().by_id.get(target.sponsor or ""), soil
    if mention == place and target.sort is ActorSort.STATE:
        soil = target.id
    if target.id == actor.id:
        later = _other(sentence, predicate, actor)
        if later is not None:
            return later, soil
    return target, soil


def into_sea(sentence: Sentence, predicate: Predicate, kind: ActKind) -> int | None:
    """Return the place of the sea into which munitions were fired, which shows force; else None."""
    armed = any(one.endswith("+arms") for one in predicate.hit.kinds)
    if not armed or predicate.nominal or kind.level < Level.LIMITED:
        return None
    lower, start = sentence.lower, predicate.hit.end
    for place in range(start, min(len(lower) - 1, start + _REACH)):
        if lower[place] in {"into", "in", "over"} and _WATERS & set(lower[place + 1 : place + 4]):
            return place
        if lower[place] in {"at", "on", "against"}:
            return None
    return None


def off_coast(sentence: Sentence, sea: int, actor: Actor) -> Actor | None:
    """Return off whose coast a sea lies: the next other actor named, but not in the sea's name."""
    lower = sentence.lower
    for mention in sentence.mentions:
        named = mention.actor
        if mention.start <= sea or named is None or named.id == actor.id:
            continue
        gap = lower[sea : mention.start]
        if len(gap) > _REACH or {";", "after", "said", "while"} & set(gap):
            return None
        if gap[-1] == "of" and gap[-2] in _WATERS:
            continue
        return named if named.sort in LISTED else None
    return None


def learnt_target(sentence: Sentence, predicate: Predicate) -> Actor | None:
    """Return whom the model of arguments takes for the target of the sentence's main event.

    It counts only where the model is sure, and agrees on who acts.
    """
    chosen = choose(sentence)
    sure = chosen.probability >= _SURE and chosen.source == predicate.subject
    if not sure or chosen.target is None or chosen.target.actor is None:
        return None
    return chosen.target.actor if chosen.target.actor.sort in LISTED else None


def _home(sentence: Sentence, mention: Mention) -> Actor | None:
    """Return whose people an unlisted mention are, as in "the capital of Syria"; else None."""
    for place in range(mention.end, min(len(sentence.lower), mention.end + 5)):
        if sentence.lower[place] in {",", ";", "and", "after", "who", "which"}:
            return None
        named = sentence.mention_at.get(place)
        if named is not None and named.actor is not None:
            return named.actor if sentence.lower[named.start - 1] in {"of", "from", "'s"} else None
    return None


def _next_listed(sentence: Sentence, after: Mention, actor: Actor) -> Actor | None:
    """Return whom a show of force faces: the next other actor named in the clause."""
    for mention in sentence.mentions:
        if mention.start < after.end or mention.actor is None or mention.actor.id == actor.id:
            continue
        gap = sentence.lower[after.end : mention.start]
        if len(gap) > 10 or {",", ";", "after", "said", "says", "who"} & set(gap):
            return None
        return mention.actor
    return None


def _other(sentence: Sentence, predicate: Predicate, actor: Actor) -> Actor | None:
    """Return the next listed actor named after a verb, where the first one is its own subject."""
    for mention in sentence.mentions:
        if mention.start < predicate.hit.end or mention.actor is None:
            continue
        if mention.actor.id != actor.id and mention.actor.sort in LISTED:
            before = sentence.lower[mention.start - 1]
            return mention.actor if before in _DIRECTED | {"the", "with", "from"} else None
    return None


def _located(sentence: Sentence, predicate: Predicate) -> Actor | None:
    """Return the place named by "in X" within a few words after the object."""
    start = predicate.object.end if predicate.object is not None else predicate.hit.end
    for place in range(start, min(len(sentence.lower), start + 9)):
        word = sentence.lower[place]
        if word in {".", ";", "after", "while", "who", "which", "that", "to", "as"}:
            return None
        mention = sentence.mention_at.get(place)
        if mention is not None and mention.actor is not None:
            before = sentence.lower[max(0, mention.start - 3) : mention.start]
            near = any(w in before for w in ("in", "near", "inside", "outside"))
            return mention.actor if near and mention.place else None
    return None


def _soil(actor: Actor | None) -> str | None:
    if actor is None:
        return None
    if actor.sort is ActorSort.STATE:
        return actor.id
    return actor.soil if actor.sort is ActorSort.PLACE else None
