"""Bytes to plain data, with the line and column of everything in it.

A crisis file comes from anywhere, so reading it is bounded and inert: at most 4 MiB, at most
100,000 nodes, no line longer than 200,000 characters, no nesting deeper than 16, and no
anchors, aliases, merge keys or tags at all.
Plain scalars are resolved by the core schema of YAML 1.2 (https://yaml.org/spec/1.2.2/#103-core-schema):
``NO`` is Norway, ``2024-04-15`` is text until a model asks for a date.
"""

from __future__ import annotations

import math
import re
import stat
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path as FilePath
from typing import Any, NoReturn

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, StringMark
from ruamel.yaml.events import (
    AliasEvent,
    CollectionStartEvent,
    DocumentStartEvent,
    Event,
    MappingEndEvent,
    MappingStartEvent,
    NodeEvent,
    ScalarEvent,
    SequenceEndEvent,
)

from offramp.crisis.problems import CrisisError, Path, Problem, field_name, printable, quoted

SIZE_LIMIT = 4 * 1024 * 1024
"""Largest crisis file, in bytes."""

NODE_LIMIT = 100_000
"""Most keys, values and lists in a crisis file."""

DEPTH_LIMIT = 16
"""Deepest nesting; the format itself needs 6."""

LINE_LIMIT = 200_000
"""Longest line, in characters: the parser's time grows with the square of some long names."""

NUMBER_LIMIT = 10**12
"""Largest number in magnitude; nothing in the format comes near."""

_NOT_TEXT = r"\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ufffe\uffff"
_HIDDEN_IN_FILE = re.compile(f"[{_NOT_TEXT}\ufeff]")
_HIDDEN_IN_VALUE = re.compile(f"[{_NOT_TEXT}\r\ud800-\udfff]")

