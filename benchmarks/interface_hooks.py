"""What `schemathesis` sends the board: mostly crises that there are, and few futures.

How it is run, and what is left out of it, stands in `docs/board.md`.
"""

from __future__ import annotations

from typing import Any

import schemathesis

CRISIS = "hanish-1995"


@schemathesis.hook
def before_call(context: Any, case: Any, kwargs: Any) -> None:
    """Lead most requests to one crisis with few futures and two seeds, whose answers are kept.

    What the board refuses, as a number that is too large, stays as it is.
    """
    given = case.path_parameters or {}
    name = str(given.get("identifier", ""))
    if len(name) <= 64 and len(name) % 5:
        given["identifier"] = CRISIS
    query = case.query
    if query is None or "futures" not in {one.name for one in case.operation.query}:
        return
    futures, seed = query.get("futures", 20_000), query.get("seed")
    if isinstance(futures, int) and 300 < futures <= 200_000:
        query["futures"] = 100
    if isinstance(seed, int) and 0 <= seed < 2**63:
        query["seed"] = seed % 2
