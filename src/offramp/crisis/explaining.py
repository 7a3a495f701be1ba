"""What pydantic found wrong with a crisis file, in plain words and with a fix."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import TypeAdapter
from pydantic_core import ErrorDetails

from offramp.crisis.json_schema import Schema, crisis_schema, resolve, step_into, variant
from offramp.crisis.parts import ActorIdentifier, Identifier
from offramp.crisis.problems import Finding, Path, nearest, quoted
from offramp.ladder import LEVEL_NAMES

UNKNOWN_KEY = "unknown key"
"""The message of a finding that says no more than that a key is none of the format."""

_DAY_FIX = "write a day as 2024-04-15"
_BOUNDS = {
    "greater_than": ("more than", "gt"),
    "greater_than_equal": ("at least", "ge"),
    "less_than": ("less than", "lt"),
    "less_than_equal": ("at most", "le"),
}
_EXPECTED = {
    "string_type": ("text", "put it in quotes"),
    "bool_type": ("true or false", "write true or false, without quotes"),
    "int_type": ("a whole number", "write it in digits, without quotes"),
    "int_from_float": ("a whole number", "write it in digits, without a fraction"),
    "float_type": ("a number", "write it in digits, without quotes"),
    "list_type": ("a list", "write [one, two], or one entry a line with '- ' before it"),
    "tuple_type": ("a list", "write [one, two]"),
    "dict_type": ("a mapping of fields", "write 'key: value' lines"),
    "model_type": ("a mapping of fields", "write 'key: value' lines"),
    "date_type": ("a day", _DAY_FIX),
}
_IDENTIFIER = TypeAdapter(Identifier).json_schema()["pattern"]
_ACTOR = TypeAdapter(ActorIdentifier).json_schema()["pattern"]


@dataclass(frozen=True, slots=True)
class _Error:
    """An error of pydantic with the schemas at its place and above it."""

    path: Path
    parent: Schema
    node: Schema
    context: Mapping[str, Any]
    given: Any


def explain(error: ErrorDetails) -> Finding:
    """Turn one error of pydantic, from JSON data validated by alias, into a finding."""
    path, parent, node = _locate(error["loc"])
    kind, context, given = error["type"], error.get("ctx", {}), error["input"]
    if kind in _EXPLAINERS:
        return _EXPLAINERS[kind](_Error(path, parent, node, context, given))
    if kind in _EXPECTED:
        expected, fix = _EXPECTED[kind]
        fix = "write it, or remove the key if it is optional" if given is None else fix
        return Finding(path, f"expected {expected}, found {describe_value(given)}", fix)
    if kind in _BOUNDS:
        words, bound = _BOUNDS[kind]
        message = f"must be {words} {context[bound]:,.15g}, found {describe_value(given)}"
        meaning = node.get("description")
        return Finding(path, message, f"it is: {meaning}" if meaning else "correct it")
    return Finding(path, error["msg"])


def day_finding(path: Path, given: str) -> Finding:
    """Return the finding that text is not a day."""
    return Finding(path, f"{quoted(given)} is not a day", _DAY_FIX)


def is_day_field(path: Path) -> bool:
    """Tell whether the format has a date at this place in the data."""
    node = resolve(crisis_schema())
    for step in path:
        node = step_into(node, step)
        if "discriminator" in node:
            # A union has the same dates whichever of its models is meant, where it has them.
            node = {"properties": _union_properties(node)}
    return node.get("format") == "date"


def describe_value(value: object) -> str:
    """Say what a value is, as `the text 'no'` or `a list`."""
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        return f"the text {quoted(value)}"
    if isinstance(value, int | float):
        return f"the number {value:.15g}" if math.isfinite(value) else "no number"
    return "a list" if isinstance(value, list) else "a mapping"


def as_identifier(text: str) -> str:
    """Return the id that text was probably meant to be; empty if there is none."""
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")[:64]


def as_actor_code(text: str) -> str:
    """Return the actor's code that text was probably meant to be; empty if there is none."""
    code = re.sub(r"[^A-Z0-9]", "", text.upper()).lstrip("0123456789")[:12]
    return code if len(code) > 1 else ""


def _locate(location: tuple[int | str, ...]) -> tuple[Path, Schema, Schema]:
    """Turn pydantic's location into the path in the data, and the schemas there and above it."""
    node = parent = resolve(crisis_schema())
    path: Path = ()
    for step in location:
        chosen = variant(node, step)
        if chosen is not None:
            node = chosen
            continue
        path = (*path, step)
        parent, node = node, step_into(node, step)
    return path, parent, node


def _union_properties(node: Schema) -> Schema:
    merged: Schema = {}
    for tag in node["discriminator"]["mapping"]:
        merged |= (variant(node, tag) or {}).get("properties", {})
    return merged


