"""The track record on the board: its points lead to the forecasts behind them."""

from __future__ import annotations

import csv
import io
import json
import os
import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from desk import Desk
from starlette.testclient import TestClient

from offramp.board.application import application
from offramp.ledger.database import open_ledger
from offramp.ledger.entries import Content, LoggedForecast, Resolution

OPENS, CLOSES = date(2020, 1, 1), date(2020, 1, 31)
CHANCES = [0.02, 0.04, 0.06, 0.07, 0.1, 0.3, 0.35, 0.4, 0.6, 0.65, 0.8, 0.9]
CAME_TRUE = {0.1, 0.4, 0.65, 0.8, 0.9}
HOSTILE = "<script>alert(1)</script>"


@pytest.fixture(scope="module")
def desk_of_one(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    folder: Path = tmp_path_factory.mktemp("record")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("OFFRAMP_HOME", str(folder))
        patch.setenv("OFFRAMP_LEDGER", str(folder / "ledger.sqlite"))
        app = application("hanish-1995", port=8044, computing=Desk)
        client = TestClient(app, base_url="http://127.0.0.1:8044")
        empty = client.get("/record")
        assert "The ledger is empty" in empty.text
        assert client.get("/record.svg").status_code == 404
        open_ledger().append(lambda entries: contents())
        yield client


def contents() -> list[Content]:
    made: list[Content] = []
    for number, chance in enumerate(CHANCES):
        window: dict[str, Any] = {
            "crisis": "alpha" if number % 2 else "beta",
            "question": f"q{number}",
            "open_time": OPENS,
            "scheduled_close_time": CLOSES,
            "start_time": datetime(2020, 1, 1, tzinfo=UTC),
        }
        made.append(
            LoggedForecast(
                **window,
                type="binary",
                title=f"Does it happen? {number} {HOSTILE}",
                as_of=OPENS,
                probability_yes=chance,
                base_rate=0.4,
            )
        )
        made.append(
            Resolution(
                **window,
                resolution="yes" if chance in CAME_TRUE else "no",
                actual_resolve_time=CLOSES,
                source="Reuters",
            )
        )
    return made


def test_points_lead_to_their_forecasts(desk_of_one: TestClient) -> None:
    page = desk_of_one.get("/record").text
    links = dict.fromkeys(re.findall(r'href="(/record\?bin=[0-9]+)#bin"', page))
    points = desk_of_one.get("/record.json").json()["calibration"]
    assert len(links) == len(points) == 2
    seen = []
    for link, point in zip(links, points, strict=True):
        shown = desk_of_one.get(link).text
        listed = shown[shown.index('id="bin"') : shown.index('id="calibration"')]
        numbers = [int(one) for one in re.findall(r"Does it happen\? ([0-9]+)", listed)]
        assert len(numbers) == point["cases"]
        mean = sum(CHANCES[one] for one in numbers) / len(numbers)
        assert mean == pytest.approx(point["forecast"])
        true = sum(CHANCES[one] in CAME_TRUE for one in numbers) / len(numbers)
        assert true == pytest.approx(point["observed"])
        assert "<script>alert" not in shown
        seen += numbers
    assert sorted(seen) == list(range(len(CHANCES)))


def test_scores_stand_beside_baselines(desk_of_one: TestClient) -> None:
    ours = sum((p - (p in CAME_TRUE)) ** 2 for p in CHANCES) / len(CHANCES)
    page = desk_of_one.get("/record").text
    assert f"{ours:.3f}" in page
    for name in ("base rate", "climatology", "no change", "always yes"):
        assert f'<th scope="row">{name}</th>' in page
    assert "alpha" in page[page.index('id="crises"') :]


def test_the_record_is_a_table_too(desk_of_one: TestClient) -> None:
    rows = list(csv.DictReader(io.StringIO(desk_of_one.get("/record.csv").text)))
    assert sorted(float(row["probability"]) for row in rows) == CHANCES
    assert {row["bin"] for row in rows} == {"1", "2"}
    assert desk_of_one.get("/record.svg").text.startswith("<svg")


def test_a_point_that_is_not_there(desk_of_one: TestClient) -> None:
    assert desk_of_one.get("/record?bin=9").status_code == 404
    assert desk_of_one.get("/record?bin=0").status_code == 422


# --- Scores on past crises

LIBRARY = Path(__file__).parents[2] / "benchmarks" / "results" / "library.json"


def test_scores_on_past_crises_are_shown_once_they_are_made(desk_of_one: TestClient) -> None:
    page = desk_of_one.get("/record").text
    place = Path(os.environ["OFFRAMP_HOME"]) / "library.json"
    assert f"offramp library --out {place}" in page
    assert desk_of_one.get("/library.json").status_code == 404
    saved = json.loads(LIBRARY.read_text())
    place.write_text(LIBRARY.read_text())
    page = desk_of_one.get("/record").text
    assert f"{saved['offramp']['brier']:.3f}" in page
    rows = list(csv.DictReader(io.StringIO(desk_of_one.get("/library.csv").text)))
    for one, row in zip(saved["by_crisis"], rows, strict=True):
        assert f'href="/crises/{one["crisis"]}"' in page
        for name, value in one["brier"].items():
            assert float(row[name]) == value
            assert f"{value:.3f}" in page
    assert all(name in page for name in saved["baselines"])
    assert desk_of_one.get("/library.json").json()["crises"] == saved["crises"]


@pytest.mark.parametrize("text", ["", "{}", "[1, 2]", '{"crises": NaN}', "\0"])
def test_a_file_that_holds_no_scores_is_said(desk_of_one: TestClient, text: str) -> None:
    (Path(os.environ["OFFRAMP_HOME"]) / "library.json").write_text(text)
    page = desk_of_one.get("/record")
    assert page.status_code == 200
    assert "make it again" in page.text
    assert desk_of_one.get("/library.json").status_code == 422


def test_hostile_scores_are_text(desk_of_one: TestClient) -> None:
    saved = json.loads(LIBRARY.read_text())
    first = saved["by_crisis"][0]
    first["title"] = first["crisis"] = HOSTILE
    saved["baselines"][HOSTILE] = saved["offramp"]
    (Path(os.environ["OFFRAMP_HOME"]) / "library.json").write_text(json.dumps(saved))
    page = desk_of_one.get("/record").text
    assert "alert(1)" in page
    assert "<script>alert" not in page
