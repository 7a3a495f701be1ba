"""Readers and movers at the board: errors, how long reads take beside simulations, and memory.

A **reader** keeps one connection open and asks for one thing each two seconds: mostly the page of
the crisis, sometimes the page that a mover is on, a table or a chart; never `304`, each read is
whole. A **mover** drags the as-of day each five seconds, every time with a seed that nobody has
asked for, so that a simulation always runs; it follows the events and loads the page again when
an answer is there, as the board's script does. The client asks for compressed pages and does not
unpack them, for it shares the processors with the server.

    python benchmarks/board.py --minutes 5 --out benchmarks/results/board.json
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import platform
import random
import re
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

CRISIS = "israel-iran-2024-04"
PAGE = f"/crises/{CRISIS}"
DAYS = [date(2024, 4, 2) + timedelta(days=k) for k in range(12)]
READ_EACH, MOVE_EACH = 2.0, 5.0
PATIENCE = 30.0
"""Seconds after which a request counts as an error."""
FOLLOW = re.compile(rb'data-follow="([^"]+)"')
SERVE = "import sys; sys.argv[0] = 'offramp'; from offramp.cli import main; main()"


@dataclass
class Measured:
    """What was measured.

    Attributes:
        reads: seconds that a read took, and whether a simulation ran beside it.
        moves: seconds from a move to its first answer.
        errors: what went wrong.
        memory: seconds since the start, with megabytes of the server and of its processes.
        running: movers that follow a simulation now.
        latest: page that a mover is on.
    """

    reads: list[tuple[float, bool]] = field(default_factory=list)
    moves: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    memory: list[tuple[float, float, float]] = field(default_factory=list)
    running: int = 0
    latest: str = PAGE


class Connection:
    """A connection that is kept."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.reader: asyncio.StreamReader | None = None
        self.writer: asyncio.StreamWriter | None = None

    async def send(self, path: str, accept: str = "text/html", packed: bool = True) -> None:
        if self.writer is None or self.writer.is_closing():
            self.reader, self.writer = await asyncio.open_connection("127.0.0.1", self.port)
        encoding = "gzip" if packed else "identity"
        lines = (
            f"GET {path} HTTP/1.1",
            f"Host: 127.0.0.1:{self.port}",
            f"Accept: {accept}",
            f"Accept-Encoding: {encoding}",
        )
        self.writer.write("\r\n".join([*lines, "", ""]).encode())

    async def get(self, path: str, packed: bool = True) -> tuple[int, bytes]:
        """Return status and body, which is not unpacked."""
        await self.send(path, packed=packed)
        assert self.reader is not None
        status, length = await self.head()
        if length is not None:
            return status, await self.reader.readexactly(length)
        body = bytearray()
        while size := int(await self.reader.readline(), 16):
            body += await self.reader.readexactly(size)
            await self.reader.readline()
        await self.reader.readline()
        return status, bytes(body)

    async def head(self) -> tuple[int, int | None]:
        assert self.reader is not None
        head = (await self.reader.readuntil(b"\r\n\r\n")).lower()
        length = re.search(rb"content-length: (\d+)", head)
        return int(head.split(b" ", 2)[1]), int(length[1]) if length else None

    def close(self) -> None:
        if self.writer is not None:
            self.writer.close()
            self.writer = None


def wanted(chance: float, measured: Measured) -> str:
    if chance < 0.7:
        return PAGE
    if chance < 0.9:
        return measured.latest
    return f"{PAGE}/tables/questions.csv" if chance < 0.95 else f"{PAGE}/charts/timeline.svg"


async def read(port: int, number: int, until: float, measured: Measured) -> None:
    """Read until the end, one thing at a time with pauses."""
    chance = random.Random(number)
    connection = Connection(port)
    await asyncio.sleep(chance.uniform(0, READ_EACH))
    while time.monotonic() < until:
        path, began = wanted(chance.random(), measured), time.perf_counter()
        beside = measured.running > 0
        try:
            status, body = await asyncio.wait_for(connection.get(path), PATIENCE)
            measured.reads.append((time.perf_counter() - began, beside or measured.running > 0))
            if status != 200 or not body:
                measured.errors.append(f"{path}: {status}")
        except (OSError, EOFError, TimeoutError) as error:
            measured.errors.append(f"{path}: {type(error).__name__} {error}")
            connection.close()
        await asyncio.sleep(READ_EACH * chance.uniform(0.75, 1.25))
    connection.close()


