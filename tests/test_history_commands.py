"""The commands on history, as a user runs them."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from typer.testing import CliRunner

from offramp.choice import gathering
from offramp.choice.decision_points import DecisionPoints, shipped_points
from offramp.choice.querying import PLAIN_WORDS
from offramp.cli import app
from offramp.history.locating import Shelf
from offramp.history.sources import DatasetError

DOCS = Path(__file__).parents[1] / "docs"
MIE = (
    "micnum,eventnum,ccode1,ccode2,stmon,stday,styear,endmon,endday,endyear,sidea1,action,hostlev,"
    "fatalmin1,fatalmax1,fatalmin2,fatalmax2,version\n"
    "3,1,300,345,10,7,1913,10,9,1913,1,1,2,0,0,0,0,mie-1.0\n"
)
Run = Callable[..., str]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Run:
    monkeypatch.setenv("OFFRAMP_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("OFFRAMP_DATA", str(tmp_path / "nowhere"))
    monkeypatch.setenv("COLUMNS", "200")

    def runs(*arguments: object, fails: bool = False) -> str:
        result = CliRunner().invoke(app, [str(one) for one in arguments])
        if fails:
            assert isinstance(result.exception, ValueError)
            return str(result.exception)
        assert result.exit_code == 0, result.exception
        return result.stdout

    return runs


@pytest.fixture
def mie(tmp_path: Path) -> Path:
    path = tmp_path / "mie-1.0.csv"
    path.write_text(MIE, encoding="utf-8")
    return path


def test_add_list_and_remove(run: Run, mie: Path) -> None:
    assert "nothing was added" in run("history", "list")
    said = run("history", "add", "mie", mie)
    assert said.startswith("mie: 1 rows, 1913–1913. Cite: Gibler and Miller")
    assert "non-commercial use only" in said
    (entry,) = json.loads(run("history", "list", "--json"))
    assert (entry["dataset"], entry["version"], entry["rows"]) == ("mie", "1.0", 1)
    assert re.fullmatch(r"[0-9a-f]{64}", entry["sha256"])
    assert "Gibler and Miller" in run("history", "list")
    assert json.loads(run("history", "add", mie, "--json"))["dataset"] == "mie"
    run("history", "remove", "mie")
    assert json.loads(run("history", "list", "--json")) == []


def test_what_add_refuses(run: Run, mie: Path, tmp_path: Path) -> None:
    assert "did you mean 'mie'" in run("history", "add", "mei", mie, fails=True)
    assert "a file that can be read" in run("history", "add", tmp_path / "no.csv", fails=True)
    assert "no dataset 'mie' was added" in run("history", "remove", "mie", fails=True)


def test_a_base_rate_and_the_cases_behind_it(run: Run) -> None:
    asked = ("baserate", "--after", "limited", "--level", ">=6", "--within", "30d")
    where = ("--where", "reciprocated and not allied")
    data = json.loads(run(*asked, *where, "--json", "--cases"))
    assert data["rate"] == data["hits"] / data["cases"]
    assert data["interval"][0] < data["rate"] < data["interval"][1]
    assert len(data["list"]) == data["cases"]
    assert sum(case["followed"] for case in data["list"]) == data["hits"]
    assert all(case["days"] <= 30 for case in data["list"] if case["followed"])
    assert {case["received"] for case in data["list"]} == {"limited"}
    assert [case["day"] for case in data["list"]] == sorted(
        (case["day"] for case in data["list"]), reverse=True
    )
    assert data["source"] == "shipped"
    said = run(*asked, *where)
    assert f"{data['hits']:,} of {data['cases']:,} cases" in said
    assert "No history that suffices was added here" in said
    fewer = json.loads(run(*asked, *where, "--as-of", "1980-01-01", "--json", "--cases"))
    assert fewer["cases"] < data["cases"]
    assert max(case["day"] for case in fewer["list"]) <= "1979-12-02"
    assert "no such case" in run(*asked, "--where", "year < 1900")


def test_what_baserate_refuses(run: Run) -> None:
    asked = ("baserate", "--after", "limited")
    error = run(*asked, "--level", "6", "--where", "not recipocated", fails=True)
    assert error.splitlines()[1:] == ["  not recipocated", "      ^^^^^^^^^^^"]
    assert "did you mean 'reciprocated'" in error
    assert "1 to 180" in run(*asked, "--level", "6", "--within", "52w", fails=True)
    assert "--among 'x'" in run(*asked, "--level", "6", "--among", "x", fails=True)
    assert "--since '1946'" in run(*asked, "--level", "6", "--since", "1946", fails=True)


def test_analogues(run: Run) -> None:
    notes = json.loads(run("analogues", "falklands-1982", "--actor", "GBR", "--json"))
    (note,) = notes
    assert len(note["nearest"]) == 5
    said = run("analogues", "falklands-1982", "--actor", "GBR", "--count", "2")
    assert said.startswith("GBR → ARG, direct\n")
    assert f"{note['nearest'][1]['actor']} against {note['nearest'][1]['rival']}" in said
    assert "No history that suffices was added here" in said
    assert "no actor 'XXX'" in run("analogues", "falklands-1982", "--actor", "XXX", fails=True)


def test_the_page_on_history_names_every_dataset_and_word() -> None:
    from offramp.history.datasets import DATASETS

    page = (DOCS / "history.md").read_text(encoding="utf-8")
    for dataset in DATASETS:
        (row,) = [line for line in page.splitlines() if line.startswith(f"| `{dataset.name}` |")]
        assert dataset.licence in row
        assert dataset.url in row
    for name, word in PLAIN_WORDS.items():
        assert f"| `{name}` | {word.meaning} |" in page


def test_history_added_here_serves_in_place_of_what_ships(
    run: Run, mie: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Cases are derived when first asked for, and again once the datasets have changed."""
    asked = ("baserate", "--after", "limited", "--level", ">=6", "--json")
    derived: list[Shelf] = []

    def gathered(datasets: Shelf) -> DecisionPoints:
        derived.append(datasets)
        if len(datasets.library.entries() if datasets.library else []) < 2:
            raise DatasetError(mie, "more")
        return replace(shipped_points(), provenance={"datasets": ["mine"]})

    monkeypatch.setattr(gathering, "gather_from", gathered)
    assert json.loads(run(*asked))["source"] == "shipped"
    assert not derived
    run("history", "add", mie)
    assert json.loads(run(*asked))["source"] == "shipped"  # and standard error says why
    assert len(derived) == 1
    rivalries = tmp_path / "rivalries.csv"
    rivalries.write_text("tssr_id,ccode1,ccode2,start,end\n1,630,666,1979,2020\n", encoding="utf-8")
    run("history", "add", rivalries)
    own = json.loads(run(*asked))
    assert (own["source"], own["datasets"]) == ("added", ["mine"])
    assert "Counted in the history added here: mine." in run(*asked[:-1])
    assert len(derived) == 2
    assert "counted in the history added here: mine" in run("analogues", "falklands-1982")
    run("history", "remove", "rivalries")
    assert json.loads(run(*asked))["source"] == "shipped"
    assert len(derived) == 3
