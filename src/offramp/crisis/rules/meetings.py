"""Where a crisis file brings an actor and a target together."""

from __future__ import annotations

from collections.abc import Iterator

from offramp.crisis.draft import Draft
from offramp.crisis.problems import Path
from offramp.crisis.questions import ActQuestion, FirstDayQuestion, FirstResponseQuestion
from offramp.crisis.schema import Act, Option

Meeting = tuple[str, str, str | None]
"""Actor, target, and the front if one is named."""


def meeting(entry: object) -> tuple[Path, Meeting] | None:
    """Return who meets whom in an act, option or question, with the path of the target in it."""
    match entry:
        case Act():
            return ("target",), (entry.actor, entry.target, entry.front)
        case Option() | FirstResponseQuestion():
            return ("target",), (entry.actor, entry.target, None)
        case ActQuestion() | FirstDayQuestion():
            event = entry.event
            if event.actor is not None and event.target is not None:
                return ("event", "target"), (event.actor, event.target, event.front)
    return None


def meetings(draft: Draft) -> Iterator[tuple[Path, Meeting]]:
    """Yield every meeting in a draft, with the path of its target."""
    crisis = draft.crisis
    for section in ("timeline", "options", "questions"):
        for path, entry in draft.each(section, getattr(crisis, section)):
            found = meeting(entry)
            if found is not None:
                yield (*path, *found[0]), found[1]
