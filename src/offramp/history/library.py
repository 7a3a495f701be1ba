"""The datasets that were added on this machine: verified files, and a DuckDB catalogue of them.

In the workspace's folder ``history`` stand

- ``files/``: the publishers' files as they were added, each under the SHA-256 of its content;
- ``catalogue.duckdb``: the table ``catalogue``, one row a dataset, and for each dataset a table of
  what its reader returned, for queries in SQL. Days are dates there.

A dataset is added in one transaction of the database, which only one process at a time holds. One
that was interrupted leaves the catalogue as it was; a file that nothing points to is cleared away
by the next change.
"""

from __future__ import annotations

import hashlib
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import astuple, dataclass, fields
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pandas as pd

from offramp.history.datasets import BY_NAME, DATASETS, Dataset
from offramp.history.recognizing import dataset_for
from offramp.store import DECISION_POINTS
from offramp.storing import write_whole

EPOCH = 719_163
"""The proleptic ordinal of 1 January 1970."""
DAY_COLUMN = re.compile(r"(.*_)?(day|earliest|latest)(_.*)?")
VERSION = re.compile(r"v(\d+(?:[._]\d+)*)|[-_ ](\d+\.\d+)$")
PATIENCE = 30.0
"""Seconds to wait for another process that is changing the catalogue."""


@dataclass(frozen=True)
class Entry:
    """A dataset that was added.

    Attributes:
        dataset: its name.
        version: by the file's name, empty where that does not say.
        file: name of the publisher's file.
        sha256: of the file as it was added, unpacked or not.
        rows: how many the reader returned.
        first_year: of what it covers, None where no row is dated.
        last_year: likewise.
        added: when, in UTC, ISO 8601.
        citation: how the publisher asks to be cited.
        licence: a note on the terms.
    """

    dataset: str
    version: str
    file: str
    sha256: str
    rows: int
    first_year: int | None
    last_year: int | None
    added: str
    citation: str
    licence: str


COLUMNS = ", ".join(one.name for one in fields(Entry))
CATALOGUE = """
CREATE TABLE IF NOT EXISTS catalogue (
    dataset VARCHAR PRIMARY KEY, version VARCHAR, file VARCHAR, sha256 VARCHAR, rows BIGINT,
    first_year INTEGER, last_year INTEGER, added VARCHAR, citation VARCHAR, licence VARCHAR
)
"""


class LibraryError(ValueError):
    """The library of datasets cannot do what was asked; nothing of it changed."""


