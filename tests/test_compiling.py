"""The directory of compiled code is named by all that compiled code is made from."""

from __future__ import annotations

import ast
from pathlib import Path

import numpy as np
import pytest

import offramp
from offramp.compiling import compiled_sources, lean

PACKAGE = Path(offramp.__file__).parent
HARMLESS = {"compiling.py", "engine/threads.py"}
"""Imported by compiled modules, but no part of compiled code."""


@pytest.mark.parametrize("path", compiled_sources(), ids=lambda path: path.stem)
def test_what_compiled_code_imports_is_in_the_hash(path: Path) -> None:
    """Compiled code holds constants and functions of others: a change there must be seen."""
    text = path.read_text(encoding="utf-8")
    if "@lean" not in text and "@njit" not in text:
        return
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not isinstance(node, ast.ImportFrom) or not (node.module or "").startswith("offramp."):
            continue
        other = Path(*node.module.split(".")[1:]).with_suffix(".py") if node.module else Path()
        if other.as_posix() not in HARMLESS:
            assert PACKAGE / other in compiled_sources(), f"{path.name} imports {other}"


def test_the_engine_is_compiled() -> None:
    names = {path.relative_to(PACKAGE).as_posix() for path in compiled_sources()}
    assert {"engine/kernel.py", "choice/model.py", "choice/covariates.py", "raid.py"} <= names


def test_a_lean_function_does_what_it_says() -> None:
    @lean
    def scaled(values: np.ndarray, by: float) -> float:
        total = 0.0
        for k in range(values.shape[0]):
            values[k] *= by
            total += values[k]
        return total

    values = np.arange(4.0)
    assert scaled(values, 2.0) == 12.0
    assert values.tolist() == [0.0, 2.0, 4.0, 6.0]
