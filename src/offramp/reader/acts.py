"""Acts that a sentence asserts: done, not merely wanted, feared, denied or asked for."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from offramp.ladder import Level
from offramp.reader.act_lexicon import ActKind, act_kind
from offramp.reader.act_probability import act_probability
from offramp.reader.actors import Actor, ActorSort, actors
from offramp.reader.arguments import choose
from offramp.reader.clause_words import BE
from offramp.reader.clauses import Sentence
from offramp.reader.lexicon import Hit
from offramp.reader.mentions import Mention
from offramp.reader.predicates import Predicate
from offramp.reader.words import word_set

_IMPLICATIVE = word_set(
    "begin start continue resume manage keep proceed launch help stop go carry succeed"
)
_UNREAL = word_set(
    "any possible potential future imminent planned threatened feared further another would-be "
    "prospective hypothetical eventual likely alleged counter next all-out wider second more "
    "proposed expected retaliatory looming such anticipated impending no"
)
_UNREAL_VERBS = word_set(
    "threaten want plan consider fear warn avoid prevent deter rule oppose discuss urge refuse "
    "reject deny risk contemplate demand request call mull weigh prepare vow need must should "
    "would could may might if unless whether in-case against support justify condemn expect"
)
_PAST_AGREES = word_set("condemn denounce criticize criticise deplore decry mourn after")
_MUTUAL = frozenset(
    {"exchange fire", "trade fire", "clash", "fight", "meet", "hold talk", "battle"}
)
_JOINTLY = word_set("hold resume begin open sign meet reach restore exchange swap")
_SURE = 0.6
_SHARED = frozenset({"AGREE", "CONSULT", "COOPERATE"})
"""Types of which one act is that of both sides where both are its subject."""

_VESSEL = re.compile(r"\b(?:ships?|vessels?|shipping|tankers?|freighters?|bulk carriers?)\b", re.I)
_DOWNED = re.compile(
    r"(?:shoot|shoots|shot|shooting|down|downs|downed|downing|destroy\w*|intercept\w*)\W+"
    r"(?:\w+\W+){0,6}?(?:missiles?|drones?|rockets?|UAVs?|projectiles?|shells?)\b",
    re.I,
)
"""Shooting down what comes in is no act: it stands in the attack."""

_QUOTED = re.compile(r"[“\"][^“”\"]*[”\"]?")
_DIRECTED = word_set("against on at into inside toward towards over")
LISTED = frozenset({ActorSort.STATE, ActorSort.GROUP, ActorSort.COALITION})


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
        probability: that this is right, before dates and merging.
    """

    actor: Actor
    target: Actor | None
    kind: ActKind
    soil: str | None
    predicate: Predicate
    start: int
    end: int
    probability: float


def acts(sentence: Sentence, subject: Actor | None = None) -> list[FoundAct]:
    """Return the acts that a sentence cut by the lexicon of acts asserts, in order.

    Args:
        sentence: the sentence.
        subject: whom a pronoun at its beginning means, if known.
    """
    if sentence.text.rstrip("”\"’' ").endswith("?"):
        return []
    quoted = [match.span() for match in _QUOTED.finditer(sentence.text)]
    found: list[FoundAct] = []
    for predicate in sentence.predicates:
        kind = act_kind(predicate.hit, sentence.hits)
        if kind is None or not _asserted(sentence, predicate, quoted):
            continue
        if predicate.nominal and kind.level < Level.DENIABLE:
            continue
        if predicate.hit.entry in _MUTUAL or kind.event_type in _SHARED:
            both = list(_mutual(sentence, predicate, kind))
            if both or predicate.hit.entry in _MUTUAL:
                found += both
                continue
        found += _one(sentence, predicate, kind, subject)
    return found


# --- whether it was done


def _asserted(sentence: Sentence, predicate: Predicate, quoted: Sequence[tuple[int, int]]) -> bool:
    place = sentence.tokens[predicate.hit.start].start
    if _DOWNED.match(sentence.text, place):
        return False
    if predicate.negated or predicate.modal or any(a < place < b for a, b in quoted):
        return False
    return _real_noun(sentence, predicate) if predicate.nominal else _real_verb(sentence, predicate)


def _real_verb(sentence: Sentence, predicate: Predicate) -> bool:
    lower, start = sentence.lower, predicate.hit.start
    governor = predicate.governor
    if _conditional(sentence, start):
        return False
    before = lower[start - 1] if start else ""
    if before == "to":
        return governor is not None and governor.entry.split()[0] in _IMPLICATIVE
    if governor is not None and lower[start].endswith("ing") and before not in BE:
        kinds = {kind.split(".")[0] for kind in governor.kinds}
        doer = sentence.mention_at.get(start - 1)
        return doer is not None or before == "," or "limited" in kinds or "major" in kinds
    if lower[start].endswith("ing") and before in {"of", "for", "from", "against", "about"}:
        return False
    if governor is not None and governor.entry.split()[0] in {"deny", "threaten", "refuse"}:
        return False
    return not (before in {"and", "or"} and _to_before(sentence, start))


def _to_before(sentence: Sentence, start: int) -> bool:
    """Whether a joined verb stands under the infinitive of the one before, as "to X and Y"."""
    word = sentence.lower[start]
    if word.endswith(("ed", "s", "ing")):
        return False
    return "to" in sentence.lower[max(0, start - 8) : start]


def _conditional(sentence: Sentence, start: int) -> bool:
    lower = sentence.lower
    for place in range(start - 1, max(-1, start - 14), -1):
        word = lower[place]
        if word in {"if", "unless", "whether", "should", "how"}:
            return True
        if word in {";", ":", "–", "—"}:
            return False
        if word == "," and start - place > 4:
            return False
    return False


