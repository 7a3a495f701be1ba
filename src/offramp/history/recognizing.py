"""Which dataset a file is, told by its columns."""

from __future__ import annotations

from difflib import get_close_matches
from pathlib import Path

from offramp.history.datasets import BY_NAME, DATASETS, Dataset
from offramp.history.sources import DatasetError, published_columns


def dataset_of(path: Path) -> Dataset | None:
    """Return the dataset whose columns a file has, None where there is none.

    Raises:
        DatasetError: the file cannot be read.
    """
    names = published_columns(path)
    for dataset in DATASETS:
        if all(any(name in names for name in spellings) for spellings in dataset.columns):
            return dataset
    if len(names) == 3 and names[0].isdigit():  # the one file published without a header
        return BY_NAME["peace"]
    return None


def dataset_for(path: Path, name: str | None) -> Dataset:
    """Return the dataset of a file that the user calls *name*, or does not name.

    The name of a family (``icb``, ``mid``) is enough: the columns tell which of its files it is.

    Raises:
        ValueError: there is no such dataset, or the file's columns are another's.
        DatasetError: the file cannot be read.
    """
    if name is not None and name not in BY_NAME:
        near = get_close_matches(name.lower(), list(BY_NAME), n=1)
        hint = f"did you mean {near[0]!r}?" if near else "one of " + ", ".join(BY_NAME)
        raise ValueError(f"there is no dataset {name!r}: {hint}")
    found = dataset_of(path)
    if name is None:
        if found is None:
            columns = ", ".join(published_columns(path)[:8])
            raise DatasetError(path, f"the columns of a dataset, such as MIE's, not {columns}")
        return found
    if found is None:
        return BY_NAME[name]  # whose reader says what is missing
    if found.name != name and not found.name.startswith(f"{name}-"):
        raise DatasetError(path, f"the columns of {name!r}; they are those of {found.name!r}")
    return found