async def move(port: int, number: int, until: float, measured: Measured) -> None:
    """Drag the as-of day until the end."""
    chance = random.Random(1000 + number)
    connection = Connection(port)
    seed = 1000 * number
    while time.monotonic() < until:
        seed += 1
        path = f"{PAGE}?as_of={chance.choice(DAYS)}&seed={seed}"
        left = min(MOVE_EACH, until - time.monotonic())
        try:
            with suppress(asyncio.TimeoutError):
                await asyncio.wait_for(moved(connection, path, measured), max(left, 0.1))
        except (OSError, EOFError, ValueError) as error:
            measured.errors.append(f"{path}: {type(error).__name__} {error}")
        connection.close()


async def moved(connection: Connection, path: str, measured: Measured) -> None:
    """Load a page, follow it, and load it again at each answer."""
    began = time.perf_counter()
    first = True
    while True:
        status, body = await connection.get(path, packed=False)
        if status != 200:
            raise ValueError(f"status {status}")
        measured.latest = path
        found = FOLLOW.search(body)
        if not found:
            break
        if not await followed(connection.port, found[1].decode().replace("&amp;", "&"), measured):
            raise ValueError("the run failed")
        if first:
            measured.moves.append(time.perf_counter() - began)
            first = False
    await asyncio.sleep(MOVE_EACH)


async def followed(port: int, path: str, measured: Measured) -> bool:
    """Follow a run up to its next answer; tell whether there is one."""
    events = Connection(port)
    measured.running += 1
    try:
        await events.send(path, accept="text/event-stream", packed=False)
        assert events.reader is not None
        while line := await events.reader.readline():
            kind = line.strip()
            if kind in (b"event: answer", b"event: done"):
                return True
            if kind == b"event: failed":
                return False
        return False
    finally:
        measured.running -= 1
        events.close()


def resident(process: int) -> float:
    """Return resident megabytes of a process."""
    with suppress(OSError):
        text = Path(f"/proc/{process}/status").read_text()
        return int(text.split("VmRSS:")[1].split()[0]) / 1024
    return 0.0


def children(process: int) -> list[int]:
    """Return the processes that threads of a process started."""
    found: list[int] = []
    for path in Path(f"/proc/{process}/task").glob("*/children"):
        with suppress(OSError):
            found += [int(one) for one in path.read_text().split()]
    return found


async def weigh(process: int, until: float, measured: Measured) -> None:
    """Note memory each five seconds."""
    began = time.monotonic()
    while time.monotonic() < until:
        below = sum(resident(one) for one in children(process))
        measured.memory.append((time.monotonic() - began, resident(process), below))
        await asyncio.sleep(5)


async def load(port: int, process: int, options: argparse.Namespace) -> Measured:
    measured = Measured()
    until = time.monotonic() + 60 * options.minutes
    work = [read(port, k, until, measured) for k in range(options.readers)]
    work += [move(port, k, until, measured) for k in range(options.movers)]
    await asyncio.gather(weigh(process, until, measured), *work)
    return measured


async def warmed(port: int) -> dict[str, float]:
    """Load what a first viewer loads; return what weighs how much, in kilobytes as sent."""
    connection = Connection(port)
    await asyncio.wait_for(connection.get(f"{PAGE}.json"), 900)
    _, page = await connection.get(PAGE, packed=False)
    weights = {"page": len((await connection.get(PAGE))[1]) / 1000}
    for address in sorted(set(re.findall(r'"(/static/[^"]+)"', page.decode()))):
        name = address.removeprefix("/static/").split("?")[0]
        weights[name] = len((await connection.get(address))[1]) / 1000
    connection.close()
    return weights | {"all": sum(weights.values())}


