"""What `schemathesis` sends the board: mostly crises that there are, and few futures.

In one shell: offramp board --no-open --port 8077. In another, of an environment with schemathesis:

    SCHEMATHESIS_HOOKS=benchmarks.interface_hooks schemathesis run \\
        http://127.0.0.1:8077/openapi.json --phases examples,coverage,fuzzing -n 60 \\
        --exclude-checks positive_data_acceptance

That check asks that whatever the description allows be accepted; but not every day or name that is
well written is one of the crisis, and the board answers 422, as it says it does.
"""

from __future__ import annotations

from typing import Any

import schemathesis

CRISIS = "hanish-1995"


@schemathesis.hook
def map_path_parameters(context: Any, path_parameters: dict[str, Any] | None) -> Any:
    """Lead four in five requests to a crisis that there is."""
    given = path_parameters or {}
    if len(str(given.get("identifier", ""))) % 5:
        given["identifier"] = CRISIS
    return path_parameters


@schemathesis.hook
def map_query(context: Any, query: dict[str, Any] | None) -> Any:
    """Ask for few futures, and for two seeds only, so that most answers are kept."""
    if query is not None:
        futures, seed = query.get("futures", 20_000), query.get("seed")
        if isinstance(futures, int) and futures > 300:
            query["futures"] = 100
        if isinstance(seed, int) and seed >= 0:
            query["seed"] = seed % 2
    return query
