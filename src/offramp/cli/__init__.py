"""The command line: each module registers its commands with the application."""

from offramp.cli import (
    asking,
    board,
    crisis_files,
    datasets,
    explaining,
    forecasting,
    history,
    judgements,
    ledger,
    levers,
    library,
    precedents,
    reading,
    scoring,
)
from offramp.cli.application import app, main

__all__ = [
    "app",
    "asking",
    "board",
    "crisis_files",
    "datasets",
    "explaining",
    "forecasting",
    "history",
    "judgements",
    "ledger",
    "levers",
    "library",
    "main",
    "precedents",
    "reading",
    "scoring",
]
