"""How well event types are told, on a labelled file, without counting what was learnt by heart."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from offramp.reader.event_types import EventTypes, event_types
from offramp.reader.features import features
from offramp.reader.marked import Labelled, digest, marked_digest


@dataclass(frozen=True, slots=True)
class TypeScore:
    """Precision, recall and their harmonic mean for one event type; `count` sentences have it."""

    precision: float
    recall: float
    f1: float
    count: int


@dataclass(frozen=True, slots=True)
class Score:
    """How well event types were told.

    Attributes:
        macro_f1: mean over the types that the labels hold.
        accuracy: share of sentences told right.
        by_type: by type.
        sentences: how many were scored.
        method: how, in a sentence.
        left_out: sentences left out because the shipped model was trained on them.
    """

    macro_f1: float
    accuracy: float
    by_type: dict[str, TypeScore]
    sentences: int
    method: str
    left_out: int

    def as_json(self) -> dict[str, Any]:
        """Return plain data, figures rounded to four places."""
        rounded: dict[str, Any] = asdict(self)
        rounded["macro_f1"] = round(self.macro_f1, 4)
        rounded["accuracy"] = round(self.accuracy, 4)
        for figures in rounded["by_type"].values():
            for name in ("precision", "recall", "f1"):
                figures[name] = round(figures[name], 4)
        return rounded


def score(rows: Sequence[Labelled], model: EventTypes | None = None) -> Score:
    """Score the reader on labelled sentences.

    A sentence on which the shipped model was trained is never scored by it. A file that holds
    all of the training data is scored by cross-validation, grouped by sentence. In any other
    file, such sentences are scored by what cross-validation told of them at training, and left
    out where that was not kept.
    """
    model = model or event_types()
    seen = {digest(row.sentence) for row in rows} & model.trained
    if seen == model.trained and all(digest(row.sentence) in seen for row in rows):
        return _cross_validation(rows)
    told: list[str] = []
    labels: list[str] = []
    left_out = 0
    for row in rows:
        name: str | None
        if digest(row.sentence) in model.trained:
            name = model.held_out.get(marked_digest(row.sentence))
        else:
            name = model.types[int(model.probabilities(features(row.sentence)).argmax())]
        if name is None:
            left_out += 1
        else:
            told.append(name)
            labels.append(row.label)
    if not told:
        raise ValueError("the model was trained on every sentence, and nothing was kept of them")
    method = "the shipped model, on sentences that it was not trained on"
    if seen:
        method += "; those that it was trained on by models of the cross-validation that were not"
    return figures(labels, told, method, left_out)


def _cross_validation(rows: Sequence[Labelled]) -> Score:
    from offramp.reader.training import FOLDS, cross_validated

    types = sorted({row.label for row in rows})
    told = [types[int(k)] for k in cross_validated(rows).argmax(axis=1)]
    method = (
        f"{FOLDS}-fold cross-validation grouped by sentence: the shipped model was trained "
        "on these sentences"
    )
    return figures([row.label for row in rows], told, method)


def figures(labels: Sequence[str], told: Sequence[str], method: str, left_out: int = 0) -> Score:
    """Return the figures of a comparison of labels with what was told."""
    gold, guess = np.array(labels), np.array(told)
    by_type = {}
    for name in sorted(set(labels)):
        right = int(((gold == name) & (guess == name)).sum())
        said, there = int((guess == name).sum()), int((gold == name).sum())
        precision = right / said if said else 0.0
        recall = right / there
        f1 = 2 * right / (said + there)
        by_type[name] = TypeScore(precision, recall, f1, there)
    macro = sum(one.f1 for one in by_type.values()) / len(by_type)
    accuracy = float((gold == guess).mean())
    return Score(macro, accuracy, by_type, len(labels), method, left_out)
