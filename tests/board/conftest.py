"""A board of the crises that ship, computing in this process with few futures; and a real one."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from attacks import HOSTILE, attacked
from browser import COMMAND, Server, browsing, serving
from desk import Desk
from starlette.testclient import TestClient

from border import CRISIS
from offramp.board.application import application
from offramp.crisis.whole import read_whole


@pytest.fixture(scope="session")
def reader(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """A client of a board that computes what it is asked for."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("OFFRAMP_HOME", str(tmp_path_factory.mktemp("board")))
        app = application("israel-iran-2024-04", port=8044, computing=Desk)
        with TestClient(app, base_url="http://127.0.0.1:8044") as client:
            yield client


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """`offramp board border.yaml`, as a user starts it, with an attack among its crises."""
    home = tmp_path_factory.mktemp("served")
    (home / "border.yaml").write_text(CRISIS)
    (home / "crises").mkdir()
    data = attacked(json.loads(read_whole(HOSTILE).model_dump_json(by_alias=True)))
    (home / "crises" / f"{HOSTILE}.yaml").write_text(json.dumps(data))
    command = ["-c", COMMAND, "board", str(home / "border.yaml"), "--no-open", "--port", "{port}"]
    with serving(command, home) as server:
        yield server


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """A browser; not for the whole session, for no other event loop may run beside it."""
    with browsing() as browser:
        yield browser


@pytest.fixture(scope="session")
def path(server: Server) -> Path:
    """The file of the small crisis that the server shows."""
    return server.home / "border.yaml"
