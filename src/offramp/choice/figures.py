"""The shipped figures: what the fit derived from history, and with what.

The product runs on these alone; the data that made them are not shipped. They are written by
``offramp fit`` and read here.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Figures:
    """What history says, as of the day on which the data that were used end.

    Attributes:
        mean: of the fixed parameters of the choice model, in the order of `parameter_names`.
        root: Cholesky factor of their covariance, lower, (fixed, fixed).
        resolve: mean and spread of resolve by Correlates of War number.
        resolve_spread: of resolve among all actors.
        retaliation_mean: mean of expected retaliation by level, (9,).
        harm: by level: probability of none killed, mean and spread of the log killed, (9, 3).
        war_toll: mean and spread of the log of killed a day of war.
        war_ending: mean and spread of the log of the daily probability that fighting ends.
        kill: by month (YYYY-MM) and class: the two parameters of a Beta distribution.
        base_rates: reference classes, see `offramp.choice.reference`.
        provenance: command, data files with hashes, date, versions.
    """

    mean: FloatArray
    root: FloatArray
    resolve: dict[int, tuple[float, float]]
    resolve_spread: float
    retaliation_mean: FloatArray
    harm: FloatArray
    war_toll: tuple[float, float]
    war_ending: tuple[float, float]
    kill: dict[str, dict[str, tuple[float, float]]]
    base_rates: dict[str, Any]
    provenance: dict[str, Any]

    def save(self, directory: Path) -> None:
        """Write ``weights.npz`` and ``figures.json`` into *directory*."""
        directory.mkdir(parents=True, exist_ok=True)
        np.savez_compressed(
            directory / "weights.npz",
            mean=self.mean,
            root=self.root.astype(np.float32),
            retaliation_mean=self.retaliation_mean,
            harm=self.harm,
        )
        rest = {
            "provenance": self.provenance,
            "resolve_spread": self.resolve_spread,
            "war_toll": self.war_toll,
            "war_ending": self.war_ending,
            "resolve": {str(code): pair for code, pair in self.resolve.items()},
            "kill": self.kill,
            "base_rates": self.base_rates,
        }
        text = json.dumps(rest, indent=1, sort_keys=False)
        (directory / "figures.json").write_text(text + "\n", encoding="utf-8")


def load_figures(directory: Path) -> Figures:
    """Read figures that :meth:`Figures.save` wrote."""
    rest = json.loads((directory / "figures.json").read_text(encoding="utf-8"))
    with np.load(directory / "weights.npz") as arrays:
        return Figures(
            mean=arrays["mean"],
            root=arrays["root"].astype(np.float64),
            resolve={int(code): tuple(pair) for code, pair in rest["resolve"].items()},
            resolve_spread=rest["resolve_spread"],
            retaliation_mean=arrays["retaliation_mean"],
            harm=arrays["harm"],
            war_toll=tuple(rest["war_toll"]),
            war_ending=tuple(rest["war_ending"]),
            kill=rest["kill"],
            base_rates=rest["base_rates"],
            provenance=rest["provenance"],
        )


@cache
def shipped_figures() -> Figures:
    """Return the figures that ship with the package."""
    return load_figures(Path(str(files("offramp.choice"))) / "figures")
