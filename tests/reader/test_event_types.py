"""The model of event types: its score, its file, and that training is never its own test."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from offramp.reader.argument_scoring import Example, read_examples, score_arguments
from offramp.reader.event_types import WEIGHTS_FILE, event_types, pack, unpack
from offramp.reader.features import features
from offramp.reader.marked import Labelled, digest, marked_digest, read_labelled, read_marks
from offramp.reader.scoring import figures, score
from offramp.reader.training import cross_validated, train

DATA = Path(os.environ.get("OFFRAMP_DATA", Path(__file__).parents[3] / "shared" / "data"))
LABELLED = DATA / "plover" / "plv_dev.tsv"
EXAMPLES = DATA / "plover" / "plover_gsr.json"


def rows(*lines: tuple[str, str]) -> list[Labelled]:
    return [Labelled(read_marks(text), label, text) for text, label in lines]


def test_marks_are_read_and_removed() -> None:
    found = read_marks("On Monday <t>Iran</t> was hit by <s>Israel</s>.")
    assert found.text == "On Monday Iran was hit by Israel."
    assert found.text[slice(*found.source)] == "Israel"
    assert found.text[slice(*found.target)] == "Iran"


def test_a_file_without_its_columns_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "x.tsv"
    path.write_text("sentence\tlabel\na\tb\n")
    with pytest.raises(ValueError, match="no column marked_sentence"):
        read_labelled(path)


def test_figures_by_hand() -> None:
    found = figures(["A", "A", "B", "B"], ["A", "B", "B", "B"], "by hand")
    assert found.accuracy == 0.75
    assert found.by_type["A"].f1 == pytest.approx(2 / 3)
    assert found.by_type["B"].f1 == pytest.approx(4 / 5)
    assert found.macro_f1 == pytest.approx((2 / 3 + 4 / 5) / 2)


def test_plain_sentences_are_told() -> None:
    plain = {
        "<s>Israel</s> bombed <t>Syria</t>.": "ASSAULT",
        "<s>Police</s> arrested <t>a journalist</t>.": "COERCE",
        "<s>France</s> condemned <t>Russia</t>.": "ACCUSE",
        "<s>China</s> rejected a proposal by <t>Japan</t>.": "REJECT",
        "<s>The president</s> met <t>the king of Jordan</t>.": "CONSULT",
        "<s>Germany</s> will hold talks with <t>Poland</t>.": "AGREE",
        "<s>North Korea</s> threatened to attack <t>South Korea</t>.": "THREATEN",
        "<s>The rebels</s> released <t>two hostages</t>.": "YIELD",
    }
    model = event_types()
    assert {text: model.of(read_marks(text))[0] for text in plain} == plain


def test_probabilities_sum_to_one() -> None:
    model = event_types()
    for text in ("", "<s></s>", "x", "<s>A</s> and <t>B</t> met.", "\u202e\x00 ?"):
        assert model.probabilities(features(read_marks(text))).sum() == pytest.approx(1, abs=1e-5)


def test_the_file_of_weights_is_small_and_reads_as_written() -> None:
    model = event_types()
    assert WEIGHTS_FILE.stat().st_size < 5_000_000
    again = unpack(pack(model))
    assert again.types == model.types
    assert again.trained == model.trained
    np.testing.assert_array_equal(again.weights, model.weights)


def test_training_learns_and_cross_validation_keeps_groups_whole() -> None:
    verbs = {"ASSAULT": "bombed", "CONSULT": "met"}
    made = [
        Labelled(read_marks(f"<s>A{k}</s> {verb} <t>B{k}</t> yesterday."), label, str(k % 12))
        for label, verb in verbs.items()
        for k in range(24)
    ]
    told = cross_validated(made, folds=4).argmax(axis=1)
    assert [sorted(verbs)[k] for k in told] == [row.label for row in made]
    alone = [Labelled(row.sentence, row.label, "one") for row in made]
    with pytest.raises(ValueError, match="fewer than two groups"):
        cross_validated(alone)


def test_a_sentence_of_the_training_is_not_scored_by_the_model_that_saw_it() -> None:
    mixed = rows(
        ("<s>Iran</s> struck <t>Israel</t>.", "ASSAULT"), ("<s>X</s> met <t>Y</t>.", "CONSULT")
    )
    model = train([*mixed, *rows(("<s>P</s> sued <t>Q</t>.", "ACCUSE"))])
    new = rows(("<s>Mali</s> bombed <t>Niger</t>.", "ASSAULT"))
    found = score([*mixed, *new], model)
    assert (found.sentences, found.left_out) == (1, 2)
    assert digest(mixed[0].sentence) in model.trained


def test_of_a_sentence_of_the_training_counts_what_was_told_without_it() -> None:
    known = rows(
        ("<s>Iran</s> struck <t>Israel</t>.", "ASSAULT"), ("<s>X</s> met <t>Y</t>.", "CONSULT")
    )
    model = train(known)
    kept = replace(model, held_out={marked_digest(known[0].sentence): "CONSULT"})
    new = rows(("<s>Mali</s> met <t>Niger</t>.", "CONSULT"))
    found = score([known[0], *new], kept)
    assert (found.sentences, found.left_out) == (2, 0)
    assert found.by_type["ASSAULT"].recall == 0.0
    assert "not trained on" in found.method


@pytest.mark.skipif(not LABELLED.exists(), reason="plv_dev.tsv is not at OFFRAMP_DATA")
def test_cross_validated_score_is_above_the_bar() -> None:
    found = score(read_labelled(LABELLED))
    assert "cross-validation" in found.method
    assert found.macro_f1 > 0.743
    assert found.accuracy > 0.760


@pytest.mark.skipif(not LABELLED.exists(), reason="plv_dev.tsv is not at OFFRAMP_DATA")
def test_a_part_of_the_training_data_scores_as_the_whole() -> None:
    found = score(read_labelled(LABELLED)[::3])
    assert found.left_out == 0
    assert 0.743 < found.macro_f1 < 0.88
    assert 0.76 < found.accuracy < 0.90


@pytest.mark.skipif(not EXAMPLES.exists(), reason="plover_gsr.json is not at OFFRAMP_DATA")
def test_who_did_it_to_whom_is_above_the_bar() -> None:
    found = score_arguments(read_examples(EXAMPLES))
    assert found.both >= 0.75
    assert found.both_complete >= 0.75


def test_a_wrong_source_counts_as_wrong() -> None:
    text = "Israel bombed Syria."
    right = Example(text, ("Israel",), ("Syria",))
    wrong = Example(text, ("Syria",), ("Israel",))
    assert score_arguments([right]).both == 1.0
    assert score_arguments([wrong]).both == 0.0
