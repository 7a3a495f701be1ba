"""Connections that say nothing: given up after a while.

uvicorn closes a connection that is idle after a response (`timeout_keep_alive`) and bounds the
size of headers (`h11_max_incomplete_event_size`), but waits forever for the first request of a
connection, and for headers that come byte by byte. Its `limit_concurrency` would count such
connections and then refuse everybody. Here a clock runs whenever a request's headers are awaited.
"""

from __future__ import annotations

import asyncio

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

HEADER_SECONDS = 10.0
"""Longest that a client may take to send the headers of a request, from its first byte on or, of
the first request of a connection, from the start."""


class TimedProtocol(H11Protocol):
    """HTTP/1.1 as uvicorn speaks it, with a limit on the time that headers may take.

    For `uvicorn.Config(http=TimedProtocol)`.
    """

    _clock: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Start the clock for the first request."""
        super().connection_made(transport)
        self._await_headers()

    def data_received(self, data: bytes) -> None:
        """Stop the clock when the headers are whole; start it when they have begun."""
        super().data_received(data)
        if self.conn.their_state is not h11.IDLE:
            self._stop()
        elif self._clock is None:
            self._await_headers()

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop the clock."""
        self._stop()
        super().connection_lost(exc)

    def _await_headers(self) -> None:
        self._clock = self.loop.call_later(HEADER_SECONDS, self._give_up)

    def _give_up(self) -> None:
        self._clock = None
        if self.conn.their_state is h11.IDLE and not self.transport.is_closing():
            self.transport.close()

    def _stop(self) -> None:
        if self._clock is not None:
            self._clock.cancel()
            self._clock = None
