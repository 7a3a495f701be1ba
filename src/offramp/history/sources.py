"""Publishers' tables: columns by name, checked types, and a refusal that says where.

Every reader of the package states the columns that it needs as `Column` and calls
`read_table`. A file that breaks the statement anywhere is refused whole.
"""

from __future__ import annotations

import csv
import gzip
import io
import zlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from difflib import get_close_matches
from pathlib import Path
from typing import Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

Truths = npt.NDArray[np.bool_]
Numbers = npt.NDArray[np.float64]

Kind = Literal["integer", "number", "date", "text", "truth"]

MISSING_TEXT = frozenset({"", "na", "nan", "n/a", "null", "none", "."})
"""Spellings of a missing value, compared in lower case."""

TRUTH = {"true": True, "1": True, "false": False, "0": False}


class DatasetError(ValueError):
    """A publisher's file is not what its reader expects; nothing of it was used."""

    def __init__(
        self,
        path: Path,
        expected: str,
        *,
        line: int | None = None,
        column: str | None = None,
        found: str | None = None,
    ) -> None:
        self.path = path
        self.line = line
        self.column = column
        self.expected = expected
        self.found = found
        place = [str(path)]
        if line is not None:
            place.append(f"line {line}")
        if column is not None:
            place.append(f"column {column!r}")
        what = f"expected {expected}" + (f", found {found!r}" if found is not None else "")
        super().__init__(f"{', '.join(place)}: {what}")


@dataclass(frozen=True)
class Column:
    """One column that a reader needs.

    Attributes:
        name: our name, the column's name in the frame that is returned.
        published: the publisher's names in any version, lower case; `name` if empty.
        kind: what its values are.
        required: whether every row must have a value. A column that is not required gets a
            nullable type.
        minimum: least allowed value, for numbers.
        maximum: greatest allowed value, for numbers.
        allowed: the only allowed values, for integers and text.
        missing: integers that the publisher writes for "unknown".
        absent: whether a version of the file may lack the column; it is then all missing.
    """

    name: str
    kind: Kind = "integer"
    published: tuple[str, ...] = ()
    required: bool = True
    minimum: float | None = None
    maximum: float | None = None
    allowed: frozenset[int] | frozenset[str] | None = None
    missing: frozenset[int] = field(default_factory=frozenset)
    absent: bool = False

    @property
    def names(self) -> tuple[str, ...]:
        """The publisher's names for the column."""
        return self.published or (self.name,)

    @property
    def expected(self) -> str:
        """What a value has to be, in words."""
        words = {
            "integer": "a whole number",
            "number": "a number",
            "date": "a date such as 1973-10-06",
            "text": "a text",
            "truth": "True or False",
        }[self.kind]
        if self.allowed is not None:
            words = "one of " + ", ".join(str(value) for value in sorted(self.allowed))
        elif self.minimum is not None and self.maximum is not None:
            words += f" from {self.minimum:g} to {self.maximum:g}"
        elif self.minimum is not None:
            words += f" of at least {self.minimum:g}"
        if self.missing:
            words += " (or " + ", ".join(str(code) for code in sorted(self.missing)) + " = unknown)"
        return words if self.required else words + " or nothing"


def read_table(
    path: Path,
    columns: Sequence[Column],
    *,
    separator: str = ",",
    names_if_headless: Sequence[str] = (),
) -> pd.DataFrame:
    """Return the wanted columns of a delimited file, checked and typed.

    Args:
        path: the publisher's file, plain or gzip (told by its content, not by its name).
        columns: what is wanted. Names are compared without case; a byte-order mark is dropped.
        separator: the delimiter.
        names_if_headless: the columns' names where the first line is all numbers, because the
            publisher leaves the header out.

    Returns:
        One row per record in the file's order, indexed by the line on which it begins, with the
        columns in the order asked. Integers
        are ``int64`` where required and ``Int64`` otherwise; numbers are ``float64``; texts are
        stripped strings, missing as ``<NA>``; dates are proleptic ordinals (`date.toordinal`)
        of integer type; truths are ``boolean``. ``attrs["file"]`` is the
        file's name.

    Raises:
        DatasetError: the file cannot be read, lacks a column, has a row of another width, or
            has a bad value. Nothing is returned in part.
    """
    path = Path(path)
    records = _records(path, columns, separator, names_if_headless)
    index = pd.Index(records.lines, dtype="int64", name="line")
    table = pd.DataFrame(
        {
            column.name: _typed(path, records, column).set_axis(index)
            if column.name in records.values
            else _all_missing(column, index)
            for column in columns
        },
        index=index,
    )
    table.attrs["file"] = path.name
    return table