_WORDS = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL"), None),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
_WHOLE = re.compile(r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+")
_REAL = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_NOT_FINITE = re.compile(r"[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)")
_LONGEST_NUMBER = 40

_HIDDEN_FIX = "remove it: only visible text, tabs and line breaks may stand here"


@dataclass(frozen=True)
class Document:
    """A crisis file as plain data, before anything is known of what it means.

    Attributes:
        name: the file, as problems name it.
        data: text, numbers, true, false, nothing, lists and mappings with text keys.
        positions: line and column, from 1, of every key and list entry.
        problems: what is wrong with the file as YAML, though it could be read on.
        spoiled: paths whose value could not be read; a problem stands for each already.
    """

    name: str
    data: dict[str, Any]
    positions: dict[Path, tuple[int, int]]
    problems: tuple[Problem, ...] = ()
    spoiled: frozenset[Path] = frozenset()

    def problem(self, path: Path, message: str, fix: str) -> Problem:
        """Say that something is wrong at a path, on the line of the nearest thing that is there."""
        there = path
        while there and there not in self.positions:
            there = there[:-1]
        line, column = self.positions.get(there, (1, 1))
        return Problem(self.name, line, column, field_name(path), message, fix)


def read_bytes(path: FilePath) -> bytes:
    """Read a file, without reading what could not be a crisis file.

    Raises:
        CrisisError: there is no such file, it is not a regular file, it is larger than
            4 MiB (refused by its size, before it is read), or it cannot be read.
    """
    name = str(path)
    try:
        status = path.stat()
        if stat.S_ISDIR(status.st_mode):
            raise CrisisError.of_file(name, "is a directory", "name a file that ends in .yaml")
        if not stat.S_ISREG(status.st_mode):
            raise CrisisError.of_file(name, "is not a regular file", "name a file on disk")
        if status.st_size > SIZE_LIMIT:
            _refuse_size(name, f"{status.st_size:,}")
        with path.open("rb") as file:
            content = file.read(SIZE_LIMIT + 1)
    except FileNotFoundError:
        raise CrisisError.of_file(name, "there is no such file", "check the path") from None
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise CrisisError.of_file(name, f"cannot be read: {reason}") from None
    if len(content) > SIZE_LIMIT:
        _refuse_size(name, f"more than {SIZE_LIMIT:,}")
    return content


def read_document(content: bytes, name: str) -> Document:
    """Parse the bytes of a crisis file; see the module for what is refused.

    Raises:
        CrisisError: the bytes are not UTF-8 text, not YAML, not one mapping, or too large.
    """
    name = printable(name)
    if len(content) > SIZE_LIMIT:
        _refuse_size(name, f"{len(content):,}")
    text = _decode(content, name)
    return _Composer(name).compose(_events(text, name))


def _refuse_size(name: str, size: str) -> NoReturn:
    raise CrisisError.of_file(
        name,
        f"the file has {size} bytes",
        f"a crisis file has at most {SIZE_LIMIT:,}: it holds facts, not data",
    )


def _decode(content: bytes, name: str) -> str:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = content[: error.start]
        line, column = before.count(b"\n") + 1, error.start - before.rfind(b"\n")
        message = f"byte 0x{content[error.start]:02x} is not UTF-8 text"
        fix = "save the file as UTF-8"
        raise CrisisError([Problem(name, line, column, "", message, fix)]) from None
    for number, written in enumerate(text.split("\n"), start=1):
        if len(written) > LINE_LIMIT:
            message = f"a line of more than {LINE_LIMIT:,} characters"
            raise CrisisError([Problem(name, number, 1, "", message, "break it into several")])
    found = _HIDDEN_IN_FILE.search(text)
    if found:
        before_text = text[: found.start()]
        line = before_text.count("\n") + 1
        column = found.start() - before_text.rfind("\n")
        message = f"hidden character U+{ord(found[0]):04X}"
        raise CrisisError([Problem(name, line, column, "", message, _HIDDEN_FIX)])
    return text


def _events(text: str, name: str) -> Iterator[Event]:
    try:
        yield from YAML(typ="safe", pure=True).parse(text)
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        said = " ".join(str(error.problem or error.context).split())
        raise CrisisError([_syntax_problem(name, mark, said)]) from None
    except CrisisError:
        raise
    except Exception as error:
        # The parser meets text that nobody foresaw; whatever it stumbles on, the file is at fault.
        said = " ".join(str(error).split()) or type(error).__name__
        raise CrisisError([_syntax_problem(name, None, said)]) from None


def _syntax_problem(name: str, mark: StringMark | None, said: str) -> Problem:
    line, column = (None, None) if mark is None else (mark.line + 1, mark.column + 1)
    if "\\t" in said:
        fix = "indent with spaces, not tabs"
    elif "':'" in said or "mapping values" in said:
        fix = "write 'key: value', and quote text that holds ': '"
    else:
        fix = "look for a wrong indent, an unclosed quote or bracket here or just above"
    return Problem(name, line, column, "", f"not YAML: {printable(said[:200])}", fix)


@dataclass
class _Open:
    """A mapping or list whose end has not been met yet."""

    path: Path
    container: dict[str, Any] | list[Any]
    key: str | None = None
    discard: bool = False


@dataclass
class _Composer:
    """Builds data from events with a stack of its own, so that depth cannot exhaust Python's."""

    name: str
    problems: list[Problem] = field(default_factory=list)
    spoiled: set[Path] = field(default_factory=set)
    positions: dict[Path, tuple[int, int]] = field(default_factory=dict)
    stack: list[_Open] = field(default_factory=list)
    root: Any = None

    def compose(self, events: Iterator[Event]) -> Document:
        documents = nodes = 0
        for event in events:
            if isinstance(event, DocumentStartEvent):
                documents += 1
                self._check_document(event, documents)
            elif isinstance(event, NodeEvent):
                nodes += 1
                if nodes > NODE_LIMIT:
                    self._stop(event, f"more than {NODE_LIMIT:,} values", "make the file smaller")
                self._take_node(event)
            elif isinstance(event, MappingEndEvent | SequenceEndEvent):
                done = self.stack.pop()
                self._place(done.container)
        if self.root is None:
            raise CrisisError.of_file(
                self.name, "the file is empty", "`offramp new` writes one to start from"
            )
        if not isinstance(self.root, dict):
            message = "expected a mapping of fields at the top"
            raise CrisisError([Problem(self.name, 1, 1, "", message, "begin with 'offramp: 1'")])
        return Document(
            self.name,
            self.root,
            self.positions,
            tuple(self.problems),
            frozenset(self.spoiled),
        )

    def _check_document(self, event: DocumentStartEvent, count: int) -> None:
        if count > 1:
            self._stop(event, "a second document begins here", "write one crisis in one file")
        if event.version not in (None, (1, 2)):
            written = ".".join(map(str, event.version))
            self._stop(event, f"the file says that it is YAML {written}", "crisis files are 1.2")

    def _take_node(self, event: NodeEvent) -> None:
        awaits_key = bool(self.stack) and self._awaits_key(self.stack[-1])
        if awaits_key and not isinstance(event, ScalarEvent):
            self._stop(event, "a key must be text", "write 'key: value'")
        path = self._next_path() if not awaits_key else self.stack[-1].path
        if not awaits_key and path and isinstance(path[-1], int):
            self._mark(path, event)
        self._refuse_machinery(path, event)
        if isinstance(event, AliasEvent):
            self._place(None)
        elif isinstance(event, CollectionStartEvent):
            if len(self.stack) >= DEPTH_LIMIT:
                self._stop(event, f"nested deeper than {DEPTH_LIMIT} levels", "flatten the file")
            empty: dict[str, Any] | list[Any] = {} if isinstance(event, MappingStartEvent) else []
            self.stack.append(_Open(path, empty))
        elif isinstance(event, ScalarEvent):
            if awaits_key:
                self._take_key(self.stack[-1], event)
            else:
                self._place(self._scalar(path, event))

    def _take_key(self, inside: _Open, event: ScalarEvent) -> None:
        key = self._visible(inside.path, event)
        path = (*inside.path, key)
        inside.key = key
        inside.discard = True
        if key == "<<" and event.implicit[0]:
            self.spoiled.add(inside.path)
            self._say(path, event, "merge keys are not read", "write the fields out")
        elif key in inside.container:
            first = self.positions[path][0]
            message = f"the key stands twice: first on line {first}"
            self._say(path, event, message, "keep one of the two")
        else:
            inside.discard = False
            self._mark(path, event)

    def _refuse_machinery(self, path: Path, event: NodeEvent) -> None:
        if isinstance(event, AliasEvent):
            self.spoiled.add(path)
            message = f"aliases are not read: *{event.anchor}"
            self._say(path, event, message, "write the value out")
        elif event.anchor is not None:
            self._say(path, event, f"anchors are not read: &{event.anchor}", "remove it")
        tag = getattr(event, "tag", None)
        if tag is not None:
            self.spoiled.add(path)
            message = f"tags are not read: {quoted(str(tag))}"
            self._say(path, event, message, "remove it; quote the value if it is text")

    def _scalar(self, path: Path, event: ScalarEvent) -> Any:
        text = self._visible(path, event)
        if not event.implicit[0]:
            return text
        if text in _WORDS:
            return _WORDS[text]
        whole = _WHOLE.fullmatch(text) is not None
        if not whole and not _REAL.fullmatch(text) and not _NOT_FINITE.fullmatch(text):
            return text
        value: float = math.inf
        if whole and len(text) <= _LONGEST_NUMBER:
            value = int(text, 0) if text[:2] in ("0o", "0x") else int(text)
        elif not whole and not _NOT_FINITE.fullmatch(text):
            value = float(text)
        if not abs(value) <= NUMBER_LIMIT:
            self.spoiled.add(path)
            message = f"{quoted(text)} is not a number that can be meant here"
            self._say(path, event, message, "write a finite number, or quote it if it is text")
            return None
        return value

    def _visible(self, path: Path, event: ScalarEvent) -> str:
        text: str = event.value
        found = _HIDDEN_IN_VALUE.search(text)
        if found is None:
            return text
        self.spoiled.add(path)
        self._say(path, event, f"hidden character U+{ord(found[0]):04X}", _HIDDEN_FIX)
        return _HIDDEN_IN_VALUE.sub("\N{REPLACEMENT CHARACTER}", text)

    def _place(self, value: Any) -> None:
        if not self.stack:
            self.root = value
            return
        inside = self.stack[-1]
        if isinstance(inside.container, list):
            inside.container.append(value)
        elif inside.key is not None:
            if not inside.discard:
                inside.container[inside.key] = value
            inside.key = None

    def _next_path(self) -> Path:
        if not self.stack:
            return ()
        inside = self.stack[-1]
        if isinstance(inside.container, list):
            return (*inside.path, len(inside.container))
        return (*inside.path, inside.key or "")

    @staticmethod
    def _awaits_key(inside: _Open) -> bool:
        return isinstance(inside.container, dict) and inside.key is None

    def _mark(self, path: Path, event: Event) -> None:
        mark = event.start_mark
        self.positions.setdefault(path, (mark.line + 1, mark.column + 1))

    def _say(self, path: Path, event: Event, message: str, fix: str) -> None:
        mark = event.start_mark
        self.problems.append(
            Problem(self.name, mark.line + 1, mark.column + 1, field_name(path), message, fix)
        )

    def _stop(self, event: Event, message: str, fix: str) -> NoReturn:
        self._say((), event, message, fix)
        raise CrisisError(self.problems)
