"""Tenor: how conciliatory or belligerent an actor's public words are, statement by statement."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from offramp.crisis.schema import Stance
from offramp.reader.actors import Actor
from offramp.reader.cast import LISTED
from offramp.reader.clauses import Sentence
from offramp.reader.predicates import Predicate
from offramp.reader.proposals import Utterance
from offramp.reader.speech import Speaker

_BELLIGERENT = {
    "ASSAULT": 1.0,
    "THREATEN": 1.0,
    "MOBILIZE": 0.7,
    "COERCE": 0.7,
    "SANCTION": 0.6,
    "ACCUSE": 0.5,
    "REJECT": 0.5,
    "PROTEST": 0.3,
}
_CONCILIATORY = {
    "YIELD": 1.0,
    "AGREE": 0.8,
    "COOPERATE": 0.8,
    "CONSULT": 0.6,
    "SUPPORT": 0.4,
    "AID": 0.4,
}
_STANCES = {
    Stance.THREAT: 1.0,
    Stance.CONCLUDED: -1.0,
    Stance.RESTRAIN: -0.8,
    Stance.REFUSE_TO_JOIN: -0.6,
    Stance.GO_AHEAD: 0.6,
    Stance.WILL_JOIN: 0.8,
    Stance.WILL_DEFEND: 0.1,
    Stance.UNDECIDED: 0.0,
    Stance.REFUSE_TO_DEFEND: -0.2,
}


def utterance(
    sentence: Sentence, who: Speaker, day: date, stances: Sequence[Stance]
) -> Utterance | None:
    """Return the tone of what an actor says in a sentence, or None where it has none.

    The tone is the mean over stances, each from -1 to 1; where there is none, the balance of
    belligerent and conciliatory words, negated ones turned round. What others are said to have
    done, or what nobody is said to have done, weighs no more than an accusation.
    """
    if who.actor is None or who.actor.sort not in LISTED:
        return None
    if stances:
        tone = sum(_STANCES[stance] for stance in stances) / len(stances)
    else:
        found = _balance(sentence, who.actor)
        if found is None:
            return None
        tone = found
    return Utterance(
        actor=who.actor.id,
        day=day,
        voice=who.voice,
        tone=round(tone, 3),
        sentence=sentence.text[:2000],
    )


def verbal_act(actor: Actor, event_type: str, day: date, text: str) -> Utterance:
    """Return the tone of an act of words, as "X condemned Y"."""
    tone = _BELLIGERENT.get(event_type, 0.0) - _CONCILIATORY.get(event_type, 0.0)
    return Utterance(actor=actor.id, day=day, voice="government", tone=tone, sentence=text[:2000])


def _balance(sentence: Sentence, speaker: Actor) -> float | None:
    total = weight = 0.0
    for predicate in sentence.predicates:
        for kind in predicate.types[:1]:
            value = _BELLIGERENT.get(kind, 0.0) - _CONCILIATORY.get(kind, 0.0)
            if not _own(predicate, speaker):
                value = min(value, _BELLIGERENT["ACCUSE"])
            total += -value if predicate.negated else value
            weight += 1.0
    return max(-1.0, min(1.0, total / weight)) if weight else None


def _own(predicate: Predicate, speaker: Actor) -> bool:
    """Whether a predicate may say what the speaker does: its subject is no one else."""
    doer = predicate.subject
    if doer is None:
        return not predicate.nominal and not predicate.passive
    return doer.actor is None or doer.actor == speaker
