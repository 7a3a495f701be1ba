from __future__ import annotations

import json
import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from adding_application import application
from adding_pages import ADD, AS_JSON, kept, send, version
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from starlette.testclient import TestClient

from border import ACT, CRISIS, STATEMENT, STORY
from offramp.crisis.as_of import load
from offramp.crisis.whole import read_whole

ATTACKS = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "</textarea><script>alert(1)</script>",
    "' onfocus='alert(1)",
    "{{ 7 * 7 }}",
    "../../../etc/passwd",
    "x\n- {kind: act}",
    "a: b # c",
    "\u202e\u0000\r\n",
    "\ud800",
)
attacks = st.one_of(st.sampled_from(ATTACKS), st.text(max_size=80))
_TAGS = """
html head meta link title body header main h1 h2 nav ul ol li a section article p code q
blockquote dl dt dd form fieldset legend label input select option datalist textarea button details
summary div span
"""
ALLOWED_TAGS = frozenset(re.findall(r"\w+", _TAGS))


class Tags(HTMLParser):
    """What a page is made of."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: set[str] = set()
        self.handlers: set[str] = set()
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.add(tag)
        self.handlers |= {name for name, _ in attrs if name.startswith("on") or name == "style"}


def harmless(page: str) -> bool:
    tags = Tags(page)
    return tags.found <= ALLOWED_TAGS and not tags.handlers


def post(client: TestClient, url: str, typed: dict[str, str], **headers: str) -> Any:
    """Send JSON in ASCII, which can hold halves of characters too."""
    headers = {"Content-Type": "application/json"} | headers
    return client.post(url, content=json.dumps(typed), headers=headers)


def fields_of(client: TestClient, kind: str) -> list[str]:
    return [one["name"] for one in client.get(f"{ADD}/{kind}", headers=AS_JSON).json()["fields"]]


@given(data=st.data())
@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_is_typed_the_file_stays_sound(
    client: TestClient, crisis: Path, data: st.DataObject
) -> None:
    crisis.write_text(CRISIS)
    kind = data.draw(st.sampled_from(["act", "statement"]))
    names = fields_of(client, kind)
    sound = ACT if kind == "act" else STATEMENT
    typed = sound | data.draw(st.dictionaries(st.sampled_from(names), attacks, max_size=6))
    answer = post(client, f"{ADD}/{kind}", {"version": version(client)} | typed)
    assert answer.status_code in (303, 422)
    assert harmless(answer.text)
    whole = load(crisis.read_text())
    assert len(read_whole(crisis).timeline) == (answer.status_code == 303)
    assert {actor.id for actor in whole.actors} == {"IND", "PAK"}
    if answer.status_code == 303:
        assert harmless(client.get(answer.headers["location"]).text)
    assert sorted(one.name for one in crisis.parent.iterdir()) == ["border.yaml"]


@given(data=st.data())
@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_is_pasted_the_pages_stay_sound(
    client: TestClient, crisis: Path, data: st.DataObject
) -> None:
    crisis.write_text(CRISIS)
    extra = {name: data.draw(attacks) for name in ("title", "publisher", "url")}
    text = STORY + data.draw(attacks)
    extra = {name: value for name, value in extra.items() if data.draw(st.booleans())}
    found = post(client, ADD, {"text": text, **extra}, **AS_JSON)
    assert found.status_code in (200, 422)
    if found.status_code == 422:
        return
    typed = {"text": text, "version": version(client), **extra}
    for one in found.json()["proposals"]:
        typed[f"{one['key']}.decision"] = "accept"
        if data.draw(st.booleans()):
            name = data.draw(st.sampled_from(sorted(one["fields"])))
            typed[f"{one['key']}.{name}"] = data.draw(attacks)
    answer = post(client, ADD, typed)
    assert answer.status_code in (200, 303, 422)
    assert harmless(answer.text)
    load(crisis.read_text())
    assert kept(crisis) or crisis.read_text() == CRISIS


@pytest.mark.parametrize("name", ["..%2f..%2fetc%2fpasswd", "%2e%2e", "border.yaml", "nowhere"])
def test_a_crisis_is_found_by_its_id_only(crisis: Path, name: str) -> None:
    app = application({"border": str(crisis)})
    client = TestClient(app, raise_server_exceptions=False)
    for place in ("", "/act", "/written?id=../border"):
        assert client.get(f"/crises/{name}/add{place}").status_code in (404, 500)


def test_an_id_that_is_asked_for_is_shown_only_if_it_is_there(client: TestClient) -> None:
    for wanted in ("../../x", "<script>", "raid"):
        page = client.get(f"{ADD}/written", params={"id": wanted}).text
        assert "Nothing of that name" in page
        assert harmless(page)


def test_a_crisis_whose_every_string_is_an_attack(tmp_path: Path) -> None:
    attack = "<script>alert(1)</script>\"'>{{ 7*7 }}"
    quoted = json.dumps(attack)
    text = CRISIS
    for there in ("The border", "Two states.", "A book", "India", "Pakistan", "Kashmir", "War?"):
        text = text.replace(f": {there}", f": {quoted}", 1)
    text = text.replace("publisher: P", f"publisher: {quoted}")
    path = tmp_path / "border.yaml"
    path.write_text(text)
    client = TestClient(application({"border": str(path)}), follow_redirects=False)
    for place in ("", "/act", "/statement"):
        page = client.get(ADD + place).text
        assert harmless(page)
        assert "&lt;script&gt;" in page
    answer = send(client, "act", ACT | {"text": attack})
    assert answer.status_code == 303
    page = client.get(answer.headers["location"]).text
    assert harmless(page)
    assert "{{ 7*7 }}" in page
    assert harmless(client.post(ADD, data={"text": STORY + attack}).text)
