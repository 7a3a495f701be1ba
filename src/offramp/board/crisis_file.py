"""The crisis file that the board shows, and how facts get into it.

A crisis that ships stands inside the package and is never changed: the first fact added to it goes
into a copy in the workspace, which the board shows from then on.
"""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from offramp.choice.terms import claimable_terms
from offramp.crisis.checking import check
from offramp.crisis.json_schema import SCHEMA_FILE
from offramp.crisis.library import path_of, shipped
from offramp.crisis.problems import CrisisError
from offramp.crisis.reading import read_bytes, read_document
from offramp.crisis.schema import Crisis
from offramp.crisis.template import write_new
from offramp.store import workspace
from offramp.storing import write_whole

_SHIPPED_SCHEMA = "$schema=../crisis.schema.json"


class ChangedError(ValueError):
    """The file is not what it was when a form was made from it."""


@dataclass(frozen=True, slots=True)
class Version:
    """A crisis file as it stood at one moment.

    Attributes:
        path: where.
        content: its bytes.
        digest: their SHA-256, in hexadecimal.
        crisis: all that it holds, later facts too.
    """

    path: Path
    content: bytes
    digest: str
    crisis: Crisis


_WRITING = threading.Lock()


def place_of(name: str | Path) -> Path:
    """Return the file of a crisis, links followed; of one that ships its copy, if there is one.

    Raises:
        CrisisError: there is no crisis of that name.
    """
    path = path_of(name).resolve()
    copy = _copy_of(path.stem)
    return copy if _ships(path) and copy.is_file() else path


def is_copy(path: Path) -> bool:
    """Whether a file is the workspace's copy of a crisis that ships."""
    return path.stem in shipped() and path == _copy_of(path.stem).resolve()


def _ships(path: Path) -> bool:
    return path.stem in shipped() and path == path_of(path.stem).resolve()


def _copy_of(identifier: str) -> Path:
    return workspace() / "crises" / f"{identifier}.yaml"


@lru_cache(maxsize=8)
def _checked(content: bytes, name: str) -> Crisis:
    return check(read_document(content, name), claimable_terms())


class CrisisFile:
    """The file of one crisis; several threads may use it, and several of one file."""

    def __init__(self, name: str | Path) -> None:
        """Find the file.

        Args:
            name: a path that ends in .yaml or .yml, or the id of a crisis that ships, of which
                the copy in the workspace is taken if there is one.

        Raises:
            CrisisError: it is neither.
        """
        self.path = place_of(name)

    @property
    def ships(self) -> bool:
        """Whether the file is one of the package, so that the first fact makes a copy."""
        return _ships(self.path)

    @property
    def copy(self) -> Path:
        """Where the copy of a crisis that ships stands."""
        return _copy_of(self.path.stem)

    def now(self) -> Version:
        """Return the file as it stands.

        Raises:
            CrisisError: it cannot be read or has problems; all of them are given.
        """
        content = read_bytes(self.path)
        crisis = _checked(content, str(self.path))
        return Version(self.path, content, hashlib.sha256(content).hexdigest(), crisis)

    def change(self, digest: str, new: Callable[[Version], str]) -> None:
        """Put a new text in the place of the file, whole or not at all.

        Args:
            digest: of the version that a person has seen.
            new: makes the new text, which must pass the checks, of that version.

        Raises:
            ChangedError: the file is no longer that version; nothing is written.
            CrisisError: it cannot be read or written, or `new` finds problems.
        """
        with _WRITING:
            version = self.now()
            if version.digest != digest:
                raise ChangedError("the file has changed since this form was made")
            text = new(version)
            if self.ships:
                self._copy(text)
            elif read_bytes(self.path) != version.content:
                raise ChangedError("the file has changed just now")
            else:
                self._replace(text)

    def _replace(self, text: str) -> None:
        try:
            write_whole(self.path, text)
        except OSError as error:
            message = f"cannot be written: {error.strerror or error}"
            raise CrisisError.of_file(str(self.path), message) from None

    def _copy(self, text: str) -> None:
        """Write the copy with its first facts in one step, unless one was made meanwhile."""
        copy = self.copy
        try:
            copy.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            message = f"cannot be made: {error.strerror or error}"
            raise CrisisError.of_file(str(copy.parent), message) from None
        if copy.exists():
            self.path = copy
            raise ChangedError("a copy of the crisis that ships has been made meanwhile")
        schema = f"$schema={SCHEMA_FILE.as_uri()}"
        write_new(copy.stem, text.replace(_SHIPPED_SCHEMA, schema, 1), copy.parent)
        self.path = copy
