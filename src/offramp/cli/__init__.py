"""The command line: each module registers its commands with the application."""

from offramp.cli import crisis_files, forecasting, history
from offramp.cli.application import app, main

__all__ = ["app", "crisis_files", "forecasting", "history", "main"]
