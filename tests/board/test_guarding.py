from __future__ import annotations

import asyncio
import socket
import threading
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager, suppress

import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, StreamingResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from offramp.board import connections, guarding
from offramp.board.connections import TimedProtocol
from offramp.board.guarding import BODY_LIMIT, CONTENT_SECURITY_POLICY, guarded

PORT = 8123
HERE = f"http://127.0.0.1:{PORT}"


async def echo(request: Request) -> PlainTextResponse:
    return PlainTextResponse(str(len(await request.body())))


async def own_policy(request: Request) -> PlainTextResponse:
    own = {"Content-Security-Policy": "default-src 'self'", "Cache-Control": "max-age=9"}
    return PlainTextResponse("", headers=own | {"Referrer-Policy": "unsafe-url"})


def application() -> Starlette:
    """Return an application whose /events sends one event, and the next only when told to go on."""
    go_on = asyncio.Event()

    async def events(request: Request) -> StreamingResponse:
        async def told() -> AsyncIterator[str]:
            yield "data: first\n\n"
            await go_on.wait()
            yield "data: second\n\n"

        return StreamingResponse(told(), media_type="text/event-stream")

    async def onward(request: Request) -> PlainTextResponse:
        go_on.set()
        return PlainTextResponse("")

    routes = [
        Route("/", echo, methods=["GET", "POST", "PUT", "DELETE", "PATCH", "OPTIONS"]),
        Route("/own", own_policy),
        Route("/events", events),
        Route("/onward", onward),
    ]
    return Starlette(routes=routes)


@pytest.fixture
def client() -> TestClient:
    return TestClient(guarded(application(), port=PORT), base_url=HERE)


# --- Hosts


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "LocalHost", "[::1]"])
def test_the_names_of_this_machine_are_answered(client: TestClient, host: str) -> None:
    answer = client.get("/", headers={"Host": f"{host}:{PORT}"})
    assert answer.status_code == 200


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        f"evil.example:{PORT}",
        f"localhost.evil.example:{PORT}",
        f"localhost.:{PORT}",
        "localhost",
        f"localhost:{PORT + 1}",
        f"127.0.0.1:{PORT}@evil.example",
        f"127.1:{PORT}",
        f"0.0.0.0:{PORT}",
        f"2130706433:{PORT}",
        "",
    ],
)
def test_any_other_name_is_refused(client: TestClient, host: str) -> None:
    answer = client.get("/", headers={"Host": host})
    assert answer.status_code == 421
    assert f"localhost:{PORT}" in answer.text
    assert answer.headers["content-security-policy"] == CONTENT_SECURITY_POLICY


def test_on_port_80_browsers_leave_the_port_out() -> None:
    client = TestClient(guarded(application(), port=80), base_url="http://localhost")
    assert client.get("/").status_code == 200


# --- Writes

BROWSER = {"User-Agent": "Mozilla/5.0"}


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": HERE, "Sec-Fetch-Site": "same-origin", **BROWSER},
        {"Origin": HERE, **BROWSER},
        {"Referer": f"{HERE}/crises/x", **BROWSER},
        {"Referer": HERE, **BROWSER},
        {"Sec-Fetch-Site": "same-origin", **BROWSER},
        {"Origin": "null", "Sec-Fetch-Site": "same-origin", **BROWSER},
        {"User-Agent": "curl/8.5.0"},
    ],
)
@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
def test_writes_of_own_pages_and_of_programs(
    client: TestClient, method: str, headers: dict[str, str]
) -> None:
    assert client.request(method, "/", headers=headers, content=b"abc").text == "3"


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "null", "Sec-Fetch-Site": "none"},
        {"Origin": "null", "Sec-Fetch-Site": "cross-site"},
        {"Origin": f"http://localhost:{PORT}"},
        {"Origin": f"https://127.0.0.1:{PORT}"},
        {"Origin": f"{HERE}.evil.example"},
        {"Origin": HERE, "Sec-Fetch-Site": "cross-site"},
        {"Origin": HERE, "Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "unheard-of"},
        {"Referer": "https://evil.example/"},
        {"Referer": f"{HERE}.evil.example/"},
        {"Referer": f"https://evil.example/{HERE}/"},
        {"Referer": f"{HERE}@evil.example/"},
        BROWSER,
        {"Cookie": "a=b"},
    ],
)
@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "MADE-UP"])
def test_writes_from_elsewhere_are_refused(
    client: TestClient, method: str, headers: dict[str, str]
) -> None:
    answer = client.request(method, "/", headers=headers, content=b"abc")
    assert answer.status_code == 403
    assert answer.text.strip()


def test_two_origins_are_none(client: TestClient) -> None:
    answer = client.post("/", headers=[("Origin", HERE), ("Origin", HERE)])
    assert answer.status_code == 403


# --- Reads