def published_columns(path: Path) -> list[str]:
    """Return the names in the first line of a comma-separated file, in lower case.

    Raises:
        DatasetError: the file cannot be read.
    """
    first = _text(Path(path)).partition("\n")[0]
    return [name.strip().lower() for name in next(csv.reader([first]), [])]


def ordinal_days(
    years: pd.Series, months: pd.Series, days: pd.Series
) -> tuple[pd.Series, pd.Series]:
    """Return proleptic ordinal dates (`date.toordinal`), and where a date is impossible.

    Args:
        years: years from 1 to 9999, missing allowed.
        months: months, missing allowed.
        days: days of the month, missing allowed.

    Returns:
        The ordinals (``Int64``, missing where a part is missing or the date does not exist),
        and a mask of the rows where all parts are given but there is no such date, such as 31
        February.
    """
    known = (years.notna() & months.notna() & days.notna()).to_numpy(dtype=bool)
    ordinals = np.zeros(len(years), dtype=np.int64)
    exists = known.copy()
    parts = [part.fillna(0).to_numpy(dtype=np.int64) for part in (years, months, days)]
    for row in np.flatnonzero(known):
        try:
            ordinals[row] = date(
                int(parts[0][row]), int(parts[1][row]), int(parts[2][row])
            ).toordinal()
        except ValueError:
            exists[row] = False
    values = pd.Series(ordinals, index=years.index, dtype="Int64").mask(~exists)
    return values, pd.Series(known & ~exists, index=years.index)


def _text(path: Path) -> str:
    """Return the file's text, unpacked and without a byte-order mark."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise DatasetError(path, f"a file that can be read ({error.strerror})") from error
    try:
        if content[:2] == b"\x1f\x8b":
            content = gzip.decompress(content)
    except (OSError, EOFError, zlib.error) as error:
        raise DatasetError(path, f"a whole gzip file ({error})") from error
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise DatasetError(path, "text in UTF-8", line=line) from error


@dataclass(frozen=True)
class _Records:
    """The wanted fields as they stand in the file, and the line on which each record begins."""

    values: dict[str, list[str]]
    lines: list[int]


def _records(
    path: Path, columns: Sequence[Column], separator: str, names_if_headless: Sequence[str]
) -> _Records:
    """Return the wanted columns as raw strings, under our names."""
    text = _text(path)
    headless = bool(names_if_headless) and _is_numbers(text.partition("\n")[0], separator)
    # Line ends are given as they stand, for the csv module to judge those within quotes.
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    if headless:
        header = list(names_if_headless)
    else:
        header = [name.strip().lower() for name in next(reader, [])]
    places = [(column.name, _place(path, header, column)) for column in columns]
    wanted = [(name, place) for name, place in places if place is not None]
    values: dict[str, list[str]] = {name: [] for name, _ in wanted}
    appends = [(values[name].append, place) for name, place in wanted]
    lines: list[int] = []
    line = reader.line_num + 1
    try:
        for record in reader:
            if record:
                if len(record) != len(header):
                    raise DatasetError(
                        path, f"{len(header)} fields", line=line, found=f"{len(record)} fields"
                    )
                lines.append(line)
                for append, place in appends:
                    append(record[place])
            line = reader.line_num + 1
    except csv.Error as error:
        raise DatasetError(path, f"delimited text ({error})", line=line) from error
    return _Records(values, lines)


def _is_numbers(line: str, separator: str) -> bool:
    """Whether a line is a row of numbers, and so no header."""
    fields = line.strip().split(separator)
    return bool(fields[0]) and not _numbers(fields)[2].any()


def _place(path: Path, published: Sequence[str], column: Column) -> int | None:
    """Return the position of the column's name in the header."""
    for name in column.names:
        if name in published:
            return published.index(name)
    if column.absent:
        return None
    near = get_close_matches(column.names[0], published, n=3)
    found = "nearest are " + ", ".join(near) if near else "columns are " + ", ".join(published[:12])
    raise DatasetError(
        path, f"a column named {' or '.join(map(repr, column.names))} ({found})", line=1
    )


