"""What tests of the board share: a small crisis, and the pages that add facts to it."""

from __future__ import annotations

from pathlib import Path

import pytest
from adding_application import application
from starlette.testclient import TestClient

from border import CRISIS


@pytest.fixture
def crisis(tmp_path: Path) -> Path:
    path = tmp_path / "border.yaml"
    path.write_text(CRISIS)
    return path


@pytest.fixture
def client(crisis: Path) -> TestClient:
    return TestClient(application({"border": str(crisis)}), follow_redirects=False)
