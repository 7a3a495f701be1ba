"""Articles on past crises: what the reader was mended by, and what was kept aside meanwhile."""

from __future__ import annotations

from pathlib import Path

import pytest
from gold import CRISES, CRISES_ASIDE, CRISES_LAST, CRISES_LATER, CRISES_UNSEEN, tally


@pytest.mark.parametrize(("articles", "found"), [(CRISES, 0.85), (CRISES_ASIDE, 0.5)])
def test_recall_precision_and_false_alarms(articles: Path, found: float) -> None:
    told = tally(articles)
    assert told.right / told.accepted >= 0.8, told.mistakes
    assert told.alarmed / told.quiet < 0.05, told.mistakes
    assert told.found / told.told >= found, told.mistakes
    assert told.claimed_found / told.claimed >= 0.6, told.mistakes
    assert told.groups_found == told.groups, told.mistakes


@pytest.mark.parametrize(
    ("articles", "found"), [(CRISES_LATER, 0.65), (CRISES_LAST, 0.6), (CRISES_UNSEEN, 0.25)]
)
def test_articles_of_which_only_kinds_of_faults_were_mended(articles: Path, found: float) -> None:
    told = tally(articles)
    assert told.right / told.accepted >= 0.8, told.mistakes
    assert told.alarmed == 0, told.mistakes
    assert told.found / told.told >= found, told.mistakes
