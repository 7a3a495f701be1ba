"""The pages of the board: every crisis that ships, the same as data, and what is wrong said."""

from __future__ import annotations

import csv
import io
import re
import shlex
from datetime import date
from html import escape, unescape
from html.parser import HTMLParser

import pytest
from desk import FEW, FEW_DRAWS
from starlette.testclient import TestClient
from typer.main import get_command

from offramp.board.crisis_page import GROUNDS, told_in_parts
from offramp.board.document import BoardPage
from offramp.board.tables import NAMES
from offramp.choice.terms import claimable_terms
from offramp.cli import app
from offramp.crisis.as_of import read_crisis
from offramp.crisis.library import shipped
from offramp.forecast import forecast
from offramp.forecast.document import Forecast
from offramp.forecast.words import likelihood, percent

VOID = {"meta", "link", "input", "br"}
MAIN = "/crises/israel-iran-2024-04"


class Page(HTMLParser):
    """A page's tags with their attributes, and whether each is closed."""

    def __init__(self, markup: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.feed(markup)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.tags if name == tag]


@pytest.mark.parametrize("name", shipped())
def test_every_crisis_has_its_page(name: str, reader: TestClient) -> None:
    answer = reader.get(f"/crises/{name}?{FEW}&wait=yes")
    assert answer.status_code == 200
    page = Page(answer.text)
    assert not page.open
    names = [one["id"] for _, one in page.tags if "id" in one]
    assert len(names) == len(set(names))
    for _, one in page.tags:
        for wanted in ("aria-labelledby", "for"):
            assert all(each in names for each in (one.get(wanted) or "").split())
        assert "style" not in one
        assert not any(key.startswith("on") for key in one)
    assert not page.all("style")
    assert all(one.get("src") for one in page.all("script"))
    found = BoardPage.model_validate_json(reader.get(f"/crises/{name}.json?{FEW}").content)
    assert found.forecast is not None
    parts = {key for key, (_, part) in GROUNDS.items() if getattr(found.forecast, part)}
    assert parts <= set(names)
    for one in found.forecast.answers:
        if one.probability is not None and one.headline and not one.settled:
            shown = escape(percent(one.probability)).replace(" ", "\u00a0")
            assert f'<span class="fixed">{shown}</span></b>' in answer.text
            assert likelihood(one.probability) in answer.text


def test_the_page_is_also_json_and_it_is_the_document(reader: TestClient) -> None:
    crisis = read_crisis("falklands-1982", None, claimable_terms())
    alone = forecast(crisis, 150, 1, draws=FEW_DRAWS)
    by_name = reader.get(f"/crises/falklands-1982.json?{FEW}").json()
    by_header = reader.get(
        f"/crises/falklands-1982?{FEW}", headers={"Accept": "application/json"}
    ).json()
    assert by_name == by_header
    assert Forecast.model_validate(by_name["forecast"]) == alone
    brief = reader.get(f"/crises/falklands-1982/brief.json?{FEW}")
    assert Forecast.model_validate_json(brief.content) == alone
    assert {one["id"] for one in by_name["facts"]} == {one.id for one in crisis.timeline}
    assert {one["id"] for one in by_name["actors"]} == {one.id for one in crisis.actors}


def test_tables_are_csv(reader: TestClient) -> None:
    data = BoardPage.model_validate_json(reader.get(f"{MAIN}.json?{FEW}").content)
    assert data.forecast is not None
    rows = {}
    for name in NAMES:
        answer = reader.get(f"{MAIN}/tables/{name}.csv?{FEW}")
        assert answer.headers["content-type"].startswith("text/csv")
        rows[name] = list(csv.DictReader(io.StringIO(answer.text)))
    for row, one in zip(rows["questions"], data.forecast.answers, strict=True):
        assert row["question"] == one.id
        if one.probability is not None:
            assert float(row["probability"]) == one.probability
    assert len(rows["facts"]) == len(data.facts)
    assert len(rows["levels"]) == sum(
        len(one.days) * len(one.levels) for one in data.forecast.levels
    )
    told = [to for claim in data.forecast.claims for to in claim.answers]
    assert [float(row["now"]) for row in rows["claims"]] == [one.now for one in told]
    assert [row["term"] for row in rows["reasons"]] == [
        term.term for one in data.forecast.reasons for term in one.terms
    ]
    assert {row["name"] for row in rows["grounds"]} == {
        *(one.actor for one in data.forecast.resolve),
        *(one.name for one in data.forecast.elicited),
    }
    for raid in data.forecast.raids:
        (row,) = (
            row
            for row in rows["raids"]
            if (row["act"], row["quantity"]) == (raid.act, "share stopped, learned")
        )
        assert (float(row["low"]), float(row["middle"]), float(row["high"])) == raid.learned


