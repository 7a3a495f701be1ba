"""The PLOVER type of an event, by a small multinomial logit over features of its sentence."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import numpy as np
import numpy.typing as npt

from offramp.reader.features import Features, features
from offramp.reader.marked import Marked

FloatArray = npt.NDArray[np.float32]

BLOCKS = ("w", "x")
"""First letters of the names of features, by block."""

WEIGHTS_FILE = Path(__file__).with_name("weights") / "event_types.npz"


@dataclass(frozen=True)
class EventTypes:
    """The fitted model.

    Attributes:
        types: the event types, in the order of the columns.
        index: the row of each feature by its name.
        rarity: how much a feature counts before its block is brought to unit length, (features,).
        weights: log-odds a unit, (features, types).
        intercepts: (types,).
        temperature: logits are divided by it, so that probabilities are calibrated.
        trained: a digest of each sentence on which the model was trained.
        held_out: by digest of a marked sentence of the training data, the type that models told
            which had not seen it, in cross-validation; empty if that was not kept.
    """

    types: tuple[str, ...]
    index: dict[str, int]
    rarity: FloatArray
    weights: FloatArray
    intercepts: FloatArray
    temperature: float
    trained: frozenset[str]
    held_out: dict[str, str] = field(default_factory=dict)

    def probabilities(self, found: Features) -> FloatArray:
        """Return the probability of each type, shape (types,)."""
        rows, values = vector(found, self.index, self.rarity)
        logits = self.intercepts + (values @ self.weights[rows] if len(rows) else 0.0)
        scaled = logits / self.temperature
        exponents = np.exp(scaled - scaled.max())
        return np.asarray(exponents / exponents.sum(), dtype=np.float32)

    def of(self, sentence: Marked) -> tuple[str, float]:
        """Return the likeliest type of a marked event, and its probability."""
        found = self.probabilities(features(sentence))
        best = int(found.argmax())
        return self.types[best], float(found[best])


def vector(
    found: Features, index: dict[str, int], rarity: FloatArray
) -> tuple[npt.NDArray[np.int64], FloatArray]:
    """Return the rows and values of the known features, each block of unit length."""
    rows: list[int] = []
    values: list[float] = []
    for block in BLOCKS:
        known = [(index[n], v) for n, v in found.items() if n[0] == block and n in index]
        if not known:
            continue
        here = [row for row, _ in known]
        weighted = np.array([value for _, value in known], dtype=np.float32) * rarity[here]
        rows += here
        values += list(weighted / float(np.linalg.norm(weighted)))
    return np.array(rows, dtype=np.int64), np.array(values, dtype=np.float32)


def pack(model: EventTypes) -> bytes:
    """Return the model as the bytes of a file."""
    buffer = io.BytesIO()
    np.savez_compressed(
        buffer,
        types=_joined(model.types),
        names=_joined(model.index),
        rarity=model.rarity.astype(np.float16),
        weights=model.weights.astype(np.float16),
        intercepts=model.intercepts,
        temperature=np.float32(model.temperature),
        trained=_joined(sorted(model.trained)),
        held_out=_joined(f"{key} {told}" for key, told in sorted(model.held_out.items())),
    )
    return buffer.getvalue()


def unpack(content: bytes) -> EventTypes:
    """Return the model that `pack` wrote."""
    with np.load(io.BytesIO(content), allow_pickle=False) as held:
        names = _parted(held["names"])
        return EventTypes(
            tuple(_parted(held["types"])),
            {name: row for row, name in enumerate(names)},
            held["rarity"].astype(np.float32),
            held["weights"].astype(np.float32),
            held["intercepts"].astype(np.float32),
            float(held["temperature"]),
            frozenset(_parted(held["trained"])),
            dict(line.split(" ", 1) for line in _parted(held["held_out"])),
        )


@cache
def event_types() -> EventTypes:
    """Return the model that ships."""
    return unpack(WEIGHTS_FILE.read_bytes())


def _joined(names: Iterable[str]) -> npt.NDArray[np.uint8]:
    return np.frombuffer("\n".join(names).encode(), dtype=np.uint8)


def _parted(held: npt.NDArray[np.uint8]) -> Sequence[str]:
    return held.tobytes().decode().split("\n") if held.size else []
