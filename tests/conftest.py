"""What all tests share."""

from __future__ import annotations

import os
from pathlib import Path

import hypothesis
import pytest

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="session")
def data_directory() -> Path:
    """The publishers' files, which are not part of the project; skips where there are none."""
    chosen = os.environ.get("OFFRAMP_DATA")
    directory = Path(chosen) if chosen else ROOT.parent / "shared" / "data"
    if not (directory / "mie").is_dir():
        pytest.skip(f"no historical data in {directory}: set OFFRAMP_DATA to check against it")
    return directory


# Compiling takes longer than any deadline, and what CI tries must not depend on chance.
hypothesis.settings.register_profile("offramp", deadline=None, derandomize=True)
hypothesis.settings.load_profile("offramp")
