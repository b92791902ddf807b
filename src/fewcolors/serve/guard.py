"""Stands before all routes: who may ask at all, headers on every answer, and numbers.

A page of another site that is open in a browser on this machine could send requests here too. Its
Origin tells it apart. A name that such a site has made to point to this machine (DNS rebinding)
shows in Host: names other than localhost have to be allowed.
"""

import ipaddress
import time
from collections.abc import Iterable
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from .refusal import Refusal
from .service import Service

__all__ = ["Guard", "is_allowed_host"]

PLAIN_POLICY = "default-src 'none'; frame-ancestors 'none'; sandbox"
"""For answers that are no pages: whatever a browser takes them for, it does nothing."""

HEADERS = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-resource-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cache-control": "no-store",
}

COUNTED = ("/shrink", "/output/")
"""Where clients of the Tinify protocol look for their count, on errors too."""

ROUTES = (
    "/v1/compress",
    "/v1/palette",
    "/v1/compare",
    "/shrink",
    "/healthz",
    "/readyz",
    "/metrics",
)
"""Paths that are told apart in numbers. Others hold identifiers, or are invented by clients."""


class Guard:
    """Middleware around the routes."""

    def __init__(self, app: ASGIApp, service: Service) -> None:
        self._app = app
        self._service = service

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers a request, or refuses it."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers, path = Headers(scope=scope), scope["path"]
        key = None
        if path.startswith(COUNTED):
            key = self._service.key_shown(headers.get("authorization"))
        metrics, route = self._service.metrics, route_of(path)
        start, status = time.monotonic(), 500

        async def send_guarded(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                answer = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    answer.setdefault(name, value)
                answer.setdefault("content-security-policy", PLAIN_POLICY)
                if key is not None:
                    answer["compression-count"] = str(self._service.counter.count(key.name))
                    if key.quota is not None:
                        left = key.quota - self._service.counter.count(key.name)
                        answer["compression-count-remaining"] = str(max(left, 0))
            else:
                metrics.bytes_out.inc(len(message.get("body", b"")))
            await send(message)

        try:
            self._check(headers, scope)
            await self._app(scope, receive, send_guarded)
        except Refusal as refusal:
            await refusal.response()(scope, receive, send_guarded)
        finally:
            metrics.requests.labels(route, str(status)).inc()
            metrics.seconds.labels(route).observe(time.monotonic() - start)

    def _check(self, headers: Headers, scope: Scope) -> None:
        host = headers.get("host", "")
        if not is_allowed_host(host, self._service.settings.host_names):
            self._service.metrics.rejected.labels("host").inc()
            raise Refusal(
                403, "this service does not go by that name; --allow-host allows it", closes=True
            )
        origin = headers.get("origin")
        is_foreign = origin is not None and urlsplit(origin).netloc.lower() != host.lower()
        site = headers.get("sec-fetch-site", "none")
        changes = scope["method"] not in ("GET", "HEAD")
        if is_foreign or (changes and site not in ("none", "same-origin")):
            self._service.metrics.rejected.labels("origin").inc()
            raise Refusal(403, "pages of other sites may not use this service", closes=True)


def is_allowed_host(host: str, names: Iterable[str]) -> bool:
    """Whether a request may ask for a host.

    Addresses are no names, so that nobody else can make them point here.

    >>> is_allowed_host("127.0.0.1:8000", ()), is_allowed_host("localhost", ())
    (True, True)
    >>> is_allowed_host("a.example:8000", ()), is_allowed_host("a.example", ["a.example"])
    (False, True)
    """
    try:
        name = urlsplit(f"//{host}").hostname or ""
    except ValueError:
        return False
    if name == "localhost" or name in {known.lower() for known in names}:
        return True
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


def route_of(path: str) -> str:
    """Returns what stands for a path in numbers."""
    if path in ROUTES:
        return path
    return "/output" if path.startswith("/output/") else "other"
