"""The source and the target of a sentence's main event, chosen among its mentions by a small model.

Two conditional logits over the mentions of a sentence: which is the source, and, given the
source, which is the target. Their features come from the shallow reading in `clauses`; their
weights are trained on the marked sentences and ship with the package.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from offramp.reader.clause_words import AUXILIARIES
from offramp.reader.clauses import Sentence
from offramp.reader.mentions import DETERMINERS, PREPOSITIONS, Mention
from offramp.reader.predicates import Predicate
from offramp.reader.words import word_set

ARGUMENTS_FILE = Path(__file__).with_name("weights") / "arguments.json"

SAYING = word_set(
    "say says said told tell reported report reports according announced quoted added"
)


@dataclass(frozen=True, slots=True)
class Arguments:
    """The source and target of an event, with the probability that both are right."""

    source: Mention | None
    target: Mention | None
    probability: float


def main_predicate(sentence: Sentence) -> Predicate | None:
    """Return the predicate that says what the sentence as a whole reports, or None."""
    typed = [p for p in sentence.predicates if p.types]
    for candidates in (
        [p for p in typed if p.subject and p.object and p.finite and not p.nominal],
        [p for p in typed if p.subject and p.object],
        [p for p in typed if p.subject or p.object],
        typed,
    ):
        if candidates:
            return candidates[0]
    return None


def source_features(sentence: Sentence, main: Predicate | None) -> list[list[str]]:
    """Return what is said of each mention as a source, by mention."""
    return [
        [*_form(sentence, place, mention), *_place(sentence, place, mention, main)]
        for place, mention in enumerate(sentence.mentions)
    ]


def target_features(sentence: Sentence, main: Predicate | None, source: int) -> list[list[str]]:
    """Return what is said of each mention as a target, given the place of the source's mention."""
    chosen = sentence.mentions[source]
    found = []
    for place, mention in enumerate(sentence.mentions):
        features = [*_form(sentence, place, mention), *_place(sentence, place, mention, main)]
        if place == source:
            features.append("is source")
        same = mention.actor is not None and mention.actor == chosen.actor
        features.append(f"same actor {same}")
        distance = place - source
        features.append(f"distance {max(-3, min(5, distance))}")
        between = sentence.lower[chosen.end : mention.start]
        if distance > 0 and len(between) <= 3 and "and" in between:
            features.append("joined with source")
        nearest = [p for p in sentence.predicates if p.hit.end <= mention.start and p.types]
        if nearest:
            features.append(f"after {nearest[-1].types[0]}")
            if nearest[-1].subject == chosen:
                features.append("object side of own verb")
        for predicate in sentence.predicates:
            if predicate.object == mention and predicate.subject == chosen:
                features.append(f"object of source {bool(predicate.types)} {predicate.nominal}")
            if predicate.place == mention and predicate.subject == chosen:
                features.append("place of source")
        found.append(features)
    return found


def _form(sentence: Sentence, place: int, mention: Mention) -> Iterator[str]:
    """Yield what a mention is by itself and by its neighbours."""
    lower = sentence.lower
    yield "one"
    yield f"place {min(place, 5)}"
    yield f"of {min(len(sentence.mentions), 6)} at {min(place, 4)}"
    yield "no actor" if mention.actor is None else f"actor {mention.actor.sort}"
    yield f"role {mention.role}"
    yield f"role {mention.role} known {mention.actor is not None}"
    for flag in ("demonym", "pronoun", "place"):
        if getattr(mention, flag):
            yield flag
    if any(word.text[0].isupper() for word in sentence.tokens[mention.start : mention.end]):
        yield "capital"
    start = mention.start
    while start > 0 and (lower[start - 1] in DETERMINERS or lower[start - 1].isdigit()):
        start -= 1
    before = lower[start - 1] if start else "^"
    yield f"before {before if before in PREPOSITIONS or not before.isalpha() else 'word'}"
    head = before if before in PREPOSITIONS else _preposition(sentence, start)
    yield f"preposition {head}"
    yield f"preposition {head} place {mention.place}"
    yield f"next {_next(sentence, mention)}"
    ends = lower[mention.end : mention.end + 2]
    if any(word in SAYING for word in (*ends, before)):
        yield f"says {place > 0}"
        if "," in lower[max(0, start - 1) : start] or before in {"to"}:
            yield "said it at the end"
    if sentence.tokens[mention.start].text.lower() in {
        "official",
        "officials",
        "source",
        "sources",
    }:
        yield "plain official"


