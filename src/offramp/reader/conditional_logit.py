"""Weights of a conditional logit: one of several candidates is chosen, each with its features."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import scipy.sparse as sparse
from scipy.optimize import minimize

Choice = tuple[Sequence[Sequence[str]], Sequence[int]]
"""The features of each candidate, and the places of those that are right; any of them counts."""


def fit(choices: Sequence[Choice], penalty: float = 1.0) -> dict[str, float]:
    """Return the weight of each feature, fitted by ridge-penalized maximum likelihood."""
    index: dict[str, int] = {}
    rows: list[int] = []
    columns: list[int] = []
    owner: list[int] = []
    right: list[bool] = []
    for number, (candidates, chosen) in enumerate(choices):
        for place, names in enumerate(candidates):
            rows += [len(owner)] * len(names)
            columns += [index.setdefault(name, len(index)) for name in names]
            owner.append(number)
            right.append(place in chosen)
    shape = (len(owner), len(index))
    matrix = sparse.csr_matrix((np.ones(len(rows)), (rows, columns)), shape=shape)
    owners, rights = np.array(owner), np.array(right, dtype=np.float64)
    starts = np.searchsorted(owners, np.arange(len(choices)))
    turned = matrix.T.tocsr()

    def loss(weights: npt.NDArray[np.float64]) -> tuple[float, npt.NDArray[np.float64]]:
        values = matrix @ weights
        exponents = np.exp(values - np.maximum.reduceat(values, starts)[owners])
        total = np.add.reduceat(exponents, starts)
        chosen = exponents * rights
        share = np.add.reduceat(chosen, starts)
        slope = turned @ (exponents / total[owners] - chosen / share[owners])
        value = float(np.log(total).sum() - np.log(share).sum() + penalty * weights @ weights)
        return value, slope + 2 * penalty * weights

    found = minimize(
        loss, np.zeros(len(index)), jac=True, method="L-BFGS-B", options={"maxiter": 200}
    )
    return {name: float(found.x[row]) for name, row in index.items()}
