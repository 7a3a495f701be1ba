"""The HTML page: self-contained, inert, accessible, and true to its forecast."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from itertools import pairwise

import pytest
from sample import sample
from variants import bare, extreme, hostile

from offramp.brief.html import SECTIONS, html, style_sheet
from offramp.brief.inert import BIDI_CONTROLS

VOID = {"meta", "link", "line", "path", "circle"}
Attributes = dict[str, str | None]


class Page(HTMLParser):
    """A page's tags in order, and the text of each element."""

    def __init__(self, markup: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, Attributes]] = []
        self.open: list[str] = []
        self.texts: list[tuple[str, str]] = []
        self.feed(markup)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag, f"{tag} closes what it did not open"

    def handle_data(self, data: str) -> None:
        self.texts.append((self.open[-1] if self.open else "", data))

    def all(self, tag: str) -> list[Attributes]:
        return [attributes for name, attributes in self.tags if name == tag]

    @property
    def text(self) -> str:
        return re.sub(r"\s+", " ", "".join(text for tag, text in self.texts if tag != "style"))


FORECASTS = {"sample": sample, "hostile": hostile, "bare": bare, "extreme": extreme}


@pytest.fixture(scope="module", params=FORECASTS)
def page(request: pytest.FixtureRequest) -> Page:
    return Page(html(FORECASTS[request.param]()))


def test_the_page_needs_nothing_else(page: Page) -> None:
    assert not {"script", "iframe", "object", "embed", "img", "form", "base"} & {
        tag for tag, _ in page.tags
    }
    for _, attributes in page.tags:
        for name, value in attributes.items():
            assert not name.startswith("on")
            assert name not in ("src", "srcset", "style", "xlink:href", "action")
            if name == "href":
                assert value == "data:," or str(value).startswith("#")
    (policy,) = [each for each in page.all("meta") if "http-equiv" in each]
    assert str(policy["content"]).startswith("default-src 'none'; style-src 'unsafe-inline'")
    style = style_sheet()
    assert not re.search(r"url\(|@import|https?:|</", style)


def test_every_element_is_closed_and_every_name_unique(page: Page) -> None:
    assert not page.open
    names = [str(each["id"]) for _, each in page.tags if "id" in each]
    assert len(names) == len(set(names))
    for _, attributes in page.tags:
        wanted = str(attributes.get("aria-labelledby") or "").split()
        if str(attributes.get("href", "")).startswith("#"):
            wanted.append(str(attributes["href"])[1:])
        assert set(wanted) <= set(names)


def test_headings_descend_one_at_a_time(page: Page) -> None:
    ranks = [int(tag[1]) for tag, _ in page.tags if re.fullmatch("h[1-6]", tag)]
    assert ranks[0] == 1
    assert ranks.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(ranks))


def test_landmarks_and_language(page: Page) -> None:
    for tag in ("header", "nav", "main", "footer"):
        assert len(page.all(tag)) == 1
    assert page.all("html")[0]["lang"] == "en"


def test_every_drawing_says_what_it_shows(page: Page) -> None:
    drawings = [each for each in page.all("svg") if "class" in each]
    for each in drawings:
        assert each["role"] == "img"
        assert each.get("aria-label") or each.get("aria-labelledby")
    for row in page.all("th"):
        assert row["scope"] in ("row", "col")


def test_every_chart_has_a_table_beside_it() -> None:
    markup = html(sample())
    figures = re.findall(r"<figure>.*?</figure>", markup, re.DOTALL)
    charts = [each for each in figures if 'class="chart"' in each]
    assert len(charts) == 1 + 4 + 4 + 4  # steps, moves, levels, fronts not yet at war
    assert all("<details>" in each and "<table>" in each for each in charts)


def test_hostile_text_changes_no_tag() -> None:
    plain, poisoned = Page(html(sample())), Page(html(hostile()))
    assert [(tag, sorted(each)) for tag, each in plain.tags] == [
        (tag, sorted(each)) for tag, each in poisoned.tags
    ]
    assert "<script>alert(1)</script>\"'&|`*_[x](javascript:y)" in poisoned.text
    assert not BIDI_CONTROLS & set(poisoned.text)


def test_the_page_says_what_the_forecast_says() -> None:
    forecast = sample()
    text = Page(html(forecast)).text.replace("\u00a0", " ")
    said = [
        *forecast.bottom_line,
        *forecast.limits,
        *(answer.text for answer in forecast.answers),
        *(fact.text for fact in forecast.latest_facts),
        *(claim.quote for claim in forecast.claims),
        *(prior.reason for prior in forecast.elicited),
        *(title for title, _ in SECTIONS.values()),
        "31 % unlikely",
        "90 % interval 18–47 %. Base rate 41 % of 212 cases",
        "above 97 % of what it predicted",
        "worth 1,312 independent ones (worth 164 before 2 tempering steps)",
        "offramp brief israel-iran-2024-04 --as-of 2024-04-15 --futures 100000 --seed 7",
        forecast.facts_sha256,
        forecast.weights.sha256,
    ]
    assert [each for each in said if each not in text] == []


def test_empty_parts_leave_no_section() -> None:
    names = [each["id"] for each in Page(html(bare())).all("section")]
    assert names == ["grounds", "again"]


def variables(style: str) -> list[dict[str, str]]:
    """The colours of the light page, and those of the dark page."""
    light, dark = re.findall(r":root \{(.*?)\}", style, re.DOTALL)[:2]
    found = [dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6})", part)) for part in (light, dark)]
    assert found[0].keys() == found[1].keys()
    return found


def luminance(colour: str) -> float:
    """Relative luminance by WCAG 2.2."""
    channels = [int(colour[k : k + 2], 16) / 255 for k in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("mode", [0, 1], ids=["light", "dark"])
def test_colours_can_be_told_apart(mode: int) -> None:
    style = style_sheet()
    colour = variables(style)[mode]
    for name in ("ink", "faint", "base", *(f"rung-{k}" for k in range(1, 6))):
        assert contrast(colour[name], colour["paper"]) >= 4.5, name
    for name in ("mark", "claim"):
        assert contrast(colour[name], colour["paper"]) >= 3, name
    ladder = [contrast(colour[f"level-{k}"], colour["paper"]) for k in range(9)]
    assert ladder == sorted(ladder), "each level stands out more than the one below"
