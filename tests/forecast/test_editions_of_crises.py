"""A crisis is read with what history said before its day, without a hand in the file."""

from __future__ import annotations

import shlex
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from typer.testing import CliRunner

from offramp.brief import render
from offramp.brief.phrases import command_line
from offramp.choice.editions import edition_for, shipped_edition, shipped_figures
from offramp.cli import app
from offramp.crisis.as_of import read_crisis
from offramp.crisis.library import shipped
from offramp.crisis.schema import ActorKind
from offramp.engine.compile import compile_crisis
from offramp.engine.prior import UNKNOWN_DEFENCE, prior_of
from offramp.forecast import forecast
from offramp.forecast.document import Forecast
from offramp.forecast.forecasting import weights_note

WITH_RECORD = {"bosnia-1992": 1, "hanish-1995": 0}
"""Elsewhere than in crises of new states, at least two states have a record."""


@pytest.mark.parametrize("name", shipped())
def test_every_state_enters_with_its_own_record(name: str) -> None:
    crisis = read_crisis(name)
    figures = edition_for(crisis.as_of)
    prior = prior_of(compile_crisis(crisis), figures)
    assert date.fromisoformat(figures.provenance["until"]) < crisis.as_of
    with_record = 0
    for place, actor in enumerate(crisis.actors):
        own = (prior.resolve_mean[place], prior.resolve_spread[place])
        if actor.kind == ActorKind.STATE and actor.cow in figures.resolve:
            assert own == figures.resolve[actor.cow]
            with_record += 1
        else:
            assert own == (0.0, figures.resolve_spread)
    assert with_record >= WITH_RECORD.get(name, 2)


def test_the_falklands_know_nothing_of_the_falklands() -> None:
    """Figures of 1980; kill probabilities vague, as no raid of the record had ended."""
    crisis = read_crisis("falklands-1982")
    result = forecast(crisis, 100, 1, draws=50)
    assert result.weights.edition == "1979-12-31"
    assert not any("Hindsight" in limit for limit in result.limits)
    prior = prior_of(compile_crisis(crisis), edition_for(crisis.as_of))
    assert (prior.kill_shape.reshape(-1, 2) == UNKNOWN_DEFENCE).all()
    britain, argentina = 200, 160
    then, now = shipped_edition("1980").resolve, shipped_figures().resolve
    assert then[argentina] != now[argentina]
    assert then[britain] != now[britain]


def test_figures_that_know_the_outcome_say_so() -> None:
    crisis = read_crisis("falklands-1982")
    result = forecast(crisis, 100, 1, draws=50, figures=shipped_figures())
    assert any(limit.startswith("Hindsight") for limit in result.limits)


def test_own_figures_are_used() -> None:
    crisis = read_crisis("falklands-1982")
    own = replace(
        edition_for(crisis.as_of),
        provenance={**edition_for(crisis.as_of).provenance, "until": "1981-12-31"},
    )
    assert forecast(crisis, 100, 1, draws=50, figures=own).weights.edition == "1981-12-31"


def test_a_brief_on_own_weights_says_so_and_can_be_made_again(tmp_path: Path) -> None:
    own = tmp_path / "mine.npz"
    figures = shipped_edition("1970")
    moved = replace(figures, mean=figures.mean + 0.01)
    moved.save(own)
    arguments = ["brief", "falklands-1982", "--futures", "200", "--weights", str(own)]
    ended = CliRunner().invoke(app, [*arguments, "--json"])
    assert ended.exit_code == 0, ended.exception
    brief = Forecast.model_validate_json(ended.stdout)
    assert (brief.weights.file, brief.weights.edition) == (str(own), "1969-12-31")
    assert brief.weights.sha256 != weights_note(figures).sha256
    assert command_line(brief).endswith(f" --weights {shlex.quote(str(own))}")
    for suffix in (".md", ".html"):
        assert "not those that ship" in render(brief, suffix)
    ships = brief.model_copy(update={"weights": weights_note(figures)})
    assert "--weights" not in command_line(ships)
    assert "not those that ship" not in render(ships, ".html")


@pytest.mark.parametrize(
    "command",
    [
        *(["brief"], ["future"], ["ask", "P(war within 7d)"], ["signposts"], ["claims"], ["why"]),
        *(["trace", "--question", "x"], ["lever", "--set", "x=1"], ["levers"], ["offramps"]),
        ["analogues"],
    ],
    ids=lambda command: command[0],
)
def test_weights_that_know_the_outcome_are_refused_everywhere(
    command: list[str], tmp_path: Path
) -> None:
    own = tmp_path / "mine.npz"
    shipped_figures().save(own)
    name, *rest = command
    ended = CliRunner().invoke(app, [name, "falklands-1982", *rest, "--weights", str(own)])
    assert isinstance(ended.exception, ValueError)
    assert "which is not before 1982" in str(ended.exception)
