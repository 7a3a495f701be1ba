"""A stand-in for the process that computes, and forecasts of few futures."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from offramp.board.computing import Task, Telling
from offramp.board.levering import Searching
from offramp.board.worker import CalledOffError, ComputationError
from offramp.forecast.forecasting import Progress

FEW = "futures=150"
FEW_DRAWS, FEW_SEARCHED = 60, 200
"""Conditioning on them is quick."""


class Desk:
    """Computes in this process, and can be held back.

    Attributes:
        done: what was computed, in order.
        called_off: how often a computation was called off.
        gate: closed, it holds computations back.
    """

    def __init__(self, made: Callable[[Any], Any] | None = None) -> None:
        self._made = made
        self.done: list[Any] = []
        self.called_off = 0
        self.gate = threading.Event()
        self.gate.set()
        self.begun = threading.Event()
        self._cancelled = False

    def compute(
        self, function: Callable[[Any, Progress], Any], argument: Any, progress: Progress
    ) -> Any:
        self._cancelled = False
        self.begun.set()

        def told(step: str, done: int, total: int) -> None:
            progress(step, done, total)
            if self._cancelled:
                raise CalledOffError

        while not self.gate.wait(0.01):
            told("held back", 0, 1)
        try:
            if isinstance(argument, Task):
                argument = replace(argument, draws=FEW_DRAWS)
            elif isinstance(argument, Telling):
                argument = replace(argument, draws=FEW_DRAWS, searched=FEW_SEARCHED)
            elif isinstance(argument, Searching):
                few = replace(argument.task, draws=FEW_DRAWS)
                argument = replace(argument, task=few, pairs=FEW_SEARCHED)
            made = self._made(argument) if self._made else function(argument, told)
        except CalledOffError:
            raise
        except Exception as error:
            raise ComputationError(str(error)) from error
        self.done.append(argument)
        return made

    def cancel(self) -> None:
        self._cancelled = True
        self.called_off += 1

    def close(self) -> None:
        self._cancelled = True
        self.gate.set()
