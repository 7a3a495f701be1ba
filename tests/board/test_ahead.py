"""What is answered ahead: each view that is one move away, what stands on the page first."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from html import unescape
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from desk import FEW, Desk
from starlette.testclient import TestClient

from offramp.board.ahead import moves
from offramp.board.application import application
from offramp.board.computing import Task
from offramp.board.crises import Shelf
from offramp.board.levering import ahead_job, pull_jobs, search_job, watch_job
from offramp.board.seeing import Seen
from offramp.board.state import MOST_SETTINGS, View

FLAGSHIP = "israel-iran-2024-04"
LEVERS = "/crises/hanish-1995/levers"
SET = ("YEM.concludes:ERI=true", "options.eri-war=0.5")
ASKED = f"{FEW}&set={SET[0]}&set={SET[1]}"


@pytest.fixture(scope="module")
def desk() -> Desk:
    return Desk()


@pytest.fixture(scope="module")
def client(desk: Desk, tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("OFFRAMP_HOME", str(tmp_path_factory.mktemp("ahead")))
        app = application("hanish-1995", port=8044, computing=lambda: desk)
        with TestClient(app, base_url="http://127.0.0.1:8044") as client:
            yield client


def buttons(page: str) -> list[str]:
    """Return what each button of a page pulls."""
    return [unescape(one) for one in re.findall(r'name="pull" value="(.*?)"', page)]


def names(page: str) -> list[str]:
    """Return the levers of a page, in its order."""
    found = re.findall(r'name="(?:pull" value="(.*?)=.*?|lever" value="(.*?))"', page)
    return list(dict.fromkeys(unescape(one or other) for one, other in found))


def test_after_it_what_was_answered_shows_in_full_and_nothing_is_computed(
    client: TestClient, desk: Desk
) -> None:
    before = client.get(f"{LEVERS}?{ASKED}").text
    assert "data-follow" in before
    assert "data-ahead" not in before
    page = client.get(f"{LEVERS}?{ASKED}&wait=yes").text
    address = re.search(r'data-ahead="(.*?)"', page)
    assert address
    told = client.get(unescape(address[1])).text
    total = int(re.search(r'"total": (\d+)', told)[1])  # type: ignore[index]
    assert f'"done": {total}, "total": {total}' in told
    assert told.endswith("event: done\ndata: {}\n\n")
    computed = len(desk.done)
    levers = client.get(f"{LEVERS}.json?{ASKED}").json()["levers"]
    slid = [one for one in levers if one["factor"] and one["proposed"] is not None]
    chosen = page[page.index('id="choose"') : page.index('id="offramps"')]
    standing = re.sub(r"<details>.*?</details>", "", chosen, flags=re.DOTALL)
    presses = [f"pull={one}" for one in buttons(standing)]
    presses += [f"lever={one['name']}&factor={one['proposed']}" for one in slid]
    presses += ["lever=options.eri-war&factor=1"]
    assert len(slid) > 5
    assert len(presses) == total
    for press in presses:
        shown = client.get(f"{LEVERS}?{ASKED}&{press}").text
        assert "data-follow" not in shown, press
        assert "<progress" not in shown
        assert "150 pairs of futures" in shown
    assert len(desk.done) == computed


def test_it_tells_numbers_alone(client: TestClient) -> None:
    answer = client.get(f"{LEVERS}/ahead?{FEW}")
    assert answer.headers["content-type"].startswith("text/event-stream")
    event = r'event: progress\ndata: {"step": "answered ahead", "done": \d+, "total": \d+}\n\n'
    assert re.fullmatch(f"({event})+event: done\ndata: {{}}\n\n", answer.text)


def test_the_page_of_a_crisis_answers_nothing_ahead(client: TestClient) -> None:
    assert "data-ahead" not in client.get(f"/crises/hanish-1995?{FEW}&wait=yes").text


def flagship(*settings: str) -> Seen:
    opened = Shelf([FLAGSHIP]).open(FLAGSHIP)
    crisis, facts = opened.as_of(opened.whole.as_of)
    day = crisis.as_of
    view = View(FLAGSHIP, opened.name, day, day, 150, 1, settings)
    board: Any = None
    return Seen(board, opened, crisis, facts, view)


def lever_moved(look: Seen, task: Task) -> str:
    """Return the name of the one lever by which a task differs from what is looked at."""
    apart = set(look.view.settings) ^ set(task.settings)
    (name,) = {one.split("=")[0] for one in apart}
    return name


def test_what_stands_on_the_page_goes_first_with_every_button(client: TestClient) -> None:
    held = ("ISR.concludes:IRN=true", "USA.joins_offence:ISR:HZB=true")
    look = flagship(*held)
    address = f"/crises/{FLAGSHIP}/levers?{FEW}&set={held[0]}&set={held[1]}"
    page = client.get(address).text
    page = page[page.index('id="choose"') : page.index('id="offramps"')]
    open_part = re.sub(r"<details>.*?</details>", "", page, flags=re.DOTALL)
    standing = names(open_part)
    assert 20 < len(standing) < len(names(page)) / 4
    found = moves(look)
    moved = [lever_moved(look, one) for one in found]
    calm = {one.name: one.calm for one in look.levers}
    count = len(standing)
    assert moved[:count] == standing
    for name, task in zip(moved[:count], found, strict=False):
        if f"{name}=true" not in held:
            word = {1.0: "true", 0.0: "false"}[calm[name]]  # type: ignore[index]
            assert f"{name}={word}" in task.settings
    assert "ISR.concludes:IRN=false" in found[standing.index("ISR.concludes:IRN")].settings
    back = found[count : count + len(held)]
    assert [one.settings for one in back] == [held[1:], held[:1]]
    later = moved[count + len(held) :]
    others = len(list(filter(standing.__contains__, later)))
    assert others > 10
    assert set(later[:others]) < set(standing)
    assert len(later) > others + 80
    unheld = [name for name in later[others:] if f"{name}=true" not in held]
    assert all(calm[name] is not None for name in unheld)
    asked = {frozenset(one.settings) for one in found}
    assert len(asked) == len(found)
    for press in buttons(open_part)[::5]:
        led = client.get(f"{address}&pull={press}", follow_redirects=False).headers["location"]
        assert frozenset(parse_qs(urlsplit(led).query)["set"]) in asked


def test_the_full_answer_is_made_ahead_under_the_name_that_a_press_asks_for() -> None:
    task = replace(flagship("ISR.concludes:IRN=true").task, futures=20_000)
    *coarser, full = pull_jobs(task)
    made = ahead_job(task)
    assert (made.key, made.argument, made.function) == (full.key, task, full.function)
    assert [one.towards for one in coarser] == [made.key]
    others = [*pull_jobs(task), search_job(task, "any"), watch_job(task)]
    assert made.stage > max(one.stage for one in others)


def test_a_slider_that_stands_at_its_proposed_factor_is_taken_back_alone() -> None:
    look = flagship("gaza.link:direct=false")
    again = [one for one in moves(look) if lever_moved(look, one) == "gaza.link:direct"]
    assert [one.settings for one in again] == [()]


def test_no_more_is_set_ahead_than_an_address_takes() -> None:
    names = [one.name for one in flagship().levers if one.kind == "option"]
    full = flagship(*(f"{one}=0.5" for one in names[:MOST_SETTINGS]))
    found = moves(full)
    assert max(len(one.settings) for one in found) == MOST_SETTINGS
    assert min(len(one.settings) for one in found) == MOST_SETTINGS - 1
