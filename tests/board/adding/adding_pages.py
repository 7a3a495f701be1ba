"""Pages as the tests of the board read them, and what they send."""

from __future__ import annotations

from html.parser import HTMLParser
from pathlib import Path
from typing import Any

from starlette.testclient import TestClient

from border import CRISIS

AS_JSON = {"Accept": "application/json"}
ADD = "/crises/border/add"


class Form(HTMLParser):
    """The controls of a page's forms, as a browser would send them, and the ids it describes by."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.values: dict[str, str] = {}
        self.names: set[str] = set()
        self.ids: list[str] = []
        self.named: set[str] = set()
        self.invalid: set[str] = set()
        self._select = self._area = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        name = found.get("name", "")
        if "id" in found:
            self.ids.append(found["id"])
        for attribute in ("for", "aria-describedby", "aria-labelledby", "list"):
            self.named |= set(found.get(attribute, "").split())
        if tag in ("input", "select", "textarea"):
            self.names.add(name)
            if "aria-invalid" in found:
                self.invalid.add(name)
        if tag == "input" and (
            found.get("type") not in ("checkbox", "radio") or "checked" in found
        ):
            self.values[name] = found.get("value", "")
        elif tag == "select":
            self._select = name
        elif tag == "option" and self._select:
            value = found.get("value", "")
            self.values.setdefault(self._select, value)  # the first, unless another is chosen
            if "selected" in found:
                self.values[self._select] = value
        elif tag == "textarea":
            self._area = name
            self.values[name] = ""

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            self._area = ""
        elif tag == "select":
            self._select = ""

    def handle_data(self, data: str) -> None:
        if self._area:
            there = self.values[self._area]
            # The first line break of a text area is not part of it.
            self.values[self._area] += data if there else data.removeprefix("\n")


def version(client: TestClient) -> str:
    return str(client.get(f"{ADD}/act", headers=AS_JSON).json()["version"])


def send(client: TestClient, kind: str, typed: dict[str, str]) -> Any:
    return client.post(f"{ADD}/{kind}", data={"version": version(client)} | typed)


def kept(path: Path) -> bool:
    """Tell whether every line of the crisis, comments too, is there still and in order."""
    lines = iter(path.read_text().split("\n"))
    return all(line in lines for line in CRISIS.split("\n") if line != "timeline: []")
