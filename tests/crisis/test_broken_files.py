"""Every broken crisis file in `broken/` gives its exact errors, which stand beside it."""

from __future__ import annotations

from pathlib import Path

import pytest

from offramp.crisis.as_of import load
from offramp.crisis.problems import CrisisError

BROKEN = Path(__file__).with_name("broken")
FILES = sorted(BROKEN.glob("*.yaml"))
SMALL = Path(__file__).with_name("small.yaml").read_text(encoding="utf-8")


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_broken_file_gives_exactly_its_errors(path: Path) -> None:
    with pytest.raises(CrisisError) as caught:
        load(path.read_bytes(), path.name)
    assert f"{caught.value}\n" == path.with_suffix(".expected").read_text(encoding="utf-8")


def test_every_expectation_has_its_file_and_there_are_many_kinds() -> None:
    expected = {path.stem for path in BROKEN.glob("*.expected")}
    assert expected == {path.stem for path in FILES}
    assert len(FILES) >= 100
    messages = {(BROKEN / f"{name}.expected").read_text().partition(":")[2] for name in expected}
    assert len(messages) >= 100


def test_the_file_they_were_made_from_is_sound() -> None:
    crisis = load(SMALL)
    assert [actor.id for actor in crisis.actors] == ["NOR", "ISL", "USA"]
    assert len(crisis.timeline) == 2


def test_claims_are_held_against_the_terms_of_the_model() -> None:
    assert load(SMALL, terms=["own_resolve", "patron"]).claims[0].term == "own_resolve"
    with pytest.raises(CrisisError) as caught:
        load(SMALL, "small.yaml", terms=["own_resolves", "patron"])
    assert str(caught.value) == (
        "small.yaml:61:77: claims[0].term: unknown term 'own_resolve'; did you mean 'own_resolves'?"
    )


def test_a_problem_keeps_its_parts() -> None:
    with pytest.raises(CrisisError) as caught:
        load(SMALL.replace("cow: 385", "cow: none"), "a.yaml")
    (problem,) = caught.value.problems
    assert (problem.file, problem.line, problem.column) == ("a.yaml", 12, 42)
    assert problem.field == "actors[0].cow"
    assert problem.message == "expected a whole number, found the text 'none'"
    assert problem.fix == "write it in digits, without quotes"


def test_names_and_values_from_outside_cannot_drive_the_terminal() -> None:
    with pytest.raises(CrisisError) as caught:
        load('"\\e[31m": 1\n? "x\\e]0;y\\a"\n: 2\nofframp: "\\e[0m"\n', "a\x1b[2J\n.yaml")
    assert str(caught.value).replace("\n", "").isprintable()


def test_a_long_value_is_quoted_in_part() -> None:
    with pytest.raises(CrisisError) as caught:
        load(SMALL.replace("speaker: NOR", f"speaker: {'A' * 5000}"), "a.yaml")
    assert len(str(caught.value)) < 300
