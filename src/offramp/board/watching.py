"""What to watch, on the page of a crisis and as a table."""

from __future__ import annotations

from markupsafe import Markup

from offramp.board.pages import fragment
from offramp.board.tables import written
from offramp.brief.explained import watch_page
from offramp.forecast.explanations import WatchList


def watch_list(found: WatchList) -> Markup:
    """Return the watch list, and what each signpost does to each question."""
    shown = watch_page(found).inert()
    whole = [one for one in shown.sections if one.title == "The watch list"]
    return fragment(
        "watch.html",
        notes=shown.notes,
        first=whole or shown.sections[:1],
        rest=shown.sections[1:] if whole else [],
    )


def watch_table(found: WatchList) -> str:
    """Return the signposts as comma-separated values, a row for each question."""
    columns = ("observation", "front", "by", "probability", "question", "if_seen", "if_not_seen")
    rows = (
        (
            *(post.text, post.front, post.by, post.probability, one.question),
            *(one.if_seen, one.if_not_seen, one.bits, one.bits_error, one.decides),
        )
        for post in found.signposts
        for one in post.effects
    )
    return written((*columns, "bits", "bits_error", "decides"), rows)
