"""A file from an address that somebody wrote down, fetched so that it leads nowhere else.

Whoever may name an address could make this machine ask its neighbours for things that are not for
outsiders. So the name is looked up once, every address it has must be public, and that very address
is spoken to; each step of a redirection is looked at like the first.
"""

import ipaddress
import socket
import ssl
import threading
import time
from contextlib import closing
from http.client import HTTPConnection, HTTPException, HTTPResponse
from urllib.parse import SplitResult, urljoin, urlsplit

SLOWEST = 20.0  # seconds, for all of it
STEPS = 4  # the first address and three that it leads to
_TOO_SLOW = f"It took more than {SLOWEST:.0f} seconds."
_PIECE = 64_000
_PORTS = {"http": 80, "https": 443}
_LEADS_ON = {301, 302, 303, 307, 308}
# By these an IPv4 address is written as one of IPv6 that is public by itself.
_BRIDGES = [ipaddress.ip_network(one) for one in ("64:ff9b::/96", "2002::/16", "2001::/32")]


class Unreachable(Exception):
    """Nothing was fetched; the message says why and may be shown."""


def fetch(address: str, most: int, *, private: bool = False) -> bytes:
    """What lies there, of at most so many bytes. Raises Unreachable.

    With `private`, addresses of one's own network are spoken to as well.
    """
    until = time.monotonic() + SLOWEST
    for _ in range(STEPS):
        parts = urlsplit(address)
        try:
            leads_to, body = _ask(parts, most, until, private=private)
        except (OSError, HTTPException, ValueError) as fault:
            raise Unreachable(f"{parts.hostname} did not answer as it should: {fault}.") from fault
        if not leads_to:
            return body
        address = urljoin(address, leads_to)
    raise Unreachable(f"{address} leads from one address to the next, more than {STEPS - 1} times.")


def _ask(parts: SplitResult, most: int, until: float, *, private: bool) -> tuple[str, bytes]:
    """Where it leads to, or what lies there."""
    if parts.scheme not in _PORTS or not parts.hostname:
        raise Unreachable("Only addresses that begin with https:// or http:// are read.")
    port = parts.port or _PORTS[parts.scheme]
    left = until - time.monotonic()
    if left <= 0:
        raise Unreachable(_TOO_SLOW)
    raw = socket.create_connection((_address(parts.hostname, port, private=private), port), left)
    with closing(raw), closing(raw.dup()) as handle:
        # However slowly it answers, letter by letter, it is over in time.
        alarm = threading.Timer(left, handle.shutdown, [socket.SHUT_RDWR])
        alarm.daemon = True
        alarm.start()
        try:
            found = _answer(_spoken_to(parts, raw, port), parts, most)
        finally:
            alarm.cancel()
    if time.monotonic() >= until:  # cut off, what there is looks whole
        raise Unreachable(_TOO_SLOW)
    return found


def _spoken_to(parts: SplitResult, raw: socket.socket, port: int) -> HTTPConnection:
    connection = HTTPConnection(parts.hostname or "", port)
    connection.sock = raw
    if parts.scheme == "https":
        context = ssl.create_default_context()
        connection.sock = context.wrap_socket(raw, server_hostname=parts.hostname)
    return connection


def _answer(connection: HTTPConnection, parts: SplitResult, most: int) -> tuple[str, bytes]:
    path = f"{parts.path or '/'}{f'?{parts.query}' if parts.query else ''}"
    with closing(connection):
        headers = {"Accept": "text/calendar", "Accept-Encoding": "identity"}
        connection.request("GET", path, headers=headers | {"User-Agent": "Evenkeel"})
        with connection.getresponse() as answer:
            if answer.status in _LEADS_ON and (leads_to := answer.headers.get("Location")):
                return leads_to, b""
            if answer.status != 200:
                raise Unreachable(f"{parts.hostname} answered with {answer.status}.")
            return "", _read(answer, most)


def _read(answer: HTTPResponse, most: int) -> bytes:
    """Piece by piece, for how long it says it is may be wrong."""
    body = b""
    while piece := answer.read(min(_PIECE, most + 1 - len(body))):
        body += piece
        if len(body) > most:
            raise Unreachable(f"It has more than {most:,} bytes.")
    return body


def _address(host: str, port: int, *, private: bool) -> str:
    """The address of a name. Raises Unreachable where it has one that is not public."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    addresses = list(dict.fromkeys(str(one[4][0]) for one in found))
    if not private and not all(is_public(one) for one in addresses):
        raise Unreachable(f"{host} is in a network of our own, from which no feeds are read.")
    return addresses[0]


def is_public(address: str) -> bool:
    """Is it an address of the internet, and of nothing nearer?"""
    found = ipaddress.ip_address(address.partition("%")[0])
    bridged = any(found in bridge for bridge in _BRIDGES if bridge.version == found.version)
    return found.is_global and not found.is_multicast and not bridged
