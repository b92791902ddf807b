"""HTTP connections that end when the client is too slow.

uvicorn waits for ever for the head of a first request, and for a client to read its answer.
"""

import asyncio
from typing import Any

from uvicorn.protocols.http.h11_impl import H11Protocol

from .settings import Settings

__all__ = ["connection_class"]


def connection_class(settings: Settings) -> type[H11Protocol]:
    """Returns the class of connections with the limits of these settings."""

    class Connection(H11Protocol):
        _deadline: asyncio.TimerHandle | None = None

        def connection_made(self, transport: Any) -> None:
            super().connection_made(transport)
            self._end_after(settings.start_seconds)

        def data_received(self, data: bytes) -> None:
            before: Any = getattr(self, "cycle", None)  # none before the first request
            super().data_received(data)
            is_idle = before is None or before.response_complete
            if self.cycle is not before:  # the head of a request is complete
                self._go_on()
            elif is_idle and not self._deadline:
                self._end_after(settings.start_seconds)

        def pause_writing(self) -> None:
            super().pause_writing()
            size = self.transport.get_write_buffer_size()
            self._end_after(settings.grace_seconds + size / settings.least_rate)

        def resume_writing(self) -> None:
            super().resume_writing()
            self._go_on()

        def connection_lost(self, exc: Exception | None) -> None:
            self._go_on()
            super().connection_lost(exc)

        def _end_after(self, seconds: float) -> None:
            self._go_on()
            self._deadline = self.loop.call_later(seconds, self.transport.abort)

        def _go_on(self) -> None:
            if self._deadline is not None:
                self._deadline.cancel()
                self._deadline = None

    return Connection
