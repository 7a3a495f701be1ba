"""What a marked sentence says about the type of its event, as named features with weights.

Two blocks: words and pairs of words, by whether they stand before, between or after source and
target; and entries of the lexicon with their kinds, order, negation, modality and what they
govern. Each block is brought to unit length by the model.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from offramp.reader.lexicon import Hit, Lexicon, predicates
from offramp.reader.marked import Marked
from offramp.reader.words import Token, tokens, word_set

Features = dict[str, float]
"""Features by name; the first letter of a name says its block: `w` words, `x` lexicon."""

NEGATIVE = word_set("not no never without nor neither none deny denies denied")
MODAL = word_set("will would could may might should must shall can")
FUTURE = word_set("will would shall")
CONCILIATORY = word_set("AGREE CONSULT SUPPORT COOPERATE AID YIELD")


@dataclass(frozen=True, slots=True)
class _Reading:
    """A marked sentence cut up: tokens, base forms, and in which zone each token stands.

    Zones: `p` before both, `m` between, `a` after both, `S` the source, `T` the target.
    `order` is ">" where the source comes first.
    """

    tokens: Sequence[Token]
    bases: Sequence[tuple[str, ...]]
    zones: str
    order: str


@dataclass(frozen=True, slots=True)
class _Said:
    """An entry found in the sentence: where it stands, and whether under negation or a modal."""

    hit: Hit
    zone: str
    negated: bool
    modal: bool
    types: tuple[str, ...]
    empty: bool


def features(sentence: Marked) -> Features:
    """Return the features of a marked sentence."""
    found: Features = defaultdict(float)
    lexicon = predicates()
    reading = _read(sentence, lexicon)
    _words(reading, found)
    said = [_say(reading, hit) for hit in lexicon.hits(reading.bases)]
    _entries(reading, said, found)
    _chain(reading, said, found)
    _frame(reading, said, found)
    return dict(found)


def _read(sentence: Marked, lexicon: Lexicon) -> _Reading:
    cut = tokens(sentence.text)
    count = len(cut)
    source = _span(cut, sentence.source, count)
    target = _span(cut, sentence.target, count)
    order = ">" if source[0] <= target[0] else "<"
    first, second = (source, target) if order == ">" else (target, source)
    one, other = ("S", "T") if order == ">" else ("T", "S")
    zones = (
        "p" * first[0]
        + one * (first[1] - first[0])
        + "m" * max(0, second[0] - first[1])
        + other * max(0, second[1] - max(second[0], first[1]))
    )
    zones = (zones + "a" * count)[:count]
    return _Reading(cut, [lexicon.bases(token.lower) for token in cut], zones, order)


def _span(cut: Sequence[Token], span: tuple[int, int], count: int) -> tuple[int, int]:
    inside = [k for k, token in enumerate(cut) if token.end > span[0] and token.start < span[1]]
    if inside:
        return inside[0], inside[-1] + 1
    return (0, 0) if span[0] == 0 else (count, count)


def _words(reading: _Reading, found: Features) -> None:
    order = reading.order
    line: list[str] = []
    for base, zone in zip(reading.bases, reading.zones, strict=True):
        word = base[0]
        if zone in "ST":
            found[f"w{zone}:{word}"] += 1
            word = f"<{zone}>"
            if not line or line[-1] != word:
                line.append(word)
        else:
            found[f"w:{word}"] += 1
            found[f"w{zone}{order}:{word}"] += 1
            line.append(word)
    for one, two in pairwise(line):
        found[f"w2:{one} {two}"] += 1
    for one, two in zip(line, line[2:], strict=False):
        found[f"w3:{one} {two}"] += 1


def _say(reading: _Reading, hit: Hit) -> _Said:
    before = {token.lower for token in reading.tokens[max(0, hit.start - 3) : hit.start]}
    heads = [kind.split(".", 1)[0] for kind in hit.kinds]
    return _Said(
        hit,
        reading.zones[hit.start],
        not before.isdisjoint(NEGATIVE),
        not before.isdisjoint(MODAL),
        tuple(dict.fromkeys(head for head in heads if head.isupper())),
        all(head in {"noun", "say"} for head in heads),
    )


def _entries(reading: _Reading, said: Sequence[_Said], found: Features) -> None:
    order = reading.order
    for one in said:
        place = one.zone + order
        found[f"x=:{one.hit.entry}"] += 1
        for kind in one.hit.kinds:
            head = kind.split(".", 1)[0]
            found[f"x:{kind}"] += 1
            found[f"x:{kind} {place}"] += 1
            if head.isupper():
                found[f"xt:{head} {place}"] += 1
            if one.negated:
                found[f"xn:{head} {one.zone}"] += 1
            if one.modal:
                found[f"xm:{head} {one.zone}"] += 1
        if one.types and one.zone in "pma":
            _tense(reading, one, found)


def _tense(reading: _Reading, one: _Said, found: Features) -> None:
    tone = _tone(one.types)
    start = one.hit.start
    before = [token.lower for token in reading.tokens[max(0, start - 4) : start]]
    if not FUTURE.isdisjoint(before) or reading.tokens[start].lower in {"will", "would"}:
        found[f"xfuture:{tone} {one.zone}"] += 1
    if "to" in before[-2:]:
        found[f"xto:{tone} {one.zone}"] += 1


def _tone(types: Sequence[str]) -> str:
    return "conciliatory" if types[0] in CONCILIATORY else "hostile"


def _chain(reading: _Reading, said: Sequence[_Said], found: Features) -> None:
    """Pairs of entries of which the first may govern the second."""
    line = [one.hit.kinds for one in said if one.zone in "ma"]
    for place, kinds in enumerate(line):
        for after in line[place + 1 : place + 4]:
            for one, two in _pairs(kinds[:2], after[:2]):
                found[f"xc:{one}>{two}"] += 0.7


def _pairs(first: Sequence[str], second: Sequence[str]) -> Iterator[tuple[str, str]]:
    for one in first:
        if not one.startswith(("noun", "say")):
            head = one.split(".", 1)[0]
            for two in second:
                yield (head if head.isupper() else one), two


def _frame(reading: _Reading, said: Sequence[_Said], found: Features) -> None:
    """What stands first and last between source and target, first after them, and by whom."""
    order = reading.order
    verbs = [one for one in said if one.zone == "m" and not one.empty]
    if verbs:
        _first(verbs[0], order, found)
        for kind in verbs[-1].hit.kinds:
            found[f"xlast:{order}{kind}"] += 1
            found[f"xlastt:{order}{kind.split('.', 1)[0]}"] += 1
    else:
        found[f"xnone:{order}"] += 1
    typed = [one for one in verbs if one.types]
    if typed:
        _leading(typed, order, found)
    after = [one for one in said if one.zone == "a" and not one.empty]
    for kind in after[0].hit.kinds if after else ():
        found[f"xafter:{order}{kind}"] += 1
    between = [
        token.lower
        for token, zone in zip(reading.tokens, reading.zones, strict=True)
        if zone == "m"
    ]
    if "by" in between:
        found[f"xby:{order}"] += 1
    found[f"xgap:{min(6, len(between) // 3)}"] += 1
    found[f"xorder:{order}{not between}"] += 1


def _first(first: _Said, order: str, found: Features) -> None:
    for kind in first.hit.kinds:
        found[f"xfirst:{order}{kind}"] += 1
        found[f"xfirstt:{order}{kind.split('.', 1)[0]}"] += 1.5
    found[f"xfirst=:{order}{first.hit.entry}"] += 1
    if first.negated:
        found[f"xfirstn:{order}"] += 1
    if first.modal:
        found[f"xfirstm:{order}"] += 1


def _leading(typed: Sequence[_Said], order: str, found: Features) -> None:
    first = typed[0]
    mood = "negated" if first.negated else "modal" if first.modal else "plain"
    found[f"xlead:{order}{mood} {_tone(first.types)}"] += 1
    found[f"xleadt:{mood} {first.types[0]}"] += 1
    if len(typed) > 1:
        found[f"xleads:{mood} {first.types[0]}>{typed[1].types[0]}"] += 1
