"""Attacks in the place of every text of a crisis."""

from __future__ import annotations

from typing import Any

ATTACK = (
    "=1+1</title></script><script>alert(1)</script><img src=x onerror=alert(2)>\"'>{{7*7}}"
    "]]>--></style><svg/onload=alert(5)><a href=javascript:alert(6)>&lt;b&gt;&#60;\u05d0\u05d1"
    + "W"
    * 300
)
URL = 'https://evil.example/"onmouseover="alert(3)\'><script>alert(4)</script>]]>'
TEXTS = ("title", "summary", "name", "text", "quote", "publisher", "reason", "role")
HOSTILE = "turkey-russia-2015"
"""The crisis that ships and is attacked."""


def attacked(value: Any, key: str = "") -> Any:
    if isinstance(value, dict):
        return {name: attacked(item, name) for name, item in value.items() if item is not None}
    if isinstance(value, list):
        return [attacked(item, key) for item in value]
    if key == "url":
        return URL
    return ATTACK if isinstance(value, str) and key in TEXTS else value
