"""The application: routes, and what starts and ends with it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from . import api
from .guard import Guard
from .pages import page
from .refusal import Refusal, refused
from .service import Service
from .settings import Settings
from .tinify import routes as tinify

__all__ = ["create_app"]


def create_app(settings: Settings) -> Starlette:
    """Makes the application.

    Args:
        settings: its limits.

    Returns:
        An ASGI application. Its workers start and end with its lifespan.
    """
    service = Service(settings)
    app = Starlette(
        routes=[
            Route("/v1/compress", api.compress, methods=["POST"]),
            Route("/v1/palette", api.palette, methods=["POST"]),
            Route("/v1/compare", api.compare, methods=["POST"]),
            Route("/v1/openapi.json", api.openapi),
            Route("/shrink", tinify.shrink, methods=["POST"]),
            Route("/output/{name}", tinify.output, methods=["GET", "POST"]),
            Route("/healthz", api.health),
            Route("/readyz", api.ready),
            Route("/metrics", api.metrics),
            Route("/", page),
            Route("/{name}", page),
        ],
        middleware=[Middleware(Guard, service)],
        exception_handlers={Refusal: refused, HTTPException: _as_refusal, Exception: _as_fault},
        lifespan=_lifespan,
    )
    app.router.redirect_slashes = False
    app.state.service = service
    return app


@asynccontextmanager
async def _lifespan(app: Starlette) -> AsyncIterator[None]:
    service: Service = app.state.service
    await service.workers.start()
    service.is_ready = True
    try:
        yield
    finally:
        service.is_ready = False
        service.close()


async def _as_fault(request: Request, error: Exception) -> Response:
    """Answers where the service itself is at fault; the server logs the error."""
    return Refusal(500, "a fault of the service; try again").response()


async def _as_refusal(request: Request, error: Exception) -> Response:
    """Gives the framework's own faults the form that all others have."""
    assert isinstance(error, HTTPException)
    known = {404: "This endpoint does not exist.", 405: "This method is not allowed here."}
    message = known.get(error.status_code, error.detail)
    return Refusal(error.status_code, message, headers=error.headers).response()