def _real_noun(sentence: Sentence, predicate: Predicate) -> bool:
    lower, hit = sentence.lower, predicate.hit
    before = lower[max(0, hit.start - 5) : hit.start]
    if any(word in _UNREAL and word != "retaliatory" for word in before):
        return False
    if hit.end < len(lower) and lower[hit.end] in {"would", "could", "might", "may", "will"}:
        return False
    if _conditional(sentence, hit.start):
        return False
    for other in sentence.hits:
        gap = hit.start - other.end
        if not 0 <= gap <= 7 or other == hit:
            continue
        head = other.entry.split()[0]
        if "op.irrealis" in other.kinds or (head in _UNREAL_VERBS and head not in _PAST_AGREES):
            return False
    return True


# --- by whom, to whom


def _one(
    sentence: Sentence, predicate: Predicate, kind: ActKind, subject: Actor | None
) -> Iterator[FoundAct]:
    actor = _actor(sentence, predicate.subject, subject)
    if actor is None or actor.sort not in LISTED:
        return
    target, soil = _target(sentence, predicate, actor, kind)
    if target is None and not predicate.nominal:
        target = _learnt_target(sentence, predicate)
    armed = any(one.endswith("+arms") for one in predicate.hit.kinds)
    if target is None and not ((predicate.nominal or armed) and kind.level >= Level.LIMITED):
        return
    if armed and kind.level >= Level.LIMITED and _passes_over(sentence, predicate):
        return
    if target is not None and (target.sort not in LISTED or target.id == actor.id):
        return
    if kind.level is Level.VERBAL and not _addressed(sentence, predicate):
        return
    probability = act_probability(sentence, predicate, kind, target is not None)
    yield _found(sentence, predicate, kind, actor, target, soil, probability)


def _passes_over(sentence: Sentence, predicate: Predicate) -> bool:
    """Whether munitions flew over or past whom the sentence names, rather than at them."""
    told = predicate.object
    if told is None or told.actor is None:
        return False
    gap = sentence.lower[predicate.hit.end : told.start]
    return bool({"over", "past", "off", "from", "for", "near"} & set(gap[-4:])) and "at" not in gap


def _learnt_target(sentence: Sentence, predicate: Predicate) -> Actor | None:
    """Return whom the model of arguments takes for the target of the sentence's main event.

    It counts only where the model is sure, and agrees on who acts.
    """
    chosen = choose(sentence)
    sure = chosen.probability >= _SURE and chosen.source == predicate.subject
    if not sure or chosen.target is None or chosen.target.actor is None:
        return None
    return chosen.target.actor


def _found(
    sentence: Sentence,
    predicate: Predicate,
    kind: ActKind,
    actor: Actor,
    target: Actor | None,
    soil: str | None,
    probability: float,
) -> FoundAct:
    parts = [m for m in (predicate.subject, predicate.object, predicate.place) if m is not None]
    first = min([predicate.hit.start, *(m.start for m in parts)])
    last = max([predicate.hit.end, *(m.end for m in parts)])
    start, end = sentence.tokens[first].start, sentence.tokens[last - 1].end
    return FoundAct(actor, target, kind, soil, predicate, start, end, probability)


def _actor(sentence: Sentence, mention: Mention | None, subject: Actor | None) -> Actor | None:
    """Return the listed actor whom a mention in the place of a subject means."""
    if mention is None:
        return None
    if mention.pronoun:
        return subject
    if mention.actor is None:
        return _example(sentence, mention)
    if mention.actor.sort is ActorSort.PLACE:
        return None
    if mention.actor.id == "PROX":
        return _example(sentence, mention) or mention.actor
    return mention.actor


def _example(sentence: Sentence, mention: Mention) -> Actor | None:
    """Return the actor named as an example of a group: "Iranian proxies, like Hezbollah"."""
    rest = sentence.lower[mention.end : mention.end + 4]
    if "like" in rest or ("such" in rest and "as" in rest) or "including" in rest:
        for place in range(mention.end, min(len(sentence.lower), mention.end + 6)):
            named = sentence.mention_at.get(place)
            if named is not None and named.actor is not None:
                return named.actor
    return None


def _target(
    sentence: Sentence, predicate: Predicate, actor: Actor, kind: ActKind
) -> tuple[Actor | None, str | None]:
    """Return whom an act befalls and on whose soil."""
    place = predicate.place
    soil = _soil(place.actor if place is not None else _located(sentence, predicate))
    mention = predicate.object
    if mention is None:
        return None, soil
    if mention.actor is None:
        if _VESSEL.search(mention.text) and kind.level >= Level.PRESSURE:
            return actors().by_id["SHIP"], soil
        owner = _home(sentence, mention)
        if owner is None and kind.level is Level.DISPLAY:
            owner = _next_listed(sentence, mention, actor)
        return owner, soil
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
        if mention.actor.id != actor.id:
            before = sentence.lower[mention.start - 1]
            return mention.actor if before in _DIRECTED | {"the"} else None
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


def _mutual(sentence: Sentence, predicate: Predicate, kind: ActKind) -> Iterator[FoundAct]:
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
    if len(sides) < 2 or sides[0].id == sides[1].id:
        return
    probability = act_probability(sentence, predicate, kind, True)
    for one, other in ((sides[0], sides[1]), (sides[1], sides[0])):
        found = _found(sentence, predicate, kind, one, other, None, probability)
        yield replace(found, start=sentence.tokens[begin].start)


def harms(hit: Hit) -> bool:
    """Whether an entry says that people were harmed rather than that an attack was made."""
    return hit.entry.split()[0] in {"kill", "killed", "wound", "injure", "leave", "killing"}
