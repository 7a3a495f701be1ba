"""JSON, its schema, and the choice of a format."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest
from sample import sample
from variants import HOSTILE, bare, extreme, hostile

from offramp.brief import FORMATS, render
from offramp.brief.inert import BIDI_CONTROLS, inert, inert_text
from offramp.brief.schema import brief_schema, schema_text
from offramp.forecast.document import Forecast

SCHEMA_FILE = Path(__file__).parents[2] / "docs" / "brief.schema.json"
FORECASTS = {"sample": sample, "hostile": hostile, "bare": bare, "extreme": extreme}


def test_the_published_schema_is_current() -> None:
    published = SCHEMA_FILE.read_text(encoding="utf-8")
    assert published == schema_text(), "run: python -m offramp.brief.schema docs/brief.schema.json"


@pytest.mark.parametrize("name", FORECASTS)
def test_json_validates_and_reads_back(name: str) -> None:
    forecast = FORECASTS[name]()
    text = render(forecast, "json")
    jsonschema.Draft202012Validator.check_schema(brief_schema())
    jsonschema.validate(json.loads(text), json.loads(SCHEMA_FILE.read_text(encoding="utf-8")))
    assert Forecast.model_validate_json(text) == forecast


@pytest.mark.parametrize("broken", ["missing", "unknown", "out of range"])
def test_the_schema_refuses_what_is_no_brief(broken: str) -> None:
    dump = json.loads(render(sample(), "json"))
    if broken == "missing":
        del dump["effective_sample_size"]
    elif broken == "unknown":
        dump["answers"][0]["probabilty"] = 0.3
    else:
        dump["answers"][1]["probability"] = 1.3
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(dump, brief_schema())


@pytest.mark.parametrize("name", FORECASTS)
@pytest.mark.parametrize("suffix", FORMATS)
def test_every_format_shows_every_forecast_the_same_each_time(name: str, suffix: str) -> None:
    text = render(FORECASTS[name](), suffix)
    assert text == render(FORECASTS[name](), f".{suffix.upper()}")
    assert text.endswith("\n")


def test_an_unknown_format_is_refused_with_those_there_are() -> None:
    with pytest.raises(ValueError, match=r"unknown format '\.pdf': one of html, md, json, txt"):
        render(sample(), ".pdf")


def test_inert_text_has_no_control_and_keeps_the_rest() -> None:
    assert inert_text("a\x1b[31m\u202eb\u2066\x00\n\u2028ç\u200d‌") == "a[31mb  ç\u200d‌"
    said = inert(hostile()).title
    assert "<script>alert(1)</script>" in said
    assert not BIDI_CONTROLS & set(said)
    assert BIDI_CONTROLS & set(HOSTILE)
