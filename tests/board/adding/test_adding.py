from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from adding_application import application
from adding_pages import ADD, AS_JSON, Form, kept, send, version
from starlette.testclient import TestClient

from border import ACT, CRISIS, STATEMENT, STORY
from offramp.crisis.library import path_of
from offramp.crisis.schema import Act, Statement
from offramp.crisis.whole import read_whole

# --- Forms


def test_an_act_is_added_and_all_else_stays(client: TestClient, crisis: Path) -> None:
    answer = send(client, "act", ACT)
    assert answer.status_code == 303
    (act,) = read_whole(crisis).timeline
    assert isinstance(act, Act)
    assert (act.actor, act.target, act.front, act.level) == ("IND", "PAK", "kashmir", "limited")
    assert str(act.day) == str(act.known) == "2031-03-12"
    assert act.harm is not None
    assert (act.harm.killed, act.harm.wounded, act.source) == (4, 0, ["book"])
    assert kept(crisis)
    page = client.get(answer.headers["location"]).text
    assert "Added to the crisis" in page
    assert act.id in page


def test_a_statement_with_a_new_source_is_added(client: TestClient, crisis: Path) -> None:
    assert send(client, "statement", STATEMENT).status_code == 303
    whole = read_whole(crisis)
    (said,) = whole.timeline
    assert isinstance(said, Statement)
    assert (said.speaker, said.stance.value, said.about) == ("PAK", "threat", "IND")
    (name,) = said.source
    assert whole.sources[name].title == "Vow"
    assert kept(crisis)


def test_every_field_of_an_act_is_written(client: TestClient, crisis: Path) -> None:
    more = {
        "known": "2031-03-13",
        "soil": "PAK",
        "attribution": "attributed",
        "telegraphed": "yes",
        "crisis_trigger": "yes",
        "disputed": "yes",
        "harm.wounded": "7",
        "harm.damage": "light",
        "munitions.drone.launched": "20",
        "munitions.drone.intercepted": "0",
        "munitions.ballistic.launched": "5",
        "intercepted_share": "0.08",
    }
    assert send(client, "act", ACT | more | {"munitions.ballistic.intercepted": "2"}).is_redirect
    (act,) = read_whole(crisis).timeline
    assert isinstance(act, Act)
    told = act.model_dump(mode="json", exclude_defaults=True)
    assert told["harm"] == {"killed": 4, "wounded": 7, "damage": "light"}
    assert told["munitions"] == [
        {"type": "drone", "launched": 20, "intercepted": 0},
        {"type": "ballistic", "launched": 5, "intercepted": 2},
    ]
    assert told["intercepted_share"] == 0.08
    assert told["known"] == "2031-03-13"
    assert told["telegraphed"] is told["crisis_trigger"] is told["disputed"] is True
    assert (told["soil"], told["attribution"]) == ("PAK", "attributed")


WRONG = [
    ("act", "level", "limitd", "did you mean 'limited'?"),
    ("act", "actor", "INB", "did you mean 'IND'?"),
    ("act", "front", "kashmere", "did you mean 'kashmir'?"),
    ("act", "source", "bok", "did you mean 'book'?"),
    ("act", "attribution", "atributed", "did you mean 'attributed'?"),
    ("act", "day", "12 March", "write a day as 2024-04-15"),
    ("act", "day", "2031-02-30", "write a day as 2024-04-15"),
    ("act", "day", "", "this is needed"),
    ("act", "source", "", "choose a source of the file, or name a new one"),
    ("act", "text", "", "this is needed"),
    ("act", "text", "x" * 2001, "shorten it to 2,000"),
    ("act", "known", "2031-03-11", "is before day"),
    ("act", "harm.killed", "four", "expected a whole number"),
    ("act", "harm.killed", "-1", "must be at least 0"),
    ("act", "munitions.cruise.intercepted", "3", "this is needed"),
    ("act", "intercepted_share", "99", "at most 1"),
    ("act", "new.url", "javascript:alert(1)", "https://"),
    ("statement", "stance", "thread", "did you mean 'threat'?"),
    ("statement", "new.date", "soon", "write a day as 2024-04-15"),
    ("statement", "against", "CHN", "IND, PAK"),
]


