"""A crisis whose every text is an attack: it is shown as text, and does nothing."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

import pytest
from attacks import ATTACK, HOSTILE, attacked
from desk import FEW, Desk
from starlette.testclient import TestClient

from offramp.board.application import application
from offramp.board.tables import NAMES
from offramp.crisis.whole import read_whole

PAGE = "/crises/hostile"


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    folder = tmp_path_factory.mktemp("hostile")
    data = attacked(json.loads(read_whole(HOSTILE).model_dump_json(by_alias=True)))
    path = Path(folder / "hostile.yaml")
    path.write_text(json.dumps(data | {"id": "hostile"}), encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("OFFRAMP_HOME", str(folder / "home"))
        app = application(str(path), port=8044, computing=Desk)
        with TestClient(app, base_url="http://127.0.0.1:8044") as client:
            yield client


def inert(markup: str) -> None:
    """Nothing of the attack is markup: no element of it, no attribute of it, no template."""
    assert "<script>" not in markup
    assert "<img" not in markup
    assert not re.search(r"<[^>]*\son\w+\s*=", re.sub(r'"[^"]*"', '""', markup))
    assert "alert(1)" in markup


@pytest.mark.parametrize("within", ["?wait=yes&", "/futures?level=hold&"])
def test_pages(within: str, client: TestClient) -> None:
    answer = client.get(f"{PAGE}{within}{FEW}")
    assert answer.status_code == 200
    inert(answer.text)
    assert answer.text.count("<script") == answer.text.count('<script src="/static/')
    assert "{{7*7}}" in answer.text


def test_the_list(client: TestClient) -> None:
    inert(client.get("/crises").text)


def test_errors(client: TestClient) -> None:
    answer = client.get(PAGE, params={"set": ATTACK, "futures": 300})
    assert answer.status_code == 422
    inert(answer.text)
    answer = client.get(f"/crises/{'<script>alert(1)'}", headers={"Accept": "text/html"})
    assert answer.status_code == 404
    inert(answer.text)


@pytest.mark.parametrize("name", ["timeline", "ties", "levels-1"])
def test_charts_are_whole(name: str, client: TestClient) -> None:
    answer = client.get(f"{PAGE}/charts/{name}.svg?{FEW}")
    root = ElementTree.fromstring(answer.text)
    assert not [one for one in root.iter() if one.tag.endswith(("script", "img"))]


@pytest.mark.parametrize("name", NAMES)
def test_no_cell_is_a_formula(name: str, client: TestClient) -> None:
    answer = client.get(f"{PAGE}/tables/{name}.csv?{FEW}")
    for row in csv.reader(io.StringIO(answer.text)):
        for cell in row:
            assert not cell.startswith(("=", "+", "@"))
            assert not cell.startswith("-") or float(cell) < 0


def test_the_command_is_quoted(client: TestClient, tmp_path: Path) -> None:
    data = client.get(f"{PAGE}.json?{FEW}").json()
    assert data["title"] == ATTACK
    assert data["view"]["command"].startswith("offramp brief ")


@pytest.mark.parametrize(
    "path",
    ["/static/..%2f..%2fpyproject.toml", "/crises/..%2f..%2fetc", "/crises/%2e%2e/brief.html"],
)
def test_no_path_leads_out(path: str, client: TestClient) -> None:
    assert client.get(path).status_code in (404, 422)
