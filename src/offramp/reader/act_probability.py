"""How likely an act is right as found, before dates and merging."""

from __future__ import annotations

from offramp.reader.act_lexicon import ActKind
from offramp.reader.clauses import Sentence
from offramp.reader.event_types import event_types
from offramp.reader.features import features
from offramp.reader.marked import Marked
from offramp.reader.mentions import Mention
from offramp.reader.predicates import Predicate


def act_probability(
    sentence: Sentence, predicate: Predicate, kind: ActKind, targeted: bool
) -> float:
    """Return how likely an act is right as found, from its construction and the type model."""
    base = 0.9 if targeted else 0.5
    if predicate.nominal:
        base -= 0.08
    if predicate.subject is not None and predicate.subject.pronoun:
        base -= 0.1
    if predicate.hit.start - (predicate.subject.end if predicate.subject else 0) > 12:
        base -= 0.1
    model = event_types()
    shares = model.probabilities(features(_crop(sentence, predicate)))
    share = float(shares[model.types.index(kind.event_type)])
    return round(max(0.05, min(0.97, base * (0.75 + 0.3 * share))), 3)


def _crop(sentence: Sentence, predicate: Predicate) -> Marked:
    """Return the clause of an act as a sentence with source and target marked."""
    cut = sentence.tokens
    parts = [m for m in (predicate.subject, predicate.object) if m is not None]
    first = min([predicate.hit.start, *(m.start for m in parts)])
    last = min(len(cut), max([predicate.hit.end, *(m.end for m in parts)]) + 8)
    begin, end = cut[first].start, cut[last - 1].end

    def span(mention: Mention | None, empty: int) -> tuple[int, int]:
        if mention is None:
            return empty, empty
        return cut[mention.start].start - begin, cut[mention.end - 1].end - begin

    text = sentence.text[begin:end]
    return Marked(text, span(predicate.subject, 0), span(predicate.object, len(text)))
