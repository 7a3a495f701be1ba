"""A real browser, and a real server for it to talk to."""

from __future__ import annotations

import http.client
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
COMMAND = "from offramp.cli import main; main()"
STARTING_SECONDS = 120.0
"""A first start compiles."""


def chromium() -> str:
    """Return the browser that is installed; skips where there is none."""
    for name in NAMES:
        found = shutil.which(name)
        if found:
            return found
    pytest.skip("no Chromium: `make chromium` installs it")


@contextmanager
def browsing() -> Iterator[Any]:
    """Run the browser.

    While it runs, no other event loop can run in this thread.
    """
    path = chromium()
    playwright = pytest.importorskip("playwright.sync_api")
    with playwright.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=path, args=ARGUMENTS)
        try:
            yield browser
        finally:
            browser.close()


@dataclass
class Watched:
    """A page, and what went wrong in it.

    Attributes:
        page: Playwright's page.
        errors: what the console and scripts complain of, violations of the policy among it.
        strayed: addresses outside this machine that it asked for.
    """

    page: Any
    errors: list[str] = field(default_factory=list)
    strayed: list[str] = field(default_factory=list)


@contextmanager
def watching(browser: Any, url: str, **options: Any) -> Iterator[Watched]:
    """Open a page that may talk to one server only; it must not have complained at the end."""
    context = browser.new_context(base_url=url, **options)
    watched = Watched(context.new_page())

    def stray(route: Any) -> None:
        if route.request.url.startswith((url, "data:")):
            route.continue_()
        else:
            watched.strayed.append(route.request.url)
            route.abort()

    def note(message: Any) -> None:
        # A refused form is the answer to a form, not a fault of the page.
        if message.type in ("error", "warning") and "status of 4" not in message.text:
            watched.errors.append(message.text)

    context.route("**/*", stray)
    watched.page.on("console", note)
    watched.page.on("pageerror", lambda error: watched.errors.append(str(error)))
    try:
        yield watched
    finally:
        context.close()
    assert watched.errors == [], watched.errors
    assert watched.strayed == [], watched.strayed


@dataclass(frozen=True)
class Server:
    """A server in a process of its own.

    Attributes:
        port: at which it answers.
        process: to measure or kill it.
        home: its workspace.
    """

    port: int
    process: subprocess.Popen[bytes]
    home: Path

    @property
    def url(self) -> str:
        """Where it answers."""
        return f"http://127.0.0.1:{self.port}"


@contextmanager
def serving(command: Sequence[str], home: Path, ready: str = "/") -> Iterator[Server]:
    """Start a server on a free port, and end it.

    Args:
        command: arguments of this Python; ``{port}`` in them is replaced.
        home: its workspace.
        ready: a path that it answers once it is up.
    """
    port = free_port()
    arguments = [argument.replace("{port}", str(port)) for argument in command]
    environment = os.environ | {"OFFRAMP_HOME": str(home)}
    log = home / "server.log"
    with log.open("wb") as out:
        process = subprocess.Popen(
            [sys.executable, *arguments], stdout=out, stderr=out, env=environment
        )
        try:
            _await(process, port, ready, log)
            yield Server(port, process, home)
        finally:
            process.terminate()
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def free_port() -> int:
    """Return a port at which nothing listens."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


def _await(process: subprocess.Popen[bytes], port: int, path: str, log: Path) -> None:
    deadline = time.monotonic() + STARTING_SECONDS
    while process.poll() is None and time.monotonic() < deadline:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=STARTING_SECONDS)
        try:
            connection.request("GET", path)
            if connection.getresponse().status < 500:
                return
        except OSError:
            time.sleep(0.05)
        finally:
            connection.close()
    raise AssertionError(f"the server did not start:\n{log.read_text(errors='replace')}")


def violations(page: Any) -> list[str]:
    """Return what axe finds wrong with a page."""
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    found = axe.run(page).response["violations"]
    return [
        f"{one['id']}: {one['help']}: {node['html'][:200]}"
        for one in found
        for node in one["nodes"]
    ]