@pytest.mark.parametrize(("kind", "field", "value", "told"), WRONG)
def test_an_error_names_its_field_and_keeps_what_was_typed(
    client: TestClient, crisis: Path, kind: str, field: str, value: str, told: str
) -> None:
    typed = (ACT if kind == "act" else STATEMENT) | {field: value}
    answer = send(client, kind, typed)
    assert answer.status_code == 422
    assert crisis.read_text() == CRISIS
    form = Form(answer.text)
    assert {name: form.values.get(name) for name in typed} == typed
    problems = client.post(
        f"{ADD}/{kind}", json={"version": version(client)} | typed, headers=AS_JSON
    ).json()["problems"]
    by_field = dict(problems)
    where = field.replace("intercepted", "launched") if "cruise" in field else field
    assert told in by_field[where]
    assert where in form.invalid
    assert f'href="#field-{where}"' in answer.text


def test_sides_that_do_not_meet_are_an_error_of_the_form(client: TestClient, crisis: Path) -> None:
    answer = send(client, "act", ACT | {"target": "IND"})
    assert answer.status_code == 422
    assert crisis.read_text() == CRISIS


@pytest.mark.parametrize("place", ["", "/act", "/statement", "/written?id=x"])
def test_labels_and_descriptions_name_what_is_there(client: TestClient, place: str) -> None:
    form = Form(client.get(ADD + place).text)
    assert form.named <= set(form.ids)
    assert len(form.ids) == len(set(form.ids))


def test_a_form_of_an_older_file_is_refused_and_keeps_what_was_typed(
    client: TestClient, crisis: Path
) -> None:
    old = version(client)
    crisis.write_text(CRISIS + "# edited elsewhere\n")
    answer = client.post(f"{ADD}/act", data=ACT | {"version": old})
    assert answer.status_code == 409
    assert crisis.read_text() == CRISIS + "# edited elsewhere\n"
    form = Form(answer.text)
    assert {name: form.values.get(name) for name in ACT} == ACT
    again = {name: value for name, value in form.values.items() if value}
    assert client.post(f"{ADD}/act", data=again).status_code == 303
    assert len(read_whole(crisis).timeline) == 1


def test_the_same_form_twice_adds_once(client: TestClient, crisis: Path) -> None:
    old = version(client)
    assert client.post(f"{ADD}/act", data=ACT | {"version": old}).status_code == 303
    assert client.post(f"{ADD}/act", data=ACT | {"version": old}).status_code == 409
    assert len(read_whole(crisis).timeline) == 1


def test_a_folder_that_cannot_be_written_is_said(
    client: TestClient, crisis: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("offramp.storing.tempfile.mkstemp", refuse)
    answer = send(client, "act", ACT)
    assert answer.status_code == 422
    assert "Permission denied" in answer.text
    assert Form(answer.text).values["text"] == ACT["text"]


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"\xff\xfe", "application/x-www-form-urlencoded"),
        (b"{", "application/json"),
        (b"[1]", "application/json"),
        (b'{"day": 1}', "application/json"),
        (b"[" * 100_000, "application/json"),
    ],
)
def test_what_is_no_form_is_refused(client: TestClient, content: bytes, kind: str) -> None:
    for place in ("", "/act"):
        answer = client.post(ADD + place, content=content, headers={"Content-Type": kind})
        assert answer.status_code == 400


# --- A crisis that ships


