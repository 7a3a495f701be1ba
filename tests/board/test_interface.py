"""Whatever is asked of the board, it answers as its description says, and never breaks."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import quote

import pytest
from desk import FEW
from hypothesis import given, settings
from hypothesis import strategies as st
from starlette.testclient import TestClient

CRISIS = "hanish-1995"
TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
NASTY = st.sampled_from(
    ["../../etc/passwd", "..%2f..", "\0", "<script>", "%", "{{7*7}}", "'", "1e9"]
)
SOUND: dict[str, list[str]] = {
    "identifier": [CRISIS],
    "suffix": ["html", "md", "json", "txt"],
    "name": ["facts", "questions", "timeline", "levels-1", "levels-99"],
    "as_of": ["1995-12-01", "1995-11-20"],
    "futures": ["100"],
    "seed": ["1"],
    "set": ["ERI.threatens:YEM=true", "direct.ceasefire=0.5"],
    "front": ["direct"],
    "level": ["verbal", "limited"],
    "by": ["7"],
    "day": ["3"],
}
NO_FUTURES = ("seed", "futures")
"""Only sound or unsound values of these: another sound one would cost a simulation each time."""
UNSOUND = st.sampled_from(["-1", "x", "", "1.5", "99999999999999999999", "0x10"])


def values(name: str) -> Any:
    sound = st.sampled_from(SOUND.get(name, ["x"]))
    return sound | (UNSOUND if name in NO_FUTURES else TEXT | NASTY | UNSOUND)


@pytest.fixture(scope="module")
def described(reader: TestClient) -> list[tuple[str, Any]]:
    paths = reader.get("/openapi.json").json()["paths"]
    return [(path, one["get"]) for path, one in sorted(paths.items()) if "get" in one]


@given(choice=st.data())
@settings(max_examples=100)
def test_every_answer_is_as_described(
    reader: TestClient, described: list[tuple[str, Any]], choice: st.DataObject
) -> None:
    path, operation = choice.draw(st.sampled_from(described))
    query: dict[str, str] = {"futures": "100"} if "/add" not in path else {}
    for one in operation.get("parameters", []):
        name = one["name"]
        if one["in"] == "path":
            value = choice.draw(values(name))
            path = path.replace(f"{{{name}}}", quote(value or "x", safe=""))
        elif choice.draw(st.integers(0, 2)) == 0:
            query[name] = choice.draw(values(name))
    accept = choice.draw(st.sampled_from(["text/html", "application/json", "*/*"]))
    answer = reader.get(path, params=query, headers={"Accept": accept}, follow_redirects=False)
    if answer.status_code == 303:
        return
    routed = str(answer.status_code) in operation["responses"]
    assert routed or answer.status_code == 404
    kind = answer.headers["content-type"].partition(";")[0]
    if routed:
        assert kind in operation["responses"][str(answer.status_code)]["content"]


METHODS = {"GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"}
HIDDEN = {"/": {"GET"}, "/theme": {"GET"}, "/static/board.js": {"GET"}}


def test_every_path_refuses_other_methods_and_tells_all_that_it_takes(reader: TestClient) -> None:
    described = reader.get("/openapi.json").json()["paths"]
    taken = {path: {method.upper() for method in one} for path, one in described.items()} | HIDDEN
    assert {"GET", "POST"} in taken.values()
    for path, methods in taken.items():
        address = path
        for name in re.findall(r"{(\w+)}", path):
            address = address.replace(f"{{{name}}}", SOUND[name][0])
        for method in METHODS - methods:
            answer = reader.request(method, address, headers={"Accept": "application/json"})
            assert answer.status_code == 405, (method, path)
            assert set(answer.headers["allow"].split(", ")) == methods, (method, path)


@pytest.mark.parametrize("host", ["evil.example:8044", "localhost:80", "127.0.0.1.evil.example"])
@pytest.mark.parametrize("path", ["/", f"/crises/{CRISIS}", "/static/board.js", "/openapi.json"])
def test_no_other_name_reaches_any_page(reader: TestClient, host: str, path: str) -> None:
    assert reader.get(path, headers={"Host": host}).status_code == 421


@pytest.mark.parametrize("place", ["", "/act", "/statement"])
def test_nothing_foreign_writes_and_nothing_huge_is_read(reader: TestClient, place: str) -> None:
    address = f"/crises/{CRISIS}/add{place}"
    foreign = {"Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site"}
    assert reader.post(address, data={"text": "x"}, headers=foreign).status_code == 403
    assert reader.post(address, content=b"x" * (2**20 + 1)).status_code == 413
    assert reader.get(f"/crises/{CRISIS}?{FEW}", headers=foreign).status_code == 403