def _preposition(sentence: Sentence, start: int) -> str:
    """Return the preposition before the plain words that begin a phrase, or a blank."""
    for place in range(start - 1, max(-1, start - 4), -1):
        word = sentence.lower[place]
        if word in PREPOSITIONS:
            return word
        if not word.isalpha() or place in sentence.mention_at or word in AUXILIARIES:
            return ""
    return ""


def _next(sentence: Sentence, mention: Mention) -> str:
    if mention.end >= len(sentence.lower):
        return "end"
    word = sentence.lower[mention.end]
    if word in AUXILIARIES or word in PREPOSITIONS or not word.isalpha():
        return word
    for hit in sentence.hits:
        if hit.start == mention.end:
            return "noun" if all(kind.startswith("noun") for kind in hit.kinds) else "verb"
    return "word"


def _place(
    sentence: Sentence, place: int, mention: Mention, main: Predicate | None
) -> Iterator[str]:
    """Yield where a mention stands towards the predicates."""
    if main is not None:
        side = "left" if mention.end <= main.hit.start else "right"
        yield f"{side} of main"
        yield f"{side} of {main.types[0]} {main.nominal} {main.passive}"
        if main.subject == mention:
            yield "subject of main"
            yield f"subject of main {main.types[0]} {main.nominal} {main.passive}"
        if main.object == mention:
            yield "object of main"
            yield f"object of main {main.types[0]} {main.nominal} {main.passive}"
        if main.place == mention:
            yield "place of main"
    for index, predicate in enumerate(sentence.predicates[:6]):
        typed = bool(predicate.types)
        if predicate.subject == mention:
            yield f"subject {typed} {predicate.nominal} {predicate.finite}"
            if index == 0:
                yield "subject of first"
        if predicate.object == mention:
            yield f"object {typed} {predicate.nominal} {predicate.finite}"
            if index == 0:
                yield "object of first"


def scores(features: Sequence[Sequence[str]], weights: Mapping[str, float]) -> list[float]:
    """Return the log-probability of each candidate under a conditional logit."""
    sums = [sum(weights.get(name, 0.0) for name in names) for names in features]
    top = max(sums)
    total = top + math.log(sum(math.exp(one - top) for one in sums))
    return [one - total for one in sums]


@dataclass(frozen=True)
class ArgumentWeights:
    """The weights of the two models by the name of the feature."""

    source: dict[str, float]
    target: dict[str, float]


def pack_arguments(weights: ArgumentWeights) -> bytes:
    """Return the weights as the text of a file, zeros left out."""
    rounded = {
        side: {name: round(w, 3) for name, w in sorted(table.items()) if abs(w) >= 0.0005}
        for side, table in (("source", weights.source), ("target", weights.target))
    }
    return (json.dumps(rounded, indent=0, ensure_ascii=False) + "\n").encode()


@cache
def argument_weights() -> ArgumentWeights:
    """Return the weights that ship."""
    held = json.loads(ARGUMENTS_FILE.read_text(encoding="utf-8"))
    return ArgumentWeights(held["source"], held["target"])


def choose(sentence: Sentence, weights: ArgumentWeights | None = None) -> Arguments:
    """Return the likeliest source and target of a sentence's main event."""
    weights = weights or argument_weights()
    if not sentence.mentions:
        return Arguments(None, None, 0.0)
    main = main_predicate(sentence)
    as_source = scores(source_features(sentence, main), weights.source)
    best: tuple[float, int, int] | None = None
    likely = sorted(range(len(as_source)), key=lambda k: -as_source[k])[:4]
    for source in likely:
        as_target = scores(target_features(sentence, main, source), weights.target)
        for target, score in enumerate(as_target):
            if target != source:
                joint = as_source[source] + score
                if best is None or joint > best[0]:
                    best = (joint, source, target)
    if best is None:
        return Arguments(sentence.mentions[0], None, math.exp(as_source[0]))
    return Arguments(sentence.mentions[best[1]], sentence.mentions[best[2]], math.exp(best[0]))
