"""A crisis whose every text is an attack, as it is served: its pages are built as a peaceful one's.

Each page and each drawing is held against the same of the crisis as it ships: no element, no
attribute and no address more. In Chromium nothing of it runs.
"""

from __future__ import annotations

import json
import urllib.request
from collections import Counter
from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urlsplit

import pytest
from attacks import HOSTILE, attacked
from browser import COMMAND, Server, serving, watching

from offramp.crisis.whole import read_whole

FEW = "futures=150"
SET = "set=TUR.threatens%3ARUS%3Dtrue"
WITHIN = (
    *(f"?{FEW}", f"?{FEW}&{SET}", f"?{FEW}&as_of=2015-11-23", f"/futures?{FEW}&level=hold"),
    *(f"/levers?{FEW}", f"/levers?{FEW}&{SET}", f"/brief.html?{FEW}", f"/levers.svg?{FEW}&{SET}"),
    *("/add", "/add/act", "/add/statement", f"?set=nothing&{FEW}"),
    *(
        f"/charts/{name}.svg?{FEW}"
        for name in ("timeline", "ties", "move-1", "levels-1", "front-1")
    ),
)
SCHEMES = {"", "http", "https"}


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    home = tmp_path_factory.mktemp("hostile")
    data = attacked(json.loads(read_whole(HOSTILE).model_dump_json(by_alias=True)))
    path = home / "hostile.yaml"
    path.write_text(json.dumps(data | {"id": "hostile"}))
    command = ["-c", COMMAND, "board", str(path), "--no-open", "--port", "{port}"]
    with serving(command, home) as server:
        yield server


class Built(HTMLParser):
    """What a document is built of: each element with the names of its attributes, and how often.

    Attributes:
        elements: counted.
        schemes: of the addresses in it.
        closed: elements that are closed, counted.
    """

    def __init__(self, markup: str) -> None:
        super().__init__()
        self.elements: Counter[tuple[str, ...]] = Counter()
        self.schemes: set[str] = set()
        self.closed: Counter[str] = Counter()
        self.feed(markup)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements[tag, *sorted(name for name, _ in attrs)] += 1
        for name, value in attrs:
            if name in ("href", "src", "action", "formaction"):
                self.schemes.add(urlsplit(value or "").scheme)

    def handle_endtag(self, tag: str) -> None:
        self.closed[tag] += 1


def fetched(server: Server, address: str) -> tuple[int, str]:
    asked = urllib.request.Request(server.url + address, headers={"Accept": "text/html"})
    try:
        with urllib.request.urlopen(asked, timeout=120) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read().decode()


@pytest.mark.parametrize("within", WITHIN)
def test_it_is_built_as_a_peaceful_one(served: Server, within: str) -> None:
    if within.startswith(("?", "/levers?")):  # what is still computed would come later
        for name in ("hostile", HOSTILE):
            fetched(served, f"/crises/{name}{within}&wait=yes")
    peaceful, hostile = (
        fetched(served, f"/crises/{name}{within}") for name in (HOSTILE, "hostile")
    )
    assert hostile[0] == peaceful[0]
    ours, theirs = Built(hostile[1]), Built(peaceful[1])
    assert sum(theirs.elements.values()) > 20
    assert ours.elements == theirs.elements
    assert ours.closed == theirs.closed
    assert ours.schemes <= theirs.schemes | SCHEMES
    assert not any(name.startswith("on") for one in ours.elements for name in one[1:])


def test_nothing_of_it_runs(served: Server, browser: Any) -> None:
    """A dialog, a complaint on the console or a request elsewhere would be an error."""
    dialogs: list[str] = []
    with watching(browser, served.url) as watched:
        page = watched.page
        page.on("dialog", lambda one: (dialogs.append(one.message), one.dismiss()))
        for address in ("/crises", "/record", *(f"/crises/hostile{one}" for one in WITHIN)):
            page.goto(address, timeout=60_000)
            page.evaluate("document.querySelectorAll('details').forEach(it => it.open = true)")
            page.mouse.move(300, 300)
            assert page.evaluate("document.querySelectorAll('script').length") in (0, 2)
    assert dialogs == []
