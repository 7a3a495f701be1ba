"""Answers kept: in memory while the board runs, and in the workspace for the next time.

An answer is found by all that decides it: the facts as of the day, the code of the model, the
seed, the number of futures and the levers that are set.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import threading
from collections import OrderedDict
from pathlib import Path

from pydantic import ValidationError

from offramp.board.computing import Task
from offramp.brief.inert import inert
from offramp.crisis.as_of import content_hash
from offramp.forecast.conditioned import sources_hash
from offramp.forecast.document import Forecast
from offramp.store import workspace
from offramp.storing import write_whole

FOLDER = Path("board")
DECIDING = ("choice", "crisis", "engine", "forecast")
"""Rooms whose code decides an answer."""
IN_MEMORY, ON_DISK = 64, 32
"""Answers kept of all crises, and of each crisis."""


def key_of(task: Task) -> str:
    """Return the name under which the answer to a task is kept."""
    parts = [
        task.facts or content_hash(task.crisis),
        sources_hash(DECIDING),
        str(task.seed),
        str(task.futures),
        str(task.draws),
        *task.settings,
    ]
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:32]


class Answers:
    """Forecasts by key; several threads may ask for them."""

    def __init__(self, folder: Path | None = None) -> None:
        """Keep them in a folder; in the workspace if none is given."""
        self._folder = folder or workspace() / FOLDER
        self._held: OrderedDict[str, Forecast] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, crisis: str, key: str) -> Forecast | None:
        """Return an answer; None if there is none."""
        with self._lock:
            found = self._held.get(key)
            if found is not None:
                self._held.move_to_end(key)
                return found
        found = self._load(self._folder / crisis / f"{key}.json")
        if found is not None:
            self._hold(key, found)
        return found

    def put(self, key: str, made: Forecast) -> None:
        """Keep an answer; a full or closed disk is no error."""
        made = inert(made)
        self._hold(key, made)
        folder = self._folder / made.crisis
        with contextlib.suppress(OSError):
            folder.mkdir(parents=True, exist_ok=True)
            write_whole(folder / f"{key}.json", made.model_dump_json().encode())
            for old in _by_age(folder)[:-ON_DISK]:
                old.unlink(missing_ok=True)

    def latest(self, crisis: str) -> Forecast | None:
        """Return the answer of a crisis that was made last; None if there is none."""
        with self._lock:
            for made in reversed(self._held.values()):
                if made.crisis == crisis:
                    return made
        files = _by_age(self._folder / crisis)
        return self.get(crisis, files[-1].stem) if files else None

    def _hold(self, key: str, made: Forecast) -> None:
        with self._lock:
            self._held[key] = made
            self._held.move_to_end(key)
            while len(self._held) > IN_MEMORY:
                self._held.popitem(last=False)

    @staticmethod
    def _load(path: Path) -> Forecast | None:
        try:
            return Forecast.model_validate_json(path.read_bytes())
        except (OSError, ValidationError):
            return None


def _by_age(folder: Path) -> list[Path]:
    with contextlib.suppress(OSError):
        return sorted(folder.glob("*.json"), key=lambda path: path.stat().st_mtime)
    return []
