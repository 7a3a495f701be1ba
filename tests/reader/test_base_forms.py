from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from offramp.reader.lexicon import predicates
from offramp.reader.words import tokens


@pytest.mark.parametrize(
    ("form", "base"),
    [
        ("struck", "strike"),
        ("bombed", "bomb"),
        ("imposes", "impose"),
        ("retaliating", "retaliate"),
        ("stopped", "stop"),
        ("allies", "ally"),
        ("shot", "shoot"),
        ("withdrew", "withdraw"),
        ("sanctions", "sanction"),
        ("agreed", "agree"),
    ],
)
def test_base_forms(form: str, base: str) -> None:
    assert base in predicates().bases(form)


def test_tokens_keep_what_english_writes_together() -> None:
    text = "The U.S. won't say: Iran’s 1,200 Kataib-men (a.m.)"
    assert [token.lower for token in tokens(text)] == [
        "the", "u.s.", "will", "not", "say", ":", "iran", "'s", "1,200", "kataib-men", "(", "a.m.",
        ")",
    ]  # fmt: skip


@given(st.text(max_size=200))
def test_tokens_lie_in_the_text_in_order(text: str) -> None:
    found = tokens(text)
    assert all(0 <= one.start < one.end <= len(text) for one in found)
    assert all(one.end <= two.start for one, two in pairwise(found))
    covered = {k for one in found for k in range(one.start, one.end)}
    assert all(
        k in covered or not (text[k].isalpha() and text[k].isascii()) for k in range(len(text))
    )
