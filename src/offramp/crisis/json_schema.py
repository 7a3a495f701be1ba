"""The published JSON Schema of crisis files, generated from the models.

`python -m offramp.crisis.json_schema` writes it anew after the models have changed.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

from offramp.crisis.schema import Crisis

SCHEMA_FILE = Path(__file__).with_name("crisis.schema.json")
"""Where the published schema stands, beside the models."""

Schema = dict[str, Any]


@cache
def crisis_schema() -> Schema:
    """Return the JSON Schema (draft 2020-12) of a crisis file, with the names used in files."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": "urn:offramp:crisis:1",
        **Crisis.model_json_schema(by_alias=True),
        "title": "Offramp crisis file, version 1",
    }


def schema_text() -> str:
    """Return the published schema as it stands in its file."""
    return json.dumps(crisis_schema(), indent=2, ensure_ascii=False) + "\n"


def resolve(node: Schema) -> Schema:
    """Follow a reference, and look through "or nothing", to the schema that says something."""
    if "$ref" in node:
        target: Schema = crisis_schema()["$defs"][node["$ref"].rpartition("/")[2]]
        return {**resolve(target), **{key: node[key] for key in node if key != "$ref"}}
    choices = [choice for choice in node.get("anyOf", ()) if choice.get("type") != "null"]
    if len(choices) == 1:
        return {**resolve(choices[0]), **{key: node[key] for key in node if key != "anyOf"}}
    return node


def variant(node: Schema, tag: object) -> Schema | None:
    """Return the schema of a union that a tag selects, or None if it is none of the union."""
    reference = node.get("discriminator", {}).get("mapping", {}).get(tag)
    return None if reference is None else resolve({"$ref": reference})


def step_into(node: Schema, step: str | int) -> Schema:
    """Return the schema of a key or list position; empty where there is none."""
    if isinstance(step, int):
        fixed = node.get("prefixItems", [])
        found = fixed[step] if step < len(fixed) else node.get("items", {})
    else:
        found = node.get("properties", {}).get(step, node.get("additionalProperties", {}))
    return resolve(found) if isinstance(found, dict) else {}


if __name__ == "__main__":
    SCHEMA_FILE.write_text(schema_text(), encoding="utf-8")
