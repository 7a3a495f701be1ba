"""What the board answers is logged as `offramp log` logs it, once, and only as it was looked at."""

from __future__ import annotations

import json
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from desk import Desk
from starlette.testclient import TestClient

from border import CRISIS
from offramp.board.application import application
from offramp.forecast.document import Forecast
from offramp.ledger import keeping
from offramp.ledger.database import open_ledger
from offramp.ledger.verifying import faults

FEW = "futures=150"
PAGE = "/crises/border"
OFTEN = """  - {id: display, type: act, within_days: 90, text: Display?,
     event: {actor: IND, target: PAK, front: kashmir, level: ">= display"}}
"""


@pytest.fixture
def client(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[TestClient]:
    monkeypatch.setenv("OFFRAMP_HOME", str(tmp_path))
    monkeypatch.delenv("OFFRAMP_LEDGER", raising=False)
    path = tmp_path / "border.yaml"
    path.write_text(CRISIS.replace("# the end", OFTEN))
    app = application(str(path), port=8044, computing=Desk)
    with TestClient(app, base_url="http://127.0.0.1:8044", follow_redirects=False) as client:
        yield client


class Forms(HTMLParser):
    """The form of a page that logs: where it leads, and its hidden fields."""

    def __init__(self, markup: str) -> None:
        super().__init__()
        self.action = ""
        self.fields: dict[str, str] = {}
        self.inside = False
        self.feed(markup)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.inside = given.get("id") == "log"
            self.action = given["action"] if self.inside else self.action
            if self.inside:
                assert given["method"] == "post"
        elif tag == "input" and self.inside:
            self.fields[given["name"]] = given["value"]

    def handle_endtag(self, tag: str) -> None:
        self.inside = self.inside and tag != "form"


def looked(client: TestClient, query: str) -> str:
    answer = client.get(f"{PAGE}?{query}&wait=yes")
    assert answer.status_code == 303
    return client.get(answer.headers["location"]).text


def logged() -> list[dict[str, Any]]:
    return [json.loads(one.content) for one in open_ledger().entries()]


def test_a_press_logs_what_the_command_logs(client: TestClient, tmp_path: Path) -> None:
    form = Forms(looked(client, FEW))
    answer = client.post(form.action, data=form.fields)
    assert answer.status_code == 303
    assert answer.headers["location"].startswith(f"{PAGE}?{FEW}")
    brief = client.get(f"{PAGE}/brief.json?{FEW}").text
    other = open_ledger(str(tmp_path / "other.sqlite"))
    added, _ = keeping.log(other, Forecast.model_validate_json(brief))
    expected = [json.loads(one.content) for one in added]
    found = logged()
    assert len(found) == len(expected) > 0
    for one in (*found, *expected):
        del one["start_time"]
    assert found == expected
    assert faults(open_ledger().entries()) == []


def test_what_is_logged_shows_at_once_and_only_once(client: TestClient) -> None:
    form = Forms(looked(client, FEW))
    client.post(form.action, data=form.fields)
    page = looked(client, FEW)
    assert "These answers are in" in page
    assert Forms(page).action == ""
    assert "since it was logged" not in page
    told = client.post(form.action, json=form.fields, headers={"Accept": "application/json"})
    assert told.json() == {"recorded": [], "already": len(logged())}
    later = f"{FEW}&as_of=2031-03-14"
    assert "since it was logged as of 13 Mar" in looked(client, later)
    first = client.get(f"{PAGE}.json?{later}").json()["logged"][-1]
    answers = client.get(f"{PAGE}.json?{later}").json()["forecast"]["answers"]
    now = next(one for one in answers if one["id"] == first["question"])["probability"]
    assert first["change"] == pytest.approx(now - first["points"][-1][1])


def test_another_answer_of_the_same_day_is_held_against_the_first(client: TestClient) -> None:
    form = Forms(looked(client, FEW))
    client.post(form.action, data=form.fields)
    again = looked(client, f"{FEW}&seed=2")
    assert "since it was logged as of 13 Mar" in again
    assert Forms(again).action


@pytest.mark.parametrize("typed", [{}, {"facts_sha256": "0" * 64}])
def test_what_was_not_looked_at_is_not_logged(client: TestClient, typed: dict[str, str]) -> None:
    looked(client, FEW)
    answer = client.post(f"{PAGE}/log?{FEW}", data=typed)
    assert answer.status_code == 409
    assert not Path(str(open_ledger().engine.url.database)).exists()


def test_facts_that_change_meanwhile_are_not_logged(client: TestClient, tmp_path: Path) -> None:
    form = Forms(looked(client, FEW))
    path = tmp_path / "border.yaml"
    path.write_text(path.read_text().replace("Two states.", "Two states that share a border."))
    assert client.post(form.action, data=form.fields).status_code == 409


def test_with_levers_set_nothing_is_logged(client: TestClient) -> None:
    levers = client.get(f"{PAGE}/levers.json?{FEW}").json()["levers"]
    name = next(one["name"] for one in levers if one["factor"] is None)
    query = f"{FEW}&set={name}%3Dtrue"
    form = Forms(looked(client, query))
    assert form.action == ""
    answer = client.post(f"{PAGE}/log?{query}", data={"facts_sha256": "x"})
    assert answer.status_code == 422
    assert "levers set" in answer.text


@pytest.mark.parametrize(
    "headers", [{"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}]
)
def test_nothing_foreign_logs(client: TestClient, headers: dict[str, str]) -> None:
    form = Forms(looked(client, FEW))
    assert client.post(form.action, data=form.fields, headers=headers).status_code == 403


def test_a_ledger_that_cannot_be_read_is_said(client: TestClient, tmp_path: Path) -> None:
    form = Forms(looked(client, FEW))
    (tmp_path / "ledger.sqlite").write_text("no database, " * 100)
    assert client.post(form.action, data=form.fields).status_code == 422
    assert "The ledger cannot be read" in looked(client, f"{FEW}&seed=3")