VISIT = {"Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document"}
IMAGE = {"Sec-Fetch-Mode": "no-cors", "Sec-Fetch-Dest": "image"}
FRAME = {"Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "iframe"}


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_other_pages_may_link_but_not_load(client: TestClient, site: str) -> None:
    from_there = {"Sec-Fetch-Site": site}
    assert client.get("/", headers=from_there | VISIT).status_code == 200
    assert client.get("/", headers=from_there | IMAGE).status_code == 403
    assert client.get("/", headers=from_there | FRAME).status_code == 403
    assert client.get("/", headers=from_there).status_code == 403


@pytest.mark.parametrize("site", ["same-origin", "none"])
def test_own_pages_and_the_address_bar_load(client: TestClient, site: str) -> None:
    assert client.get("/", headers={"Sec-Fetch-Site": site} | IMAGE).status_code == 200


# --- Headers


def test_every_answer_is_guarded(client: TestClient) -> None:
    for path in ("/", "/none", "/events-none"):
        headers = client.get(path).headers
        assert headers["content-security-policy"] == CONTENT_SECURITY_POLICY
        assert "unsafe" not in headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "same-origin"
        assert headers["cross-origin-opener-policy"] == "same-origin"
        assert headers["cross-origin-resource-policy"] == "same-origin"
        assert headers["cache-control"] == "private, no-cache"
        assert not any(name.startswith("access-control") for name in headers)


def test_a_page_may_have_a_policy_of_its_own_but_not_say_where_one_comes_from(
    client: TestClient,
) -> None:
    headers = client.get("/own").headers
    assert headers.get_list("content-security-policy") == ["default-src 'self'"]
    assert headers.get_list("cache-control") == ["max-age=9"]
    assert headers.get_list("referrer-policy") == ["same-origin"]


# --- Bounds


def test_a_body_of_the_limit_is_taken_and_one_byte_more_is_not(client: TestClient) -> None:
    assert client.post("/", content=bytes(BODY_LIMIT)).text == str(BODY_LIMIT)
    answer = client.post("/", content=bytes(BODY_LIMIT + 1))
    assert answer.status_code == 413
    assert "1,048,576" in answer.text


def run(scope: dict[str, object], messages: list[dict[str, object]]) -> list[dict[str, object]]:
    """Return what the guard sends, given what it receives; after that nothing comes."""
    sent: list[dict[str, object]] = []

    async def receive() -> dict[str, object]:
        if not messages:
            await asyncio.sleep(3600)
        return messages.pop(0)

    async def send(message: dict[str, object]) -> None:
        sent.append(message)

    base = {"type": "http", "method": "POST", "path": "/", "query_string": b"", "root_path": ""}
    headers = [(b"host", f"localhost:{PORT}".encode())]
    asyncio.run(
        guarded(application(), port=PORT)({**base, "headers": headers, **scope}, receive, send)
    )  # type: ignore[arg-type]
    return sent


def test_bytes_are_counted_and_not_only_announced() -> None:
    """No Content-Length: the guard stops at the limit, without taking what is left."""
    piece = {"type": "http.request", "body": bytes(400_000), "more_body": True}
    messages = [dict(piece) for _ in range(9)]
    sent = run({}, messages)
    assert sent[0]["status"] == 413
    assert len(messages) == 6


def test_a_slow_body_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guarding, "BODY_SECONDS", 0.05)
    sent = run({}, [{"type": "http.request", "body": b"a", "more_body": True}])
    assert sent[0]["status"] == 408


def test_a_client_that_leaves_is_not_answered() -> None:
    assert run({}, [{"type": "http.disconnect"}]) == []


def test_web_sockets_are_closed() -> None:
    assert run({"type": "websocket"}, []) == [{"type": "websocket.close", "code": 1008}]


# --- A real server


