"""The small crisis of the engine's tests serves here too; so does compiled code, slow at first."""

from __future__ import annotations

import sys
from pathlib import Path

from hypothesis import settings

sys.path.insert(0, str(Path(__file__).parents[1] / "engine"))

settings.register_profile("compiled", deadline=None)
settings.load_profile("compiled")
