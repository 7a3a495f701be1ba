"""New entries put into a crisis file by its lines, so that all else stays as it was written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq

from offramp.crisis.problems import CrisisError
from offramp.reader.entries import Entry, block, fields, scalar


@dataclass(frozen=True, slots=True)
class _Section:
    """Where a section of the file stands: its first line and the line after its last, from 0."""

    first: int
    after: int
    value: Any


def inserted(
    text: str, name: str, lists: Mapping[str, Sequence[Entry]], sources: Mapping[str, Entry]
) -> str:
    """Return a crisis file's text with entries added at the end of its sections.

    Every line that is there stays as it is, comments included; only an empty section, as
    ``claims: []``, is rewritten.

    Args:
        text: of a file that passes the checks.
        name: the file, for problems.
        lists: new entries by section.
        sources: new sources by id.

    Raises:
        CrisisError: a section is written in brackets on one line, so that no line can be added.
    """
    data = YAML(typ="rt", pure=True).load(text)
    lines = text.split("\n")
    ends = "\r" if text.count("\r\n") > text.count("\n") / 2 else ""
    sections = _sections(data, lines)
    changes: list[tuple[int, int, str]] = []
    if sources:
        changes.append(_sources(sections, lines, name, sources))
    for section, entries in lists.items():
        if entries:
            changes.append(_entries(sections, lines, name, section, entries))
    for first, after, new in sorted(changes, reverse=True):
        lines[first:after] = [f"{line}{ends}" for line in new.rstrip("\n").split("\n")]
    return "\n".join(lines)


def _sections(data: CommentedMap, lines: list[str]) -> dict[str, _Section]:
    starts = sorted((data.lc.key(key)[0], str(key)) for key in data)
    found = {}
    for place, (first, key) in enumerate(starts):
        after = starts[place + 1][0] if place + 1 < len(starts) else len(lines)
        while after > first + 1 and _aside(lines[after - 1]):
            after -= 1
        found[key] = _Section(first, after, data[key])
    return found


def _aside(line: str) -> bool:
    """Whether a line is empty or a comment at the margin, which belongs to what follows."""
    return not line.strip() or line.startswith("#") or line.strip() in {"...", "---"}


def _entries(
    sections: Mapping[str, _Section],
    lines: list[str],
    name: str,
    section: str,
    entries: Sequence[Entry],
) -> tuple[int, int, str]:
    there = sections.get(section)
    if there is None or not there.value:
        body = f"{section}:\n" + "".join(block(entry, 2) for entry in entries)
        return _placed(there, lines, body)
    value = there.value
    if not isinstance(value, CommentedSeq) or value.fa.flow_style():
        raise _in_brackets(name, section)
    body = "".join(block(entry, value.lc.col) for entry in entries)
    return there.after, there.after, body


def _sources(
    sections: Mapping[str, _Section], lines: list[str], name: str, sources: Mapping[str, Entry]
) -> tuple[int, int, str]:
    there = sections.get("sources")
    value = there.value if there is not None else None
    if there is None or not value:
        body = "sources:\n" + fields(sources, 2)
        return _placed(there, lines, body)
    if not isinstance(value, CommentedMap) or value.fa.flow_style():
        raise _in_brackets(name, "sources")
    body = "".join(
        f"{' ' * value.lc.col}{key}: {scalar(entry)}\n" for key, entry in sources.items()
    )
    return there.after, there.after, body


def _placed(there: _Section | None, lines: list[str], body: str) -> tuple[int, int, str]:
    """Return a change that puts a new section at the end, or in the place of an empty one."""
    if there is not None:
        return there.first, there.after, body
    end = len(lines)
    while end > 0 and not lines[end - 1].strip():
        end -= 1
    return end, len(lines), f"\n{body}"


def _in_brackets(name: str, section: str) -> CrisisError:
    message = f"{section} is written in brackets, so that nothing can be added line by line"
    return CrisisError.of_file(
        name, message, "write it as a list, an entry to a line, and try again"
    )