def painted(port: int) -> dict[str, float]:
    """Return milliseconds to the first paint of text in Chromium, from a cold and a warm cache."""
    from playwright.sync_api import sync_playwright  # of the extra `test`

    sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "board"))
    from browser import ARGUMENTS, chromium

    script = "performance.getEntriesByName('first-contentful-paint')[0].startTime"
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=chromium(), args=ARGUMENTS)
        page = browser.new_page()
        found = []
        for _ in range(6):
            page.goto(f"http://127.0.0.1:{port}{PAGE}")
            page.wait_for_function("() => performance.getEntriesByType('paint').length > 1")
            found.append(float(page.evaluate(script)))
        browser.close()
    return {"first": found[0], "again_median": statistics.median(found[1:])}


def quantiles(seconds: list[float]) -> dict[str, float]:
    """Return quantiles in milliseconds."""
    ordered = sorted(seconds)
    if not ordered:
        return {"count": 0}
    at = {f"p{q}": ordered[min(len(ordered) * q // 100, len(ordered) - 1)] for q in (50, 95, 99)}
    times = {name: round(1000 * one, 1) for name, one in (at | {"most": ordered[-1]}).items()}
    return {"count": len(ordered), **times}


def summary(measured: Measured, weights: dict[str, float]) -> dict[str, Any]:
    beside = [one for one, running in measured.reads if running]
    rows = measured.memory
    third = max(len(rows) // 3, 1)
    return {
        "machine": f"{platform.machine()}, {os.cpu_count()} processors",
        "busy_before": os.getloadavg()[0],
        "reads_ms": quantiles([one for one, _ in measured.reads]),
        "reads_beside_a_simulation_ms": quantiles(beside),
        "first_answer_after_a_move_ms": quantiles(measured.moves),
        "errors": len(measured.errors),
        "kinds_of_errors": sorted(set(measured.errors))[:10],
        "memory_mb": {
            "server": {
                "second_third": round(max(one[1] for one in rows[third : 2 * third] or rows), 1),
                "last_third": round(max(one[1] for one in rows[2 * third :] or rows), 1),
            },
            "simulating": {
                "second_third": round(max(one[2] for one in rows[third : 2 * third] or rows), 1),
                "last_third": round(max(one[2] for one in rows[2 * third :] or rows), 1),
            },
        },
        "weight_kb": {name: round(one, 1) for name, one in weights.items()},
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--minutes", type=float, default=5.0)
    parser.add_argument("--readers", type=int, default=50)
    parser.add_argument("--movers", type=int, default=5)
    parser.add_argument("--out", type=Path)
    options = parser.parse_args()
    with served() as (port, process):
        found = measure(port, process, options)
    text = json.dumps(found, indent=2) + "\n"
    if options.out:
        options.out.write_text(text, encoding="utf-8")
    print(text, end="")


@contextmanager
def served() -> Iterator[tuple[int, int]]:
    """Serve the board from a workspace of its own; give its port and its process."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = int(listener.getsockname()[1])
    command = [sys.executable, "-c", SERVE, "board", CRISIS, "--no-open", "--port", str(port)]
    with tempfile.TemporaryDirectory() as home:
        process = subprocess.Popen(command, env=os.environ | {"OFFRAMP_HOME": home})
        try:
            for _ in range(600):
                with suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
                    break
                time.sleep(0.1)
            yield port, process.pid
        finally:
            process.terminate()
            process.wait(20)


def measure(port: int, process: int, options: argparse.Namespace) -> dict[str, Any]:
    weights = asyncio.run(warmed(port))
    try:
        paint = painted(port)
    except ImportError:
        paint = {}
    before = os.getloadavg()[0]
    found = summary(asyncio.run(load(port, process, options)), weights)
    found["busy_before"] = round(before, 2)
    asked = {"minutes": options.minutes, "readers": options.readers, "movers": options.movers}
    return {**asked, **found, "first_contentful_paint_ms": paint}


if __name__ == "__main__":
    main()
