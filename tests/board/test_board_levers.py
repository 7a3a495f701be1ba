"""Levers, off-ramps and what to watch on the board: as pages without script, and as data."""

from __future__ import annotations

import base64
import csv
import hashlib
import io
import math
import re
from html import unescape
from urllib.parse import parse_qs, urlsplit

import pytest
from desk import FEW, FEW_DRAWS
from starlette.testclient import TestClient

from offramp.board.lever_page import LeversData
from offramp.board.levering import Ways
from offramp.choice.terms import claimable_terms
from offramp.crisis.as_of import read_crisis
from offramp.engine.compile import compile_crisis
from offramp.forecast.explanations import WatchList
from offramp.forecast.levers.declared import declared_levers
from offramp.forecast.levers.effects import prepare
from offramp.forecast.levers.searching import pull
from offramp.forecast.levers.settings import parse_settings

CRISIS = "hanish-1995"
LEVERS = f"/crises/{CRISIS}/levers"
SET = "YEM.concludes:ERI=true"


def test_every_declared_lever_can_be_set_without_script(reader: TestClient) -> None:
    page = reader.get(f"{LEVERS}?{FEW}&wait=yes").text
    values = {unescape(one) for one in re.findall(r'name="pull" value="([^"]*)"', page)}
    slid = {unescape(one) for one in re.findall(r'name="lever" value="([^"]*)"', page)}
    crisis = read_crisis(CRISIS, None, claimable_terms())
    levers = declared_levers(compile_crisis(crisis))
    assert {one.partition("=")[0] for one in values} | slid == {one.name for one in levers}
    for text in values:
        parse_settings([text], levers, crisis)


def test_a_press_sets_a_lever_and_another_takes_it_back(reader: TestClient) -> None:
    page = reader.get(f"{LEVERS}?{FEW}&pull={SET}&wait=yes")
    asked = parse_qs(urlsplit(str(page.url)).query)
    assert asked["set"] == [SET]
    assert "pull" not in asked
    pressed = re.search(r'value="([^"]*)" id="[^"]*" aria-pressed="true"', page.text)
    assert pressed
    assert pressed[1] == "YEM.concludes:ERI="
    back = reader.get(f"{LEVERS}?{FEW}&set={SET}&pull={pressed[1]}", follow_redirects=False)
    assert "set" not in parse_qs(urlsplit(back.headers["location"]).query)


def test_a_lever_that_is_set_anew_takes_the_place_of_the_old(reader: TestClient) -> None:
    answer = reader.get(
        f"{LEVERS}?{FEW}&set={SET}&pull=YEM.concludes:ERI=false", follow_redirects=False
    )
    asked = parse_qs(urlsplit(answer.headers["location"]).query)
    assert asked["set"] == ["YEM.concludes:ERI=false"]


def test_a_factor_is_slid_and_at_one_taken_back(reader: TestClient) -> None:
    main = "/crises/israel-iran-2024-04/levers"
    slid = f"{main}?{FEW}&lever=gaza.link:direct&factor="
    answer = reader.get(f"{slid}0.5", follow_redirects=False)
    assert parse_qs(urlsplit(answer.headers["location"]).query)["set"] == ["gaza.link:direct=0.5"]
    answer = reader.get(f"{slid}1&set=gaza.link:direct=0.5", follow_redirects=False)
    assert "set" not in parse_qs(urlsplit(answer.headers["location"]).query)


def test_effects_are_those_of_the_model(reader: TestClient) -> None:
    data = LeversData.model_validate_json(reader.get(f"{LEVERS}.json?{FEW}&set={SET}").content)
    crisis = read_crisis(CRISIS, None, claimable_terms())
    trial = prepare(crisis, 150, 1, draws=FEW_DRAWS)
    wanted = pull(trial, parse_settings([SET], trial.levers, crisis)).effects
    assert {one.question for one in data.pulled.effects} == set(wanted)
    for one in data.pulled.effects:
        assert one.effect == wanted[one.question]
    assert any(one.change != 0.0 for one in data.pulled.effects)
    rows = list(csv.DictReader(io.StringIO(reader.get(f"{LEVERS}.csv?{FEW}&set={SET}").text)))
    assert [float(row["change"]) for row in rows] == [one.change for one in data.pulled.effects]
    assert reader.get(f"{LEVERS}.svg?{FEW}&set={SET}").text.startswith("<svg")


