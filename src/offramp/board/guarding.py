"""What stands between the board and the web: against foreign hosts and pages, and too much of all.

The board has no password, because only this machine reaches it. But the browsers of this machine
show pages from everywhere, and those may try to reach it too. Three rules keep them out.

**Host.** A name that an attacker makes point to 127.0.0.1 (DNS rebinding) shows in the Host header,
so a request for any name but the machine's own is refused.

**Writes** must come from the board's own pages. Browsers say where a request comes from in headers
that no script can set: Sec-Fetch-Site and Origin, or in old ones Referer. Any of them that names
another place refuses the write, and a browser that names none is refused. A program that is no
browser (curl, a test) sends none of these nor a cookie, and is let through: it runs on this machine
with its user's rights, and could edit the crisis file itself. This is simpler than a token in forms
and a cookie, and no weaker: a token protects against the same pages, by a secret that must be kept,
carried through every form and lost at a restart, while these headers cannot be forged from a page.

**Reads** change nothing, and other origins cannot see what they return. But they can cost time, so
a foreign page may lead its reader here by a link, and not fetch or embed anything.
"""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Iterable

from starlette.types import ASGIApp, Message, Receive, Scope, Send

HOSTS = ("localhost", "127.0.0.1", "[::1]")
"""The names by which a browser on this machine reaches it."""

BODY_LIMIT = 1024 * 1024
"""Most bytes of a request's body."""

BODY_SECONDS = 20.0
"""Longest that a client may take to send a body."""

AT_ONCE = {"read": 256, "write": 16, "stream": 128}
"""Most requests at once by kind; the bodies of all writes are held in memory, in 16 MiB at most."""

CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)

_Headers = list[tuple[bytes, bytes]]

