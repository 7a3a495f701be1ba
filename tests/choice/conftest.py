"""Compiled code is slow the first time it is called, so no example has a deadline."""

from __future__ import annotations

from hypothesis import settings

settings.register_profile("compiled", deadline=None)
settings.load_profile("compiled")
