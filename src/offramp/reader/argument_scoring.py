"""How often source and target are told right, on annotated examples in PLOVER's JSON form."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from offramp.reader.arguments import choose
from offramp.reader.clauses import Sentence, cut
from offramp.reader.mentions import Mention

_SIZE_LIMIT = 64 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Example:
    """A sentence whose event has a source and, unless the event is mutual, a target.

    Attributes:
        text: the sentence.
        sources: the words that name who did it; any of them counts.
        targets: the words that name to whom; empty where the annotation has none.
    """

    text: str
    sources: tuple[str, ...]
    targets: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ArgumentScore:
    """Shares of examples with the source, the target and both told right.

    Attributes:
        examples: how many have a source or a target.
        both: share in which all that is annotated is right.
        source: share of those with a source in which it is right.
        target: share of those with a target in which it is right.
        complete: how many have both a source and a target.
        both_complete: share of these in which both are right.
    """

    examples: int
    both: float
    source: float
    target: float
    complete: int
    both_complete: float

    def as_json(self) -> dict[str, Any]:
        """Return plain data, figures rounded to four places."""
        return {
            name: round(value, 4) if isinstance(value, float) else value
            for name, value in asdict(self).items()
        }


def read_examples(path: Path) -> list[Example]:
    """Read a list of objects with `text`, `source` and `target`, each a list with `actorText`.

    Raises:
        ValueError: it is too large, no JSON, or no list that holds an example.
    """
    if path.stat().st_size > _SIZE_LIMIT:
        raise ValueError(f"{path}: larger than {_SIZE_LIMIT:,} bytes")
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except (ValueError, RecursionError) as error:
        raise ValueError(f"{path}: not JSON: {error}") from None
    listed = data if isinstance(data, list) else []
    found = [example for example in map(_example, listed) if example is not None]
    if not found:
        raise ValueError(f"{path}: no example with text and source or target")
    return found


def _example(raw: object) -> Example | None:
    if not isinstance(raw, dict) or not isinstance(raw.get("text"), str):
        return None
    sources, targets = tuple(_texts(raw.get("source"))), tuple(_texts(raw.get("target")))
    text = raw["text"].strip().strip("{}")[:20_000]
    return Example(text, sources, targets) if sources or targets else None


def _texts(raw: object) -> Iterator[str]:
    listed = raw if isinstance(raw, list) else [raw]
    if listed and all(isinstance(one, str) and len(one) == 1 for one in listed):
        listed = ["".join(str(one) for one in listed)]
    for one in listed:
        text = one.get("actorText") if isinstance(one, dict) else one
        if isinstance(text, str) and text.strip():
            yield text


def score_arguments(examples: Sequence[Example]) -> ArgumentScore:
    """Score who did it to whom: a mention is right if it overlaps the annotated words."""
    sources, targets, both, complete = [], [], [], []
    for example in examples:
        sentence = cut(example.text)
        chosen = choose(sentence)
        right = []
        if example.sources:
            right.append(_overlaps(sentence, chosen.source, example.sources))
            sources.append(right[-1])
        if example.targets:
            right.append(_overlaps(sentence, chosen.target, example.targets))
            targets.append(right[-1])
        both.append(all(right))
        if len(right) == 2:
            complete.append(all(right))
    return ArgumentScore(
        len(both), _share(both), _share(sources), _share(targets), len(complete), _share(complete)
    )


def _share(right: Sequence[bool]) -> float:
    return sum(right) / len(right) if right else 0.0


def _overlaps(sentence: Sentence, mention: Mention | None, names: Sequence[str]) -> bool:
    if mention is None:
        return False
    start, end = sentence.tokens[mention.start].start, sentence.tokens[mention.end - 1].end
    spans = (span for name in names for span in _spans(sentence.text, name))
    return any(first < end and start < last for first, last in spans)


def _spans(text: str, name: str) -> Iterator[tuple[int, int]]:
    """Yield where a name stands; one that does not stand as it is, by its capitalized words."""
    whole = [match.span() for match in re.finditer(re.escape(name), text)]
    if whole:
        yield from whole
        return
    words = re.findall(r"[\w']+", name)
    for word in [w for w in words if w[0].isupper()] or words:
        yield from (match.span() for match in re.finditer(rf"\b{re.escape(word)}", text))
