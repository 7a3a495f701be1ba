"""A board of the crises that ship, computing in this process with few futures."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from desk import Desk
from starlette.testclient import TestClient

from offramp.board.application import application


@pytest.fixture(scope="session")
def reader(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """A client of a board that computes what it is asked for."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("OFFRAMP_HOME", str(tmp_path_factory.mktemp("board")))
        app = application("israel-iran-2024-04", port=8044, computing=Desk)
        with TestClient(app, base_url="http://127.0.0.1:8044") as client:
            yield client
