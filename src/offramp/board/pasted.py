"""A pasted article, what the reader proposes of it, and what a person decides on each proposal.

Nothing is kept between requests: the form carries the article, which is read again, so that what
is decided is always a proposal of the reader with the changes that the form gives.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from offramp.choice.terms import claimable_terms
from offramp.crisis.problems import CrisisError
from offramp.crisis.schema import Crisis
from offramp.reader.document import Document, visible
from offramp.reader.extracting import ExtractionError, of_bytes
from offramp.reader.proposals import AbsenceProposal, AnyProposal, Reading
from offramp.reader.reading import read
from offramp.reader.reviewing import EditError, editable, edited, summary, when
from offramp.reader.writing import Outcome, joined

ARTICLE_LIMIT = 100_000
"""Most characters of a pasted article."""

ARTICLE_FIELDS = {
    "text": "The article",
    "dateline": "Its day",
    "title": "Headline",
    "publisher": "Publisher",
    "url": "Address",
}
"""The fields of the form, with their labels."""

DECISIONS = ("accept", "drop")


class ArticleError(ValueError):
    """An article cannot be read.

    Attributes:
        problems: field of the form and what is wrong with it.
    """

    def __init__(self, name: str, said: str) -> None:
        super().__init__(said)
        self.problems = [(name, said)]


@dataclass(slots=True)
class Item:
    """A proposal under review.

    Attributes:
        key: names it in the form, by its content.
        proposal: as the reader made it.
        decision: accept, drop, or empty where none was made.
        values: what stands in the fields that may be changed.
        problems: what is wrong with them, by field; an empty field stands for the whole.
    """

    key: str
    proposal: AnyProposal
    decision: str
    values: dict[str, str]
    problems: dict[str, str] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """Return what a page shows of it."""
        return {
            "key": self.key,
            "summary": summary(self.proposal),
            "when": when(self.proposal),
            "confidence": self.proposal.confidence,
            "sentences": [one.sentence for one in self.proposal.evidence],
            "decision": self.decision,
            "fields": self.values,
            "problems": self.problems,
        }

    def as_decided(self) -> AnyProposal:
        """Return the proposal with its changes.

        Raises:
            EditError: a change is refused.
        """
        there = _as_typed(self.proposal)
        changes = {name: value for name, value in self.values.items() if value != there[name]}
        return edited(self.proposal, changes) if changes else self.proposal


@dataclass(frozen=True, slots=True)
class Review:
    """A reading with what was decided on each of its proposals.

    Attributes:
        reading: what the reader made of the article.
        notes: what a person should know of how it was read.
        items: what can be written.
        absences: what is told not to have happened, of which nothing is written.
    """

    reading: Reading
    notes: list[str]
    items: list[Item]
    absences: list[AbsenceProposal]

    @property
    def accepted(self) -> list[Item]:
        """Those that are to be written."""
        return [item for item in self.items if item.decision == "accept"]

    def left_by(self, outcome: Outcome) -> Review:
        """Return what is left to decide once some were written: the others, with the reason."""
        reasons = dict(outcome.left_out)
        for item in self.accepted:
            if item.proposal.id in reasons:
                item.problems[""] = f"Not written: {reasons[item.proposal.id]}."
        left = [item for item in self.items if item.decision != "accept" or item.problems]
        return replace(self, items=left)


def review(typed: Mapping[str, str], crisis: Crisis) -> Review:
    """Read an article and return its proposals with what a form says of them.

    Args:
        typed: the article in `ARTICLE_FIELDS`; of each proposal ``KEY.decision`` and its fields
            as ``KEY.FIELD``, where they were decided on already.
        crisis: the crisis that it is about.

    Raises:
        ArticleError: there is no text to read, it is too long, or a field is wrong.
    """
    documents = _documents(typed)
    pairs = [pair for front in crisis.fronts for pair in front.pairs]
    reading = read(documents, claimable_terms(), pairs)
    written: list[AnyProposal] = [
        one for one in reading.proposals if not isinstance(one, AbsenceProposal)
    ]
    absences = [one for one in reading.proposals if isinstance(one, AbsenceProposal)]
    items = [_item(key, one, typed) for key, one in _keyed(written)]
    return Review(reading, list(_notes(documents)), items, absences)


def with_accepted(review: Review, crisis: Crisis, content: bytes, name: str) -> tuple[str, Outcome]:
    """Return the text of a crisis file with what was accepted, and what became of each.

    Problems are noted in the items that have them.

    Raises:
        ArticleError: some of what was accepted cannot be written, so none is.
    """
    accepted: list[AnyProposal] = []
    for item in review.accepted:
        try:
            accepted.append(item.as_decided())
        except EditError as error:
            item.problems |= error.problems
    if any(item.problems for item in review.items):
        raise ArticleError("", "Something below cannot be written as it stands.")
    terms = claimable_terms()
    try:
        return joined(content, name, crisis, review.reading, accepted, terms)
    except CrisisError as together:
        # Each by itself, to say whose problem it is.
        for item, one in zip(review.accepted, accepted, strict=True):
            try:
                joined(content, name, crisis, review.reading, [one], terms)
            except CrisisError as error:
                item.problems[""] = _told(error)
        raise ArticleError("", _told(together)) from None


def _documents(typed: Mapping[str, str]) -> list[Document]:
    text = typed.get("text", "")
    if not text.strip():
        raise ArticleError("text", "Nothing to read: paste the article’s text.")
    if len(text) > ARTICLE_LIMIT:
        message = f"{len(text):,} characters: at most {ARTICLE_LIMIT:,} are read at once."
        raise ArticleError("text", message)
    url = visible(typed.get("url", "")) or None
    if url is not None and not url.startswith(("http://", "https://")):
        raise ArticleError("url", "An address begins with https:// or http://.")
    try:
        found = of_bytes(text.encode(), "the pasted article", url, _dateline(typed))
    except ExtractionError as error:
        raise ArticleError("text", str(error)) from None
    if len(found) > 1:
        return found
    given = {name: visible(typed.get(name, ""))[:300] for name in ("title", "publisher")}
    told: dict[str, Any] = {name: value for name, value in given.items() if value}
    return [replace(found[0], **told, headed=found[0].headed or "title" in told)]


def _dateline(typed: Mapping[str, str]) -> date | None:
    text = typed.get("dateline", "").strip()
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ArticleError("dateline", f"{text[:40]!r} is not a day; write 2024-04-15.") from None


def _notes(documents: list[Document]) -> Iterator[str]:
    for document in documents:
        if document.day_note:
            yield f"{document.day_note}; give the dateline if that is wrong."
        if not document.dated:
            yield f"No dateline was found, so days count from {document.day}: is it right?"


def _keyed(proposals: list[AnyProposal]) -> Iterator[tuple[str, AnyProposal]]:
    """Yield proposals with names that stay the same as long as they themselves do."""
    seen: dict[str, int] = {}
    for one in proposals:
        key = hashlib.sha256(one.model_dump_json().encode()).hexdigest()[:12]
        seen[key] = seen.get(key, 0) + 1
        yield (key if seen[key] == 1 else f"{key}-{seen[key]}"), one


def _item(key: str, one: AnyProposal, typed: Mapping[str, str]) -> Item:
    decision = typed.get(f"{key}.decision", "")
    values = {name: typed.get(f"{key}.{name}", value) for name, value in _as_typed(one).items()}
    return Item(key, one, decision if decision in DECISIONS else "", values)


def _as_typed(one: AnyProposal) -> dict[str, str]:
    """Return the fields that may be changed as a form shows them."""
    shown = {}
    for name, value in editable(one).items():
        shown[name] = str(value).lower() if isinstance(value, bool) else str(value or "")
    return shown


def _told(error: CrisisError) -> str:
    found = (
        "; ".join(part for part in (one.field, one.message, one.fix) if part)
        for one in error.problems
    )
    return " ".join(f"{one}." for one in found)[:2000]
