"""What decides the figures: the datasets, the modules that read and fit them, the last day."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import date
from pathlib import Path

SOURCES = {
    "choice": (
        *("centring", "covariates", "defences", "deriving", "diagnosing", "dyad", "fit"),
        *("likelihood", "model", "pair", "pairing", "parameters", "records", "reference"),
        *("retracing", "tempo", "terms"),
    ),
    "history": ("icb", "keds", "mie", "numbering", "raids", "sources", "states", "wars"),
    "": ("elementary", "ladder", "lanes"),
}
"""Modules that the figures follow from, by package; a change of one makes them out of date."""


def fingerprint(digests: dict[str, str], until: date) -> str:
    """Return the SHA-256 of all that decides figures: files, sources, last day."""
    package = Path(__file__).parents[1]
    whole = hashlib.sha256(until.isoformat().encode())
    for folder, modules in SOURCES.items():
        for module in modules:
            whole.update((package / folder / f"{module}.py").read_bytes())
    for name, digest in sorted(digests.items()):
        whole.update(f"{name} {digest}".encode())
    return whole.hexdigest()


def file_digests(files: Iterable[Path]) -> dict[str, str]:
    """Return the SHA-256 of every file, by its name."""
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(files)}
