"""How the board looks and reads: widths, light and dark, print, names, order and tables."""

from __future__ import annotations

import json
import os
import signal
import time
import urllib.request
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from browser import COMMAND, Server, serving, violations, watching
from test_browser import FEW, MAIN, WAIT, finished

from border import ACT, CRISIS
from offramp.crisis.whole import read_whole

PAGES = (
    MAIN,
    f"/crises/hanish-1995/futures?{FEW}&level=verbal",
    "/crises",
    "/crises/nowhere",
    "/crises/border/add",
    "/crises/border/add/act",
    "/crises/border/add/statement",
    "/crises/border/add/written?id=nothing",
)


@pytest.mark.parametrize(("width", "scheme"), [(360, "light"), (2560, "dark")])
def test_pages_fit_and_axe_finds_nothing(
    browser: Any, server: Server, width: int, scheme: str
) -> None:
    options = {"viewport": {"width": width, "height": 900}, "color_scheme": scheme}
    with watching(browser, server.url, **options) as watched:
        page = watched.page
        for address in PAGES:
            page.goto(address, timeout=WAIT)
            if address == MAIN:
                finished(page)
                page.evaluate("document.querySelectorAll('details').forEach(it => it.open = true)")
            assert page.evaluate("document.documentElement.scrollWidth") <= width, address
            assert violations(page) == [], address
        ink, paper = page.evaluate(
            "[document.body, document.documentElement].map((one, k) =>"
            " getComputedStyle(one)[k ? 'backgroundColor' : 'color'])"
        )
        assert (brightness(paper) > brightness(ink)) == (scheme == "light")


def brightness(colour: str) -> float:
    """Return the sum of the channels of a colour as the browser writes it."""
    numbers = colour[colour.index("(") + 1 : -1].replace(",", " ").split()
    return sum(float(one) for one in numbers[:3] if one.replace(".", "").isdigit())


STRUCTURE = """() => {
  const text = (one) => one.textContent.trim();
  const all = (what, root = document) => [...root.querySelectorAll(what)];
  const named = (one) => one.getAttribute("aria-label")
    || (one.getAttribute("aria-labelledby") || "").split(" ")
      .map((id) => document.getElementById(id)?.textContent.trim()).join(" ");
  return {
    language: document.documentElement.lang,
    headings: all("h1, h2, h3, h4").map((one) => Number(one.tagName[1])),
    places: all(".sections a").map((one) => one.getAttribute("href").slice(1)),
    sections: all("main section[id]").map((one) => one.id),
    landmarks: all("nav, main section, [role=region]").map(named),
    once: ["main", "body > header", "footer"].map((one) => all(one).length),
    drawings: all("svg:not([aria-hidden], svg svg)").map((one) => [
      one.getAttribute("role"), named(one) || text(one.querySelector("title") ?? one.parentElement),
      one.outerHTML.slice(0, 200)]),
    tables: all("table").map((one) => [
      all("thead th[scope=col]", one).length, all("tbody tr", one).length,
      all("tbody tr", one).filter((row) => row.querySelector("th[scope=row]")).length]),
    charts: all("figure").map((one) => [all("svg[role]", one).length, all("table", one).length]),
    fields: all("input:not([type=hidden]), select, textarea").map((one) => one.labels?.length
      || Number(Boolean(one.ariaLabel))),
    colours: all("[style]").length,
  };
}"""


def test_names_roles_order_and_tables(browser: Any, server: Server) -> None:
    with watching(browser, server.url) as watched:
        page = watched.page
        page.goto(MAIN)
        finished(page)
        found = page.evaluate(STRUCTURE)
        tree = page.locator("form.asof").aria_snapshot()
        settled = page.locator("#announce")
        assert settled.get_attribute("role") == "status"
    assert found["language"] == "en"
    assert found["once"] == [1, 1, 1]
    levels = found["headings"]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))
    assert found["places"] == found["sections"]
    assert len(found["places"]) >= 8
    assert all(found["landmarks"])
    assert [one for one in found["drawings"] if not all(one)] == []
    assert len(found["drawings"]) > 10
    assert all(heads and rows == named > 0 for heads, rows, named in found["tables"])
    assert len(found["tables"]) > 5
    assert all(tables for drawings, tables in found["charts"] if drawings)
    assert all(found["fields"])
    assert found["colours"] == 0
    assert "slider" in tree


