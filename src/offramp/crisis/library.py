"""The crises that ship with the package, and how one is named: by its id, or by a file's path."""

from __future__ import annotations

from pathlib import Path

from offramp.crisis.problems import CrisisError, nearest

_FILES = Path(__file__).with_name("files")
_SUFFIXES = (".yaml", ".yml")


def shipped() -> tuple[str, ...]:
    """Return the ids of the crises that ship, sorted."""
    return tuple(sorted(path.stem for path in _FILES.glob("*.yaml")))


def path_of(name: str | Path) -> Path:
    """Return the file of a crisis.

    Args:
        name: a path that ends in .yaml or .yml (taken as it is), or the id of a shipped crisis.

    Raises:
        CrisisError: it is neither.
    """
    if Path(name).suffix.lower() in _SUFFIXES:
        return Path(name)
    if str(name) in shipped():
        return _FILES / f"{name}.yaml"
    for suffix in _SUFFIXES:
        beside = f"{name}{suffix}"
        if "\0" not in beside and Path(beside).is_file():
            raise CrisisError.of_file(str(name), "no such crisis ships", f"did you mean {beside}?")
    fix = nearest(str(name), shipped(), "these ship")
    message = "no such crisis ships, and a file's name ends in .yaml"
    raise CrisisError.of_file(str(name), message, fix)
