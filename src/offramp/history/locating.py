"""Where the historical datasets are on this machine: what was added, or a directory of files."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from offramp.history.datasets import BY_NAME
from offramp.history.library import Library
from offramp.history.sources import DatasetError
from offramp.history.states import StateFiles
from offramp.store import workspace

VARIABLE = "OFFRAMP_DATA"
USUAL = Path("..") / "shared" / "data"
STATE_DATASETS = ("capabilities", "alliances", "contiguity", "distance", "rivalries", "wars")
"""What a state system is read from, in the order of `StateFiles`."""


@dataclass(frozen=True)
class Shelf:
    """Where datasets are read from: what was added comes before what lies in the directory.

    Attributes:
        library: the datasets that were added, None to look in the directory only.
        directory: of the publishers' files by their usual names, in it or one folder below.
    """

    library: Library | None
    directory: Path | None

    def file(self, dataset: str) -> Path:
        """Return the file of a dataset.

        Raises:
            DatasetError: it is nowhere.
            LibraryError: it was added, but its file is not there any more or was changed.
        """
        added = self.library.file(dataset) if self.library is not None else None
        if added is not None:
            return added
        if self.directory is not None:
            for pattern in BY_NAME[dataset].files:
                for glob in (pattern, f"{pattern}.gz", f"*/{pattern}", f"*/{pattern}.gz"):
                    if found := sorted(self.directory.glob(glob)):
                        return found[-1]  # of several versions the last by name
        wanted = " or ".join(BY_NAME[dataset].files)
        where = self.directory or Path("history")
        raise DatasetError(where, f"{wanted} in it; or: offramp history add {dataset} FILE")

    def state_files(self) -> StateFiles:
        """Return the files that a state system is read from.

        Raises:
            DatasetError: one is nowhere.
        """
        return StateFiles(*(self.file(name) for name in STATE_DATASETS))


def shelf(directory: Path | None = None) -> Shelf:
    """Return where datasets are: in *directory* if given, else what was added and the usual place.

    The usual place is ``OFFRAMP_DATA`` or, in a checkout of the project, a directory beside it.

    Raises:
        FileNotFoundError: nothing was added and there is no directory.
    """
    if directory is not None:
        if not directory.is_dir():
            raise FileNotFoundError(f"no directory of datasets at {directory}")
        return Shelf(None, directory)
    library = Library(workspace())
    usual = Path(os.environ.get(VARIABLE, USUAL))
    if not usual.is_dir() and not library.catalogue.exists():
        raise FileNotFoundError(
            f"no datasets: add them with 'offramp history add', or set {VARIABLE} to their "
            f"directory (looked in {usual})"
        )
    return Shelf(library, usual if usual.is_dir() else None)