@pytest.mark.parametrize(
    "within", [f"?{FEW}", f"?{FEW}&set=warning%3Dtrue", f"/levers?{FEW}", "/record"]
)
def test_every_command_that_is_shown_is_one(within: str, reader: TestClient) -> None:
    if "?" in within:
        reader.get(f"{MAIN}{within}&wait=yes")
    page = reader.get(within if within == "/record" else f"{MAIN}{within}").text
    shown = re.findall(r'<div class="command"><code>(.*?)</code>', page)
    assert shown
    for text in shown:
        program, verb, *words = shlex.split(unescape(text))
        assert program == "offramp"
        if not {"CRISIS", "QUESTION"} & set(words):
            command = get_command(app).commands[verb]  # type: ignore[attr-defined]
            command.make_context(verb, words).close()


@pytest.mark.parametrize("name", ["timeline", "ties", "move-1", "levels-2", "front-1"])
def test_charts_are_files(name: str, reader: TestClient) -> None:
    answer = reader.get(f"{MAIN}/charts/{name}.svg?{FEW}")
    assert answer.status_code == 200
    page = Page(answer.text)
    assert page.tags[0][1]["xmlns"] == "http://www.w3.org/2000/svg"
    assert len(page.all("style")) == 1


def test_the_state_is_in_the_url(reader: TestClient) -> None:
    query = f"as_of=2024-04-12&{FEW}&seed=7&set=warning%3Dtrue"
    data = reader.get(f"{MAIN}.json?{query}").json()
    assert data["view"]["as_of"] == data["forecast"]["as_of"] == "2024-04-12"
    assert data["view"]["settings"] == ["warning=true"]
    assert data["forecast"]["seed"] == 7
    assert reader.get(data["view"]["url"].replace("?", ".json?", 1)).json() == data
    words = shlex.split(data["view"]["command"])
    assert words[:3] == ["offramp", "lever", "israel-iran-2024-04"]
    assert words[3:] == [
        *("--as-of", "2024-04-12", "--futures", "150", "--seed", "7", "--set", "warning=true")
    ]
    assert all(one["known"] <= "2024-04-12" for one in data["facts"])


def test_defaults_are_left_out_of_the_url(reader: TestClient) -> None:
    page = Page(reader.get(MAIN).text)
    links = {one["href"] for one in page.all("a")}
    assert f"{MAIN}.json" in links
    moved = reader.get(f"{MAIN}?day=3&{FEW}", follow_redirects=False)
    assert moved.headers["location"] == f"{MAIN}?as_of=2024-04-04&{FEW}"


def test_nothing_later_is_told(reader: TestClient) -> None:
    """A page as of a day has no text of any fact that became known later."""
    crisis = read_crisis("israel-iran-2024-04", None, claimable_terms())
    before = reader.get(f"{MAIN}?as_of=2024-04-10&{FEW}&wait=yes").text
    later = [one.text for one in crisis.timeline if one.known.isoformat() > "2024-04-10"]
    assert later
    assert not any(text in before for text in later)


def test_futures_are_told_day_by_day(reader: TestClient) -> None:
    where = "front=lebanon&level=limited&by=14"
    data = reader.get(f"{MAIN}/futures.json?{where}").json()
    assert data["told"]
    assert data["found"] >= len(data["told"])
    page = reader.get(f"{MAIN}/futures?{where}")
    for one in data["told"]:
        assert f"Future {one['number']}<" in page.text
        week = [line for line in one["lines"] if "2024-04-23" <= line[:10] <= "2024-04-29"]
        levels = {re.search(r"\[(\w+)\]", line)[1] for line in week if "HZB" in line}  # type: ignore[index]
        assert not levels & {"major", "war"}


def test_skeleton_without_a_forecast(reader: TestClient) -> None:
    """Before anything is computed the page has its facts, and tells where to follow."""
    page = reader.get("/crises/unscom-1997?futures=400&seed=99").text
    assert 'data-follow="/crises/unscom-1997/progress?futures=400&amp;seed=99"' in page
    assert "wait=yes" in page
    assert 'class="rungs"' in page