@contextmanager
def serving(app: object) -> Iterator[int]:
    """Serve an application on a free port."""
    listener = socket.create_server(("127.0.0.1", 0))
    port = listener.getsockname()[1]
    config = uvicorn.Config(
        guarded(app, port=port),  # type: ignore[arg-type]
        http=TimedProtocol,
        ws="none",
        log_level="error",
        lifespan="off",
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
    thread.start()
    try:
        while not server.started:
            time.sleep(0.01)
        yield port
    finally:
        server.should_exit = True
        thread.join(10)
        listener.close()


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    with serving(application()) as port:
        yield port


def exchange(port: int, sent: bytes, seconds: float = 5.0) -> bytes:
    """Return all that a server says to some bytes, until it closes or falls silent."""
    with socket.create_connection(("127.0.0.1", port), timeout=seconds) as connection:
        connection.sendall(sent)
        heard = b""
        while piece := connection.recv(65536):
            heard += piece
        return heard


def test_a_rebound_name_is_refused_on_the_wire(port: int) -> None:
    request = f"GET / HTTP/1.1\r\nHost: evil.example:{port}\r\nConnection: close\r\n\r\n"
    assert exchange(port, request.encode()).startswith(b"HTTP/1.1 421 ")


def test_no_host_and_two_hosts_are_refused_on_the_wire(port: int) -> None:
    assert exchange(port, b"GET / HTTP/1.0\r\n\r\n").startswith(b"HTTP/1.1 421 ")
    host = f"Host: localhost:{port}\r\n"
    two = f"GET / HTTP/1.1\r\n{host}Host: evil.example\r\n\r\n"
    assert exchange(port, two.encode()).startswith(b"HTTP/1.1 400 ")


def test_a_chunked_flood_is_cut_off_on_the_wire(port: int) -> None:
    head = f"POST / HTTP/1.1\r\nHost: localhost:{port}\r\nTransfer-Encoding: chunked\r\n\r\n"
    chunk = b"10000\r\n" + bytes(0x10000) + b"\r\n"
    with socket.create_connection(("127.0.0.1", port), timeout=5) as connection:
        connection.sendall(head.encode())
        sent = 0
        with suppress(OSError):
            while sent < 64 * BODY_LIMIT:
                connection.sendall(chunk)
                sent += len(chunk)
    assert sent < 16 * BODY_LIMIT


def test_events_stream_as_they_are_sent(port: int) -> None:
    host = f"Host: localhost:{port}\r\n"
    with socket.create_connection(("127.0.0.1", port), timeout=5) as connection:
        connection.sendall(f"GET /events HTTP/1.1\r\n{host}\r\n".encode())
        heard = b""
        while b"first" not in heard:
            heard += connection.recv(65536)
        assert b"second" not in heard
        exchange(port, f"GET /onward HTTP/1.1\r\n{host}Connection: close\r\n\r\n".encode())
        while b"second" not in heard:
            heard += connection.recv(65536)


@pytest.mark.parametrize("said", [b"", b"GET / HTTP/1.1\r\nHost: loc", b"G"])
def test_silence_before_a_request_is_cut_off(
    port: int, said: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connections, "HEADER_SECONDS", 0.2)
    began = time.monotonic()
    assert exchange(port, said) == b""
    assert time.monotonic() - began < 2.0


def test_dripping_headers_do_not_put_off_the_end(
    port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connections, "HEADER_SECONDS", 0.4)
    began = time.monotonic()
    with socket.create_connection(("127.0.0.1", port), timeout=5) as connection:
        connection.sendall(b"GET / HTTP/1.1\r\n")
        with suppress(OSError):
            while time.monotonic() - began < 4.0:
                connection.sendall(b"X-Drip: 1\r\n")
                time.sleep(0.05)
    assert time.monotonic() - began < 2.0


def test_the_second_request_of_a_connection_is_timed_too(
    port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connections, "HEADER_SECONDS", 0.3)
    whole = f"GET / HTTP/1.1\r\nHost: localhost:{port}\r\n\r\n".encode()
    with socket.create_connection(("127.0.0.1", port), timeout=3) as connection:
        connection.sendall(whole)
        heard = b""
        while not heard.endswith(b"\r\n\r\n0"):
            heard += connection.recv(65536)
        connection.sendall(whole[:20])
        began = time.monotonic()
        assert connection.recv(65536) == b""
        assert time.monotonic() - began < 2.0


def test_a_slow_answer_is_not_cut_off(port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "HEADER_SECONDS", 0.1)
    with serving(application()) as other, socket.create_connection(("127.0.0.1", other)) as stream:
        stream.settimeout(5)
        stream.sendall(f"GET /events HTTP/1.1\r\nHost: localhost:{other}\r\n\r\n".encode())
        time.sleep(0.4)
        onward = f"GET /onward HTTP/1.1\r\nHost: localhost:{other}\r\nConnection: close\r\n\r\n"
        exchange(other, onward.encode())
        heard = b""
        while b"second" not in heard:
            piece = stream.recv(65536)
            assert piece, "the stream was cut off"
            heard += piece


def test_too_many_writes_at_once_are_turned_away(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(guarding.AT_ONCE, "write", 2)
    head = "POST / HTTP/1.1\r\nHost: localhost:{}\r\nContent-Length: 2\r\nConnection: close\r\n\r\n"
    with serving(application()) as port:
        waiting = [socket.create_connection(("127.0.0.1", port), timeout=5) for _ in range(2)]
        for one in waiting:
            one.sendall(head.format(port).encode() + b"a")
        time.sleep(0.2)
        answer = exchange(port, head.format(port).encode() + b"ab")
        assert answer.startswith(b"HTTP/1.1 503 ")
        assert b"retry-after" in answer.lower()
        for one in waiting:
            one.sendall(b"b")
            assert one.recv(65536).startswith(b"HTTP/1.1 200 ")
            one.close()
        assert exchange(port, head.format(port).encode() + b"ab").startswith(b"HTTP/1.1 200 ")
