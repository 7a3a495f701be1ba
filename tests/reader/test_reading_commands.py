from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest
import typer
from gold import FIXTURES
from test_writing import CRISIS, STORY
from typer.testing import CliRunner

from offramp.cli import app
from offramp.crisis.as_of import read_crisis
from offramp.crisis.schema import Act
from offramp.reader.proposals import Utterance
from offramp.reader.reviewing import tones

run = CliRunner()


@pytest.fixture
def story(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "story.txt"
    path.write_bytes(STORY)
    (tmp_path / "border.yaml").write_text(CRISIS)
    monkeypatch.chdir(tmp_path)
    return path


def test_a_table_with_its_sentences(story: Path) -> None:
    found = run.invoke(app, ["read", str(story), "--dateline", "2031-03-13"])
    assert found.exit_code == 0
    assert "IND → PAK, limited" in " ".join(found.output.split())
    assert "nothing is written" in " ".join(found.output.split())


def test_json(story: Path) -> None:
    found = run.invoke(app, ["read", str(story), "--dateline", "2031-03-13", "--json"])
    data = json.loads(found.stdout)
    acts = [(p["actor"], p["target"], p["level"]) for p in data["proposals"] if p["kind"] == "act"]
    assert ("IND", "PAK", "limited") in acts


def test_a_text_without_dateline_is_read_with_a_note(story: Path) -> None:
    found = run.invoke(app, ["read", str(story), "--json"])
    assert found.exit_code == 0
    assert "no dateline found" in found.stderr


def test_review_one_by_one(story: Path) -> None:
    args = ["read", str(story), "--dateline", "2031-03-13", "--into", "border.yaml"]
    answers = "edit\nday=2031-03-11\nedit\nfirst_day=2031-03-11\naccept\n" + "drop\n" * 20
    found = run.invoke(app, args, input=answers)
    assert found.exit_code == 0, found.output
    acts = [e for e in read_crisis("border.yaml").timeline if isinstance(e, Act)]
    assert [str(act.day) for act in acts] == ["2031-03-11"]


def test_a_refused_edit_leaves_the_proposal_as_it_was(story: Path) -> None:
    args = ["read", str(story), "--dateline", "2031-03-13", "--into", "border.yaml"]
    found = run.invoke(app, args, input="edit\nlevel=nuclear\nedit\nid=x\nstop\n")
    assert found.exit_code == 0
    assert "refused" in found.output
    assert "no such field" in found.output
    assert Path("border.yaml").read_text() == CRISIS


@pytest.mark.parametrize("option", [["--accept-all"], ["--yes-above", "0.7"]])
def test_without_questions(story: Path, option: list[str]) -> None:
    args = ["read", str(story), "--dateline", "2031-03-13", "--into", "border.yaml", "--json"]
    found = run.invoke(app, [*args, *option])
    assert found.exit_code == 0, found.output
    assert json.loads(found.stdout)["written"]


def test_a_draft_from_an_article(story: Path) -> None:
    found = run.invoke(app, ["new", "--from", str(FIXTURES / "wire.txt"), "drafted"])
    assert found.exit_code == 0, found.output
    checked = run.invoke(app, ["check", "drafted.yaml"])
    assert checked.exit_code == 0, checked.output


def test_a_draft_has_a_title_a_summary_and_every_act_of_a_day(story: Path) -> None:
    story.write_text(
        "ATHENS, 2 February 1996 (AP) – Greek jets bombed a Turkish post on Friday. Turkey shelled "
        "a Greek island on Friday. Turkey closed its airspace.\n"
    )
    found = run.invoke(app, ["new", "--from", str(story), "aegean"])
    assert found.exit_code == 0, found.output
    crisis = read_crisis("aegean.yaml")
    assert crisis.id == "aegean"
    assert crisis.title == "Greece and Turkey, February 1996"
    assert crisis.summary == "Greek jets bombed a Turkish post on Friday."
    (front,) = crisis.fronts
    assert front.name == "Greece and Turkey"
    acts = {act.actor: act.text for act in crisis.timeline if isinstance(act, Act)}
    assert set(acts) == {"GRC", "TUR"}
    assert "pressure: Turkey closed its airspace" in acts["TUR"]


def test_tone_is_a_line_a_voice(story: Path) -> None:
    story.write_text(
        "ATHENS, 2 February 1996 (AP) – Greece condemned Turkey. Greece accused Turkey of a raid.\n"
    )
    found = run.invoke(app, ["read", str(story)])
    lines = [line for line in found.output.splitlines() if line.startswith("GRC government:")]
    assert len(lines) == 1
    assert "2 statements" in lines[0]


def test_escape_codes_of_an_article_do_not_reach_the_terminal(story: Path) -> None:
    story.write_text("India bombed \x1b[2J\x1b]0;x\x07Pakistan on 12 March 2031.\n")
    found = run.invoke(app, ["read", str(story), "--dateline", "2031-03-13"])
    assert "\x1b]0" not in found.output
    assert "\x1b[2J" not in found.output
    assert "\x07" not in found.output


def test_score(tmp_path: Path) -> None:
    path = tmp_path / "x.tsv"
    path.write_text(
        "marked_sentence\tgold_root\n<s>Mali</s> bombed <t>Niger</t>.\tASSAULT\n"
        "<s>Chad</s> arrested <t>a reporter</t>.\tCOERCE\n"
    )
    found = run.invoke(app, ["reader", "score", str(path), "--json"])
    data = json.loads(found.stdout)
    assert (data["macro_f1"], data["accuracy"]) == (1.0, 1.0)
    assert set(data["by_type"]) == {"ASSAULT", "COERCE"}
    assert "shipped model" in data["method"]


def test_what_cannot_be_read_is_said(story: Path) -> None:
    found = run.invoke(app, ["read", "no-such-file.txt"])
    assert isinstance(found.exception, ValueError)
    assert "no such file" in str(found.exception)


INTO = ["--dateline", "2031-03-13", "--into", "border.yaml"]


def test_an_unknown_answer_is_asked_again(story: Path) -> None:
    found = run.invoke(app, ["read", str(story), *INTO], input="perhaps\naccept\nstop\n")
    assert found.exit_code == 0, found.output
    assert "'perhaps' is none of them" in found.output
    assert "1 written" in found.output


def test_an_interrupted_review_asks_before_it_forgets(story: Path) -> None:
    found = run.invoke(app, ["read", str(story), *INTO], input="accept\n")
    assert found.exit_code == 1
    assert "nothing is written; 1 had been accepted" in found.stderr
    assert Path("border.yaml").read_text() == CRISIS


def test_an_interrupted_review_keeps_what_a_person_wants_kept(
    story: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers = iter(["accept"])

    def prompt(*_: object, **__: object) -> str:
        answer = next(answers, None)
        if answer is None:
            raise typer.Abort
        return answer

    monkeypatch.setattr(typer, "prompt", prompt)
    found = run.invoke(app, ["read", str(story), *INTO], input="y\n")
    assert found.exit_code == 0, found.output
    assert "1 written" in found.output


def test_a_day_edited_is_the_only_day(story: Path) -> None:
    answers = "edit\nday=2031-03-11\naccept\nstop\n"
    found = run.invoke(app, ["read", str(story), *INTO], input=answers)
    assert found.exit_code == 0, found.output
    (act,) = (e for e in read_crisis("border.yaml").timeline if isinstance(e, Act))
    assert str(act.day) == "2031-03-11"
    assert not act.disputed


def test_at_the_terminal_a_day_takes_the_place_of_a_range(story: Path) -> None:
    answers = "edit\nfirst_day=2031-03-10\nedit\nday=2031-03-11\naccept\nstop\n"
    found = run.invoke(app, ["read", str(story), *INTO], input=answers)
    assert found.exit_code == 0, found.output
    assert "2031-03-10 to 2031-03-12, confidence" in found.output
    (act,) = (e for e in read_crisis("border.yaml").timeline if isinstance(e, Act))
    assert str(act.day) == "2031-03-11"


def test_accepting_all_needs_a_file_to_write(story: Path) -> None:
    found = run.invoke(app, ["read", str(story), "--accept-all"])
    assert isinstance(found.exception, ValueError)
    assert "--into" in str(found.exception)


def test_tone_is_a_line_over_the_days() -> None:
    said = [
        Utterance(actor="IRN", day=date(2024, 4, day), voice="official", tone=tone, sentence="x")
        for day, tone in ((3, 1.0), (1, 0.0), (2, 0.2), (3, 0.6))
    ]
    (line,) = tones(said)
    assert line == (
        "IRN official: mean +0.45 (+0.00 to +1.00); 4 statements; "
        "▅▅▇ 2024-04-01 +0.00, 2024-04-02 +0.20, 2024-04-03 +0.80: hardening"
    )
