"""Training the reader's two small models on marked sentences; run as a module to ship them.

    python -m offramp.reader.training ../shared/data/plover/plv_dev.tsv

reads `marked_sentence` and `gold_root` of the file and writes the weights that ship. Only these
columns are read, so no other system's output is ever a feature.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import scipy.sparse as sparse
from scipy.linalg import solve_triangular
from scipy.optimize import minimize

from offramp.reader.arguments import (
    ARGUMENTS_FILE,
    ArgumentWeights,
    main_predicate,
    pack_arguments,
    source_features,
    target_features,
)
from offramp.reader.clauses import Sentence, cut
from offramp.reader.conditional_logit import Choice, fit
from offramp.reader.event_types import WEIGHTS_FILE, EventTypes, pack, vector
from offramp.reader.features import Features, features
from offramp.reader.marked import Labelled, digest, marked_digest, read_labelled
from offramp.reader.scoring import figures
from offramp.storing import write_whole

STRENGTH = 5.0
"""Inverse of the ridge penalty on the weights; between 3 and 8 the score hardly moves."""

FOLDS = 10
FloatArray = npt.NDArray[np.float64]


def train(rows: Sequence[Labelled], found: Sequence[Features] | None = None) -> EventTypes:
    """Fit the model of event types.

    Args:
        rows: labelled sentences.
        found: their features, if they are at hand already.

    Types count alike, however many sentences each has.
    """
    found = [features(row.sentence) for row in rows] if found is None else found
    types = tuple(sorted({row.label for row in rows}))
    spread = Counter(name for one in found for name in one)
    kept = sorted(name for name, count in spread.items() if count > 1 or name[0] == "x")
    index = {name: row for row, name in enumerate(kept)}
    rarity = np.array([np.log(len(rows) / spread[name]) + 1 for name in kept], dtype=np.float32)
    matrix = _matrix(found, index, rarity)
    labels = np.array([types.index(row.label) for row in rows])
    counts = np.bincount(labels, minlength=len(types))
    importance = len(rows) / (len(types) * counts[labels])
    weights, intercepts = _multinomial(matrix, labels, importance, len(types))
    trained = frozenset(digest(row.sentence) for row in rows)
    return EventTypes(
        types,
        index,
        rarity,
        weights.astype(np.float32),
        intercepts.astype(np.float32),
        1.0,
        trained,
    )


def _matrix(found: Sequence[Features], index: dict[str, int], rarity: Any) -> sparse.csr_matrix:
    columns, values, ends = [], [], [0]
    for one in found:
        rows, value = vector(one, index, rarity)
        columns.append(rows)
        values.append(value)
        ends.append(ends[-1] + len(rows))
    return sparse.csr_matrix(
        (np.concatenate(values), np.concatenate(columns), ends), shape=(len(found), len(index))
    )


def _multinomial(
    matrix: sparse.csr_matrix, labels: npt.NDArray[np.int64], importance: FloatArray, count: int
) -> tuple[FloatArray, FloatArray]:
    """Return weights and intercepts of a ridge-penalized multinomial logit.

    There are far more features than rows, so the rows are first turned into coordinates of the
    space that they span, which changes no distance: the solution is the same, found faster.
    """
    rows = matrix.shape[0]
    matrix = matrix.astype(np.float64)
    gram = (matrix @ matrix.T).toarray() + 1e-8 * np.eye(rows)
    lower = np.linalg.cholesky(gram)
    wide = np.hstack([lower, np.ones((rows, 1))])
    truth = np.zeros((rows, count))
    truth[np.arange(rows), labels] = 1.0
    penalty = np.full((rows + 1, 1), 1.0 / STRENGTH)
    penalty[-1] = 1e-6

    def loss(flat: FloatArray) -> tuple[float, FloatArray]:
        weights = flat.reshape(rows + 1, count)
        logits = wide @ weights
        logits -= logits.max(axis=1, keepdims=True)
        shares = np.exp(logits)
        total = shares.sum(axis=1, keepdims=True)
        shares /= total
        fit = importance @ (np.log(total[:, 0]) - logits[np.arange(rows), labels])
        slope = wide.T @ ((shares - truth) * importance[:, None]) + penalty * weights
        return float(fit + 0.5 * (penalty * weights**2).sum()), slope.ravel()

    start = np.zeros((rows + 1) * count)
    found = minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": 60})
    weights = found.x.reshape(rows + 1, count)
    turned = solve_triangular(lower, weights[:-1], lower=True, trans="T")
    return np.asarray(matrix.T @ turned), weights[-1]


def cross_validated(rows: Sequence[Labelled], folds: int = FOLDS) -> FloatArray:
    """Return the probability of each type for each row by models that did not see its group.

    Shape (rows, types), the types sorted by name. Folds are drawn by a fixed seed.

    Raises:
        ValueError: there are fewer than two groups.
    """
    found = [features(row.sentence) for row in rows]
    types = sorted({row.label for row in rows})
    groups = sorted({row.group for row in rows})
    if len(groups) < 2:
        raise ValueError("fewer than two groups: nothing can be held out")
    order = np.random.default_rng(0).permutation(len(groups))
    fold_of = {groups[place]: k % folds for k, place in enumerate(order)}
    out = np.zeros((len(rows), len(types)))
    for fold in range(folds):
        inside = [k for k, row in enumerate(rows) if fold_of[row.group] != fold]
        held = [k for k, row in enumerate(rows) if fold_of[row.group] == fold]
        if not held or not inside:
            continue
        model = train([rows[k] for k in inside], [found[k] for k in inside])
        places = [types.index(name) for name in model.types]
        for k in held:
            out[k, places] = model.probabilities(found[k])
    return out


def temperature(probabilities: FloatArray, labels: npt.NDArray[np.int64]) -> float:
    """Return the temperature at which held-out probabilities have the best log score."""
    logits = np.log(np.maximum(probabilities, 1e-12))
    grid = np.linspace(0.4, 2.0, 33)
    return float(min(grid, key=lambda t: _log_loss(logits / t, labels)))


def train_arguments(rows: Sequence[Labelled]) -> ArgumentWeights:
    """Fit the models of source and target on sentences in which both are marked."""
    sources: list[Choice] = []
    targets: list[Choice] = []
    for row in rows:
        sentence = cut(row.sentence.text)
        source = _covered(sentence, row.sentence.source)
        target = _covered(sentence, row.sentence.target)
        if not source or not target:
            continue
        main = main_predicate(sentence)
        sources.append((source_features(sentence, main), source))
        targets.append((target_features(sentence, main, source[0]), target))
    return ArgumentWeights(fit(sources), fit(targets))


def _covered(sentence: Sentence, span: tuple[int, int]) -> list[int]:
    """Return the places of the mentions that a marked span touches."""
    cuts = sentence.tokens
    return [
        place
        for place, mention in enumerate(sentence.mentions)
        if cuts[mention.start].start < span[1] and cuts[mention.end - 1].end > span[0]
    ]


def main(path: Path) -> None:
    """Train on a labelled file and write the weights that ship."""
    rows = read_labelled(path)
    held = cross_validated(rows)
    types = sorted({row.label for row in rows})
    labels = np.array([types.index(row.label) for row in rows])
    told = [types[int(place)] for place in held.argmax(axis=1)]
    found = figures([row.label for row in rows], told, "cross-validation")
    kept = {marked_digest(row.sentence): name for row, name in zip(rows, told, strict=True)}
    heat = temperature(held, labels)
    write_whole(WEIGHTS_FILE, pack(replace(train(rows), temperature=heat, held_out=kept)))
    write_whole(ARGUMENTS_FILE, pack_arguments(train_arguments(rows)))
    print(f"macro F1 {found.macro_f1:.3f}, accuracy {found.accuracy:.3f}, temperature {heat:.2f}")


def _log_loss(logits: FloatArray, labels: npt.NDArray[np.int64]) -> float:
    top = logits.max(axis=1, keepdims=True)
    total = top[:, 0] + np.log(np.exp(logits - top).sum(axis=1))
    return float((total - logits[np.arange(len(labels)), labels]).mean())


if __name__ == "__main__":
    main(Path(sys.argv[1]))
