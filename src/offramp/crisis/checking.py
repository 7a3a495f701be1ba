"""From plain data to a crisis whose parts fit together, or every problem with it at once.

What the models refuse does not hide what else is wrong: the broken entries are set aside, and
the rest is still held against the rules that tie entries to each other.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterator
from typing import Any, Literal

from pydantic import Field, ValidationError

from offramp.crisis import references, rules
from offramp.crisis.draft import Draft, declared_names
from offramp.crisis.explaining import UNKNOWN_KEY, day_finding, explain, is_day_field
from offramp.crisis.parts import Identifier, Text
from offramp.crisis.problems import CrisisError, Finding, Path, nearest, quoted
from offramp.crisis.questions import Question
from offramp.crisis.reading import Document
from offramp.crisis.schema import Actor, Crisis, Front, Pair

_DIGITS = re.compile(r"[-+]?[\d.]+", re.ASCII)
_NEEDED: set[Path] = {("as_of",), ("coded_from",), ("horizon_days",), ("sources",)}


def check(document: Document, terms: Collection[str] | None = None) -> Crisis:
    """Return the crisis that a file holds.

    Args:
        document: the file as plain data.
        terms: the terms of the choice model that claims may speak of; any if None.

    Raises:
        CrisisError: with every problem found, each on its line and with its fix.
    """
    crisis, findings = _validate(document.data, Crisis)
    draft = _draft(document.data, crisis, findings)
    if draft is not None:
        findings += [*references.findings(draft), *rules.findings(draft)]
        findings += [] if terms is None else _unknown_terms(draft, terms)
    problems = [
        document.problem(finding.path, finding.message, finding.fix)
        for finding in dict.fromkeys(findings)
        if not any(finding.path[:k] in document.spoiled for k in range(len(finding.path) + 1))
    ]
    if crisis is None or problems or document.problems:
        raise CrisisError([*document.problems, *problems])
    return crisis


class _Sketch(Crisis):
    """A crisis of which broken entries have been set aside: it need not be complete."""

    offramp: Literal[1] = 1
    id: Identifier = "unknown"
    title: Text = "unknown"
    summary: Text = "unknown"
    actors: list[Actor] = Field(default_factory=list)
    pairs: list[Pair] = Field(default_factory=list)
    fronts: list[Front] = Field(default_factory=list)
    questions: list[Question] = Field(default_factory=list)


def _validate(data: dict[str, Any], model: type[Crisis]) -> tuple[Crisis | None, list[Finding]]:
    # JSON in strict mode is what a file means: no "NO" for false, no number for a day.
    findings = [day_finding(path, text) for path, text in _digits_for_days(data, ())]
    try:
        crisis = model.model_validate_json(
            json.dumps(data), strict=True, by_alias=True, by_name=False
        )
    except ValidationError as error:
        findings += [explain(details) for details in error.errors(include_url=False)]
        return None, findings
    return (None if findings else crisis), findings


def _digits_for_days(node: Any, path: Path) -> Iterator[tuple[Path, str]]:
    """Yield text in place of a day that pydantic would read as seconds since 1970."""
    if isinstance(node, dict | list):
        for step, value in node.items() if isinstance(node, dict) else enumerate(node):
            yield from _digits_for_days(value, (*path, step))
    elif isinstance(node, str) and _DIGITS.fullmatch(node) and is_day_field(path):
        yield path, node


def _draft(data: dict[str, Any], crisis: Crisis | None, findings: list[Finding]) -> Draft | None:
    """Return what can be held against the rules, or None where too little is sound."""
    declared = declared_names(data)
    if crisis is not None:
        return Draft(crisis, {}, frozenset(), declared)
    unknown = {finding.path for finding in findings if finding.message == UNKNOWN_KEY}
    broken = {finding.path[:2] for finding in findings if finding.path not in unknown}
    if broken & _NEEDED:
        return None
    kept: dict[str, Any] = {}
    places: dict[str, list[int]] = {}
    for section, value in _without(data, unknown, ()).items():
        if (section,) in broken:
            continue
        if isinstance(value, list):
            places[section] = [k for k in range(len(value)) if (section, k) not in broken]
            kept[section] = [value[k] for k in places[section]]
        elif isinstance(value, dict):
            kept[section] = {key: value[key] for key in value if (section, key) not in broken}
        else:
            kept[section] = value
    sketch, _ = _validate(kept, _Sketch)
    incomplete = frozenset(str(path[0]) for path in broken)
    return None if sketch is None else Draft(sketch, places, incomplete, declared)


def _unknown_terms(draft: Draft, terms: Collection[str]) -> Iterator[Finding]:
    for path, claim in draft.each("claims", draft.crisis.claims):
        if claim.term not in terms:
            message = f"unknown term {quoted(claim.term)}"
            yield Finding((*path, "term"), message, nearest(claim.term, terms, "the terms are"))


def _without(node: Any, paths: set[Path], path: Path) -> Any:
    """Return data without the keys at some paths."""
    if isinstance(node, dict):
        inner = {key: (*path, key) for key in node}
        return {key: _without(node[key], paths, at) for key, at in inner.items() if at not in paths}
    if isinstance(node, list):
        return [_without(value, paths, (*path, k)) for k, value in enumerate(node)]
    return node
