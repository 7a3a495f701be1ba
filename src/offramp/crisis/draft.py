"""A crisis as far as it could be read, with the places where its entries stand in the file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from offramp.crisis.explaining import as_actor_code, as_identifier
from offramp.crisis.problems import Path
from offramp.crisis.schema import Crisis

Entry = TypeVar("Entry")
Names = Mapping[str, frozenset[str]]
"""By section of the file, the ids that its entries declare."""

NAMED_SECTIONS = (
    "actors",
    "ties",
    "fronts",
    "options",
    "defences",
    "timeline",
    "claims",
    "questions",
)
"""The lists of the file whose entries have an `id`."""


@dataclass(frozen=True)
class Draft:
    """A crisis that may lack entries which could not be read.

    Attributes:
        crisis: what could be read.
        places: by section from which entries are missing, the place in the file of each that
            is left; sections that are whole may be absent.
        incomplete: sections of which something could not be read.
        declared: ids in the file, those of the missing entries too, so that naming one of
            them is not a second problem.
    """

    crisis: Crisis
    places: Mapping[str, Sequence[int]]
    incomplete: frozenset[str]
    declared: Names

    def each(self, section: str, entries: Sequence[Entry]) -> Iterator[tuple[Path, Entry]]:
        """Yield the entries of a section, each with its path in the file."""
        places = self.places.get(section, range(len(entries)))
        for place, entry in zip(places, entries, strict=True):
            yield (section, place), entry


def declared_names(data: Mapping[str, Any]) -> Names:
    """Return the ids that a file declares, whether or not what they name could be read.

    An id that is ill spelt counts under its right spelling too.
    """
    names: dict[str, frozenset[str]] = {}
    for section in NAMED_SECTIONS:
        entries = [entry for entry in _list(data.get(section)) if isinstance(entry, dict)]
        written = {entry["id"] for entry in entries if isinstance(entry.get("id"), str)}
        respell = as_actor_code if section == "actors" else as_identifier
        names[section] = frozenset(written | {respell(name) for name in written} - {""})
    sources = data.get("sources")
    names["sources"] = frozenset(sources if isinstance(sources, dict) else ())
    return names


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []
