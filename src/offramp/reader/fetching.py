"""Fetching a page: http and https only, bounded in size and time, and never from private addresses.

The address that a name resolves to is checked and then connected to itself, so that a name
cannot be resolved a second time to another address; every redirect is checked anew.
"""

from __future__ import annotations

import http.client
import ipaddress
import socket
import ssl
import time
from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit

from offramp.reader.extracting import SIZE_LIMIT, ExtractionError

CONNECT_SECONDS = 10.0
TOTAL_SECONDS = 30.0
REDIRECT_LIMIT = 5
_CHUNK = 65_536
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_NAT64 = ipaddress.ip_network("64:ff9b::/96")

Address = ipaddress.IPv4Address | ipaddress.IPv6Address


@dataclass(frozen=True, slots=True)
class Fetched:
    """What a server sent: its bytes, their media type, and the address in the end."""

    content: bytes
    kind: str
    url: str


def fetch(url: str, allow_private: bool = False) -> Fetched:
    """Return what stands at an address.

    Args:
        url: begins with http:// or https://.
        allow_private: whether addresses of this machine and of private networks may be asked.

    Raises:
        ExtractionError: another scheme, an address that is not public, too many redirects, too
            large, too slow, or the server's refusal.
    """
    deadline = time.monotonic() + TOTAL_SECONDS
    for _ in range(REDIRECT_LIMIT + 1):
        answer = _once(url, allow_private, deadline)
        if isinstance(answer, Fetched):
            return answer
        url = urljoin(url, answer)
    raise ExtractionError(f"{url}: more than {REDIRECT_LIMIT} redirects")


def public(address: Address) -> bool:
    """Whether an address is reached through the public internet, embedded ones included."""
    if isinstance(address, ipaddress.IPv6Address):
        inner = address.ipv4_mapped or address.sixtofour
        if inner is None and address in _NAT64:
            inner = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
        if inner is not None:
            return public(inner)
        if address.teredo is not None:
            return False
    return address.is_global and not address.is_multicast


def _once(url: str, allow_private: bool, deadline: float) -> Fetched | str:
    """Ask once; return what was sent, or the address of a redirect."""
    host, port, target, secure = _parts(url)
    address = _resolved(url, host, port, allow_private)
    connection = _connected(url, host, port, address, secure, deadline)
    try:
        connection.request(
            "GET",
            target,
            headers={
                "User-Agent": "offramp-reader",
                "Accept": "text/html,application/pdf,application/xml,text/plain",
                "Accept-Encoding": "identity",
            },
        )
        answer = connection.getresponse()
        if answer.status in _REDIRECTS:
            place = answer.getheader("Location")
            if not place:
                raise ExtractionError(f"{url}: a redirect to nowhere")
            return place
        if answer.status != 200:
            raise ExtractionError(f"{url}: the server answered {answer.status}")
        if (answer.getheader("Content-Encoding") or "identity") != "identity":
            raise ExtractionError(f"{url}: the answer is packed, though plain was asked for")
        content = _content(url, answer, connection, deadline)
        return Fetched(content, (answer.getheader("Content-Type") or "").split(";")[0].lower(), url)
    except (OSError, http.client.HTTPException) as error:
        raise ExtractionError(f"{url}: {error or type(error).__name__}") from None
    finally:
        connection.close()


def _parts(url: str) -> tuple[str, int, str, bool]:
    try:
        split = urlsplit(url)
        port = split.port
    except ValueError:
        raise ExtractionError(f"{url[:200]!r}: not an address") from None
    if split.scheme not in {"http", "https"}:
        raise ExtractionError(f"{url[:200]!r}: only http and https are fetched")
    if not split.hostname or split.username is not None or any(ord(c) < 33 for c in url):
        raise ExtractionError(f"{url[:200]!r}: not an address that is fetched")
    secure = split.scheme == "https"
    target = split.path or "/"
    if split.query:
        target += f"?{split.query}"
    try:
        target.encode("ascii")
    except UnicodeEncodeError:
        raise ExtractionError(f"{url[:200]!r}: write other letters with percent signs") from None
    return split.hostname, port or (443 if secure else 80), target, secure


def _resolved(url: str, host: str, port: int, allow_private: bool) -> str:
    """Return an address of the host, all of whose addresses must be allowed."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise ExtractionError(f"{url}: {error}") from None
    names = [str(entry[4][0]) for entry in found]
    for name in names:
        address = ipaddress.ip_address(name.split("%")[0])
        if not allow_private and not public(address):
            raise ExtractionError(
                f"{url}: {address} is no public address; --allow-private allows it"
            )
    if not names:
        raise ExtractionError(f"{url}: it has no address")
    return names[0]


def _connected(
    url: str, host: str, port: int, address: str, secure: bool, deadline: float
) -> http.client.HTTPConnection:
    """Return a connection to exactly this address, on which the host is asked for by name."""
    connection = http.client.HTTPConnection(host, port, timeout=CONNECT_SECONDS)
    try:
        plain = socket.create_connection((address, port), timeout=_left(url, deadline))
        if secure:
            plain = ssl.create_default_context().wrap_socket(plain, server_hostname=host)
    except OSError as error:
        raise ExtractionError(f"{url}: {error}") from None
    connection.sock = plain
    return connection


def _left(url: str, deadline: float) -> float:
    left = deadline - time.monotonic()
    if left <= 0:
        raise ExtractionError(f"{url}: it took longer than {TOTAL_SECONDS:.0f} seconds")
    return min(CONNECT_SECONDS, left)


def _content(
    url: str,
    answer: http.client.HTTPResponse,
    connection: http.client.HTTPConnection,
    deadline: float,
) -> bytes:
    parts: list[bytes] = []
    size = 0
    while True:
        left = _left(url, deadline)
        if connection.sock is not None:
            connection.sock.settimeout(left)
        part = answer.read1(_CHUNK)
        if not part:
            return b"".join(parts)
        size += len(part)
        if size > SIZE_LIMIT:
            raise ExtractionError(f"{url}: more than {SIZE_LIMIT:,} bytes")
        parts.append(part)