def test_in_print_nothing_is_left_of_the_screen(browser: Any, server: Server) -> None:
    with watching(browser, server.url) as watched:
        page = watched.page
        page.goto(MAIN)
        finished(page)
        page.emulate_media(media="print")
        hidden = "nav, .skip, .theme, form.asof, form.exact, button, .downloads, .status, .foot"
        seen = page.locator(hidden).evaluate_all(
            "all => all.filter(one => one.getClientRects().length).map(one => one.outerHTML)"
        )
        assert seen == []
        for kept in ("h1", "#answers article", "#timeline-chart svg", "#facts li", "#ties svg"):
            assert page.locator(kept).first.is_visible(), kept
        paper = page.evaluate("getComputedStyle(document.documentElement).backgroundColor")
        assert paper in ("rgba(0, 0, 0, 0)", "rgb(255, 255, 255)")
        made = page.pdf(format="A4")
        assert made.startswith(b"%PDF")
        assert 2 <= made.count(b"/Type /Page\n") + made.count(b"/Type /Page ") <= 15


def test_the_theme_is_chosen_and_kept(browser: Any, server: Server) -> None:
    with watching(browser, server.url, color_scheme="light") as watched:
        page = watched.page
        page.goto("/crises")
        page.get_by_role("button", name="Dark").click()
        assert page.url.endswith("/crises")
        dark = page.get_by_role("button", name="Dark")
        assert dark.get_attribute("aria-pressed") == "true"
        page.goto("/crises/border/add/act")
        paper = page.evaluate("getComputedStyle(document.documentElement).backgroundColor")
        assert brightness(paper) < 200


def post(url: str, typed: dict[str, str]) -> Any:
    headers = {"Content-Type": "application/json", "Accept": "application/json"}
    content = json.dumps(typed).encode()
    return urllib.request.urlopen(urllib.request.Request(url, content, headers))


def test_killed_while_it_computes_it_keeps_what_was_accepted_and_the_page_says_so(
    browser: Any, tmp_path: Path
) -> None:
    """The board is killed after a fact was accepted, while a page follows a long computation."""
    path = tmp_path / "border.yaml"
    path.write_text(CRISIS)
    command = ["-c", COMMAND, "board", str(path), "--no-open", "--port", "{port}"]
    with serving(command, tmp_path) as server:
        form = f"{server.url}/crises/border/add/act"
        asked = urllib.request.Request(form, headers={"Accept": "application/json"})
        version = json.load(urllib.request.urlopen(asked))["version"]
        added = json.load(post(form, ACT | {"version": version}))
        context = browser.new_context(base_url=server.url)
        page = context.new_page()
        page.goto("/crises/border?futures=200000")
        page.wait_for_function(
            "() => document.querySelector('[data-progress]').value > 0", timeout=WAIT
        )
        workers = children(server.process.pid)
        os.kill(server.process.pid, signal.SIGKILL)
        page.get_by_text("The board does not answer").wait_for()
        assert page.locator("#facts").get_by_text(ACT["text"]).count() == 1
        context.close()
        assert workers
        deadline = time.monotonic() + 30
        while any(alive(one) for one in workers) and time.monotonic() < deadline:
            time.sleep(0.1)
        assert not any(alive(one) for one in workers)
    assert [one.id for one in read_whole(path).timeline] == added["written"]


def children(process: int) -> list[int]:
    """Return the processes that threads of a process started."""
    if not Path("/proc/self/task").is_dir():
        pytest.skip("processes are told by /proc")
    found = Path(f"/proc/{process}/task").glob("*/children")
    return [int(one) for path in found for one in path.read_text().split()]


def alive(process: int) -> bool:
    return Path(f"/proc/{process}").is_dir()