def _typed(path: Path, records: _Records, column: Column) -> pd.Series:
    """Return the column with its type, or refuse the file at its first bad value."""
    raw = records.values[column.name]
    if column.kind in ("integer", "number"):
        values, bad = _numeric(column, raw)
    elif column.kind == "date":
        values, bad = _dated(column, raw)
    else:
        values, bad = _worded(column, raw)
    if bad.any():
        row = int(np.flatnonzero(bad)[0])
        raise DatasetError(
            path, column.expected, line=records.lines[row], column=column.names[0], found=raw[row]
        )
    return values


def _numeric(column: Column, raw: list[str]) -> tuple[pd.Series, Truths]:
    """Return the numbers, and which values are not what the column expects."""
    numbers, missing, bad = _numbers(raw)
    if column.missing:
        unknown = np.isin(numbers, list(column.missing))
        numbers[unknown] = np.nan
        missing = missing | unknown
    elif column.required:
        bad = bad | missing
    given = ~missing
    if column.minimum is not None:
        bad |= given & (numbers < column.minimum)
    if column.maximum is not None:
        bad |= given & (numbers > column.maximum)
    if column.kind == "number":
        return pd.Series(numbers), bad
    bad |= given & (numbers % 1 != 0)
    if column.allowed is not None:
        bad |= given & ~np.isin(numbers, np.array(list(column.allowed), dtype=np.float64))
    missing = missing | bad
    integers = pd.Series(np.where(missing, 0, numbers).astype(np.int64))
    if column.required and not column.missing:
        return integers, bad
    return integers.astype("Int64").mask(missing), bad


def _numbers(raw: list[str]) -> tuple[Numbers, Truths, Truths]:
    """Return numbers (NaN where there is none), which are missing, and which are not numbers."""
    try:
        numbers = np.array(raw, dtype=np.float64)
    except ValueError:
        numbers = np.full(len(raw), np.nan)
    if np.isfinite(numbers).all():
        none = np.zeros(len(raw), dtype=np.bool_)
        return numbers, none, none.copy()
    stripped = pd.Series(raw, dtype="str").str.strip()
    missing = stripped.str.lower().isin(MISSING_TEXT).to_numpy(dtype=np.bool_)
    numbers = pd.to_numeric(stripped.mask(missing), errors="coerce").to_numpy(
        dtype=np.float64, na_value=np.nan
    )
    return numbers.copy(), missing, ~missing & ~np.isfinite(numbers)


def _dated(column: Column, raw: list[str]) -> tuple[pd.Series, Truths]:
    """Return the dates as ordinals, and which values are not what the column expects."""
    ordinals = np.zeros(len(raw), dtype=np.int64)
    missing = np.zeros(len(raw), dtype=np.bool_)
    bad = np.zeros(len(raw), dtype=np.bool_)
    for row, value in enumerate(raw):
        try:
            ordinals[row] = date.fromisoformat(value.strip()).toordinal()
        except ValueError:
            missing[row] = value.strip().lower() in MISSING_TEXT
            bad[row] = column.required or not missing[row]
    days = pd.Series(ordinals)
    return (days if column.required else days.astype("Int64").mask(missing)), bad


def _worded(column: Column, raw: list[str]) -> tuple[pd.Series, Truths]:
    """Return texts or truths, and which values are not what the column expects."""
    stripped = pd.Series(raw, dtype="str").str.strip()
    lower = stripped.str.lower()
    missing = lower.isin(MISSING_TEXT).to_numpy(dtype=np.bool_)
    bad = missing if column.required else np.zeros(len(raw), dtype=np.bool_)
    if column.kind == "truth":
        truths = lower.map(TRUTH).astype("boolean")
        return truths, bad | (~missing & truths.isna().to_numpy(dtype=np.bool_))
    if column.allowed is not None:
        bad = bad | (~missing & ~stripped.isin(list(column.allowed)).to_numpy(dtype=np.bool_))
    return stripped.astype("string").mask(missing), bad


def _all_missing(column: Column, index: pd.Index) -> pd.Series:
    """Return a column that this version of the file does not have."""
    if column.kind == "number":
        return pd.Series(np.nan, index=index, dtype="float64")
    nothing = pd.Series(pd.NA, index=index, dtype="Int64")
    if column.kind in ("integer", "date"):
        return nothing
    return nothing.astype("string") if column.kind == "text" else nothing.astype("boolean")