def test_progress_of_levers_ends_when_the_answer_is_there(reader: TestClient) -> None:
    reader.get(f"{LEVERS}?{FEW}&set={SET}&wait=yes")
    told = reader.get(f"{LEVERS}/progress?{FEW}&set={SET}").text
    assert told == "event: done\ndata: {}\n\n"


@pytest.mark.parametrize("given", ["pull=YEM.conclude:ERI%3Dtrue", "set=YEM.conclude:ERI%3Dtrue"])
def test_an_unknown_lever_names_the_nearest(reader: TestClient, given: str) -> None:
    answer = reader.get(f"{LEVERS}?{FEW}&{given}")
    assert answer.status_code == 422
    assert "YEM.concludes" in answer.text
    data = reader.get(f"{LEVERS}.json?{FEW}&set=YEM.conclude:ERI%3Dtrue")
    assert "YEM.concludes" in data.json()["detail"][0]


def test_off_ramps_lead_to_what_they_set(reader: TestClient) -> None:
    ways = Ways.model_validate_json(reader.get(f"/crises/{CRISIS}/offramps.json?{FEW}").content)
    page = reader.get(f"{LEVERS}?{FEW}&offramps={ways.question}&wait=yes").text
    for way in ways.ways:
        assert way.effect.change < 0
        assert way.cost == pytest.approx(sum(-math.log2(one.unasked) for one in way.pulls))
    links = re.findall(r'bits <a href="([^"]*)"', page)
    wanted = [[one.setting for one in way.pulls] for way in ways.ways]
    assert [parse_qs(urlsplit(unescape(one)).query)["set"] for one in links] == wanted
    if not ways.ways:
        assert "No lever of the file clearly lowers this risk" in page


def test_what_to_watch_has_its_days(reader: TestClient) -> None:
    found = WatchList.model_validate_json(
        reader.get("/crises/israel-iran-2024-04/watch.json?futures=1000").content
    )
    assert found.signposts
    page = reader.get("/crises/israel-iran-2024-04?futures=1000&wait=yes").text
    section = page[page.index('<section id="watch"') : page.index('<div id="background"')]
    telling = [one for one in found.signposts if one.bits > 3 * one.bits_error]
    if telling:
        day = f"{telling[0].by.day} {telling[0].by:%B %Y}"
        assert f"by {day}" in section
    rows = csv.reader(
        io.StringIO(reader.get("/crises/israel-iran-2024-04/watch.csv?futures=1000").text)
    )
    assert len(list(rows)) == 1 + sum(len(one.effects) for one in found.signposts)


def test_the_page_leads_to_levers_and_forms(reader: TestClient) -> None:
    page = reader.get(f"/crises/{CRISIS}?{FEW}&set={SET}&wait=yes").text
    assert f'href="/crises/{CRISIS}/add"' in page
    hrefs = [unescape(one) for one in re.findall(r'href="([^"]*)"', page)]
    assert f"{LEVERS}?{FEW}&set=YEM.concludes%3AERI%3Dtrue" in hrefs
    back = re.search(r'href="([^"]*)" aria-label="Take back', page)
    assert back
    assert "set=" not in back[1]


def test_the_brief_allows_its_own_style_and_nothing_else(reader: TestClient) -> None:

    answer = reader.get(f"/crises/{CRISIS}/brief.html?{FEW}")
    policy = answer.headers["content-security-policy"]
    (style,) = re.findall(r"<style>(.*?)</style>", answer.text, re.DOTALL)
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert f"style-src 'sha256-{digest}';" in policy
    assert "unsafe" not in policy
