"""Adding datasets: all or nothing, one at a time, and the file as it was."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import duckdb
import pandas as pd
import pytest

from offramp.history import library as library_module
from offramp.history.datasets import BY_NAME, DATASETS
from offramp.history.library import Library, LibraryError, version_of
from offramp.history.locating import Shelf, shelf
from offramp.history.mie import read_mie
from offramp.history.recognizing import dataset_for, dataset_of
from offramp.history.sources import DatasetError
from offramp.store import DECISION_POINTS, workspace

MIE = (
    "micnum,eventnum,ccode1,ccode2,stmon,stday,styear,endmon,endday,endyear,sidea1,action,hostlev,"
    "fatalmin1,fatalmax1,fatalmin2,fatalmax2,version\n"
    "3,1,300,345,10,7,1913,10,9,1913,1,1,2,0,0,0,0,mie-1.0\n"
    "4,2,339,200,5,-9,1946,5,15,1946,1,16,4,0,0,44,44,mie-1.0\n"
)
RIVALRIES = "tssr_id,rivalry,ccode1,ccode2,start,end\n1,Israel-Iran,630,666,1979,2020\n"


def write(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


@pytest.fixture
def mie(tmp_path: Path) -> Path:
    return write(tmp_path / "downloads" / "mie-1.0.csv", MIE)


@pytest.fixture
def library(tmp_path: Path) -> Library:
    return Library(tmp_path / "home")


def test_the_workspace_is_where_the_user_says(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OFFRAMP_HOME", "~/there")
    assert workspace() == Path.home() / "there"
    monkeypatch.delenv("OFFRAMP_HOME")
    monkeypatch.setenv("XDG_DATA_HOME", "/data")
    assert workspace() == Path("/data/offramp")
    monkeypatch.delenv("XDG_DATA_HOME")
    assert workspace() == Path.home() / ".local" / "share" / "offramp"


def test_what_is_added_is_kept_as_it_was(library: Library, mie: Path) -> None:
    assert library.entries() == []
    entry = library.add(mie, "mie")
    assert library.entries() == [entry]
    assert (entry.dataset, entry.version, entry.rows) == ("mie", "1.0", 2)
    assert (entry.first_year, entry.last_year) == (1913, 1946)
    kept = library.file("mie")
    assert kept is not None
    assert kept.read_bytes() == mie.read_bytes()
    pd.testing.assert_frame_equal(read_mie(kept), read_mie(mie))
    assert library.file("icb") is None


def test_the_tables_answer_in_sql(library: Library, mie: Path) -> None:
    library.add(mie)
    with duckdb.connect(str(library.catalogue), read_only=True) as database:
        rows = database.execute("SELECT actor, strftime(day, '%Y-%m-%d') FROM mie").fetchall()
        cited = database.execute("SELECT licence FROM catalogue").fetchall()
    assert rows == [(300, "1913-10-07"), (339, None)]
    assert cited == [(BY_NAME["mie"].licence,)]


def test_a_dataset_takes_the_place_of_its_older_version(library: Library, mie: Path) -> None:
    library.add(mie)
    newer = write(
        mie.with_name("mie-1.1.csv"), MIE + MIE.splitlines()[1].replace("3,1,", "9,1,", 1)
    )
    library.add(newer)
    (entry,) = library.entries()
    assert (entry.version, entry.rows) == ("1.1", 3)
    assert len(list((library.folder / "files").glob("*/*"))) == 1
    library.remove("mie")
    assert library.entries() == []
    assert library.file("mie") is None
    assert list((library.folder / "files").iterdir()) == []
    with pytest.raises(LibraryError, match="no dataset 'mie'"):
        library.remove("mie")


def test_a_bad_file_changes_nothing(library: Library, mie: Path) -> None:
    before = library.add(mie)
    bad = write(mie.with_name("mie-2.0.csv"), MIE.replace(",16,4", ",99,4"))
    with pytest.raises(DatasetError, match=r"mie-2.0.csv, line 3, column 'action'"):
        library.add(bad)
    assert library.entries() == [before]
    assert library.file("mie") is not None


@pytest.mark.parametrize("step", ["write_whole", "_queryable"])
def test_an_interrupted_add_leaves_all_as_it_was(
    library: Library, mie: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    before = library.add(mie)
    newer = write(
        mie.with_name("mie-1.1.csv"), MIE + MIE.splitlines()[1].replace("3,1,", "9,1,", 1)
    )

    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(library_module, step, interrupt)
    with pytest.raises(KeyboardInterrupt):
        library.add(newer)
    monkeypatch.undo()
    assert library.entries() == [before]
    kept = library.file("mie")
    assert kept is not None
    assert kept.name == "mie-1.0.csv"
    library.add(newer)
    assert [entry.version for entry in library.entries()] == ["1.1"]


def test_a_kept_file_that_was_changed_is_not_read(library: Library, mie: Path) -> None:
    library.add(mie)
    kept = library.file("mie")
    assert kept is not None
    kept.write_text("other", encoding="utf-8")
    with pytest.raises(LibraryError, match="not the file that was added"):
        library.file("mie")


def test_what_was_derived_goes_when_the_datasets_change(library: Library, mie: Path) -> None:
    derived = library.folder.parent / DECISION_POINTS
    write(derived, "stale")
    library.add(mie)
    assert not derived.exists()


HOLD = """
import sys, time
import duckdb
database = duckdb.connect(sys.argv[1])
database.begin()
print("held", flush=True)
time.sleep(float(sys.argv[2]))
"""


def held(library: Library, seconds: float) -> subprocess.Popen[str]:
    """Let another process hold the catalogue."""
    command = [sys.executable, "-c", HOLD, str(library.catalogue), str(seconds)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "held\n"
    return process


def test_one_process_waits_for_another(library: Library, mie: Path, tmp_path: Path) -> None:
    library.add(mie)
    with held(library, 0.5):
        library.add(write(tmp_path / "thompson_strategic_rivalries.csv", RIVALRIES))
    assert [entry.dataset for entry in library.entries()] == ["mie", "rivalries"]


def test_and_does_not_wait_for_ever(library: Library, mie: Path) -> None:
    library.add(mie)
    impatient = Library(library.folder.parent, patience=0.2)
    process = held(library, 30)
    try:
        with pytest.raises(LibraryError, match="another process"):
            impatient.add(mie)
    finally:
        process.kill()
        process.wait()
        assert process.stdout is not None
        process.stdout.close()
    assert [entry.dataset for entry in library.entries()] == ["mie"]


def test_a_catalogue_that_is_none(library: Library, mie: Path) -> None:
    write(library.catalogue, "not a database, whatever its name says" * 100)
    with pytest.raises(LibraryError, match="cannot be opened"):
        library.entries()


def test_a_name_is_a_check_and_its_family_is_enough(mie: Path, tmp_path: Path) -> None:
    dyads = write(tmp_path / "d.csv", "crisno,statea,stateb,year\n")
    assert dataset_for(dyads, "icb").name == "icb-dyads"
    assert dataset_for(mie, None).name == "mie"
    with pytest.raises(DatasetError, match="columns of 'icb'; they are those of 'mie'"):
        dataset_for(mie, "icb")
    with pytest.raises(ValueError, match="no dataset 'mei': did you mean 'mie'"):
        dataset_for(mie, "mei")
    other = write(tmp_path / "o.csv", "a,b\n")
    with pytest.raises(DatasetError, match="the columns of a dataset, such as MIE's, not a, b"):
        dataset_for(other, None)
    assert dataset_for(other, "ged").name == "ged"  # whose reader says what is missing


def test_every_published_file_is_recognized(data_directory: Path) -> None:
    shelved = shelf(data_directory)
    for dataset in DATASETS:
        path = shelved.file(dataset.name)
        assert dataset_of(path) == dataset, path
    versions = {name: version_of(shelved.file(name).name) for name in ("icb", "mie", "mid", "ged")}
    assert versions == {"icb": "15", "mie": "1.0", "mid": "5.0", "ged": ""}
    assert version_of("UcdpPrioConflict_v24_1.csv") == "24.1"
    assert version_of("GEDEvent_v24_1.csv.gz") == "24.1"
    assert version_of("MIDA 5.0.csv") == "5.0"


def test_what_was_added_comes_before_the_directory(library: Library, mie: Path) -> None:
    directory = mie.parent
    both = Shelf(library, directory)
    assert both.file("mie") == mie
    library.add(mie)
    assert both.file("mie") == library.file("mie")
    with pytest.raises(DatasetError, match="offramp history add icb FILE"):
        both.file("icb")


def test_nothing_anywhere(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("OFFRAMP_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("OFFRAMP_DATA", str(tmp_path / "nowhere"))
    with pytest.raises(FileNotFoundError, match="offramp history add"):
        shelf()
    with pytest.raises(FileNotFoundError, match="no directory of datasets"):
        shelf(tmp_path / "nowhere")
    monkeypatch.setenv("OFFRAMP_DATA", str(tmp_path))
    assert shelf().directory == tmp_path
