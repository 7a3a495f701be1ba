"""What all tests share."""

from __future__ import annotations

import os
from collections.abc import Iterator
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


@pytest.fixture(scope="session", autouse=True)
def own_workspace(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Keep tests away from what was added to the workspace of whoever runs them."""
    home = tmp_path_factory.mktemp("workspace")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("OFFRAMP_HOME", str(home))
        yield home


# Compiling takes longer than any deadline, and what CI tries must not depend on chance.
hypothesis.settings.register_profile("offramp", deadline=None, derandomize=True)
hypothesis.settings.load_profile("offramp")
