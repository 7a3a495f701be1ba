"""The page of a backtest, on the results that were saved with this version."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable
from html import unescape
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from typer.testing import CliRunner

from offramp.brief.backtest_page import backtest_page, response_page, tempo_page
from offramp.brief.charts import reliability_chart
from offramp.brief.charts.reliability import BOTTOM, LEFT, RIGHT, TOP
from offramp.brief.pages import page_html, page_markdown, page_text
from offramp.cli import app
from offramp.score.reliability import ReliabilityBin
from offramp.score.report import Backtest, Paired, Score

RESULTS = Path(__file__).parents[2] / "benchmarks" / "results"


def saved(name: str) -> dict[str, Any]:
    data: dict[str, Any] = json.loads((RESULTS / f"{name}.json").read_text(encoding="utf-8"))
    return data


def backtest_of(data: dict[str, Any]) -> Backtest:
    def score(one: dict[str, Any]) -> Score:
        return Score(**{name: math.nan if x is None else x for name, x in one.items()})

    return Backtest(
        **{name: data[name] for name in ("test", "split", "event", "cases", "clusters", "events")},
        classes=tuple(data["classes"]),
        offramp=score(data["offramp"]),
        variants={name: score(one) for name, one in data["variants"].items()},
        baselines={name: score(one) for name, one in data["baselines"].items()},
        paired={name: Paired(**one) for name, one in data["paired"].items()},
        reliability=tuple(ReliabilityBin(**one) for one in data["reliability"]),
        parts=tuple(map(backtest_of, data["parts"])),
        notes=tuple(data["notes"]),
    )


def test_every_score_stands_beside_its_baselines() -> None:
    data = saved("mie-1990")
    page = backtest_page({"All": backtest_of(data)}, "offramp backtest mie")
    text = unescape(page_markdown(page))
    rows = {cells[0]: cells[1:] for cells in map(cells_of, text.splitlines()) if cells}
    for name, score in {**data["baselines"], **data["variants"]}.items():
        log_loss, brier, auc, _, beside, _ = rows[name]
        assert float(log_loss.split()[0]) == pytest.approx(score["log_loss"], abs=0.0005)
        assert (float(brier), float(auc)) == (
            pytest.approx(score["brier"], abs=0.00005),
            pytest.approx(score["auc"], abs=0.0005),
        )
        told = [float(one) for one in re.findall(r"[+-]\d\.\d+", beside.replace("−", "-"))]
        paired = data["paired"][name]
        wanted = [paired["log_loss_difference"], *paired["interval"]]
        assert told == pytest.approx(wanted, abs=0.0005)
    assert rows["climatology"][3] == "–"  # it never varies, so it has no slope
    assert all(note in page.notes for note in data["notes"])


def cells_of(line: str) -> list[str]:
    return [cell.strip() for cell in line.strip("|").split("|")] if line.startswith("|") else []


def test_the_diagram_has_a_dot_for_each_group_of_forecasts() -> None:
    data = saved("icb-1980")
    found = backtest_of(data)
    page = page_html(backtest_page({"One": found, "Two": found}, "offramp backtest icb"))
    assert page.count("<circle") == 2 * len(data["reliability"])
    identifiers = re.findall(r' id="([^"]+)"', page)
    assert len(identifiers) == len(set(identifiers))
    assert f"recalibration {data['offramp']['slope']:.2f}" in page


def test_parts_of_a_test_are_held_against_their_best_baseline() -> None:
    data = saved("mie-rolling")
    text = page_text(backtest_page({"All": backtest_of(data)}, "offramp backtest mie"), 300)
    for part in data["parts"]:
        best = sorted((one["log_loss"], name) for name, one in part["baselines"].items())[0][1]
        (line,) = [one for one in text.splitlines() if one.strip().startswith(part["split"])]
        assert f" {best} " in line
        assert f"{part['cases']:,}" in line


def test_tempo_has_a_page_of_its_own_kind() -> None:
    data = saved("tempo")
    text = page_text(tempo_page(data, "offramp backtest tempo"), 200)
    assert f"{data['offramp']['log_loss']:.3f}" in text
    assert all(name in text for name in data["baselines"])
    covered = data["totals"]["7"]["offramp"]["coverage"]
    assert f"{100 * covered:.0f} %" in text


def test_a_name_is_no_markup() -> None:
    found = backtest_of(saved("mie-1990") | {"event": "<script>alert(1)</script>"})
    assert "<script" not in page_html(backtest_page({"<script>": found}, "offramp <script>"))


Run = Callable[..., str]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run `offramp backtest mie` on a backtest that is there already."""
    pytest.importorskip("pandas")
    found = backtest_of(saved("mie-1990"))
    monkeypatch.setattr("offramp.history.locating.shelf", lambda _: None)
    monkeypatch.setattr("offramp.choice.pairing.History.read", lambda _: None)
    monkeypatch.setattr("offramp.score.mie_backtest.backtest_split", lambda *_: found)

    def runs(*arguments: str, fails: bool = False) -> str:
        result = CliRunner().invoke(app, ["backtest", "mie", "--split", "1990", *arguments])
        if fails:
            assert isinstance(result.exception, ValueError)
            return str(result.exception)
        assert result.exit_code == 0, result.exception
        return result.stdout

    return runs


def test_the_command_prints_or_writes(run: Run, tmp_path: Path) -> None:
    data = saved("mie-1990")
    assert json.loads(run("--json"))["offramp"] == data["offramp"]
    page = tmp_path / "page.html"
    assert run("--out", str(page)) == ""
    assert "<circle" in page.read_text(encoding="utf-8")
    assert json.loads(run("--out", str(page), "--json"))["paired"] == data["paired"]
    assert "multinomial logit" in run()


def test_what_cannot_be_written_is_refused_before_the_work(
    run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("offramp.choice.pairing.History.read", None)
    assert "unknown suffix '.pdf'" in run("--out", "page.pdf", fails=True)
    assert "no folder" in run("--out", str(tmp_path / "none" / "page.html"), fails=True)


def test_responses_have_their_day() -> None:
    from offramp.score.icb_lags import LagScore
    from offramp.score.icb_response import ResponseBacktest

    data = saved("icb-1980")
    day = LagScore(**data["day"])
    found = ResponseBacktest(backtest_of(data), backtest_of(data["three_classes"]), day)
    text = page_text(response_page(found, "offramp backtest icb --split 1980"), 200)
    assert f"{data['day']['crps']:.2f}" in text
    assert f"{data['day']['table_crps']:.2f}" in text
    assert text.count("reliability of “violent”") == 2


def test_forecasts_of_what_is_rare_fill_the_diagram() -> None:
    bins = [ReliabilityBin(10, 0.1, 0.15, 0.05, 0.2)]
    root = ElementTree.fromstring(reliability_chart(bins, title="t", identifier="i"))
    (dot,) = [one.attrib for one in root.iter("circle")]
    assert float(dot["cx"]) == pytest.approx((LEFT + RIGHT) / 2)
    assert float(dot["cy"]) == pytest.approx(BOTTOM - 0.75 * (BOTTOM - TOP))
    texts = [one.text for one in root.iter("text")]
    assert texts.count("20 %") == texts.count("15 %") == 2
    assert "100 %" not in texts
