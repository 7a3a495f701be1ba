"""What is wrong with a crisis file, said so that a person can mend it."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from difflib import get_close_matches

Path = tuple[str | int, ...]
"""Where a value stands in a file: keys and list positions from the top."""

_PLAIN_KEY = re.compile(r"[\w<-]{1,64}", re.ASCII)
_LONGEST_QUOTE = 60


@dataclass(frozen=True, slots=True)
class Finding:
    """A problem found at a place in the data, before the place is turned into a line.

    An empty `fix` means that the message says it all.
    """

    path: Path
    message: str
    fix: str = ""


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong with a crisis file, and how to mend it.

    `line` and `column` count from 1; they are None where the problem is with the file itself.
    """

    file: str
    line: int | None
    column: int | None
    field: str
    message: str
    fix: str

    def __str__(self) -> str:
        """Give it on one line: ``file.yaml:12:5: actors[0].nuclaer: unknown key; did you …``."""
        place = self.file if self.line is None else f"{self.file}:{self.line}:{self.column}"
        what = f"{self.message}; {self.fix}" if self.fix else self.message
        return ": ".join(part for part in (place, self.field, what) if part)


class CrisisError(Exception):
    """A crisis cannot be read; carries every problem found, in the order of the file."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(sorted(problems, key=lambda p: (p.line or 0, p.column or 0)))
        super().__init__("\n".join(str(problem) for problem in self.problems))

    @classmethod
    def of_file(cls, file: str, message: str, fix: str = "") -> CrisisError:
        """Return the error of a single problem with a file as a whole."""
        return cls([Problem(printable(file), None, None, "", message, fix)])


def field_name(path: Path) -> str:
    """Write a path as a person does: ``actors[0].source[1]``."""
    written = ""
    for step in path:
        if isinstance(step, int):
            written += f"[{step}]"
        else:
            key = step if _PLAIN_KEY.fullmatch(step) else quoted(step)
            written += f".{key}" if written else key
    return written


def quoted(text: str) -> str:
    """Quote text from a file for a message: on one line, of bounded length, without controls."""
    return repr(text if len(text) <= _LONGEST_QUOTE else text[: _LONGEST_QUOTE - 1] + "…")


def printable(text: str) -> str:
    """Return the name of a file with whatever a terminal would obey escaped."""
    return "".join(char if char.isprintable() else ascii(char)[1:-1] for char in text)


def nearest(wrong: str, valid: Collection[str], otherwise: str) -> str:
    """Suggest the valid name nearest to a wrong one; where none is near, list what is valid.

    Args:
        wrong: what was written.
        valid: the names that would have been right.
        otherwise: how to introduce the list, as ``"the keys here are"``.
    """
    folded = {name.casefold(): name for name in sorted(valid, reverse=True)}
    close = get_close_matches(wrong.casefold()[:100], list(folded), n=1, cutoff=0.6)
    if close:
        return f"did you mean {quoted(folded[close[0]])}?"
    if not valid:
        return f"{otherwise}: none"
    listed = sorted(valid)
    rest = f" and {len(listed) - 30} more" if len(listed) > 30 else ""
    return f"{otherwise}: {', '.join(listed[:30])}{rest}"