def _unknown_key(error: _Error) -> Finding:
    valid = error.parent["properties"]
    return Finding(error.path, UNKNOWN_KEY, nearest(str(error.path[-1]), valid, "the keys are"))


def _missing(error: _Error) -> Finding:
    *above, key = error.path
    if isinstance(key, int):
        count = len(error.parent["prefixItems"])
        message = f"expected {count} entries, found {len(error.given)}"
        return Finding(tuple(above), message, "add what is missing")
    meaning = error.node.get("description")
    return Finding(error.path, "missing", f"add it: {meaning}" if meaning else f"add '{key}: …'")


def _one_of(error: _Error) -> Finding:
    valid = [str(value) for value in error.node.get("enum", [error.node.get("const")])]
    return _choice(error.path, error.given, valid)


def _choice(path: Path, given: Any, valid: list[str]) -> Finding:
    if isinstance(given, str):
        return Finding(
            path, f"unknown value {quoted(given)}", nearest(given, valid, "write one of")
        )
    found = describe_value(given)
    if len(valid) == 1:
        return Finding(path, f"expected {valid[0]}, found {found}", f"write {valid[0]}")
    return Finding(path, f"expected a word, found {found}", f"write one of: {', '.join(valid)}")


def _bad_pattern(error: _Error) -> Finding:
    pattern, wrong = error.context["pattern"], quoted(error.given)
    if pattern == _IDENTIFIER:
        better = as_identifier(error.given)
        message = f"{wrong} is not an id: lower-case letters, digits and hyphens, at most 64"
        fix = f"write {quoted(better)}" if better else "write one, as 'barrage-april-13'"
    elif pattern == _ACTOR:
        better = as_actor_code(error.given)
        message = f"{wrong} is not a code: 2 to 12 capitals and digits, a letter first"
        fix = f"write {quoted(better)}" if better else "write it as ISR or HZB"
    elif error.path[-1] == "iso3":
        message, fix = f"{wrong} is not an ISO 3166 code", "write three capitals, as NOR"
    else:
        message, fix = f"{wrong} is not a web address", "begin with https:// and leave no spaces"
    return Finding(error.path, message, fix)


def _bad_day(error: _Error) -> Finding:
    return day_finding(error.path, error.given)


def _too_few(error: _Error) -> Finding:
    least, found = error.context["min_length"], error.context["actual_length"]
    noun = "entry" if least == 1 else "entries"
    message = f"needs at least {least} {noun}, found {found}"
    return Finding(error.path, message, "add what is missing")


def _too_many(error: _Error) -> Finding:
    most, found = error.context["max_length"], error.context["actual_length"]
    return Finding(error.path, f"expected {most} entries, found {found}", "remove the others")


def _empty_text(error: _Error) -> Finding:
    return Finding(error.path, "the text is empty", "write it, or remove the key if it is optional")


def _long_text(error: _Error) -> Finding:
    message = f"the text has {len(error.given):,} characters"
    return Finding(error.path, message, f"shorten it to {error.context['max_length']:,}")


def _no_tag(error: _Error) -> Finding:
    tags = error.node["discriminator"]
    fix = f"write one of: {', '.join(tags['mapping'])}"
    return Finding((*error.path, tags["propertyName"]), "missing", fix)


def _unknown_tag(error: _Error) -> Finding:
    tags = error.node["discriminator"]
    key = tags["propertyName"]
    return _choice((*error.path, key), error.given.get(key), list(tags["mapping"]))


def _refused_value(error: _Error) -> Finding:
    bound = re.fullmatch(r"\s*(>=|<=|=)\s*(.*?)\s*", str(error.given), re.DOTALL)
    if error.path[-1] == "level" and bound:
        fix = nearest(bound[2], LEVEL_NAMES[1:], "the levels are")
        return Finding(error.path, f"unknown level {quoted(bound[2])}", fix)
    message, _, fix = str(error.context["error"]).partition(": ")
    return Finding(error.path, message, fix)


_EXPLAINERS: dict[str, Callable[[_Error], Finding]] = {
    "extra_forbidden": _unknown_key,
    "missing": _missing,
    "enum": _one_of,
    "literal_error": _one_of,
    "string_pattern_mismatch": _bad_pattern,
    "string_too_short": _empty_text,
    "string_too_long": _long_text,
    "date_parsing": _bad_day,
    "date_from_datetime_parsing": _bad_day,
    "too_short": _too_few,
    "too_long": _too_many,
    "union_tag_not_found": _no_tag,
    "union_tag_invalid": _unknown_tag,
    "value_error": _refused_value,
}
