"""A process beside the server in which simulations run, one at a time.

Numpy and the interpreter's lock would make readers wait if they ran in a thread; a process of
lower priority leaves them theirs, and one that hangs can be ended.
"""

from __future__ import annotations

import contextlib
import ctypes
import multiprocessing
import os
import signal
import threading
from collections.abc import Callable
from multiprocessing.connection import Connection
from typing import Any

from offramp.forecast.forecasting import Progress

NICENESS = 10
PATIENCE = 5.0
"""Seconds that a cancelled computation has to notice, before its process is ended."""

Function = Callable[[Any, Progress], Any]


class CalledOffError(Exception):
    """The computation was called off."""


class ComputationError(RuntimeError):
    """The computation ended with an error, whose message this is."""


class Worker:
    """A process that computes on demand."""

    def __init__(self) -> None:
        """Start the process; it is ready when it has imported what it needs."""
        self._context = multiprocessing.get_context("spawn")
        self._lock = threading.Lock()
        self._number = 0
        self._closed = False
        # Only this process writes it, so it needs no lock, which a killed board would leave behind.
        self._called_off: ctypes.c_longlong = self._context.Value("q", 0, lock=False)
        self._start()

    def _start(self) -> None:
        self._connection, other = self._context.Pipe()
        self._process = self._context.Process(
            target=_serve, args=(other, self._called_off), daemon=True
        )
        self._process.start()
        other.close()

    def compute(self, function: Function, argument: Any, progress: Progress) -> Any:
        """Return what *function* makes of *argument*; blocks.

        Args:
            function: of a module, so that the process finds it.
            argument: for it.
            progress: told how far it is.

        Raises:
            CalledOffError: it was called off.
            ComputationError: it raised an error, or the process died.
        """
        with self._lock:
            self._number += 1
            number = self._number
            try:
                self._connection.send((number, function, argument))
                return self._await(number, progress)
            except (EOFError, OSError):
                called_off = self._called_off.value >= number
                if not self._closed:
                    self._end()
                    self._start()
                if called_off:
                    raise CalledOffError from None
                raise ComputationError(
                    "the process that simulates stopped; it was started again"
                ) from None

    def _await(self, number: int, progress: Progress) -> Any:
        waited = 0.0
        while True:
            while not self._connection.poll(0.25):
                waited = waited + 0.25 if self._called_off.value >= number else 0.0
                if waited > PATIENCE:
                    self._process.kill()
            kind, given = self._connection.recv()
            if kind == "progress":
                progress(*given)
            elif kind == "made":
                return given
            elif kind == "cancelled":
                raise CalledOffError
            else:
                raise ComputationError(given)

    def cancel(self) -> None:
        """Call off what is being computed."""
        self._called_off.value = self._number

    def close(self) -> None:
        """End the process for good."""
        self._closed = True
        self.cancel()
        self._end()

    def _end(self) -> None:
        self._process.kill()
        self._process.join()
        self._connection.close()


def _serve(connection: Connection, called_off: ctypes.c_longlong) -> None:
    """Compute what comes over the connection, until it closes."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # an interrupt is for the server
    with contextlib.suppress(OSError, AttributeError):
        os.nice(NICENESS)
    while True:
        try:
            number, function, argument = connection.recv()
        except (EOFError, OSError):
            return

        def progress(step: str, done: int, total: int, number: int = number) -> None:
            if called_off.value >= number:
                raise CalledOffError
            connection.send(("progress", (step, done, total)))

        try:
            answer = ("made", function(argument, progress))
        except CalledOffError:
            answer = ("cancelled", None)
        except Exception as error:  # whatever it is, the page says so
            answer = ("failed", f"{type(error).__name__}: {error}")
        try:
            connection.send(answer)
        except OSError:
            return
