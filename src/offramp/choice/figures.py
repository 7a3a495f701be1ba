"""The figures that ship: what the fit derived from history, and with what.

The product runs on these alone; the data that made them are not shipped. They are written by
``offramp fit``, one file an edition, and read here; which one a crisis uses is decided in
:mod:`offramp.choice.editions`.
"""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
import zlib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from offramp.choice.parameters import FIXED, parameter_names
from offramp.storing import write_whole

FloatArray = npt.NDArray[np.float64]

_ARRAYS = ("mean", "root", "retaliation_mean", "harm")
_NOT_FIGURES = (AttributeError, EOFError, KeyError, TypeError, ValueError)
"""What reading a file of something else raises, beside what a broken archive does."""


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
        tempo: of a burning front: mean and spread by name, see
            `offramp.choice.tempo.TEMPO_PRIOR`.
        judgements: mean and spread, by name, of what past crises inform of
            `offramp.choice.judgements.JUDGEMENTS`; what is not in it is as elicited.
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
    tempo: dict[str, tuple[float, float]] = field(default_factory=dict)
    judgements: dict[str, tuple[float, float]] = field(default_factory=dict)

    def save(self, path: Path) -> None:
        """Write the figures as one ``.npz`` file, whole or not at all.

        What is no array stands in it as JSON, in the bytes of the array ``text``.

        Raises:
            OSError: it cannot be written.
        """
        rest = {
            "provenance": self.provenance,
            "resolve_spread": self.resolve_spread,
            "war_toll": self.war_toll,
            "war_ending": self.war_ending,
            "tempo": self.tempo,
            "resolve": {str(code): pair for code, pair in self.resolve.items()},
            "kill": self.kill,
            "base_rates": self.base_rates,
            "parameters": _names_hash(),
        }
        content = io.BytesIO()
        np.savez_compressed(
            content,
            mean=self.mean,
            root=self.root[np.tril_indices(len(self.root))].astype(np.float32),
            retaliation_mean=self.retaliation_mean,
            harm=self.harm,
            text=np.frombuffer(json.dumps(rest).encode("utf-8"), dtype=np.uint8),
        )
        write_whole(path, content.getvalue())


def load_figures(path: Path) -> Figures:
    """Read figures that :meth:`Figures.save` wrote.

    Raises:
        ValueError: it is no such file, or was made for another table of terms.
        OSError: it cannot be read.
    """
    try:
        with np.load(io.BytesIO(path.read_bytes())) as arrays:
            rest = json.loads(arrays["text"].tobytes())
            numbers = {name: arrays[name] for name in _ARRAYS}
        mean = numbers["mean"]
        root = np.zeros((len(mean), len(mean)))
        root[np.tril_indices(len(mean))] = numbers.pop("root")
        figures = Figures(
            **numbers,
            root=root,
            resolve={int(code): tuple(pair) for code, pair in rest["resolve"].items()},
            resolve_spread=rest["resolve_spread"],
            war_toll=tuple(rest["war_toll"]),
            war_ending=tuple(rest["war_ending"]),
            kill=rest["kill"],
            base_rates=rest["base_rates"],
            provenance=rest["provenance"],
            tempo={name: tuple(pair) for name, pair in rest["tempo"].items()},
        )
    except (*_NOT_FIGURES, zipfile.BadZipFile, zlib.error) as error:
        raise ValueError(f"{path}: not a file of figures that offramp fit wrote") from error
    if len(mean) != FIXED:
        raise ValueError(
            f"{path}: made for {len(mean)} weights, this version has {FIXED}: run offramp fit anew"
        )
    if rest.get("parameters", _names_hash()) != _names_hash():
        raise ValueError(f"{path}: made for another table of terms: run offramp fit anew")
    return figures


def _names_hash() -> str:
    """Return the SHA-256 of the names of the weights, in order."""
    return hashlib.sha256("\n".join(parameter_names()).encode()).hexdigest()
