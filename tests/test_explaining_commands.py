"""The commands that explain a forecast, and the examples on their page."""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from offramp.cli import app
from offramp.cli.options import read
from offramp.crisis.schema import Crisis
from offramp.forecast import simulate_crisis
from offramp.forecast.explanations import ClaimReport, Trace, WatchList, Why
from offramp.forecast.forecasting import Simulated

ROOT = Path(__file__).parents[1]
SMALL = str(ROOT / "tests" / "engine" / "small.yaml")
QUICK = ["--futures", "1000"]
PAGE = (ROOT / "docs" / "reasons.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"^```\nofframp ([^\n]+)\n```$(?:\n+```\n(.*?)^```$)?", PAGE, re.M | re.S)


@cache
def simulated(name: str, count: int, seed: int) -> Simulated:
    """Once for all commands, and from fewer draws than they take, to be quick."""
    crisis = read(name, None)
    return simulate_crisis(crisis, count, seed, draws=200)


@pytest.fixture(autouse=True)
def _once(monkeypatch: pytest.MonkeyPatch) -> None:
    def once(crisis: Crisis, count: int, seed: int, **_: object) -> Simulated:
        return simulated(SMALL if crisis.id == "small" else crisis.id, count, seed)

    monkeypatch.setattr("offramp.cli.explaining.simulate_crisis", once)


def offramp(*arguments: str) -> Result:
    return CliRunner().invoke(app, list(arguments), env={"COLUMNS": "200"})


@pytest.mark.parametrize(
    ("command", "model"),
    [
        (["signposts", "--question", "strike", "--within", "7"], WatchList),
        (["claims", "--question", "strike"], ClaimReport),
        (["why", "--question", "strike"], Why),
        (["trace", "--question", "strike", "--facts", "2"], Trace),
    ],
    ids=lambda each: each[0] if isinstance(each, list) else "",
)
def test_json_is_the_published_shape_and_nothing_else(
    command: list[str], model: type[WatchList]
) -> None:
    ended = offramp(command[0], SMALL, *command[1:], *QUICK, "--json")
    assert ended.exit_code == 0, ended.exception
    found = model.model_validate_json(ended.stdout)
    assert json.loads(ended.stdout) == found.model_dump(mode="json")
    assert found.run.futures == 1000


def test_a_page_is_written_by_its_suffix(tmp_path: Path) -> None:
    for suffix, begins in (("md", "# A small crisis"), ("html", "<!doctype html>"), ("json", "{")):
        out = tmp_path / f"claims.{suffix}"
        ended = offramp("claims", SMALL, *QUICK, "--out", str(out))
        assert ended.exit_code == 0, ended.exception
        assert out.read_text(encoding="utf-8").startswith(begins)
        assert not ended.stdout


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["signposts", SMALL, "--question", "nope"], "there are: calm, killed, response, strike"),
        (["trace", SMALL, "--question", "toll"], "asks for a number"),
        (["why", SMALL, "--out", "a.pdf"], "unknown suffix '.pdf'"),
        (["claims", "no-such-crisis"], "no-such-crisis"),
    ],
)
def test_bad_input_is_told_before_any_work(
    arguments: list[str], said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("offramp.cli.explaining.simulate_crisis", None)
    ended = offramp(*arguments)
    assert ended.exit_code != 0
    assert said in str(ended.exception)


def test_the_page_has_an_example_of_every_command() -> None:
    assert [command.split()[0] for command, _ in EXAMPLES] == [
        *("signposts", "claims", "why", "trace")
    ]


@pytest.mark.parametrize(
    ("command", "output"), EXAMPLES, ids=[one[0].split()[0] for one in EXAMPLES]
)
def test_the_examples_of_the_page_run(command: str, output: str) -> None:
    """With fewer futures, so their figures differ; what stands around them must be the same."""
    ended = offramp(*command.split(), *QUICK)
    assert ended.exit_code == 0, ended.exception
    shown = flat(ended.stdout)
    for line in output.splitlines():
        if not re.search(r"\d %|millibits|^ {20}", line):
            assert flat(line) in shown, line


def flat(text: str) -> str:
    return " ".join(text.split())