_ALWAYS: _Headers = [
    (b"x-content-type-options", b"nosniff"),
    # Not `no-referrer`: under it a browser sends `Origin: null` with the board's own forms.
    (b"referrer-policy", b"same-origin"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
]
_UNLESS_SET: _Headers = [
    (b"content-security-policy", CONTENT_SECURITY_POLICY.encode()),
    # Asked for anew each time, but kept for the way back: what was typed is still there.
    (b"cache-control", b"private, no-cache"),
]
_READS = frozenset({"GET", "HEAD", "OPTIONS"})
_OWN_SITE = frozenset({"same-origin", "none"})


class _RefusalError(Exception):
    """Why a request is refused, with the status that says so."""

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(reason)
        self.status = status
        self.reason = reason


def guarded(app: ASGIApp, *, port: int, hosts: Collection[str] = HOSTS) -> ASGIApp:
    """Return an application that refuses what the module says, and sets headers on what it answers.

    A response may set its own Content-Security-Policy and Cache-Control; the other headers are the
    same on all. Responses are passed on piece by piece, so that events stream.

    Args:
        app: what answers.
        port: the port at which browsers reach it.
        hosts: the names by which they may, without the port; addresses of version 6 in brackets.
    """
    return _Guard(app, port, hosts)


class _Guard:
    """The guard of one application."""

    def __init__(self, app: ASGIApp, port: int, hosts: Collection[str]) -> None:
        self.app = app
        self.hosts = {f"{host.lower()}:{port}" for host in hosts}
        if port == 80:
            self.hosts |= {host.lower() for host in hosts}
        self.inside = dict.fromkeys(AT_ONCE, 0)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
        elif scope["type"] == "http":
            await self._answer(scope, receive, send)
        else:
            await send({"type": "websocket.close", "code": 1008})

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        kind = _kind(scope)
        self.inside[kind] += 1
        try:
            self._check(scope)
            if self.inside[kind] > AT_ONCE[kind]:
                raise _RefusalError(503, "The board is busy: too many requests at once. Try again.")
            body = await _body(scope, receive)
        except _RefusalError as refusal:
            await _refuse(refusal, send)
        else:
            if body is not None:
                await self.app(scope, _replayed(body, receive), _with_headers(send))
        finally:
            self.inside[kind] -= 1

    def _check(self, scope: Scope) -> None:
        host = _header(scope, b"host").lower()
        if host not in self.hosts:
            known = ", ".join(sorted(self.hosts))
            raise _RefusalError(421, f"The board answers to these names only: {known}.")
        foreign = _header(scope, b"sec-fetch-site") not in {"", *_OWN_SITE}
        if scope["method"] not in _READS:
            _check_write(scope, host, foreign)
        elif foreign and not _is_visit(scope):
            raise _RefusalError(
                403, "Other pages may link to the board, but not load anything from it."
            )


def _check_write(scope: Scope, host: str, foreign: bool) -> None:
    own = f"http://{host}"
    origin, referer = _header(scope, b"origin").lower(), _header(scope, b"referer").lower()
    if origin == "null" and _header(scope, b"sec-fetch-site") == "same-origin":
        origin = ""  # what browsers send that were told to keep referrers to themselves
    if foreign or (origin and origin != own):
        raise _RefusalError(403, "Only the board's own pages may change anything.")
    if not origin and referer and not f"{referer}/".startswith(f"{own}/"):
        raise _RefusalError(403, "Only the board's own pages may change anything.")
    told = origin or referer or _header(scope, b"sec-fetch-site")
    browser = _header(scope, b"cookie") or _header(scope, b"user-agent").startswith("Mozilla/")
    if browser and not told:
        raise _RefusalError(403, "Your browser does not say which page this came from.")


def _is_visit(scope: Scope) -> bool:
    """Tell whether a person follows a link here, which then stands alone in its tab."""
    mode, destination = _header(scope, b"sec-fetch-mode"), _header(scope, b"sec-fetch-dest")
    return mode == "navigate" and destination == "document"


def _kind(scope: Scope) -> str:
    if scope["method"] not in _READS:
        return "write"
    return "stream" if "text/event-stream" in _header(scope, b"accept") else "read"


def _header(scope: Scope, name: bytes) -> str:
    """Return a header; of one that stands twice all values together, which then fit nothing."""
    values = [value for key, value in scope["headers"] if key == name]
    return b", ".join(values).decode("latin-1").strip()


async def _body(scope: Scope, receive: Receive) -> bytes | None:
    """Return the whole body, or None where the client has gone.

    Raises:
        _RefusalError: it is too long, or takes too long.
    """
    limit = _RefusalError(413, f"Too large: at most {BODY_LIMIT:,} bytes can be sent at once.")
    length = _header(scope, b"content-length")
    if length.isascii() and length.isdigit() and int(length[:20]) > BODY_LIMIT:
        raise limit
    body = bytearray()
    try:
        async with asyncio.timeout(BODY_SECONDS):
            while True:
                message = await receive()
                if message["type"] == "http.disconnect":
                    return None
                body += message.get("body", b"")
                if len(body) > BODY_LIMIT:
                    raise limit
                if not message.get("more_body", False):
                    return bytes(body)
    except TimeoutError:
        raise _RefusalError(408, f"Not all of it came within {BODY_SECONDS:.0f} seconds.") from None


def _replayed(body: bytes, receive: Receive) -> Receive:
    """Return what hands over a body that has been read, and then only that the client has gone."""
    given = False

    async def replay() -> Message:
        nonlocal given
        if given:
            return await receive()
        given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return replay


def _with_headers(send: Send) -> Send:
    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            message = {**message, "headers": _guarding(message.get("headers", ()))}
        await send(message)

    return sending


def _guarding(headers: Iterable[tuple[bytes, bytes]]) -> _Headers:
    forced = {name for name, _ in _ALWAYS}
    kept = [(name, value) for name, value in headers if name.lower() not in forced]
    there = {name.lower() for name, _ in kept}
    return [*kept, *_ALWAYS, *(one for one in _UNLESS_SET if one[0] not in there)]


async def _refuse(refusal: _RefusalError, send: Send) -> None:
    text = f"{refusal.reason}\n".encode()
    headers: _Headers = [
        (b"content-type", b"text/plain; charset=utf-8"),
        (b"content-length", str(len(text)).encode()),
        # What else the client has to say is not read.
        (b"connection", b"close"),
    ]
    if refusal.status == 503:
        headers.append((b"retry-after", b"1"))
    start = {"type": "http.response.start", "status": refusal.status}
    await send({**start, "headers": _guarding(headers)})
    await send({"type": "http.response.body", "body": text})
