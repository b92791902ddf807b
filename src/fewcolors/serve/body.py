"""The bytes of a request, read up to a limit, in time."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import anyio
from starlette.requests import ClientDisconnect, Request

from .metrics import Metrics
from .refusal import Refusal
from .settings import Settings

__all__ = ["Bodies"]

RETRY_SECONDS = 2


class Bodies:
    """Reads bodies, and keeps the sum of those that are in memory below a limit."""

    def __init__(self, settings: Settings, metrics: Metrics) -> None:
        self._settings = settings
        self._metrics = metrics
        self._held = 0

    @asynccontextmanager
    async def read(self, request: Request) -> AsyncIterator[bytes]:
        """Reads a body, and holds its bytes against the limit until the block ends.

        Raises:
            Refusal: it is too large, too slow, or there are too many at once. The connection is
                closed then, as the rest of the body is still on its way.
        """
        body = bytearray()
        try:
            self._check_claim(request)
            await self._fill(body, request)
        except Refusal:
            self._held -= len(body)
            body.clear()
            await self._drain(request)
            raise
        try:
            yield bytes(body)
        finally:
            self._held -= len(body)

    def _check_claim(self, request: Request) -> None:
        claim = request.headers.get("content-length", "")
        if claim.isdigit() and len(claim) < 20 and int(claim) > self._settings.max_file_bytes:
            raise self._too_large()

    async def _fill(self, body: bytearray, request: Request) -> None:
        settings = self._settings
        with anyio.CancelScope() as scope:
            scope.deadline = anyio.current_time() + settings.grace_seconds
            try:
                async for piece in request.stream():
                    # Whatever is held is counted before anything can fail.
                    body += piece
                    self._held += len(piece)
                    self._metrics.bytes_in.inc(len(piece))
                    if len(body) > settings.max_file_bytes:
                        raise self._too_large()
                    if self._held > settings.max_buffered_bytes:
                        raise self._too_many()
                    scope.deadline += len(piece) / settings.least_rate
            except ClientDisconnect:
                raise Refusal(400, "the body ends too early", closes=True) from None
        if scope.cancelled_caught:
            self._metrics.rejected.labels("slow").inc()
            raise Refusal(408, "the body comes too slowly", closes=True)

    async def _drain(self, request: Request) -> None:
        """Lets a client finish what it sends, or it would not read why it was refused."""
        left = self._settings.max_file_bytes
        with anyio.move_on_after(self._settings.grace_seconds), suppress(Exception):
            async for piece in request.stream():
                left -= len(piece)
                if left < 0:
                    return

    def _too_large(self) -> Refusal:
        self._metrics.rejected.labels("bytes").inc()
        most = self._settings.max_file_bytes
        return Refusal(413, f"a body of more than {most:,} bytes; send less", closes=True)

    def _too_many(self) -> Refusal:
        self._metrics.rejected.labels("memory").inc()
        return Refusal(
            429,
            "too many pictures at once; try again later",
            headers={"Retry-After": str(RETRY_SECONDS)},
            closes=True,
        )
