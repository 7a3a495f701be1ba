"""The workspace: the directory in which Offramp keeps what a user adds or makes on this machine."""

from __future__ import annotations

import os
from pathlib import Path

VARIABLE = "OFFRAMP_HOME"

DECISION_POINTS = Path("history") / "decision_points.npz"
"""Where in the workspace decision points made from the added datasets are kept."""


def workspace() -> Path:
    """Return the workspace, which need not exist yet.

    It is ``OFFRAMP_HOME`` if that is set, else ``offramp`` in the user's directory for data: on
    Windows ``LOCALAPPDATA``, elsewhere ``XDG_DATA_HOME``, by default ``~/.local/share``.
    """
    chosen = os.environ.get(VARIABLE)
    if chosen:
        return Path(chosen).expanduser()
    data = os.environ.get("LOCALAPPDATA" if os.name == "nt" else "XDG_DATA_HOME")
    return (Path(data) if data else Path.home() / ".local" / "share") / "offramp"
