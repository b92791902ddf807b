"""Runs the service: a socket, a server, and a graceful end."""

import os
import socket
from collections.abc import Callable

import uvicorn

from .app import create_app
from .connection import connection_class
from .settings import Settings

__all__ = ["Server", "address_of", "listen", "serve"]

BACKLOG = 128


def serve(settings: Settings, tell: Callable[[str], None]) -> None:
    """Serves until a signal ends it; requests that run are finished.

    Args:
        settings: its limits.
        tell: gets the address, once pictures are taken.

    Raises:
        OSError: the address cannot be listened on, or the folder cannot be written.
    """
    os.umask(0o077)  # outputs and counts are nobody else's
    with listen(settings) as listener:
        server = Server(settings, lambda: tell(address_of(listener, settings)))
        server.run(sockets=[listener])


def listen(settings: Settings) -> socket.socket:
    """Returns a socket that listens on the address of the settings."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    return socket.create_server((settings.host, settings.port), family=family, backlog=BACKLOG)


def address_of(listener: socket.socket, settings: Settings) -> str:
    """Returns the address of the service."""
    host, port = listener.getsockname()[:2]
    scheme = "http" if settings.certificate is None else "https"
    return f"{scheme}://[{host}]:{port}/" if ":" in host else f"{scheme}://{host}:{port}/"


class Server(uvicorn.Server):
    """A server that says when it is ready."""

    def __init__(self, settings: Settings, on_ready: Callable[[], None]) -> None:
        config = uvicorn.Config(
            create_app(settings),
            http=connection_class(settings),
            ws="none",
            loop="asyncio",
            lifespan="on",
            access_log=False,  # addresses of outputs are secrets
            log_level="warning",
            server_header=False,
            proxy_headers=False,
            limit_concurrency=settings.max_connections,
            ssl_certfile=settings.certificate,
            ssl_keyfile=settings.private_key,
            timeout_graceful_shutdown=settings.stop_seconds,
        )
        super().__init__(config)
        self._on_ready = on_ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Starts, and says so."""
        await super().startup(sockets)
        if self.started:
            self._on_ready()