def test_progress_is_told_until_the_answer_is_there(reader: TestClient) -> None:
    events = reader.get("/crises/hanish-1995/progress?futures=500").text
    kinds = re.findall(r"^event: (\w+)$", events, re.M)
    assert kinds[-1] == "done"
    assert "progress" in kinds
    assert reader.get("/crises/hanish-1995/progress?futures=500").text.startswith("event: done")


WRONG = [
    ("/crises/israel-irn-2024-04", 404, "/crises/israel-iran-2024-04"),
    (f"{MAIN}?as_of=yesterday", 422, MAIN),
    (f"{MAIN}?as_of=1999-01-01", 422, f"{MAIN}?as_of=2024-04-01"),
    (f"{MAIN}?futures=1", 422, f"{MAIN}?futures=100"),
    (f"{MAIN}?futures=9999999999", 422, f"{MAIN}?futures=200000"),
    (f"{MAIN}?seed=-1", 422, f"{MAIN}?seed=0"),
    (f"{MAIN}?set=warnin%3Dtrue", 422, MAIN),
    (f"{MAIN}/futures?level=limitd", 422, f"{MAIN}/futures"),
]


@pytest.mark.parametrize(("url", "status", "nearest"), WRONG)
def test_what_is_wrong_is_said_with_the_nearest(
    url: str, status: int, nearest: str, reader: TestClient
) -> None:
    answer = reader.get(url, headers={"Accept": "text/html"})
    assert answer.status_code == status
    links = [one.get("href") for one in Page(answer.text).all("a")]
    assert nearest in links
    data = reader.get(url, headers={"Accept": "application/json"})
    assert data.status_code == status
    assert data.json()["nearest"] == nearest


def test_the_nearest_name_is_said(reader: TestClient) -> None:
    assert "did you mean &#39;warning&#39;" in reader.get(f"{MAIN}?set=warnin%3Dtrue").text
    assert "did you mean &#39;limited&#39;" in reader.get(f"{MAIN}/futures?level=limitd").text
    for url in (f"{MAIN}/tables/questons.csv", f"{MAIN}/charts/tie.svg", "/static/x", "/nowhere"):
        assert reader.get(url).status_code == 404
    assert "questions" in reader.get(f"{MAIN}/tables/questons.csv").text


@pytest.mark.parametrize("back", ["//evil.example/", "https://evil.example", "/\\evil.example"])
def test_the_theme_leads_back_to_the_board_only(back: str, reader: TestClient) -> None:
    answer = reader.get("/theme", params={"theme": "dark", "back": back}, follow_redirects=False)
    assert answer.headers["location"] == "/"
    kept = reader.get("/theme?theme=dark&back=/crises", follow_redirects=False)
    assert kept.headers["location"] == "/crises"
    assert 'data-theme="dark"' in reader.get("/crises").text
    reader.get("/theme?theme=auto")
    assert 'data-theme="auto"' in reader.get("/crises").text


def test_the_interface_is_described(reader: TestClient) -> None:
    described = reader.get("/openapi.json").json()
    assert {"/crises/{identifier}.json", "/crises/{identifier}/tables/{name}.csv"} <= set(
        described["paths"]
    )
    assert "Forecast" in described["components"]["schemas"]


def test_the_page_is_light(reader: TestClient) -> None:
    reader.get(f"{MAIN}.json?{FEW}")
    weight = 0
    for url in (f"{MAIN}?{FEW}", "/static/board.css", "/static/board.js", "/static/icon.svg"):
        with reader.stream("GET", url, headers={"Accept-Encoding": "gzip"}) as answer:
            weight += sum(len(piece) for piece in answer.iter_raw())
    assert weight < 150_000


def test_a_page_that_has_not_changed_is_not_sent_again(reader: TestClient) -> None:
    address = f"/crises/hanish-1995?{FEW}"
    reader.get(f"/crises/hanish-1995.json?{FEW}")
    first = reader.get(address)
    same = reader.get(address, headers={"If-None-Match": first.headers["etag"]})
    assert (same.status_code, same.content) == (304, b"")
    dark = reader.get(address, headers={"Cookie": "theme=dark"})
    assert dark.headers["etag"] != first.headers["etag"]
    plain = reader.get(address, headers={"Accept-Encoding": "identity"})
    assert "content-encoding" not in plain.headers
    assert plain.text == first.text


def test_a_future_is_told_until_the_day_and_folded_after_it() -> None:
    lines = ["2024-04-29  in time", "2024-04-30  too late", "No act on any front.", ""]
    assert told_in_parts(lines, date(2024, 4, 29)) == (lines[:1], lines[1:2], lines[2:3])
