"""The published JSON Schema of a brief, generated from the document's models.

`python -m offramp.brief.schema FILE` writes it anew after the models have changed.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from offramp.forecast.document import Forecast


def brief_schema() -> dict[str, Any]:
    """Return the JSON Schema (draft 2020-12) of what ``--json`` prints."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": "urn:offramp:brief:1",
        **Forecast.model_json_schema(mode="serialization"),
        "title": "Offramp brief, version 1",
    }


def schema_text() -> str:
    """Return the schema as it stands in its published file."""
    return json.dumps(brief_schema(), indent=2, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(schema_text(), encoding="utf-8")
