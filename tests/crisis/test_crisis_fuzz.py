"""Whatever the bytes: a crisis, or an error that says what is wrong with them."""

from __future__ import annotations

import copy
import json
from datetime import date
from pathlib import Path
from typing import Any

from hypothesis import example, given, settings
from hypothesis import strategies as st

from offramp.crisis import library
from offramp.crisis.as_of import load
from offramp.crisis.problems import CrisisError
from offramp.crisis.reading import read_document
from offramp.crisis.schema import Crisis

SMALL = Path(__file__).with_name("small.yaml").read_bytes()
TEMPLATE = Path(library.__file__).with_name("template.yaml").read_bytes()
DATA = read_document(SMALL, "small").data


def is_read_or_explained(content: bytes | str, as_of: date | None = None) -> None:
    problems = None
    try:
        assert isinstance(load(content, "file.yaml", as_of), Crisis)
    except CrisisError as error:
        problems = error.problems
    if problems is not None:
        assert problems
        assert all(str(problem).startswith("file.yaml") for problem in problems)
        assert all(str(problem).isprintable() for problem in problems)


@settings(deadline=None)
@given(st.binary(max_size=300))
@example(b"\xff\xfe")
@example(b"? ")
@example(b"a: !<\n")
@example(b'"\\U00110000": 1')
@example(b"%YAML 99999999999999999999.1\n---\na: 1")
@example(b"%TAG ! tag:x,2000:\n---\n!y a: 1")
@example(b"%FOO\n--- a")
@example(b"a: |9\n  x")
@example(b"&a : 1")
@example(b"- &")
@example(b"--- *a")
@example(b"!<%zz> x")
@example(b"<<: 1")
@example(b"sources: {'': {}}")
def test_any_bytes(content: bytes) -> None:
    is_read_or_explained(content)


@settings(deadline=None)
@given(st.text(alphabet=" \n\t-?:,[]{}#&*!|>'\"%@`\\ab01=~<.", max_size=80))
def test_any_text_of_the_letters_that_mean_something(content: str) -> None:
    is_read_or_explained(content)


@settings(deadline=None)
@given(
    st.sampled_from([SMALL, TEMPLATE]),
    st.integers(0, 10_000),
    st.integers(0, 40),
    st.one_of(
        st.binary(max_size=8), st.sampled_from([b"\n", b"  ", b": ", b"- ", b"'", b"[", b"}"])
    ),
)
def test_a_file_with_a_hole_or_a_patch(base: bytes, start: int, length: int, patch: bytes) -> None:
    start %= len(base)
    is_read_or_explained(base[:start] + patch + base[start + length :])


VALUES = st.recursive(
    st.one_of(
        st.none(),
        st.booleans(),
        st.integers(-(10**20), 10**20),
        st.floats(),
        st.text(max_size=8),
        st.sampled_from(
            ["NOR", "ISL", "sea", "cut", "shot", "book", "2024-04-10", "9999-12-31", "0001-01-01"]
        ),
        st.sampled_from(["hold", "war", ">= war", "act", "statement", "coalition", "-1e5", "17"]),
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(st.sampled_from(["id", "kind", "\x07"]), inner, max_size=2),
    ),
    max_leaves=4,
)


@st.composite
def with_values_replaced(draw: st.DrawFn) -> str:
    """Return the small file with values anywhere in it replaced, removed or added."""
    data: Any = copy.deepcopy(DATA)
    for _ in range(draw(st.integers(1, 4))):
        node = data
        while True:
            keys = list(node) if isinstance(node, dict) else list(range(len(node)))
            if not keys:
                break
            key = draw(st.sampled_from(keys))
            if isinstance(node[key], dict | list) and draw(st.booleans()):
                node = node[key]
                continue
            if draw(st.integers(0, 4)) == 0:
                del node[key]
            else:
                node[key] = draw(VALUES)
            break
    return json.dumps(data, ensure_ascii=draw(st.booleans()))


@settings(deadline=None)
@given(with_values_replaced(), st.one_of(st.none(), st.dates()))
def test_a_file_with_other_values(content: str, as_of: date | None) -> None:
    is_read_or_explained(content, as_of)
