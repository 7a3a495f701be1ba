"""The crises that the board shows: those that ship, and those of files it was given."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path

from offramp.board.crisis_file import CrisisFile, is_copy, place_of
from offramp.choice.terms import claimable_terms
from offramp.crisis.as_of import content_hash, cut
from offramp.crisis.library import path_of, shipped
from offramp.crisis.problems import nearest, quoted
from offramp.crisis.reading import read_bytes
from offramp.crisis.schema import Crisis
from offramp.crisis.whole import read_whole

MOST_CUTS = 400
"""Days of a crisis that are kept."""


class UnknownCrisisError(ValueError):
    """No crisis of that id is shown.

    Attributes:
        suggested: the id that comes nearest; empty where none does.
    """

    def __init__(self, identifier: str, known: Sequence[str]) -> None:
        fix = nearest(identifier, known, "there are")
        super().__init__(f"no crisis {quoted(identifier)}: {fix}")
        found = fix.split("'")
        self.suggested = found[1] if fix.startswith("did you mean") else ""


@dataclass(frozen=True)
class Opened:
    """A crisis file as it was read.

    Attributes:
        name: how it is named on a command line.
        path: of the file.
        stamp: time of its last change, and its size.
        whole: all that it holds; a forecast sees it as of a day only.
    """

    name: str
    path: Path
    stamp: tuple[int, int]
    whole: Crisis

    @cached_property
    def days(self) -> tuple[date, date]:
        """The first day that it can be seen as of, and the last on which it learns anything."""
        known = [entry.known for entry in self.whole.timeline]
        return self.whole.coded_from, max([self.whole.as_of, *known])

    @property
    def copied(self) -> Path | None:
        """The file, where it is the copy of a crisis that ships."""
        return self.path if is_copy(self.path) else None

    @cached_property
    def _cuts(self) -> dict[date, tuple[Crisis, str]]:
        return {}

    def as_of(self, day: date) -> tuple[Crisis, str]:
        """Return the crisis as it was known at the end of a day, and the hash of that.

        Raises:
            CrisisError: nothing can be forecast as of it; the message says which days are.
        """
        found = self._cuts.get(day)
        if found is None:
            crisis = cut(self.whole, day, self.path.name)
            found = self._cuts[day] = (crisis, content_hash(crisis))
            while len(self._cuts) > MOST_CUTS:
                self._cuts.pop(next(iter(self._cuts)), None)
        return found


class Shelf:
    """Crises by id; a file that has changed since is read again."""

    def __init__(self, names: Sequence[str] = ()) -> None:
        """Take the files to show.

        Args:
            names: crises that ship, or files; those that ship are shown in any case.

        Raises:
            CrisisError: one of them cannot be read.
        """
        self._lock = threading.Lock()
        self._opened: dict[str, Opened] = {}
        self._names = {name: name for name in shipped()}
        self.main = ""
        """Id of the crisis that was named first."""
        for name in names:
            opened = self._read(name)
            self.main = self.main or opened.whole.id
            self._names[opened.whole.id] = name
            self._opened[opened.whole.id] = opened

    @property
    def ids(self) -> list[str]:
        """The ids of all crises, sorted."""
        return sorted(self._names)

    def open(self, identifier: str) -> Opened:
        """Return a crisis as its file now is.

        Raises:
            UnknownCrisisError: there is none of that id.
            CrisisError: its file cannot be read, or has problems.
        """
        name = self._names.get(identifier)
        if name is None:
            raise UnknownCrisisError(identifier, self.ids)
        path = place_of(name)
        with self._lock:
            found = self._opened.get(identifier)
            if found is None or found.stamp != _stamp(path):
                found = self._opened[identifier] = self._read(name)
            return found

    def file(self, identifier: str) -> CrisisFile:
        """Return the file of a crisis, to add facts to.

        Raises:
            UnknownCrisisError: there is none of that id.
            CrisisError: its file cannot be read, or has problems.
        """
        return CrisisFile(self.open(identifier).path)

    def title(self, identifier: str) -> str:
        """Return the title of a crisis; its id where its file has none on a line of its own.

        Reading a file whole takes half a second, and a list has many.
        """
        if identifier in self._opened:
            return self._opened[identifier].whole.title
        lines = read_bytes(place_of(self._names[identifier])).decode().splitlines()
        found = next((line for line in lines if line.startswith("title:")), "")
        title = found.removeprefix("title:").strip().strip("\"'")
        return title if title.strip(">|-") else identifier

    @staticmethod
    def _read(name: str) -> Opened:
        path = place_of(name)
        stamp = _stamp(path)
        own = path == path_of(name).resolve()
        return Opened(name if own else str(path), path, stamp, read_whole(path, claimable_terms()))


def _stamp(path: Path) -> tuple[int, int]:
    try:
        status = path.stat()
    except OSError:
        return 0, 0  # reading the file says what is wrong with it
    return status.st_mtime_ns, status.st_size
