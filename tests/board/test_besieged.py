"""The board as it runs, besieged: slow and half-open clients, floods, names and paths astray."""

from __future__ import annotations

import contextlib
import http.client
import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from browser import Server, serving

from border import CRISIS
from offramp.board.connections import HEADER_SECONDS
from offramp.board.guarding import AT_ONCE, BODY_LIMIT, BODY_SECONDS

HURRIED = """
from offramp.board import connections, guarding
connections.HEADER_SECONDS, guarding.BODY_SECONDS = 1.0, 2.0
from offramp.cli import main; main()
"""
"""The board with short patience, so that the tests need less."""
PAGE = "/crises/border?futures=100"


@pytest.fixture(scope="module")
def besieged(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    home = tmp_path_factory.mktemp("besieged")
    path = home / "border.yaml"
    path.write_text(CRISIS)
    command = ["-c", HURRIED, "board", str(path), "--no-open", "--port", "{port}"]
    with serving(command, home) as server:
        yield server


def connected(server: Server) -> socket.socket:
    return socket.create_connection(("127.0.0.1", server.port), timeout=30)


def head(server: Server, method: str = "GET", path: str = PAGE, *more: str) -> bytes:
    lines = (f"{method} {path} HTTP/1.1", f"Host: 127.0.0.1:{server.port}", *more)
    return "\r\n".join([*lines, "", ""]).encode("latin-1")


def said(client: socket.socket) -> bytes:
    """Return all that is said until the connection ends."""
    heard = b""
    with contextlib.suppress(ConnectionError):
        while piece := client.recv(65536):
            heard += piece
    return heard


def answered(server: Server) -> float:
    """Ask for the page as any reader would; return how many seconds that took.

    Where there are too many at once the board says so, and to try again.
    """
    began = time.monotonic()
    status = 503
    while status == 503 and time.monotonic() - began < 10:
        connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=30)
        connection.request("GET", PAGE)
        answer = connection.getresponse()
        status, page = answer.status, answer.read()
        connection.close()
    assert status == 200
    assert b"</html>" in page
    return time.monotonic() - began


def dripping(server: Server, first: bytes) -> Callable[[socket.socket], bytes]:
    """Return a client that sends a byte now and then, and what it hears in the end."""

    def drip(client: socket.socket) -> bytes:
        client.sendall(first)
        heard: list[bytes] = []
        listening = threading.Thread(target=lambda: heard.append(said(client)))
        listening.start()
        with contextlib.suppress(OSError):
            while listening.is_alive():
                client.sendall(b"a")
                time.sleep(0.1)
        listening.join()
        return heard[0]

    return drip


def test_slow_and_silent_clients_are_given_up_and_hold_up_nobody(besieged: Server) -> None:
    answered(besieged)
    body = head(besieged, "POST", "/crises/border/add/act", "Content-Length: 100000")
    slow = {
        "silent": (lambda client: said(client), b""),
        "half a head": (dripping(besieged, head(besieged)[:30]), b""),
        "dripping head": (dripping(besieged, head(besieged)[:-2] + b"X-Drip: "), b""),
        "dripping body": (dripping(besieged, body), b"HTTP/1.1 408 "),
        "no body": (lambda client: (client.sendall(body), said(client))[1], b"HTTP/1.1 408 "),
    }
    ended: dict[str, tuple[float, bytes]] = {}

    def run(name: str) -> None:
        with connected(besieged) as client:
            began = time.monotonic()
            heard = slow[name][0](client)
            ended[name] = (time.monotonic() - began, heard)

    threads = [threading.Thread(target=run, args=(name,)) for name in slow]
    for one in threads:
        one.start()
    waits = []
    while any(one.is_alive() for one in threads):
        waits.append(answered(besieged))
        time.sleep(0.1)
    assert max(waits) < 1.0
    assert ended.keys() == slow.keys()
    for name, (seconds, heard) in ended.items():
        assert 0.5 < seconds < 6.0, name
        assert heard.startswith(slow[name][1]), name
        assert bool(heard) == bool(slow[name][1]), name
    assert HEADER_SECONDS <= 30
    assert BODY_SECONDS <= 30


def test_clients_that_never_read_hold_up_nobody(besieged: Server) -> None:
    """They are more than may be answered at once, and vanish without a word."""
    answered(besieged)
    with contextlib.ExitStack() as stack:
        for number in range(AT_ONCE["read"] + 20):
            client = stack.enter_context(socket.socket())
            client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
            # Closed, it resets the connection, as by a machine that went away.
            client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
            client.connect(("127.0.0.1", besieged.port))
            client.sendall(head(besieged, "GET", ("/", PAGE, "/crises")[number % 3]))
        waits = [answered(besieged) for _ in range(5)]
    assert max(waits) < 8.0
    assert answered(besieged) < 1.0


