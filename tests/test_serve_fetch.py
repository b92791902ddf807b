"""Pictures from elsewhere: which addresses are refused, at each step."""

import http.server
import threading
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest

for package in ("starlette", "uvicorn", "prometheus_client", "python_multipart"):
    pytest.importorskip(package)

import anyio  # noqa: E402
from serving import serving  # noqa: E402

from fewcolors.serve.addresses import is_public  # noqa: E402
from fewcolors.serve.fetch import Rules, fetch  # noqa: E402
from fewcolors.serve.refusal import Refusal  # noqa: E402

PRIVATE = [
    *("127.0.0.1", "127.255.255.254", "0.0.0.0", "0.1.2.3", "10.0.0.1", "172.16.0.1"),
    *("192.168.1.1", "169.254.169.254", "100.64.0.1", "100.127.255.255", "192.0.0.1"),
    *("192.0.2.1", "198.18.0.1", "198.51.100.1", "203.0.113.1", "224.0.0.1", "240.0.0.1"),
    *("255.255.255.255", "192.88.99.1", "::", "::1", "fe80::1", "fe80::1%eth0", "fc00::1"),
    *("fd00:ec2::254", "fec0::1", "ff02::1", "2001:db8::1", "100::1", "::ffff:127.0.0.1"),
    *("::ffff:10.0.0.1", "::127.0.0.1", "::ffff:0:127.0.0.1", "64:ff9b::127.0.0.1"),
    *("64:ff9b::a9fe:a9fe", "64:ff9b:1::1", "2002:7f00:1::", "2002:a00:1::1"),
    *("2001:0:7f00:1::", "2001::f5ff:fffe", "2a00:1450::5efe:10.0.0.1"),
    *("2a00:1450::200:5efe:127.0.0.1", "127.1", "0x7f000001", "localhost", ""),
]
PUBLIC = ["8.8.8.8", "93.184.215.14", "2a00:1450:4001::1", "::ffff:8.8.8.8", "64:ff9b::8.8.8.8"]


@pytest.mark.parametrize("address", PRIVATE)
def test_addresses_that_are_not_public(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", PUBLIC)
def test_addresses_that_are(address: str) -> None:
    expected = address != "::ffff:8.8.8.8"  # mapped ones are for sockets, never on the wire
    assert is_public(address) is expected


class Elsewhere(http.server.BaseHTTPRequestHandler):
    """Gives what its path says."""

    def do_GET(self) -> None:
        kind, _, rest = self.path[1:].partition("/")
        if kind == "to":
            self.send_response(302)
            self.send_header("Location", rest)
            self.end_headers()
        elif kind == "status":
            self.send_error(int(rest))
        else:
            self.send_response(200)
            self.end_headers()
            self.wfile.write(bytes(int(rest)))

    def log_message(self, format: str, *arguments: Any) -> None:
        pass


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Elsewhere) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server.server_port
        server.shutdown()
        thread.join()


def got(url: str, port: int, *addresses: str, **rules: Any) -> bytes:
    """Fetches, where names have the addresses given, and 127.0.0.1 counts as public."""

    async def resolve(host: str, _: int) -> list[str]:
        return list(addresses) or [host]

    def is_allowed(address: str) -> bool:
        return address == "127.0.0.1" or is_public(address)

    chosen = {"max_bytes": 1000, "is_allowed": is_allowed, "resolve": resolve, "ports": (port,)}
    return anyio.run(partial(fetch, url, Rules(**{**chosen, **rules})))


def refused(url: str, port: int, *addresses: str, **rules: Any) -> str:
    with pytest.raises(Refusal) as error:
        got(url, port, *addresses, **rules)
    assert error.value.failure.status < 500
    return error.value.failure.message


def test_a_picture_is_fetched_and_redirects_are_followed(port: int) -> None:
    there = f"http://127.0.0.1:{port}"
    assert got(f"{there}/bytes/10", port) == bytes(10)
    assert got(f"{there}/to/{there}/bytes/11", port) == bytes(11)
    assert got(f"{there}/to//bytes/12", port) == bytes(12)
    assert got(f"http://name.example:{port}/bytes/13", port, "127.0.0.1") == bytes(13)


@pytest.mark.parametrize("address", ["10.0.0.1", "169.254.169.254", "[::1]", "100.64.0.1"])
def test_redirects_to_private_addresses_are_refused(port: int, address: str) -> None:
    there = f"http://127.0.0.1:{port}"
    message = refused(f"{there}/to/http://{address}/", port)
    assert message in (
        "This address is not allowed",
        "Server cannot be reached, or does not speak HTTP",
    )


@pytest.mark.parametrize(
    "addresses", [["8.8.8.8", "127.0.0.2"], ["127.0.0.1", "10.0.0.1"], ["::1"]]
)
def test_names_with_a_private_address_are_refused(port: int, addresses: list[str]) -> None:
    assert refused("http://name.example/", port, *addresses) == "This address is not allowed"


def test_the_connected_socket_is_checked_too(port: int) -> None:
    answers = iter([True, False])
    message = refused(
        f"http://a.example:{port}/bytes/1", port, "127.0.0.1", is_allowed=lambda _: next(answers)
    )
    assert message == "This address is not allowed"


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("ftp://a.example/", "Cannot parse"),
        ("file:///etc/passwd", "Cannot parse"),
        ("http://", "Cannot parse"),
        ("http://user@a.example/", "Cannot parse"),
        ("http://a.example:22/", "Only the ports"),
        ("http://a.example:x/", "Cannot parse"),
        ("http://a.example/\r\nHost: b", "Cannot parse"),
        ("http://[::1/", "Cannot parse"),
        ("http://\u00e9.example/", "Cannot parse"),
    ],
)
def test_addresses_of_other_kinds_are_refused(url: str, words: str) -> None:
    assert words in refused(url, 1)


def test_answers_are_limited(port: int) -> None:
    there = f"http://127.0.0.1:{port}"
    assert "more than 1,000 bytes" in refused(f"{there}/bytes/1001", port)
    assert refused(f"{there}/status/403", port) == "Server responded with 403"
    assert "too often" in refused(f"{there}/to/" * 7 + f"{there}/bytes/1", port)
    assert "in time" in refused(f"{there}/bytes/1", port, seconds=0)


@pytest.mark.process
def test_it_is_off_unless_asked_for(tmp_path: Path) -> None:
    body = b'{"source":{"url":"http://127.0.0.1/"}}'
    for allowed, words in ((False, "fetches no addresses"), (True, "not allowed")):
        with serving(tmp_path, allow_urls=allowed) as service:
            answer = service.ask("POST", "/shrink", body, Content_Type="application/json")
            assert (answer.status, answer.json["error"]) == (400, "Source not found")
            assert words in answer.json["message"]
