"""The board as it is used: the real command, in a real browser."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from attacks import HOSTILE
from browser import Server, Watched, violations, watching
from test_record import contents

from border import ACT, CRISIS, STORY
from offramp.ledger.database import open_ledger

FEW = "futures=150"
MAIN = f"/crises/hanish-1995?{FEW}"
WAIT = 60_000
"""Milliseconds that a forecast may take on a busy machine."""


@pytest.fixture(scope="module")
def watched(browser: Any, server: Server) -> Iterator[Watched]:
    """One window that all tests look through, so that nothing in it goes wrong in any."""
    with watching(browser, server.url, viewport={"width": 1280, "height": 900}) as watched:
        yield watched


@pytest.fixture
def page(watched: Watched) -> Any:
    return watched.page


def finished(page: Any) -> None:
    """Wait until the page shows its full answer."""
    page.wait_for_selector("#status:not([data-follow])", timeout=WAIT)


def data(page: Any, address: str) -> Any:
    """Return what the page of an address is as JSON."""
    return page.request.get(address, headers={"Accept": "application/json"}).json()


def as_told(page: Any) -> bool:
    """Whether the cards show the probabilities of the same address as JSON, rounded."""
    found = data(page, page.url)["forecast"]["answers"]
    headlines = [one for one in found if one["headline"]] or found
    wanted = [one["probability"] for one in headlines]
    shown = page.locator("#answers .cards .figure b").all_inner_texts()
    numbers = [float(re.sub(r"[^\d.]", "", one)) / 100 for one in shown]
    assert len(numbers) > 0
    assert numbers == pytest.approx(wanted, abs=0.01)
    return True


def test_first_the_facts_then_the_answer_without_a_second_load(page: Any) -> None:
    events: list[str] = []
    page.on("request", lambda one: events.append(one.url) if "/progress" in one.url else None)
    page.goto(MAIN)
    assert page.locator("#answers .pending").count() > 1
    assert page.locator("#answers").get_attribute("aria-busy") == "true"
    assert page.locator("#facts li").count() > 3
    assert page.locator("#timeline-chart svg").count() == 1
    page.evaluate("window.loaded = 'once'")
    finished(page)
    assert page.evaluate("window.loaded") == "once"
    assert len(events) <= 2  # one for the answer, one for what to watch
    assert page.locator(".pending, progress, [aria-busy]").count() == 0
    assert "150 futures" in page.locator("#announce").inner_text()
    assert as_told(page)


def test_the_day_is_dragged_with_the_keyboard(page: Any) -> None:
    page.goto(MAIN)
    finished(page)
    last = date.fromisoformat(data(page, MAIN)["view"]["as_of"])
    slider = page.get_by_role("slider", name="As of")
    slider.focus()
    for _ in range(3):
        page.keyboard.press("ArrowLeft")
    page.wait_for_url("**as_of=**")
    chosen = last - timedelta(days=3)
    assert f"as_of={chosen}" in page.url
    page.wait_for_selector(f"#head time[datetime='{chosen}']", timeout=WAIT)
    finished(page)
    told = f"{chosen.day} {chosen:%B} {chosen.year}"
    assert slider.get_attribute("aria-valuetext") == told
    assert told in page.locator("[data-day]").inner_text()
    assert page.evaluate("document.activeElement.id") == "day"
    found = data(page, page.url)
    assert found["forecast"]["as_of"] == str(chosen)
    assert page.locator("#facts li").count() == len(found["facts"])
    assert found["view"]["command"] in page.locator("#again code").first.inner_text()


def test_the_day_is_dragged_with_the_pointer(page: Any) -> None:
    page.goto(MAIN)
    finished(page)
    slider = page.locator("#day")
    slider.scroll_into_view_if_needed()
    box = slider.bounding_box()
    days = int(slider.get_attribute("max"))
    middle = box["y"] + box["height"] / 2
    page.mouse.move(box["x"] + box["width"] - 8, middle)
    page.mouse.down()
    page.mouse.move(box["x"] + 0.9 * box["width"], middle, steps=4)
    page.mouse.up()
    page.wait_for_url("**as_of=**")
    first = date.fromisoformat(page.locator("form.asof").get_attribute("data-first"))
    chosen = date.fromisoformat(re.search(r"as_of=([\d-]+)", page.url)[1])  # type: ignore[index]
    assert (chosen - first).days == pytest.approx(0.9 * days, abs=0.03 * days + 1)
    page.wait_for_selector(f"#head time[datetime='{chosen}']", timeout=WAIT)
    facts = [date.fromisoformat(one["known"]) for one in data(page, page.url)["facts"]]
    assert max(facts) <= chosen
    assert page.locator("#facts li").count() == len(facts)


def test_settings_come_from_the_address(page: Any) -> None:
    address = f"{MAIN}&seed=3&set=ERI.threatens%3AYEM%3Dtrue"
    page.goto(address)
    assert page.locator("#answers .set code").all_inner_texts() == ["ERI.threatens:YEM=true"]
    finished(page)
    found = data(page, address)
    assert found["view"]["settings"] == ["ERI.threatens:YEM=true"]
    assert as_told(page)
    page.get_by_role("link", name="Take back ERI.threatens:YEM=true").click()
    page.wait_for_url(lambda url: "threatens" not in url)
    assert "seed=3" in page.url


def test_the_focus_stays_where_it_was_when_an_answer_arrives(page: Any) -> None:
    page.goto(f"{MAIN}&seed=9")
    page.get_by_role("link", name="Facts as CSV").focus()
    page.evaluate("document.getElementById('facts').append(document.createElement('i'))")
    finished(page)
    assert page.evaluate("document.activeElement.textContent") == "Facts as CSV"
    assert page.locator("#facts i").count() == 0


def test_a_fact_is_added_and_the_page_shows_it(page: Any, path: Path) -> None:
    path.write_text(CRISIS)
    page.goto(f"/crises/border?{FEW}")
    assert ACT["text"] not in page.locator("main").inner_text()
    page.locator("nav").get_by_role("link", name="Add facts").click()
    page.get_by_role("link", name="An act").click()
    for name in ("day", "known", "text"):
        page.locator(f"#field-{name}").fill(ACT.get(name, "2031-03-13"))
    for name in ("actor", "target", "front", "level", "source"):
        page.locator(f"#field-{name}").select_option(ACT[name])
    page.get_by_role("button", name="Add to the crisis").click()
    page.wait_for_url("**/written?**")
    page.goto(f"/crises/border?{FEW}")
    assert ACT["text"] in page.locator("#facts").inner_text()
    assert page.locator("#timeline-chart").get_by_text(ACT["text"]).count() == 1
    finished(page)
    assert as_told(page)


def test_an_article_is_pasted_and_one_proposal_of_it_is_shown(page: Any, path: Path) -> None:
    path.write_text(CRISIS)
    page.goto("/crises/border/add")
    page.get_by_label("The article").fill(STORY)
    page.get_by_label("Its day").fill("2031-03-13")
    page.get_by_role("button", name="Read it").click()
    proposals = page.locator("article.proposal")
    assert proposals.count() > 1
    for one in proposals.all():
        kept = "IND → PAK, limited" in one.inner_text()
        one.get_by_label("Accept" if kept else "Drop", exact=True).check()
    page.get_by_role("button", name="Write what is accepted").click()
    page.wait_for_url("**/written?**")
    page.goto(f"/crises/border?{FEW}&as_of=2031-03-14")
    (fact,) = page.locator("#facts li").all_inner_texts()
    assert "India bombed a camp" in fact
    assert "limited" in fact


def test_answers_are_logged_by_a_press_and_the_next_day_is_held_against_them(
    page: Any, path: Path
) -> None:
    path.write_text(CRISIS)
    page.goto(f"/crises/border?{FEW}")
    finished(page)
    page.get_by_role("button", name="Log these answers").click()
    page.wait_for_url("**#log")
    assert "recorded on" in page.locator("#log").inner_text()
    assert page.get_by_role("button", name="Log these answers").count() == 0
    page.goto(f"/crises/border?{FEW}&as_of=2031-03-14")
    finished(page)
    assert "since it was logged as of 13 Mar" in page.locator("#answers").inner_text()
    assert page.locator("#answers .spark circle").count() == 2


@pytest.mark.parametrize("how", ["pointer", "keyboard"])
def test_a_point_of_the_diagram_leads_to_its_questions(page: Any, server: Server, how: str) -> None:
    ledger = open_ledger(str(server.home / "ledger.sqlite"))
    ledger.append(lambda held: [] if any("alpha" in one.content for one in held) else contents())
    page.goto("/record")
    point = page.locator("svg.chart a").last
    counted = re.search(r"(\d+) forecasts", point.get_attribute("aria-label"))
    if how == "pointer":
        point.click()
    else:
        point.focus()
        page.keyboard.press("Enter")
    page.wait_for_url("**/record?bin=2#bin")
    rows = page.locator("#bin tbody tr")
    assert rows.count() == int(counted[1])  # type: ignore[index]
    assert rows.first.is_visible()
    assert page.locator("#bin").bounding_box()["y"] < 200


# --- By keyboard


STOP = """() => {
  const one = document.activeElement, style = getComputedStyle(one);
  const box = one.getBoundingClientRect();
  return {
    tag: one.tagName, id: one.id, text: one.textContent.trim().slice(0, 40),
    outlined: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2,
    seen: box.width > 0 && box.height > 0 && box.bottom > 0 && box.top < innerHeight
      && box.right > 0 && box.left < innerWidth,
  };
}"""


def stops(page: Any, most: int = 400) -> Iterator[dict[str, Any]]:
    """Press Tab and tell where it leads, until it leads out of the page."""
    for _ in range(most):
        page.keyboard.press("Tab")
        stop = page.evaluate(STOP)
        if stop["tag"] == "BODY":
            return
        yield stop
    raise AssertionError("Tab never leaves the page")


def test_the_focus_is_seen_at_every_stop(page: Any) -> None:
    page.goto(MAIN)
    finished(page)
    found = list(stops(page))
    assert [one for one in found if not (one["outlined"] and one["seen"])] == []
    assert found[0]["text"] == "Skip to the page"
    assert "day" in [one["id"] for one in found]
    links = page.locator("a:visible, button:visible, summary:visible, input:visible")
    assert len(found) >= links.count()


def test_a_path_by_keyboard_alone(page: Any) -> None:
    page.goto(MAIN)
    finished(page)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    table = next(one for one in stops(page) if one["text"].startswith("Table: "))
    summary = page.evaluate_handle("document.activeElement")
    assert table["tag"] == "SUMMARY"
    page.keyboard.press("Enter")
    assert summary.evaluate("one => one.parentElement.open")
    assert summary.evaluate("one => one.parentElement.querySelector('table').offsetHeight > 0")
    page.goto(MAIN)
    next(one for one in stops(page) if one["text"] == "Add facts")
    page.keyboard.press("Enter")
    page.wait_for_url("**/add")
    next(one for one in stops(page) if one["tag"] == "TEXTAREA")
    page.keyboard.type("An article.")
    assert page.locator("textarea").input_value() == "An article."


# --- What is wrong


@pytest.mark.parametrize(
    ("address", "status", "said", "leads"),
    [
        ("/crises/hanish-1996", 404, "did you mean 'hanish-1995'", "/crises/hanish-1995"),
        (f"{MAIN}&as_of=12%20March", 422, "write a day as 2024-04-15", MAIN),
        (f"{MAIN}&as_of=1800-01-01", 422, "1800-01-01", "as_of=1995"),
        (f"{MAIN}&set=options.eri-wr%3Dtrue", 422, "did you mean 'options.eri-war'", MAIN),
        ("/nowhere", 404, "Not Found", "/crises"),
    ],
)
def test_what_is_wrong_is_said_and_leads_on(
    page: Any, address: str, status: int, said: str, leads: str
) -> None:
    answer = page.goto(address)
    assert answer.status == status
    assert said in page.locator("main").inner_text()
    link = page.locator(f"main a[href*='{leads}']").first
    link.click()
    assert page.locator("h1").inner_text() != ""
    assert page.evaluate("performance.getEntriesByType('navigation')[0].responseStatus") == 200


# --- A hostile crisis


@pytest.mark.parametrize(
    "within",
    [
        *(f"?{FEW}&wait=yes", f"/futures?{FEW}&level=hold", "/add", "/add/act", "/add/statement"),
        *(f"/brief.html?{FEW}", f"/charts/timeline.svg?{FEW}"),
    ],
)
def test_an_attack_in_every_text_does_nothing(page: Any, within: str) -> None:
    """A dialog would be an error here, as are violations of the policy."""
    dialogs: list[str] = []
    page.on("dialog", lambda one: (dialogs.append(one.message), one.dismiss()))
    answer = page.goto(f"/crises/{HOSTILE}{within}", timeout=WAIT)
    assert answer.status == 200
    policy = answer.headers["content-security-policy"]
    assert "unsafe" not in policy
    base = page.evaluate("location.origin")
    scripts = page.evaluate("[...document.querySelectorAll('script')].map(one => one.src)")
    assert all(one.startswith(f"{base}/static/") for one in scripts)
    assert page.evaluate("document.querySelectorAll('[onerror], [onmouseover]').length") == 0
    assert "alert(1)" in page.evaluate("document.documentElement.textContent")
    assert dialogs == []


def test_a_document_with_its_own_style_is_shown_with_it(page: Any) -> None:
    page.goto(f"/crises/{HOSTILE}/brief.html?{FEW}")
    assert page.evaluate("document.styleSheets[0].cssRules.length") > 10
    setting = "set=TUR.threatens%3ARUS%3Dtrue"
    for drawing in ("charts/timeline.svg", f"levers.svg?{FEW}&{setting}"):
        page.goto(f"/crises/{HOSTILE}/{drawing}", timeout=WAIT)
        assert page.evaluate("document.styleSheets[0].cssRules.length") > 3


def test_axe_finds_what_is_wrong(page: Any) -> None:
    """The check can fail: a field that loses its label is found."""
    page.goto("/crises/border/add")
    page.evaluate("document.querySelector('label').remove()")
    assert any(one.startswith("label: ") for one in violations(page))
