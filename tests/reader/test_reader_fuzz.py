"""No input crashes the reader or hangs it; the longer study is benchmarks/reader_fuzz.py."""

from __future__ import annotations

from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from offramp.choice.terms import claimable_terms
from offramp.reader.document import Document, paragraphs
from offramp.reader.extracting import ExtractionError, of_bytes
from offramp.reader.reading import read

_LISTED = (
    "Israel Iran Israeli Iranian Hezbollah US “ ” ' \" ’ , . ; : ? ! – ( ) attacked strike struck "
    "killed 300 missiles and drones at on by in to not will could if that who which said told "
    "Sunday October 7 2024-13-45 weekend 9999999999999999999 the an its they he It U.S. Gen. "
    "threatened sanctions intercepted most 99 percent wounded ceasefire \n\n \u202e \x00 é 中国"
)
WORDS = _LISTED.split(" ")
DAY = date(2024, 4, 15)


def reads(text: str) -> None:
    document = Document("x.txt", "X", "unknown", DAY, True, None, paragraphs(text))
    found = read([document], claimable_terms())
    for proposal in found.proposals:
        assert 0 <= proposal.confidence <= 1
        assert all(e.words in e.sentence for e in proposal.evidence)
        assert proposal.day is None or proposal.day <= DAY


@settings(max_examples=150, deadline=2000)
@given(st.lists(st.sampled_from(WORDS), max_size=60))
def test_words_of_reporting_in_any_order(words: list[str]) -> None:
    reads(" ".join(words))


@settings(max_examples=60, deadline=2000)
@given(st.text(max_size=400))
def test_any_text(text: str) -> None:
    reads(text)


@settings(max_examples=80, deadline=2000)
@given(
    st.binary(max_size=300),
    st.sampled_from(["x.html", "x.xml", "x.txt"]),
    st.sampled_from([b"", b"<html><p>", b"<rss><item><description>", b"<feed><entry>"]),
)
def test_any_bytes(content: bytes, name: str, head: bytes) -> None:
    try:
        found = of_bytes(head + content, name, day=DAY)
    except ExtractionError:
        return
    assert all(document.paragraphs for document in found)


def test_long_runs_do_not_hang() -> None:
    for piece in ("a", "((", "“", "1,", "Israel ", "killed ", "0", "-", "Mr. ", ". A", "not "):
        reads((piece * 20_000)[:20_000] + " Israel attacked Iran.")
