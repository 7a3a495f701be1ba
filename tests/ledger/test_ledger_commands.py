"""The commands of the ledger: what they print, keep and refuse."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from made_forecasts import AS_OF, asked, brief

from offramp.brief import render
from offramp.ledger.database import open_ledger
from running import Program

SMALL = Path(__file__).parents[1] / "crisis" / "small.yaml"


def program(
    place: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Program:
    """With a ledger of its own."""
    return Program(monkeypatch, capsys, OFFRAMP_LEDGER=place, COLUMNS="80")


@pytest.fixture
def offramp(
    place: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Program:
    return program(place, monkeypatch, capsys)


@pytest.fixture
def brief_file(tmp_path: Path) -> Path:
    path = tmp_path / "brief.json"
    path.write_text(render(brief(), ".json"), encoding="utf-8")
    return path


def test_from_a_brief_to_the_record(offramp: Program, brief_file: Path, tmp_path: Path) -> None:
    done = offramp("log", "--from", brief_file)
    assert done.code == 0, done.errors
    assert done.out.startswith("6 answers of alpha as of 2024-04-15 recorded. The last entry, 6,")
    again = offramp("log", "--from", brief_file)
    assert "0 answers of alpha as of 2024-04-15 recorded, 6 in the ledger already" in again.out
    decided = ("--on", "2024-04-19", "--source", "https://example.org/a?b=c&d")
    done = offramp("resolve", "strike-7d", "yes", *decided)
    assert "strike-7d of alpha, 2024-04-15 to 2024-04-22: resolved yes." in done.out
    refused = offramp("resolve", "strike-7d", "no", "--on", "2024-04-23", "--source", "x")
    assert (refused.code, refused.out) == (2, "")
    assert "--correct and --reason" in refused.errors
    fixed = offramp(
        *("resolve", "strike-7d", "no", "--on", "2024-04-23", "--source", "x"),
        *("--correct", "--reason", "it was an accident"),
    )
    assert "corrected to no." in fixed.out
    record = offramp("record")
    assert "Questions asked: 6; resolved: 1" in " ".join(record.out.split())
    assert "always yes" in record.out
    found = json.loads(offramp("record", "--crisis", "alpha", "--json").out)
    assert found["offramp"]["brier"] == pytest.approx(0.09)
    assert {
        "questions", "forecasts", "resolved", "offramp", "baselines", "paired", "calibration",
        "by_crisis",
    } <= set(found)  # fmt: skip
    assert {"brier", "log_score", "slope", "interval"} <= set(found["offramp"])
    verified = offramp("ledger", "verify")
    assert verified.out.startswith("8 entries, all as they were written.")
    head = verified.out.split()[-1].rstrip(".")
    assert offramp("ledger", "verify", "--head", head).code == 0
    assert offramp("ledger", "verify", "--head", "0" * 64).code == 2
    assert offramp("ledger", "export", tmp_path / "out.csv").code == 0
    other = f"sqlite:///{tmp_path}/other.sqlite"
    imported = offramp("ledger", "import", tmp_path / "out.csv", "--ledger", other)
    assert "8 entries recorded, 0 in the ledger already." in imported.out
    assert len(open_ledger(other).entries()) == 8


def test_a_crisis_is_forecast_and_logged(offramp: Program) -> None:
    done = offramp("log", SMALL, "--futures", "200", "--seed", "3", "--json")
    assert done.code == 0, done.errors
    rows = json.loads(done.out)["recorded"]
    assert rows
    for row in rows:
        assert (row["seed"], row["futures"], row["crisis"]) == (3, 200, "small")
        assert len(row["facts_sha256"]) == len(row["weights_sha256"]) == len(row["hash"]) == 64
        assert row["version"]
        assert row["as_of"]
    again = offramp("log", SMALL, "--futures", "200", "--seed", "3", "--json")
    assert json.loads(again.out) == {"recorded": [], "already": len(rows)}


def test_a_ledger_that_cannot_be_written_is_known_before_the_forecast(
    offramp: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    def forecast(*given: object, **more: object) -> None:
        raise AssertionError("simulated in vain")

    monkeypatch.setattr("offramp.cli.ledger.forecast", forecast)
    done = offramp("log", SMALL, "--ledger", "postgresql://nobody@127.0.0.1:1/nowhere")
    assert done.code == 2
    assert "ledger postgresql" in done.errors


def test_a_tampered_ledger_is_not_scored(
    brief_file: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    place = str(tmp_path / "ledger.sqlite")
    offramp = program(place, monkeypatch, capsys)
    offramp("log", "--from", brief_file)
    ledger = open_ledger(place)
    with ledger.engine.connect().execution_options(writes=True) as connection, connection.begin():
        connection.exec_driver_sql("DROP TRIGGER ledger_entry_kept")
        connection.exec_driver_sql("UPDATE ledger_entry SET recorded = 'x' WHERE number = 2")
    done = offramp("ledger", "verify")
    assert (done.code, done.out) == (2, "")
    assert "entry 2: was rewritten" in done.errors
    done = offramp("ledger", "verify", "--json")
    assert done.code == 2
    assert json.loads(done.out)["faults"][0]["entry"] == 2
    done = offramp("record")
    assert done.code == 2
    assert "not as it was written" in done.errors


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["log"], "name a CRISIS"),
        (["log", "alpha", "--from", "x.json"], "name a CRISIS"),
        (["log", "--from", "x.json", "--as-of", "2024-04-15"], "name a CRISIS"),
        (["log", "--from", "absent.json"], "absent.json"),
        (["log", "nowhere-1900"], "no such crisis"),
        (["resolve", "q", "yes", "--on", "today", "--source", "x"], "--on 'today'"),
        (["resolve", "q", "yes", "--on", "2024-04-19", "--source", " "], "--source is empty"),
        (["resolve", "q", "yes", "--on", "2024-04-19", "--source", "x"], "no ledger"),
        (["resolve", "q", "yes", "--on", "2024-04-19", "--source", "x", "--correct"], "--reason"),
        (["resolve", "q", "no", "--on", "2024-04-19", "--source", "x", "--reason", "r"],
         "--correct"),
        (["record"], "no ledger"),
        (["record", "--out", "x.pdf"], "unknown suffix"),
        (["ledger", "verify"], "no ledger"),
        (["ledger", "export", "x.csv"], "no ledger"),
        (["ledger", "import", "absent.csv"], "absent.csv"),
        (["ledger", "verify", "--ledger", "oracle://h/x"], "neither sqlite nor postgresql"),
    ],
)  # fmt: skip
def test_bad_input_ends_with_code_2(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    arguments: list[str],
    said: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    done = program(str(tmp_path / "l.sqlite"), monkeypatch, capsys)(*arguments)
    assert (done.code, done.out) == (2, "")
    assert said in done.errors
    assert "Traceback" not in done.errors
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_is_no_brief_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "brief.json"
    made = json.loads(render(asked("alpha", {"q": 0.5}), ".json"))
    made["answers"][0]["probability"] = 7
    path.write_text(json.dumps(made), encoding="utf-8")
    done = program(str(tmp_path / "l.sqlite"), monkeypatch, capsys)("log", "--from", path)
    assert done.code == 2
    assert "answers[0].probability" in done.errors


def test_options_say_the_day(offramp: Program, brief_file: Path) -> None:
    offramp("log", "--from", brief_file)
    later = brief(as_of=AS_OF.replace(day=17))
    brief_file.write_text(render(later, ".json"), encoding="utf-8")
    offramp("log", "--from", brief_file)
    decided = ("--on", "2024-04-19", "--source", "x", "--json")
    one = offramp("resolve", "strike-7d", "yes", "--closes", "2024-04-24", *decided)
    assert [row["open_time"] for row in json.loads(one.out)["recorded"]] == ["2024-04-17"]
