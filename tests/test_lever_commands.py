"""The commands of levers: tables, JSON, charts, and what they refuse."""

from __future__ import annotations

import json
import re
from functools import partial
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from typer.testing import CliRunner

from offramp.brief.charts.tornado import Bar, short, tornado
from offramp.cli import app, levers
from offramp.forecast.levers import prepare

SMALL = str(Path(__file__).parent / "engine" / "small.yaml")
FEW = ("--futures", "200")


@pytest.fixture(autouse=True)
def _few_draws(monkeypatch: pytest.MonkeyPatch) -> None:
    """Condition with fewer draws than a user's answer takes, to be quick."""
    monkeypatch.setattr(levers, "prepare", partial(prepare, draws=60))


def run(*arguments: str) -> str:
    result = CliRunner().invoke(app, arguments, catch_exceptions=False)
    assert result.exit_code == 0
    return result.stdout


def test_lever_answers_every_question_before_and_after(tmp_path: Path) -> None:
    chart = tmp_path / "effects.svg"
    pulled = ("--set", "AAA.concludes=true", "--set", "hills.ceasefire=2024-05-01")
    data: dict[str, Any] = json.loads(
        run("lever", SMALL, *pulled, *FEW, "--json", "--out", str(chart))
    )
    assert data["kind"] == "do"
    assert [one["from"] for one in data["settings"]] == ["2024-04-16", "2024-05-01"]
    assert [one["id"] for one in data["answers"]] == [
        *("response", "strike", "war", "killed", "toll", "calm", "when"),
    ]
    strike = data["answers"][1]
    before, after = strike["before"]["probability"], strike["after"]["probability"]
    effect = strike["effect"]
    assert effect["effect"] == pytest.approx(effect["after"] - effect["before"])
    assert effect["effect"] == pytest.approx(after - before, abs=0.1)  # shares of few futures
    assert effect["interval"][0] <= effect["effect"] <= effect["interval"][1]
    assert not data["changes_nothing"]
    root = ElementTree.fromstring(chart.read_text(encoding="utf-8"))
    assert len(root.findall(".//{*}rect")) == 1 + len(data["answers"])  # paper, bars


def test_lever_says_where_nothing_changes() -> None:
    told = run("lever", SMALL, "--set", "PPP.restrains=true", *FEW)
    assert "That is so already" in told
    assert "PPP.restrains:AAA:BBB=true: PPP urges AAA not to use force on BBB" in told
    assert "not on learning that it is so" in told


def test_levers_are_ranked_and_paired(tmp_path: Path) -> None:
    page = tmp_path / "tornado.html"
    data = json.loads(
        run(
            *("levers", SMALL, "--question", "strike", "--pairs", "--among", "2", *FEW),
            *("--json", "--out", str(page)),
        )
    )
    changes = [one["effects"]["strike"]["effect"] for one in data["levers"]]
    assert changes == sorted(changes)
    assert all(set(one["effects"]) == set(data["levers"][0]["effects"]) for one in data["levers"])
    (pair,) = data["pairs"]
    assert len(pair["settings"]) == 2
    html = page.read_text(encoding="utf-8")
    assert "Will A strike B?" in html
    effects = [one["effects"]["strike"] for one in data["levers"]]
    moved = [
        max(map(abs, (each["effect"], *each["interval"]))) >= 0.0005 for each in effects
    ]  # what shows as 0.0 points is named, not tabled
    assert html.count("<tr>") == 2 + 1 + sum(moved)
    assert "No effect on this question: " in html
    assert all(one["lever"] in html for one in data["levers"])


def test_offramps_are_a_front() -> None:
    data = json.loads(
        run(
            "offramps",
            SMALL,
            "--question",
            "strike",
            "--most",
            "1",
            *FEW,
            "--search",
            "200",
            "--json",
        )
    )
    costs = [one["cost_bits"] for one in data["off_ramps"]]
    effects = [one["effects"]["strike"]["effect"] for one in data["off_ramps"]]
    assert costs == sorted(costs)
    assert effects == sorted(effects, reverse=True)
    assert all(effect < 0 for effect in effects)


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (("lever", SMALL, "--set", "PPP.restrian=true"), "did you mean 'PPP.restrains'"),
        (("lever", SMALL, "--set", "warning=true", "--out", "a.pdf"), "one of .svg, .html"),
        (("levers", SMALL, "--question", "strkie", *FEW), "did you mean 'strike'?"),
    ],
)
def test_bad_input_is_refused_before_work(arguments: tuple[str, ...], complaint: str) -> None:
    with pytest.raises(ValueError, match=re.escape(complaint)):
        CliRunner().invoke(app, arguments, catch_exceptions=False)


def test_long_questions_are_told_apart_in_the_chart() -> None:
    texts = [
        f"Does the other side answer the shot with overt force within {n} days?" for n in (7, 30)
    ]
    labels = [short(text) for text in texts]
    assert labels == [
        "Does the other side … force within 7 days?",
        "Does the other side … force within 30 days?",
    ]
    assert short("a" * 60) == "a" * 25 + " … " + "a" * 25
    assert short("brief") == "brief"


def test_a_hostile_label_is_only_text() -> None:
    bars = [Bar("<script>alert(1)</script>", -0.1, -0.2, 0.0), Bar("b", 0.0, 0.0, 0.0)]
    drawn = tornado(bars, title="<b>", note="&", identifier="t", style="text {}")
    root = ElementTree.fromstring(drawn)
    assert not root.findall(".//{*}script")
    assert "−10.0 (−20.0 to 0.0)" in drawn
    assert tornado([], title="", note="", identifier="t") == ""
