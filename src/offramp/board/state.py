"""What a viewer looks at, a crisis as of a day, with so many futures: its state is its URL."""

from __future__ import annotations

import shlex
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from urllib.parse import quote, urlencode

from offramp.forecast.explaining import LEAST_EXPLAINED

DEFAULT_FUTURES = 20_000
LEAST_FUTURES, MOST_FUTURES = 100, 200_000
LEAST_ASKED = dict.fromkeys(("signposts", "claims", "why"), LEAST_EXPLAINED)
"""Futures that commands take at least, where that is more."""
DEFAULT_SEED = 1
MOST_SEED = 2**63 - 1
MOST_SETTINGS = 20


@dataclass(frozen=True)
class View:
    """A view of one crisis.

    Attributes:
        crisis: id of the crisis.
        name: how the crisis is named on a command line: its id, or its file.
        as_of: the day whose end it is seen from.
        own_day: the day that the file itself is seen from.
        futures: how many are simulated.
        seed: of the futures.
        settings: levers that are set, each as `NAME=VALUE`, names in full.
    """

    crisis: str
    name: str
    as_of: date
    own_day: date
    futures: int = DEFAULT_FUTURES
    seed: int = DEFAULT_SEED
    settings: tuple[str, ...] = ()

    def but(self, **changes: Any) -> View:
        """Return this view with some of it changed."""
        return replace(self, **changes)

    def without(self, setting: str) -> View:
        """Return this view with a lever taken back."""
        return self.but(settings=tuple(one for one in self.settings if one != setting))

    @property
    def held(self) -> dict[str, str]:
        """The levers that are set, with their values, by name."""
        return dict(one.split("=", 1) for one in self.settings)

    @property
    def pairs(self) -> list[tuple[str, str]]:
        """What of it differs from the defaults, as pairs of a query."""
        out = []
        if self.as_of != self.own_day:
            out.append(("as_of", self.as_of.isoformat()))
        if self.futures != DEFAULT_FUTURES:
            out.append(("futures", str(self.futures)))
        if self.seed != DEFAULT_SEED:
            out.append(("seed", str(self.seed)))
        return out + [("set", one) for one in self.settings]

    def url(self, within: str = "", /, **more: str) -> str:
        """Return the address of the view.

        Args:
            within: a page of the crisis, for example `/futures`; or a suffix, as `.json`.
            more: further parts of the query.
        """
        query = urlencode([*self.pairs, *more.items()])
        return f"/crises/{quote(self.crisis)}{within}{f'?{query}' if query else ''}"

    def command(self, *verb: str, simulated: bool = True) -> str:
        """Return the shell command that tells the same.

        Args:
            verb: the words that name it.
            simulated: whether it simulates futures.
        """
        words = ["offramp", *(verb or ("brief",)), self.name, "--as-of", self.as_of.isoformat()]
        if not simulated:
            return shlex.join(words)
        words += [
            "--futures",
            str(max(self.futures, LEAST_ASKED.get(words[1], 0))),
            "--seed",
            str(self.seed),
        ]
        for setting in self.settings:
            words += ["--set", setting]
        return shlex.join(words)
