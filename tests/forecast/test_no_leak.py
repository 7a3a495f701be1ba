"""Nothing after the as-of date may enter: a later fact changes no byte of the forecast."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML
from small import PATH

from offramp.crisis.as_of import read_crisis
from offramp.crisis.library import path_of
from offramp.forecast import forecast

AS_OF = date(2024, 4, 15)
LATER = "2024-05-20"
FUTURES, DRAWS = 300, 60

Data = dict[str, Any]


def read(path: Path) -> Data:
    return json.loads(json.dumps(YAML(typ="safe", pure=True).load(path), default=str))


def document(data: Data, folder: Path, as_of: date = AS_OF) -> str:
    """Return the forecast, as its published JSON, of a crisis file with this content."""
    path = folder / f"{data['id']}.yaml"
    path.write_text(json.dumps(data, ensure_ascii=False, indent=1), encoding="utf-8")
    crisis = read_crisis(path, as_of)
    return forecast(crisis, FUTURES, 3, draws=DRAWS).model_dump_json()


def an_act(**fields: Any) -> Data:
    return {
        "kind": "act",
        "id": "added",
        "day": LATER,
        "actor": "AAA",
        "target": "BBB",
        "front": "direct",
        "level": "major",
        "text": "A strikes.",
        "known": LATER,
        "source": ["later"],
    } | fields


def a_statement(**fields: Any) -> Data:
    return {
        "kind": "statement",
        "id": "added",
        "day": LATER,
        "speaker": "PPP",
        "stance": "go_ahead",
        "about": "AAA",
        "text": "P agrees.",
        "known": LATER,
        "source": ["later"],
    } | fields


def in_section(section: str, entry: Data) -> Callable[[Data], None]:
    return lambda data: data[section].append(entry)


def measured_later(data: Data) -> None:
    tempo = {"acts_per_day": 9.0, "start": "2024-03-01", "end": "2024-04-14"}
    data["fronts"][1]["tempo"].append(tempo | {"known": LATER, "source": ["later"]})


def an_actor_later(data: Data) -> None:
    known = {"known": LATER, "source": ["later"]}
    data["actors"].append({"id": "CCC", "name": "State C", "kind": "state", "cow": 986} | known)
    data["pairs"].append(
        {"between": ["CCC", "BBB"], "contiguous": True, "distance_km": 0, "rivals": True}
        | {"confrontations": 1}
        | known
    )
    data["fronts"][0]["pairs"].append(["CCC", "BBB"])
    data["timeline"].append(an_act(actor="CCC"))


KNOWN_LATER = {"known": LATER, "source": ["later"]}
ADDED: dict[str, Callable[[Data], None]] = {
    "an act": in_section("timeline", an_act()),
    "an act before, known later": in_section("timeline", an_act(day="2024-04-14")),
    "a raid before, known later": in_section(
        "timeline",
        an_act(
            day="2024-04-12",
            actor="BBB",
            target="AAA",
            munitions=[{"type": "drone", "launched": 50, "intercepted": 1}],
        ),
    ),
    "a statement": in_section("timeline", a_statement()),
    "a statement before, known later": in_section("timeline", a_statement(day="2024-04-10")),
    "a tie": in_section(
        "ties",
        {"id": "added", "kind": "ally", "from": "PPP", "to": "BBB", "dependence": "high"}
        | KNOWN_LATER,
    ),
    "a defence": in_section(
        "defences",
        {"id": "added", "defender": "AAA", "owner": "AAA", "name": "New", "order": 1}
        | {"against": ["drone", "ballistic"]}
        | KNOWN_LATER,
    ),
    "a front": in_section(
        "fronts", {"id": "added", "name": "New", "pairs": [["AAA", "BBB"]]} | KNOWN_LATER
    ),
    "a claim": in_section(
        "claims",
        {
            "id": "added",
            "by": {"name": "N", "role": "analyst"},
            "quote": "It will.",
            "sense": "raises",
        }
        | {"term": "own_resolve", "about": "AAA"}
        | KNOWN_LATER,
    ),
    "a tempo": measured_later,
    "an actor, with its pair and act": an_actor_later,
}


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> str:
    return document(read(PATH), tmp_path_factory.mktemp("plain"))


@pytest.mark.parametrize("name", ADDED)
def test_a_later_fact_changes_no_byte(name: str, plain: str, tmp_path: Path) -> None:
    data = read(PATH)
    data.setdefault("claims", [])
    ADDED[name](data)
    assert document(data, tmp_path) == plain


def test_all_later_facts_together_change_no_byte(plain: str, tmp_path: Path) -> None:
    data = read(PATH)
    data["timeline"] += [an_act(), a_statement(id="said")]
    measured_later(data)
    assert document(data, tmp_path) == plain


@pytest.mark.parametrize(
    "name", ["an act before, known later", "a statement before, known later", "a tempo"]
)
def test_known_in_time_the_same_fact_does_change_it(name: str, plain: str, tmp_path: Path) -> None:
    data = read(PATH)
    ADDED[name](data)
    text = json.dumps(data).replace(f'"known": "{LATER}"', '"known": "2024-04-15"')
    data = json.loads(text.replace('["later"]', '["wire"]'))
    assert document(data, tmp_path) != plain


def without_later(value: Any, day: str) -> Any:
    """Return the content of a crisis file without the facts that were not known by a day."""
    if isinstance(value, dict):
        return {key: without_later(one, day) for key, one in value.items()}
    if not isinstance(value, list):
        return value
    kept = [one for one in value if not (isinstance(one, dict) and one.get("known", "") > day)]
    return [without_later(one, day) for one in kept]


def test_the_flagship_does_not_see_what_came_after(tmp_path: Path) -> None:
    whole = read(path_of("israel-iran-2024-04"))
    cut = without_later(whole, AS_OF.isoformat())
    assert len(cut["timeline"]) < len(whole["timeline"])
    folders = [tmp_path / "whole", tmp_path / "cut"]
    for folder in folders:
        folder.mkdir()
    first, second = (
        document(data, folder) for data, folder in zip((whole, cut), folders, strict=True)
    )
    assert first == second
