from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from adding_pages import ADD, kept
from browser import Server, Watched, violations, watching

from border import ACT, CRISIS, STORY
from offramp.crisis.schema import Act
from offramp.crisis.whole import read_whole


@pytest.fixture
def watched(browser: Any, server: Server, path: Path) -> Iterator[Watched]:
    path.write_text(CRISIS)
    with watching(browser, server.url, viewport={"width": 360, "height": 800}) as watched:
        yield watched


def press_on(page: Any, key: str, until: str) -> None:
    """Press a key until the element of that id has the focus."""
    for _ in range(80):
        if page.evaluate("document.activeElement.id") == until:
            return
        page.keyboard.press(key)
    raise AssertionError(f"{key} does not lead to {until}")


def test_an_act_is_added_with_the_keyboard_alone(watched: Watched, path: Path) -> None:
    page = watched.page
    page.goto(f"{ADD}/act")
    assert violations(page) == []
    for name in ("day", "actor", "target", "front", "level", "text", "source"):
        press_on(page, "Tab", f"field-{name}")
        # In a list the first letters of a label choose.
        page.keyboard.type({"actor": "Ind", "target": "Pak", "source": "P:"}.get(name, ACT[name]))
    page.keyboard.press("Shift+Tab")
    press_on(page, "Tab", "field-new.title")
    page.keyboard.press("Enter")
    page.wait_for_url("**/written?**")
    assert violations(page) == []
    (act,) = read_whole(path).timeline
    assert isinstance(act, Act)
    assert (act.actor, act.target, act.level, str(act.day)) == (
        "IND",
        "PAK",
        "limited",
        "2031-03-12",
    )
    assert kept(path)


def test_an_error_takes_the_focus_and_leads_to_its_field(watched: Watched, path: Path) -> None:
    page = watched.page
    page.goto(f"{ADD}/act")
    page.get_by_label("Day", exact=False).first.fill("12 March")
    page.get_by_label("What happened").fill("India bombed a camp.")
    page.get_by_role("button", name="Add to the crisis").click()
    problems = page.get_by_role("alert")
    page.wait_for_function("() => document.activeElement.id === 'problems'")
    assert "write a day as 2024-04-15" in problems.inner_text()
    assert violations(page) == []
    problems.get_by_role("link", name="Day", exact=True).click()
    field = page.locator("#field-day")
    assert field.get_attribute("aria-invalid") == "true"
    assert "12 March" in field.input_value()
    assert page.get_by_label("What happened").input_value() == "India bombed a camp."
    described = field.get_attribute("aria-describedby").split()
    told = [page.locator(f"[id='{one}']").inner_text() for one in described]
    assert any("is not a day" in one for one in told)
    assert path.read_text() == CRISIS


def test_an_article_is_pasted_reviewed_and_written(watched: Watched, path: Path) -> None:
    page = watched.page
    page.goto(ADD)
    assert violations(page) == []
    page.get_by_label("The article").fill(STORY)
    page.get_by_label("Its day").fill("2031-03-13")
    page.get_by_role("button", name="Read it").click()
    assert violations(page) == []
    assert path.read_text() == CRISIS
    raid = page.locator("article", has_text="IND → PAK, limited")
    assert "India bombed a camp" in raid.locator("blockquote").inner_text()
    raid.get_by_text("Edit before accepting").click()
    raid.get_by_label("Level").select_option("major")
    raid.get_by_label("Accept").check()
    for one in page.locator("article").filter(has_not_text="IND → PAK, limited").all():
        one.get_by_label("Drop").check()
    page.get_by_role("button", name="Write what is accepted").click()
    page.wait_for_url("**/written?**")
    (act,) = read_whole(path).timeline
    assert isinstance(act, Act)
    assert act.level == "major"
    assert kept(path)


def test_what_was_typed_survives_a_change_of_the_file(watched: Watched, path: Path) -> None:
    page = watched.page
    page.goto(f"{ADD}/act")
    for name in ("day", "text"):
        page.locator(f"#field-{name}").fill(ACT[name])
    for name in ("actor", "target", "front", "level", "source"):
        page.locator(f"#field-{name}").select_option(ACT[name])
    path.write_text(CRISIS + "# edited elsewhere\n")
    page.get_by_role("button", name="Add to the crisis").click()
    assert "has changed since" in page.get_by_role("alert").inner_text()
    assert path.read_text() == CRISIS + "# edited elsewhere\n"
    page.get_by_role("button", name="Add to the crisis").click()
    page.wait_for_url("**/written?**")
    assert len(read_whole(path).timeline) == 1
    assert path.read_text().endswith("# edited elsewhere\n")


ATTACK = """<!doctype html><title>Attack</title>
<form method="post" action="{url}/crises/border/add/act">{fields}</form>
<script>
window.done = fetch("{url}/crises/border/add/act", {{
  method: "POST", mode: "no-cors", credentials: "include",
  headers: {{"Content-Type": "text/plain"}}, body: "{{}}"
}}).then(() => "answered", () => "blocked");
</script>"""


@pytest.mark.parametrize("origin", ["http://evil.example", "http://localhost:9"])
def test_a_foreign_page_cannot_write(browser: Any, server: Server, path: Path, origin: str) -> None:
    """Its form is right in all, down to the version of the file, and is refused for its origin."""
    path.write_text(CRISIS)
    context = browser.new_context()
    own = context.new_page()
    own.goto(f"{server.url}{ADD}/act")
    version = own.locator("[name=version]").input_value()
    fields = "".join(
        f'<input name="{name}" value="{value}">'
        for name, value in (ACT | {"version": version}).items()
    )
    html = ATTACK.format(url=server.url, fields=fields)
    context.route(f"{origin}/**", lambda route: route.fulfill(body=html, content_type="text/html"))
    page = context.new_page()
    page.goto(f"{origin}/attack")
    page.evaluate("window.done")
    with page.expect_navigation() as navigation:
        page.evaluate("document.forms[0].submit()")
    assert navigation.value.status == 403
    assert path.read_text() == CRISIS
    context.close()
