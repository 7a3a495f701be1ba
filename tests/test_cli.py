"""The command line: what each command prints, and how it ends on bad input."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Sequence
from itertools import product
from pathlib import Path

import pytest

from offramp.choice.judgements import JUDGEMENTS
from offramp.choice.terms import claimable_terms
from offramp.cli import forecasting
from offramp.crisis.library import shipped
from running import Ended, Program

FLAGSHIP = "israel-iran-2024-04"
SMALL = Path(__file__).parent / "crisis" / "small.yaml"


@pytest.fixture
def offramp(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Program:
    return Program(monkeypatch, capsys, COLUMNS="200")


@pytest.fixture(scope="session")
def small_brief(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """A small brief by suffix, from a process of its own; on a fresh machine it compiles."""
    directory = tmp_path_factory.mktemp("brief")
    texts = {}
    for suffix in ("json", "html", "md", "txt"):
        path = directory / f"brief.{suffix}"
        _shell(["brief", str(SMALL), "--futures", "200", "--seed", "7", "--out", str(path)])
        texts[suffix] = path.read_text(encoding="utf-8")
    assert sorted(path.name for path in directory.iterdir()) == sorted(
        f"brief.{suffix}" for suffix in texts
    ), "something half-written was left"
    return texts


def _shell(arguments: Sequence[str]) -> str:
    done = subprocess.run(
        [sys.executable, "-c", "from offramp.cli import main; main()", *arguments],
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
        env=os.environ | {"COLUMNS": "100"},
        timeout=600,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_without_a_command_the_help_is_shown(offramp: Program) -> None:
    ended = offramp()
    shown = ended.out + ended.errors
    for command in ("brief", "check", "new", "show", "future", "crises", "terms", "fit"):
        assert re.search(rf"^\s+{command}\b", shown, re.MULTILINE)


def test_the_help_has_whole_summaries(offramp: Program) -> None:
    shown = " ".join(offramp("--help").out.split())
    assert "check Check a crisis file: every problem at once, with file, line, field" in shown
    assert "..." not in shown.partition("Commands:")[2]


def test_days_that_nobody_told_are_named(offramp: Program) -> None:
    ended = offramp("show", SMALL, "--as-of", "2024-08-01", "--json")
    assert json.loads(ended.out)["as_of"] == "2024-08-01"
    said = " ".join(ended.errors.split())
    assert re.search(r"nothing is told from 2024-0\d-\d\d to 2024-08-01", said)
    told = offramp("show", "kosovo-1999", "--as-of", "1999-06-25", "--json")
    assert told.errors == ""  # its aftermath is complete until later


def test_a_file_that_is_not_there_is_named(offramp: Program) -> None:
    ended = offramp("log", "--from", "no-brief.json")
    assert (ended.code, ended.errors) == (2, "offramp: no-brief.json: no such file or directory\n")


@pytest.mark.parametrize("name", shipped())
def test_shipped_crises_are_fine(offramp: Program, name: str) -> None:
    ended = offramp("check", name)
    assert (ended.code, ended.errors) == (0, "")
    assert ended.out.startswith(f"{name}: fine. ")
    assert json.loads(offramp("check", name, "--json").out) == {"valid": True, "problems": []}


def test_check_counts_what_is_in_the_file(offramp: Program) -> None:
    counted = "3 actors, 2 fronts, 2 timeline entries and 3 questions as of 2024-04-15."
    assert offramp("check", SMALL).out == f"{SMALL}: fine. {counted}\n"


@pytest.fixture
def broken(tmp_path: Path) -> Path:
    text = SMALL.read_text(encoding="utf-8")
    text = text.replace("contiguous: false", "contigous: false")
    text = text.replace("term: own_resolve", "term: own_resolv")
    path = tmp_path / "broken.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_check_names_every_problem_with_its_fix(offramp: Program, broken: Path) -> None:
    ended = offramp("check", broken)
    assert (ended.code, ended.out) == (2, "")
    lines = ended.errors.splitlines()
    assert all(line.startswith(f"{broken}:") for line in lines)
    assert any("contigous" in line and "contiguous" in line for line in lines)
    assert any("own_resolv'" in line and "own_resolve" in line for line in lines)


def test_check_gives_problems_as_json(offramp: Program, broken: Path) -> None:
    ended = offramp("check", broken, "--json")
    assert ended.code == 2
    found = json.loads(ended.out)
    assert found["valid"] is False
    assert {problem["file"] for problem in found["problems"]} == {str(broken)}
    wrong = broken.read_text(encoding="utf-8").splitlines()
    lines = {wrong[problem["line"] - 1].strip() for problem in found["problems"]}
    assert "contigous: false" in lines


@pytest.mark.parametrize("command", ["brief", "check", "show", "future"])
def test_an_unknown_crisis_suggests_the_nearest(offramp: Program, command: str) -> None:
    ended = offramp(command, "israel-iran-2024-05")
    assert (ended.code, ended.out) == (2, "")
    assert FLAGSHIP in ended.errors


def test_a_missing_file_is_bad_input(offramp: Program, tmp_path: Path) -> None:
    ended = offramp("brief", tmp_path / "none.yaml")
    assert ended.code == 2
    assert "none.yaml" in ended.errors
    assert "Traceback" not in ended.errors


@pytest.mark.parametrize("day", ["2024-4-15", "15.04.2024", "tomorrow", "2024-02-30"])
def test_a_day_that_is_none_is_bad_input(offramp: Program, day: str) -> None:
    ended = offramp("show", SMALL, "--as-of", day)
    assert (ended.code, ended.out) == (2, "")
    assert ended.errors == f"offramp: --as-of '{day}': not a day; write it as 2024-04-15\n"


@pytest.mark.parametrize("name", ["brief.pdf", "brief", "brief.json.gz"])
def test_an_unknown_suffix_is_refused_before_any_work(
    offramp: Program, tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(forecasting, "forecast", None)  # would fail if it came to that
    ended = offramp("brief", SMALL, "--out", tmp_path / name)
    assert (ended.code, ended.out) == (2, "")
    assert "one of .html, .json, .md, .txt" in ended.errors
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    "arguments",
    [
        ("brief", SMALL, "--futures", "99"),
        ("brief", SMALL, "--futures", "1e5"),
        ("brief", SMALL, "--seed", "-1"),
        ("brief", SMALL, "--sead", "1"),
        ("brief",),
        ("future", SMALL, "--number", str(2**32)),
        ("brif", SMALL),
        ("fit",),
    ],
)
def test_misuse_ends_with_code_two(offramp: Program, arguments: tuple[str, ...]) -> None:
    ended = offramp(*arguments)
    assert (ended.code, ended.out) == (2, "")
    assert "Usage: offramp" in ended.errors


def test_an_interrupt_ends_with_130(offramp: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(forecasting, "read", interrupted)
    ended = offramp("brief", SMALL)
    assert (ended.code, ended.out) == (130, "")
    assert "Traceback" not in ended.errors


def test_show_tells_the_timeline(offramp: Program) -> None:
    shown = offramp("show", SMALL).out
    assert "A shot across the bow." in shown
    assert "We will answer." in shown
    earlier = offramp("show", SMALL, "--as-of", "2024-04-10").out
    assert "A shot across the bow." in earlier
    assert "We will answer." not in earlier


def test_show_as_json_is_the_crisis_as_of_the_day(offramp: Program) -> None:
    crisis = json.loads(offramp("show", SMALL, "--json", "--as-of", "2024-04-10").out)
    assert crisis["as_of"] == "2024-04-10"
    assert [entry["id"] for entry in crisis["timeline"]] == ["cut"]


def test_new_writes_a_file_that_passes_the_check(
    offramp: Program, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    ended = offramp("new", "my-crisis")
    assert ended == Ended(0, "wrote my-crisis.yaml; next: offramp check my-crisis.yaml\n", "")
    assert offramp("check", "my-crisis.yaml").code == 0
    before = (tmp_path / "my-crisis.yaml").read_bytes()
    again = offramp("new", "my-crisis")
    assert again.code == 2
    assert "there is such a file already" in again.errors
    assert (tmp_path / "my-crisis.yaml").read_bytes() == before
    assert offramp("new", "../elsewhere").code == 2
    assert [path.name for path in tmp_path.iterdir()] == ["my-crisis.yaml"]


def test_crises_lists_what_ships(offramp: Program) -> None:
    rows = json.loads(offramp("crises", "--json").out)
    assert [row["id"] for row in rows] == list(shipped())
    assert FLAGSHIP in shipped()
    printed = offramp("crises").out
    assert all(row["id"] in printed and row["title"] in printed for row in rows)


def test_terms_are_all_there_and_marked(offramp: Program) -> None:
    table = json.loads(offramp("terms", "--json").out)
    names = [row["name"] for row in table["terms"]]
    assert set(names) <= set(claimable_terms())
    assert len(set(names)) == len(names)
    for row in table["terms"]:
        assert row["elicited"] is (row["spread"] is not None)
        assert row["elicited"] is bool(row["reason"])
    assert [row["name"] for row in table["judgements"]] == [one.name for one in JUDGEMENTS]
    elicited = sum(row["elicited"] for row in table["terms"]) + len(table["judgements"])
    printed = offramp("terms").out
    assert f"{elicited} elicited" in printed
    assert printed.count("elicited +") + printed.count("elicited -") == elicited


def test_fit_without_datasets_is_bad_input(offramp: Program, tmp_path: Path) -> None:
    ended = offramp("fit", "--out", tmp_path / "figures", "--data", tmp_path)
    assert (ended.code, ended.out) == (2, "")
    assert "Traceback" not in ended.errors
    assert not (tmp_path / "figures").exists()


def test_a_brief_answers_every_question(small_brief: dict[str, str]) -> None:
    brief = json.loads(small_brief["json"])
    assert (brief["crisis"], brief["seed"], brief["futures"]) == ("small", 7, 200)
    assert [answer["id"] for answer in brief["answers"]] == ["answer", "again", "quiet"]
    for answer, suffix in product(brief["answers"], ("html", "md", "txt")):
        assert answer["text"] in small_brief[suffix]


def test_a_brief_is_the_same_on_standard_output_and_on_one_thread(
    small_brief: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OFFRAMP_THREADS", "1")
    printed = _shell(["brief", str(SMALL), "--futures", "200", "--seed", "7", "--json"])
    assert printed == small_brief["json"]


def test_a_future_is_told_by_the_day(small_brief: dict[str, str]) -> None:
    told = _shell(["future", str(SMALL), "--number", "42", "--json"])
    future = json.loads(told)
    assert future["number"] == 42
    assert future["lines"][0] == "A small crisis"
    days = [line[:10] for line in future["lines"] if re.match(r"\d{4}-\d\d-\d\d  ", line)]
    assert days == sorted(days)
    assert all("2024-04-16" <= day <= "2024-07-14" for day in days)