def test_the_first_fact_copies_a_crisis_that_ships(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OFFRAMP_HOME", str(tmp_path))
    name = "hanish-1995"
    ships = path_of(name)
    before = ships.read_bytes()
    client = TestClient(application({name: name}), follow_redirects=False)
    here = f"/crises/{name}/add"
    copy = tmp_path / "crises" / f"{name}.yaml"
    assert str(copy) in client.get(f"{here}/act").text
    assert not copy.exists()
    whole = read_whole(name)
    sides = whole.fronts[0].pairs[0]
    typed = {
        "day": str(whole.aftermath.complete_until if whole.aftermath else whole.as_of),
        "actor": sides[0],
        "target": sides[1],
        "front": whole.fronts[0].id,
        "level": "verbal",
        "text": "A protest.",
        "source": whole.fronts[0].source[0],
    }
    old = client.get(f"{here}/act", headers=AS_JSON).json()["version"]
    assert client.post(f"{here}/act", data=typed | {"version": old}).status_code == 303
    assert ships.read_bytes() == before
    assert len(read_whole(copy).timeline) == len(whole.timeline) + 1
    assert client.get(f"{here}/act", headers=AS_JSON).json()["path"] == str(copy)
    # A form made before the copy was is a form of an older file.
    assert client.post(f"{here}/act", data=typed | {"version": old}).status_code == 409


# --- Articles


def reviewed(client: TestClient, **more: str) -> Any:
    typed = {"version": version(client), "text": STORY, "dateline": "2031-03-13"} | more
    return client.post(ADD, data=typed, headers=AS_JSON)


def test_reading_writes_nothing(client: TestClient, crisis: Path) -> None:
    found = reviewed(client).json()
    assert found["proposals"]
    assert all(one["sentences"] and one["decision"] == "" for one in found["proposals"])
    assert crisis.read_text() == CRISIS


def test_only_what_is_accepted_enters(client: TestClient, crisis: Path) -> None:
    found = reviewed(client).json()["proposals"]
    raid = next(one for one in found if one["fields"].get("level") == "limited")
    answer = reviewed(client, **{f"{raid['key']}.decision": "accept"}).json()
    assert len(answer["written"]) == 1
    assert len(answer["proposals"]) == len(found) - 1
    (act,) = read_whole(crisis).timeline
    assert isinstance(act, Act)
    assert act.harm is not None
    assert (act.level, act.harm.killed) == ("limited", 4)
    assert kept(crisis)


def test_all_decided_leads_to_what_was_written(client: TestClient, crisis: Path) -> None:
    page = client.post(ADD, data={"text": STORY, "dateline": "2031-03-13"})
    form = Form(page.text)
    keys = sorted(name for name in form.names if name.endswith(".decision"))
    choices = dict.fromkeys(keys, "drop") | {keys[0]: "accept"}
    answer = client.post(ADD, data=form.values | choices)
    assert answer.status_code == 303
    whole = read_whole(crisis)
    assert len(whole.timeline) + len(whole.ties) + len(whole.claims) == 1


def test_an_edit_is_written_as_edited(client: TestClient, crisis: Path) -> None:
    raid = next(
        one for one in reviewed(client).json()["proposals"]
        if one["fields"].get("level") == "limited"
    )  # fmt: skip
    key = raid["key"]
    changes = {f"{key}.decision": "accept", f"{key}.level": "major", f"{key}.day": "2031-03-11"}
    assert len(reviewed(client, **changes).json()["written"]) == 1
    (act,) = read_whole(crisis).timeline
    assert isinstance(act, Act)
    assert (act.level, str(act.day)) == ("major", "2031-03-11")


@pytest.mark.parametrize(
    ("field", "value", "told"),
    [
        ("level", "majr", "did you mean 'major'?"),
        ("day", "yesterday", "write a day as 2024-04-15"),
        ("actor", "india", "String should match"),
        ("actor", "CHN", "no front where"),
    ],
)
def test_a_wrong_edit_is_named_and_nothing_enters(
    client: TestClient, crisis: Path, field: str, value: str, told: str
) -> None:
    raid = next(
        one for one in reviewed(client).json()["proposals"]
        if one["fields"].get("level") == "limited"
    )  # fmt: skip
    key = raid["key"]
    changes = {f"{key}.decision": "accept", f"{key}.{field}": value}
    typed = {"version": version(client), "text": STORY, "dateline": "2031-03-13"} | changes
    answer = client.post(ADD, data=typed)
    assert told in answer.text.replace("&#39;", "'")
    form = Form(answer.text)
    assert {name: form.values.get(name) for name in changes} == changes
    assert crisis.read_text() == CRISIS


def test_a_review_of_an_older_file_is_refused(client: TestClient, crisis: Path) -> None:
    found = reviewed(client).json()
    key = found["proposals"][0]["key"]
    crisis.write_text(CRISIS + "# edited elsewhere\n")
    typed = {"version": found["version"], "text": STORY, "dateline": "2031-03-13"}
    answer = client.post(ADD, data=typed | {f"{key}.decision": "accept"})
    assert answer.status_code == 409
    form = Form(answer.text)
    assert form.values[f"{key}.decision"] == "accept"
    assert form.values["text"] == STORY
    assert crisis.read_text() == CRISIS + "# edited elsewhere\n"


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"text": "  "}, "text"),
        ({"text": "a" * 100_001}, "text"),
        ({"text": STORY, "dateline": "soon"}, "dateline"),
        ({"text": STORY, "url": "file:///etc/passwd"}, "url"),
        ({"text": "%PDF-1.4 no"}, "text"),
    ],
)
def test_an_article_that_cannot_be_read_is_said(
    client: TestClient, typed: dict[str, str], field: str
) -> None:
    answer = client.post(ADD, data=typed)
    assert answer.status_code == 422
    form = Form(answer.text)
    assert field in form.invalid
    assert {name: form.values[name] for name in typed} == typed
