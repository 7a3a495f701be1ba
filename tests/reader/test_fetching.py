from __future__ import annotations

import http.server
import ipaddress
import socket
import threading
from collections.abc import Iterator

import pytest

from offramp.reader import fetching
from offramp.reader.extracting import ExtractionError
from offramp.reader.fetching import fetch, public


class Pages(http.server.BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        if self.path == "/loop":
            self.answer(302, b"", {"Location": "/loop"})
        elif self.path == "/away":
            self.answer(302, b"", {"Location": "file:///etc/passwd"})
        elif self.path == "/once":
            self.answer(302, b"", {"Location": "/page"})
        elif self.path == "/large":
            self.answer(200, b"x" * 5000, {})
        elif self.path == "/packed":
            self.answer(200, b"x", {"Content-Encoding": "gzip"})
        elif self.path == "/missing":
            self.answer(404, b"", {})
        else:
            self.answer(200, b"<html><p>Israel bombed Syria.</p></html>", {})

    def answer(self, status: int, body: bytes, headers: dict[str, str]) -> None:
        self.send_response(status)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Pages) as found:
        threading.Thread(target=found.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{found.server_address[1]}"
        found.shutdown()


def test_a_page_through_a_redirect(server: str) -> None:
    found = fetch(f"{server}/once", allow_private=True)
    assert found.url == f"{server}/page"
    assert found.kind == "text/html"
    assert b"Israel bombed" in found.content


def test_private_addresses_are_refused_unless_allowed(server: str) -> None:
    with pytest.raises(ExtractionError, match="no public address"):
        fetch(f"{server}/page")


@pytest.mark.parametrize(
    "url",
    [
        "file:///etc/passwd",
        "ftp://example.org/x",
        "gopher://example.org",
        "http://",
        "http://user:secret@example.org/",
        "http://example.org/a b",
        "http://example.org:99999/",
        "http://[::1",
        "javascript://x",
    ],
)
def test_other_addresses_are_refused(url: str) -> None:
    with pytest.raises(ExtractionError):
        fetch(url, allow_private=True)


@pytest.mark.parametrize(
    ("path", "why"),
    [
        ("/loop", "redirects"),
        ("/away", "only http"),
        ("/packed", "packed"),
        ("/missing", "answered 404"),
    ],
)
def test_what_a_server_may_not_do(server: str, path: str, why: str) -> None:
    with pytest.raises(ExtractionError, match=why):
        fetch(f"{server}{path}", allow_private=True)


def test_size_is_bounded(server: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetching, "SIZE_LIMIT", 1000)
    with pytest.raises(ExtractionError, match="more than 1,000"):
        fetch(f"{server}/large", allow_private=True)


def test_time_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetching, "CONNECT_SECONDS", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as silent, pytest.raises(ExtractionError):
        fetch(f"http://127.0.0.1:{silent.getsockname()[1]}/", allow_private=True)


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("93.184.216.34", True),
        ("127.0.0.1", False),
        ("10.1.2.3", False),
        ("192.168.0.1", False),
        ("169.254.169.254", False),
        ("100.64.0.1", False),
        ("0.0.0.0", False),
        ("224.0.0.1", False),
        ("255.255.255.255", False),
        ("::1", False),
        ("fe80::1", False),
        ("fd00::1", False),
        ("::ffff:127.0.0.1", False),
        ("64:ff9b::7f00:1", False),
        ("2002:7f00:1::", False),
        ("2606:2800:220:1:248:1893:25c8:1946", True),
    ],
)
def test_public_addresses(address: str, expected: bool) -> None:
    assert public(ipaddress.ip_address(address)) is expected


def test_a_name_with_one_private_address_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    entries = [
        (socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, 80))
        for address in ("93.184.216.34", "127.0.0.1")
    ]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: entries)
    with pytest.raises(ExtractionError, match="no public address"):
        fetch("http://rebinding.example/")


def test_the_address_that_was_checked_is_the_one_connected_to(
    server: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A name is resolved once, so a second answer of its server is never used."""
    port = int(server.rsplit(":", 1)[1])
    asked: list[str] = []

    def resolve(host: str, *_: object, **__: object) -> list[object]:
        asked.append(host)
        address = "127.0.0.1" if len(asked) == 1 else "10.0.0.1"
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port))]

    connected: list[object] = []
    plain = socket.create_connection

    def connect(address: tuple[str, int], **options: float) -> socket.socket:
        connected.append(address[0])
        monkeypatch.undo()
        return plain(address, **options)

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    monkeypatch.setattr(socket, "create_connection", connect)
    fetch(f"http://name.example:{port}/page", allow_private=True)
    assert asked == ["name.example"]
    assert connected == ["127.0.0.1"]
