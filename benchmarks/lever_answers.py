"""How long the board takes to answer a lever: cold, and answered ahead.

From the request that a press makes to the page with the full answer, followed as the board's script
does; no browser draws it. **Cold**: the page that is left is whole, as it is before a press, and
nothing is answered ahead. **Ahead**: all that is one move away has been answered. **Beside**: the
board is answering others ahead while a lever is pressed that nobody answers ahead.

    python benchmarks/lever_answers.py --out benchmarks/results/lever_answers.json
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import platform
import statistics
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

from board import CRISIS, FOLLOW, Connection, children, resident, served

LEVERS = f"/crises/{CRISIS}/levers"
COLD, AHEAD = 1, 2
"""Seeds: what was answered for one is not kept for the other."""
LONGEST = 1800.0
"""Seconds after which a page that does not come counts as an error."""


def query(options: argparse.Namespace, seed: int, *settings: str) -> str:
    """Return the query of a view; the settings as the board writes them."""
    parts = [f"futures={options.futures}", f"seed={seed}"]
    return "&".join([*parts, *(f"set={quote(one, safe='')}" for one in settings)])


async def whole(port: int, address: str) -> tuple[float, float, int]:
    """Return seconds to the first and to the full answer of a page, and how often it was loaded."""
    connection, events = Connection(port), Connection(port)
    began, first, loads = time.perf_counter(), 0.0, 0
    try:
        while True:
            status, body = await asyncio.wait_for(connection.get(address, packed=False), LONGEST)
            if status != 200:
                raise ValueError(f"{address}: status {status}")
            loads += 1
            now = time.perf_counter() - began
            if not first and b'id="effect-' in body:
                first = now
            found = FOLLOW.search(body)
            if not found:
                return first, now, loads
            if events.reader is None:
                run = found[1].decode().replace("&amp;", "&")
                await events.send(run, accept="text/event-stream", packed=False)
            await asyncio.wait_for(_next_answer(events), LONGEST)
    finally:
        connection.close()
        events.close()


async def _next_answer(events: Connection) -> None:
    assert events.reader is not None
    while line := await events.reader.readline():
        kind = line.strip()
        if kind in (b"event: answer", b"event: done"):
            return
        if kind == b"event: failed":
            break
    raise ValueError("the run failed")


async def pressed(port: int, view: str, setting: str) -> tuple[float, float, int]:
    """Press a button, and go where that leads; figures as `whole`."""
    name, _, value = setting.partition("=")
    slid = value.replace(".", "").isdigit()
    press = f"lever={name}&factor={value}" if slid else f"pull={name}%3D{value}"
    connection = Connection(port)
    began = time.perf_counter()
    status, _ = await connection.get(f"{LEVERS}?{view}&{press}", packed=False)
    connection.close()
    if status != 303:
        raise ValueError(f"{press}: status {status}")
    gone = time.perf_counter() - began
    first, full, loads = await whole(port, f"{LEVERS}?{view}&set={quote(setting, safe='')}")
    return gone + first, gone + full, loads


async def data(port: int, view: str) -> Any:
    connection = Connection(port)
    _, body = await asyncio.wait_for(connection.get(f"{LEVERS}.json?{view}", packed=False), LONGEST)
    connection.close()
    return json.loads(body)


def switches(levers: list[dict[str, Any]], count: int) -> Iterator[str]:
    """Return levers of the page as they are proposed, the first of each kind first.

    Those of what backers say are left out: most of what they propose is so already.
    """
    kinds: dict[str, list[str]] = {}
    for one in levers:
        if one["proposed"] is not None and one["factor"] is None and one["kind"] != "stance":
            word = "true" if one["proposed"] else "false"
            kinds.setdefault(one["kind"], []).append(f"{one['name']}={word}")
    yield from [one for alike in kinds.values() for one in alike[:6]][:count]


async def answered(port: int, view: str, patience: float) -> dict[str, Any]:
    """Follow what is answered ahead to its end; return how long how many take."""
    events = Connection(port)
    began = time.perf_counter()
    await events.send(f"{LEVERS}/ahead?{view}", accept="text/event-stream", packed=False)
    reader = events.reader
    assert reader is not None
    seconds: dict[int, float] = {}
    total = 0
    try:
        while time.perf_counter() - began < patience:
            line = (await asyncio.wait_for(reader.readline(), LONGEST)).strip()
            if line.startswith(b'data: {"step"'):
                event = json.loads(line.removeprefix(b"data: "))
                total = event["total"]
                seconds[event["done"]] = round(time.perf_counter() - began, 1)
            elif line == b"event: done":
                break
            elif line == b"event: failed":
                raise ValueError("answering ahead failed")
    finally:
        events.close()
    most = max(seconds)
    steps = [one for one in (10, 25, 50, 100, 200, most) if one in seconds]
    return {"of": total, "seconds_to_answer": {str(one): seconds[one] for one in steps}}


def told(times: list[tuple[float, float, int]]) -> dict[str, float]:
    """Return medians and worst of seconds to the first and to the full answer."""
    first, full = [one[0] for one in times], [one[1] for one in times]
    return {
        "count": len(times),
        "first_median": round(statistics.median(first), 3),
        "first_worst": round(max(first), 3),
        "full_median": round(statistics.median(full), 3),
        "full_worst": round(max(full), 3),
        "pages_loaded": max(one[2] for one in times),
    }


async def measure(port: int, process: int, options: argparse.Namespace) -> dict[str, Any]:
    cold, ahead = query(options, COLD), query(options, AHEAD)
    levers = (await data(port, cold))["levers"]
    chosen = list(switches(levers, options.switches))
    slid = [f"{one['name']}=0.5" for one in levers if one["factor"]][: options.switches // 2]
    found: dict[str, Any] = {"futures": options.futures, "switches": chosen}
    found["cold_seconds"] = told([await pressed(port, cold, one) for one in chosen])
    print(json.dumps(found["cold_seconds"]), flush=True)
    await data(port, ahead)
    following = asyncio.create_task(
        answered(port, query(options, COLD, chosen[0]), options.patience)
    )
    await asyncio.sleep(2.0)
    found["cold_beside_seconds"] = told([await pressed(port, cold, one) for one in slid])
    following.cancel()
    print(json.dumps(found["cold_beside_seconds"]), flush=True)
    before = resident(process)
    found["ahead"] = await answered(port, ahead, options.patience)
    found["ahead_seconds"] = told([await pressed(port, ahead, one) for one in chosen])
    found["server_mb"] = {"before": round(before, 1), "after": round(resident(process), 1)}
    found["simulating_mb"] = round(sum(resident(one) for one in children(process)), 1)
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--futures", type=int, default=20_000)
    parser.add_argument("--switches", type=int, default=10)
    parser.add_argument("--patience", type=float, default=1200.0, help="seconds to follow at most")
    parser.add_argument("--out", type=Path)
    options = parser.parse_args()
    busy = os.getloadavg()[0]
    with served() as (port, process):
        found = asyncio.run(measure(port, process, options))
    machine = f"{platform.machine()}, {os.cpu_count()} processors"
    text = json.dumps({"machine": machine, "busy_before": round(busy, 2), **found}, indent=2) + "\n"
    if options.out:
        options.out.write_text(text, encoding="utf-8")
    print(text, end="")


if __name__ == "__main__":
    main()
