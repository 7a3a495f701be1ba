"""How well event types are told, on a labelled file, without counting what was learnt by heart."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from offramp.reader.event_types import EventTypes, event_types
from offramp.reader.features import features
from offramp.reader.marked import Labelled


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

    Sentences on which the shipped model was trained are never scored by it: a file of nothing
    else is scored by cross-validation, grouped by sentence; in a mixed file they are left out.
    """
    from offramp.reader.training import FOLDS, cross_validated, digest

    model = model or event_types()
    seen = [digest(row.sentence) in model.trained for row in rows]
    if all(seen):
        types = sorted({row.label for row in rows})
        told = [types[int(k)] for k in cross_validated(rows).argmax(axis=1)]
        method = (
            f"{FOLDS}-fold cross-validation grouped by sentence: the shipped model was trained "
            "on these sentences"
        )
        return figures([row.label for row in rows], told, method)
    new = [row for row, known in zip(rows, seen, strict=True) if not known]
    told = [model.types[int(model.probabilities(features(r.sentence)).argmax())] for r in new]
    method = "the shipped model, on sentences that it was not trained on"
    return figures([row.label for row in new], told, method, len(rows) - len(new))


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
