"""What is answered ahead, as it is used: a press shows its full answer though nothing computes."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from browser import Server, Watched, violations, watching

LEVERS = "/crises/hanish-1995/levers"
FEW, MANY = f"{LEVERS}?futures=150&seed=5", f"{LEVERS}?futures=20000&seed=5"
WAIT = 60_000
"""Milliseconds that answers may take on a busy machine."""


@pytest.fixture
def watched(browser: Any, server: Server) -> Iterator[Watched]:
    with watching(browser, server.url, viewport={"width": 1280, "height": 900}) as watched:
        yield watched


def simulating(server: Server) -> int:
    """Return the number of the process that computes."""
    for path in Path(f"/proc/{server.process.pid}/task").glob("*/children"):
        for child in path.read_text().split():
            if b"spawn_main" in Path(f"/proc/{child}/cmdline").read_bytes():
                return int(child)
    raise AssertionError("nothing computes")


@contextmanager
def stopped(process: int) -> Iterator[None]:
    os.kill(process, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(process, signal.SIGCONT)


def worked(process: int) -> int:
    """Return the processor time that a process has taken, in ticks."""
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return int(fields[11]) + int(fields[12])


def test_a_press_shows_its_full_answer_while_nothing_computes(
    watched: Watched, server: Server
) -> None:
    page, asked = watched.page, []
    page.goto(FEW)
    told = page.locator("[data-told]")
    place = told.bounding_box()
    page.wait_for_selector("#status[data-ahead]", timeout=WAIT)
    page.get_by_text("next choices answered ahead.").wait_for(timeout=WAIT)
    assert told.bounding_box() == place
    page.wait_for_function(
        "() => /^(\\d+) of \\1 next/.test(document.querySelector('[data-told]').textContent)",
        timeout=WAIT,
    )
    assert page.locator("[aria-live] [data-told], [role=status] [data-told]").count() == 0
    assert violations(page) == []
    page.on("request", lambda one: asked.append(one.url))
    with stopped(simulating(server)):
        before = page.locator("#effects").inner_text()
        page.locator("#choose button[aria-label^='yes: YEM says']").first.click()
        page.wait_for_url("**set=YEM.concludes**", timeout=WAIT)
        page.wait_for_selector("#choose button[aria-pressed=true]", timeout=WAIT)
        assert "150 pairs of futures" in page.locator("#status").inner_text()
        assert page.locator("progress, [aria-busy], .pending").count() == 0
        assert page.locator("#effects").inner_text() != before
        assert not [one for one in asked if "/progress" in one]
    effects = page.request.get(page.url.replace("/levers?", "/levers.json?")).json()["pulled"]
    assert page.locator("#effects li").count() == len(effects["effects"])


def test_what_is_wanted_is_followed_before_what_is_ahead_is_left(watched: Watched) -> None:
    """Else what is in hand would be called off, though it is the very thing that is wanted."""
    page = watched.page
    page.goto(MANY)
    page.get_by_text("next choices answered ahead.").wait_for(timeout=2 * WAIT)
    heard: list[str] = []
    page.on("response", lambda one: heard.append(urlsplit(one.url).path))
    page.on("requestfailed", lambda one: heard.append(f"left {urlsplit(one.url).path}"))
    slider = page.locator("#choose form.slider input[type=range]").first
    slider.evaluate("one => { one.value = 0.7; one.form.requestSubmit(); }")
    page.wait_for_url("**set=**")
    page.wait_for_selector("#status[data-ahead]", timeout=WAIT)
    assert heard.index(f"{LEVERS}/progress") < heard.index(f"left {LEVERS}/ahead")
    # From the first answer to the full one too: the run goes on, and is not called off between.
    assert heard.count(f"{LEVERS}/progress") == 1


def test_a_page_that_is_not_seen_has_nothing_answered_ahead(
    watched: Watched, server: Server
) -> None:
    page, process = watched.page, simulating(server)
    page.goto(MANY)
    page.wait_for_selector("#status[data-ahead]", timeout=2 * WAIT)
    page.get_by_text("next choices answered ahead.").wait_for(timeout=WAIT)
    seen = "Object.defineProperty(document, 'hidden', {value: %s, configurable: true});"
    changed = "document.dispatchEvent(new Event('visibilitychange'))"
    page.evaluate(seen % "true" + changed)

    def wait_until_it_works(wanted: bool) -> None:
        until = time.monotonic() + 30
        works = not wanted
        while works is not wanted:
            assert time.monotonic() < until
            before = worked(process)
            page.wait_for_timeout(500)  # not `sleep`: the browser asks through this process
            works = worked(process) > before

    wait_until_it_works(False)
    done, _, total, *_ = page.locator("[data-told]").inner_text().split()
    assert int(done) < int(total)
    with page.expect_request("**/levers/ahead?**"):
        page.evaluate(seen % "false" + changed)
    wait_until_it_works(True)
    page.goto("about:blank")
    wait_until_it_works(False)