def test_many_who_say_nothing_do_not_keep_others_out(besieged: Server) -> None:
    with contextlib.ExitStack() as stack:
        silent = [stack.enter_context(connected(besieged)) for _ in range(400)]
        assert answered(besieged) < 2.0
        assert all(said(client) == b"" for client in silent)


@pytest.mark.parametrize("path", ["/crises/border/add", "/crises/border/log", "/nowhere"])
def test_a_huge_body_is_refused_unread(besieged: Server, path: str) -> None:
    with connected(besieged) as client:
        client.sendall(head(besieged, "POST", path, f"Content-Length: {10**12}"))
        assert said(client).startswith(b"HTTP/1.1 413 ")
    with connected(besieged) as client:
        client.sendall(head(besieged, "POST", path, "Transfer-Encoding: chunked"))
        sent = 0
        with contextlib.suppress(OSError):
            while sent < 64 * BODY_LIMIT:
                client.sendall(b"10000\r\n" + bytes(0x10000) + b"\r\n")
                sent += 0x10000
        assert sent < 32 * BODY_LIMIT
    answered(besieged)


def test_a_head_without_end_is_refused(besieged: Server) -> None:
    for more in (f"X-Long: {'a' * 2**20}", "\r\n".join(f"X-{n}: a" for n in range(50_000))):
        with connected(besieged) as client, contextlib.suppress(ConnectionError):
            client.sendall(head(besieged, "GET", "/", more))
            assert said(client).startswith(b"HTTP/1.1 4")
    with connected(besieged) as client, contextlib.suppress(ConnectionError):
        client.sendall(head(besieged, "GET", f"/{'a' * 2**20}"))
        assert said(client).startswith(b"HTTP/1.1 4")
    answered(besieged)


STRAY = (
    *("/../../../../etc/passwd", "/static/../../../../etc/passwd", "//etc/passwd", "/static//"),
    *("/static/%2e%2e/%2e%2e/etc/passwd", "/static/..%2f..%2f..%2fetc%2fpasswd", "/static/%00"),
    *("/static/..%5c..%5cetc%5cpasswd", "/static/....//....//etc/passwd", "/static/board.css/.."),
    *("/crises/..%2f..%2fetc%2fpasswd", "/crises/%2e%2e/brief.html", "/crises/%2fetc%2fpasswd"),
    *("/crises/%2fetc%2fpasswd/add", "/crises/border.yaml", "/crises/..%2fborder/add/act"),
    *("/crises/border/charts/..%2f..%2f..%2fborder.yaml.svg", "/crises/border/tables/..%2f.csv"),
    *("/static/%252e%252e%252fetc%252fpasswd", "/crises/\xc0\xae\xc0\xae/etc/passwd", "/ledger"),
)


@pytest.mark.parametrize("path", STRAY)
def test_no_path_leads_out(besieged: Server, path: str) -> None:
    with connected(besieged) as client:
        client.sendall(head(besieged, "GET", path, "Connection: close"))
        heard = said(client)
    assert heard[:10] == b"HTTP/1.1 4"
    assert b"root:" not in heard
    assert b"offramp: 1" not in heard
    assert b"Traceback" not in heard


def test_a_proxy_s_request_line_leads_nowhere_else(besieged: Server) -> None:
    with connected(besieged) as client:
        client.sendall(head(besieged, "GET", "http://evil.example/", "Connection: close"))
        assert b"HTTP/1.1 4" in said(client)[:10]


def asked(server: Server, method: str, path: str, headers: dict[str, str]) -> int:
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=30)
    connection.putrequest(method, path, skip_host=True)
    for name, value in {"Host": f"127.0.0.1:{server.port}", **headers}.items():
        connection.putheader(name, value)
    connection.putheader("Content-Length", "3")
    connection.endheaders(b"a=b")
    status = connection.getresponse().status
    connection.close()
    return status


def paths(server: Server) -> list[tuple[str, str]]:
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=30)
    connection.request("GET", "/openapi.json")
    described = json.loads(connection.getresponse().read())["paths"]
    connection.close()
    return [
        (method.upper(), path.replace("{identifier}", "border").replace("{name}", "x"))
        for path, methods in described.items()
        for method in methods
    ] + [("GET", path) for path in ("/", "/theme", "/static/board.js", "/openapi.json")]


def test_no_other_name_and_no_other_page_reaches_anything(besieged: Server) -> None:
    path = Path(besieged.home / "border.yaml")
    before = path.read_bytes()
    for method, address in paths(besieged):
        for host in ("evil.example", f"evil.example:{besieged.port}", "127.0.0.1"):
            assert asked(besieged, method, address, {"Host": host}) == 421, (address, host)
        foreign = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "no-cors"}
        assert asked(besieged, method, address, foreign) == 403, address
        if method == "POST":
            origins = ({"Origin": "https://evil.example"}, {"Origin": "null"})
            for one in (*origins, {"User-Agent": "Mozilla/5.0"}):
                assert asked(besieged, method, address, one) == 403, address
    assert path.read_bytes() == before
    assert not (besieged.home / "ledger.sqlite").exists()
