"""Fetches a picture from an address that a client names, where the service allows that.

A name is resolved once. All its addresses are checked, one is connected to, and the address of the
connected socket is checked again; the name is never asked for a second time. So is each redirect.
"""

import socket
import ssl
from collections.abc import Awaitable, Callable
from typing import NamedTuple
from urllib.parse import urljoin, urlsplit

import anyio
import anyio.streams.tls
import h11
from anyio.abc import ByteStream, SocketAttribute

from .addresses import is_public
from .refusal import Refusal

__all__ = ["SOURCE_NOT_FOUND", "Rules", "fetch"]

SOURCE_NOT_FOUND = "Source not found"
"""The protocol's word for an address that gives no picture."""

MOST_REDIRECTS = 5
PORTS = {"http": 80, "https": 443}
PIECE_BYTES = 65_536
AGENT = "fewcolors"


async def resolved(host: str, port: int) -> list[str]:
    """Returns the addresses of a name."""
    found = await anyio.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [str(entry[4][0]) for entry in found]


class Rules(NamedTuple):
    """What may be fetched.

    Attributes:
        max_bytes: of a picture.
        seconds: for all of it, redirects too.
        is_allowed: whether an address may be connected to.
        resolve: from a name and a port to addresses.
        ports: that may be named, beside those of the schemes.
    """

    max_bytes: int
    seconds: float = 10.0
    is_allowed: Callable[[str], bool] = is_public
    resolve: Callable[[str, int], Awaitable[list[str]]] = resolved
    ports: tuple[int, ...] = ()


class Target(NamedTuple):
    """The parts of an address that a request needs."""

    scheme: str
    host: str
    port: int
    path: str


async def fetch(url: str, rules: Rules) -> bytes:
    """Fetches a picture.

    Args:
        url: with http or https.
        rules: what is allowed.

    Raises:
        Refusal: the address is not allowed, does not answer, or gives too much.
    """
    try:
        with anyio.fail_after(rules.seconds):
            for _ in range(MOST_REDIRECTS + 1):
                target = _target(url, rules)
                body, location = await _got(target, rules)
                if location is None:
                    return body
                url = urljoin(url, location)
    except TimeoutError:
        raise _not_found("Server does not answer in time") from None
    except (OSError, UnicodeError, anyio.EndOfStream, anyio.BrokenResourceError, h11.ProtocolError):
        raise _not_found("Server cannot be reached, or does not speak HTTP") from None
    raise _not_found("Server redirects too often")


def _target(url: str, rules: Rules) -> Target:
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
        host.encode("ascii")
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        path.encode("ascii")
    except (ValueError, UnicodeError):
        raise _not_found("Cannot parse URL") from None
    is_plain = url.isprintable() and " " not in url and parts.username is None
    if parts.scheme not in PORTS or not host or not is_plain:
        raise _not_found("Cannot parse URL")
    default = PORTS[parts.scheme]
    if port not in (None, default, *rules.ports):
        raise _not_found("Only the ports of http and https are allowed")
    return Target(parts.scheme, host, port or default, path)


async def _got(target: Target, rules: Rules) -> tuple[bytes, str | None]:
    """Returns the body of an answer, or where it redirects to."""
    addresses = await rules.resolve(target.host, target.port)
    if not addresses or not all(map(rules.is_allowed, addresses)):
        raise _not_found("This address is not allowed")
    async with await anyio.connect_tcp(addresses[0], target.port) as connection:
        if not rules.is_allowed(str(connection.extra(SocketAttribute.remote_address)[0])):
            raise _not_found("This address is not allowed")
        stream: ByteStream = connection
        if target.scheme == "https":
            stream = await anyio.streams.tls.TLSStream.wrap(
                connection,
                hostname=target.host,
                ssl_context=ssl.create_default_context(),
                standard_compatible=False,
            )
        return await _exchange(stream, target, rules.max_bytes)


async def _exchange(stream: ByteStream, target: Target, most: int) -> tuple[bytes, str | None]:
    is_usual = target.port == PORTS[target.scheme]
    name = f"[{target.host}]" if ":" in target.host else target.host
    host = name if is_usual else f"{name}:{target.port}"
    talk = h11.Connection(h11.CLIENT)
    headers = [("Host", host), ("User-Agent", AGENT), ("Connection", "close")]
    await stream.send(
        talk.send(h11.Request(method="GET", target=target.path, headers=headers)) or b""
    )
    talk.send(h11.EndOfMessage())
    body = bytearray()
    while True:
        event = talk.next_event()
        if event is h11.NEED_DATA:
            try:
                talk.receive_data(await stream.receive(PIECE_BYTES))
            except anyio.EndOfStream:
                talk.receive_data(b"")
        elif isinstance(event, h11.Response):
            status = event.status_code
            location = dict(event.headers).get(b"location")
            if 300 <= status < 400 and location is not None:
                return b"", location.decode("latin-1")
            if status != 200:
                raise _not_found(f"Server responded with {status}")
        elif isinstance(event, h11.Data):
            body += event.data
            if len(body) > most:
                raise Refusal(413, f"a picture of more than {most:,} bytes; choose a smaller one")
        elif isinstance(event, h11.EndOfMessage):
            return bytes(body), None


def _not_found(message: str) -> Refusal:
    return Refusal(400, message, SOURCE_NOT_FOUND)
