"""Where the historical datasets are on this machine."""

from __future__ import annotations

import os
from pathlib import Path

VARIABLE = "OFFRAMP_DATA"
USUAL = Path("..") / "shared" / "data"


def data_directory(given: Path | None = None) -> Path:
    """Return the directory of the datasets: *given*, else ``OFFRAMP_DATA``, else the usual place.

    Raises:
        FileNotFoundError: it is not there.
    """
    directory = given or Path(os.environ.get(VARIABLE, USUAL))
    if not directory.is_dir():
        raise FileNotFoundError(
            f"no datasets at {directory}: give --data, or set {VARIABLE} to their directory"
        )
    return directory