class Library:
    """The datasets in a workspace.

    Args:
        home: the workspace, see `offramp.store.workspace`. Nothing is made before the first `add`.
        patience: seconds to wait for another process that holds the catalogue.
    """

    def __init__(self, home: Path, patience: float = PATIENCE) -> None:
        self.folder = home / "history"
        self.catalogue = self.folder / "catalogue.duckdb"
        self._derived = home / DECISION_POINTS
        self._patience = patience

    def entries(self) -> list[Entry]:
        """Return what was added, in the order of `DATASETS`."""
        if not self.catalogue.exists():
            return []
        with self._open(read_only=True) as database:
            rows = database.execute(f"SELECT {COLUMNS} FROM catalogue").fetchall()
        places = {dataset.name: place for place, dataset in enumerate(DATASETS)}
        known = [Entry(*row) for row in rows]
        return sorted(known, key=lambda entry: places.get(entry.dataset, len(places)))

    def file(self, dataset: str) -> Path | None:
        """Return the file of a dataset as it was added, None where it was not.

        Raises:
            LibraryError: the file is not there any more, or was changed.
        """
        for entry in self.entries():
            if entry.dataset == dataset:
                path = self._place(entry)
                if not path.is_file() or _sha256(path.read_bytes()) != entry.sha256:
                    raise LibraryError(
                        f"{path} is not the file that was added as {dataset!r}: "
                        f"add it again with 'offramp history add {dataset} FILE'"
                    )
                return path
        return None

    def add(self, path: Path, name: str | None = None) -> Entry:
        """Read a publisher's file whole and keep it, in place of one of the same dataset.

        Args:
            path: the file.
            name: of the dataset, or its family's; told by the columns if None.

        Raises:
            ValueError: there is no dataset of that name.
            DatasetError: the file is not as published.
            LibraryError: another process holds the catalogue.
        """
        dataset = dataset_for(path, name)
        content = path.read_bytes()
        table = dataset.read(path)
        if path.read_bytes() != content:
            raise LibraryError(f"{path} changed while it was read")
        span = dataset.span(table) or (None, None)
        entry = Entry(
            dataset=dataset.name,
            version=version_of(path.name),
            file=path.name,
            sha256=_sha256(content),
            rows=len(table),
            first_year=span[0],
            last_year=span[1],
            added=datetime.now(UTC).isoformat(timespec="seconds"),
            citation=dataset.citation,
            licence=dataset.licence,
        )
        self.folder.mkdir(parents=True, exist_ok=True)
        with self._changing() as database:
            place = self._place(entry)
            place.parent.mkdir(parents=True, exist_ok=True)
            write_whole(place, content)
            rows = _queryable(table, dataset)
            database.register("incoming", rows)
            database.execute(f'CREATE OR REPLACE TABLE "{_table(dataset.name)}" AS FROM incoming')
            database.unregister("incoming")
            database.execute("DELETE FROM catalogue WHERE dataset = ?", [dataset.name])
            marks = ", ".join("?" * len(fields(Entry)))
            database.execute(f"INSERT INTO catalogue VALUES ({marks})", list(astuple(entry)))
        return entry

    def remove(self, dataset: str) -> None:
        """Take a dataset out, its file with it.

        Raises:
            LibraryError: it was not added, or another process holds the catalogue.
        """
        if dataset not in {entry.dataset for entry in self.entries()}:
            raise LibraryError(
                f"no dataset {dataset!r} was added; 'offramp history list' shows all"
            )
        with self._changing() as database:
            database.execute(f'DROP TABLE IF EXISTS "{_table(dataset)}"')
            database.execute("DELETE FROM catalogue WHERE dataset = ?", [dataset])

    def _place(self, entry: Entry) -> Path:
        return self.folder / "files" / entry.sha256 / entry.file

    @contextmanager
    def _open(self, *, read_only: bool) -> Iterator[duckdb.DuckDBPyConnection]:
        """Open the catalogue, waiting while another process changes it."""
        deadline = time.monotonic() + self._patience
        while True:
            try:
                database = duckdb.connect(str(self.catalogue), read_only=read_only)
                break
            except duckdb.IOException as error:
                if "lock" not in str(error).lower():
                    raise LibraryError(f"{self.catalogue} cannot be opened: {error}") from error
                if time.monotonic() > deadline:
                    raise LibraryError(
                        f"another process is using {self.catalogue}; try again when it is done"
                    ) from error
                time.sleep(0.1)
            except duckdb.Error as error:
                raise LibraryError(f"{self.catalogue} cannot be opened: {error}") from error
        try:
            yield database
        finally:
            database.close()

    @contextmanager
    def _changing(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """Change the catalogue: all or nothing; what was derived from it goes."""
        with self._open(read_only=False) as database:
            database.begin()
            try:
                database.execute(CATALOGUE)
                yield database
                self._derived.unlink(missing_ok=True)
                database.commit()
            except BaseException:
                database.rollback()
                raise
            finally:
                self._clear_away(database)

    def _clear_away(self, database: duckdb.DuckDBPyConnection) -> None:
        """Remove files that the catalogue does not name."""
        tables = {row[0] for row in database.execute("SHOW TABLES").fetchall()}
        query = "SELECT sha256, file FROM catalogue"
        rows = database.execute(query).fetchall() if "catalogue" in tables else []
        kept = {self.folder / "files" / sha256 / file for sha256, file in rows}
        for path in set((self.folder / "files").glob("*/*")) - kept:
            path.unlink()
        for folder in (self.folder / "files").glob("*"):
            if not any(folder.iterdir()):
                folder.rmdir()


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _table(dataset: str) -> str:
    """Return the name of a dataset's table in the database."""
    assert dataset in BY_NAME
    return dataset.replace("-", "_")


def version_of(file: str) -> str:
    """Return the version that a file's name states, with a full stop between its parts."""
    found = VERSION.search(file.lower().partition(".csv")[0])
    return (found[1] or found[2]).replace("_", ".") if found else ""


def _queryable(table: pd.DataFrame, dataset: Dataset) -> pd.DataFrame:
    """Return the table with ordinals made dates."""
    out = table.copy()
    for column in out:
        days = DAY_COLUMN.fullmatch(str(column)) or (
            dataset.unit == "day" and column == dataset.when
        )
        if days and pd.api.types.is_integer_dtype(out[column]):
            since = out[column].astype("Int64") - EPOCH
            out[column] = pd.to_datetime(since, unit="D").astype("datetime64[s]")
    return out
