"""Our own API: ``/v1/compress``, ``/v1/palette``, ``/v1/compare``, and what operators look at."""

import base64
from collections.abc import AsyncGenerator, Awaitable, Callable
from typing import Any

import anyio
from starlette.datastructures import FormData, UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response

from ..options import DEFAULT_MAIN_COLORS
from . import jobs
from .claims import check_claims
from .metrics import CONTENT_TYPE_LATEST
from .openapi import description
from .query import COMPRESS, PALETTE, choices_in
from .refusal import Refusal
from .service import Service, service_of

__all__ = [
    "compare",
    "compress",
    "health",
    "limits_of",
    "metrics",
    "openapi",
    "palette",
    "ready",
    "while_connected",
]

MEDIA_TYPES = {
    "png": "image/png",
    "gif": "image/gif",
    "webp": "image/webp",
    "tiff": "image/tiff",
    "bmp": "image/bmp",
    "jpeg": "image/jpeg",
    "avif": "image/avif",
}
UNKNOWN_TYPE = "application/octet-stream"

PALETTE_TYPES = {"css": "text/css", "json": "application/json", "png": "image/png"}
TEXT_PALETTES = ("hex", "gpl")

FILES = {"one": ("file",), "two": ("original", "compressed")}
"""Names of the parts of a body."""


async def compress(request: Request) -> Response:
    """Compresses a picture: the picture comes back with its figures in headers, or all as JSON."""
    service = service_of(request)
    key = service.client_with_quota(request)
    choices = choices_in(request.query_params.multi_items(), COMPRESS)
    again = choices.pop("again", False)
    as_json = "application/json" in request.headers.get("accept", "")
    async with service.bodies.read(request) as body:
        [data] = await _files_in(request, body, FILES["one"], service)
        options = {**choices, **limits_of(service)}
        picture = await while_connected(
            request, lambda: service.workers.run(jobs.compress_picture, data, options, again)
        )
    service.counter.add(key.name)
    if as_json:
        return JSONResponse(_report(picture))
    media_type = MEDIA_TYPES.get(picture.format, UNKNOWN_TYPE)
    return Response(picture.data, media_type=media_type, headers=_headers(picture))


async def palette(request: Request) -> Response:
    """Finds the main colours of a picture."""
    service = service_of(request)
    service.key_of(request)
    choices = choices_in(request.query_params.multi_items(), PALETTE)
    count, name = choices.get("n_colors", DEFAULT_MAIN_COLORS), choices.get("format")
    async with service.bodies.read(request) as body:
        [data] = await _files_in(request, body, FILES["one"], service)
        options = limits_of(service)
        colors, file = await while_connected(
            request, lambda: service.workers.run(jobs.find_palette, data, count, name, options)
        )
    if name is None:
        return JSONResponse({"palette": [swatch._asdict() for swatch in colors]})
    plain = "text/plain" if name in TEXT_PALETTES else UNKNOWN_TYPE
    return Response(file, media_type=PALETTE_TYPES.get(name, plain))


async def compare(request: Request) -> Response:
    """Measures how near a compressed picture is to its original."""
    service = service_of(request)
    service.key_of(request)
    choices_in(request.query_params.multi_items(), {})
    async with service.bodies.read(request) as body:
        before, after = await _files_in(request, body, FILES["two"], service)
        options = limits_of(service)
        compared = await while_connected(
            request, lambda: service.workers.run(jobs.compare_pictures, before, after, options)
        )
    return JSONResponse(compared.measures)


async def openapi(request: Request) -> Response:
    """Describes the API."""
    return JSONResponse(description(service_of(request).settings))


async def health(request: Request) -> Response:
    """Says that the process lives."""
    return PlainTextResponse("alive\n")


async def ready(request: Request) -> Response:
    """Says whether pictures are taken."""
    if service_of(request).is_ready:
        return PlainTextResponse("ready\n")
    raise Refusal(503, "the workers are starting", headers={"Retry-After": "1"})


async def metrics(request: Request) -> Response:
    """Gives the numbers of the service."""
    service = service_of(request)
    service.key_of(request)
    return Response(service.metrics.text(), headers={"content-type": CONTENT_TYPE_LATEST})


def limits_of(service: Service) -> dict[str, Any]:
    """Returns the options that the service chooses: limits, and threads."""
    settings = service.settings
    return {
        "n_threads": service.workers.threads,
        "max_pixels": settings.max_pixels,
        "max_frames": settings.max_frames,
        "max_file_bytes": settings.max_file_bytes,
    }


async def while_connected(request: Request, work: Callable[[], Awaitable[Any]]) -> Any:
    """Does work as long as the client is there; then it is stopped, and a worker with it.

    Raises:
        Refusal: what the work raises; or that the client is gone, which nobody will read.
    """
    result: list[Any] = []
    failed: list[Refusal] = []
    async with anyio.create_task_group() as tasks:

        async def finish() -> None:
            try:
                result.append(await work())
            except Refusal as refusal:
                failed.append(refusal)
            tasks.cancel_scope.cancel()

        async def watch() -> None:
            while (await request.receive())["type"] != "http.disconnect":
                pass
            tasks.cancel_scope.cancel()

        tasks.start_soon(finish)
        tasks.start_soon(watch)
    if failed:
        raise failed[0]
    if not result:
        raise Refusal(400, "the client is gone", closes=True)
    return result[0]


async def _files_in(
    request: Request, body: bytes, names: tuple[str, ...], service: Service
) -> list[bytes]:
    """Returns the pictures in a body: the body itself, or the parts of a form.

    Raises:
        Refusal: there is no picture, or the form is damaged or has other parts.
    """
    is_form = request.headers.get("content-type", "").lower().startswith("multipart/form-data")
    if not is_form:
        if len(names) > 1:
            listed = " and ".join(names)
            raise Refusal(415, f"send multipart/form-data with the files {listed}")
        if not body:
            raise Refusal(400, "the body is empty; send a picture")
        check_claims(body, service.settings.max_pixels)
        return [body]

    async def pieces() -> AsyncGenerator[bytes, None]:
        yield body

    parser = MultiPartParser(
        request.headers, pieces(), max_files=len(names), max_fields=0, max_part_size=1
    )
    parser.spool_max_size = service.settings.max_file_bytes  # all is in memory already
    try:
        form = await parser.parse()
    except (MultiPartException, KeyError, UnicodeDecodeError, ValueError) as error:
        reason = getattr(error, "message", "") or "no boundary, or a damaged part"
        raise Refusal(400, f"the form cannot be read ({reason}); send {', '.join(names)}") from None
    try:
        files = [await _part(form, name) for name in names]
    finally:
        await form.close()
    for file in files:
        check_claims(file, service.settings.max_pixels)
    return files


async def _part(form: FormData, name: str) -> bytes:
    part = form.get(name)
    if not isinstance(part, UploadFile):
        raise Refusal(400, f"the form has no file {name!r}; send one")
    data = await part.read()
    if not data:
        raise Refusal(400, f"the file {name!r} is empty; send a picture")
    return data


def _report(picture: jobs.Picture) -> dict[str, Any]:
    fields = picture._asdict()
    return {
        **fields,
        "bytes_out": len(picture.data),
        "media_type": MEDIA_TYPES.get(picture.format, UNKNOWN_TYPE),
        "palette": [swatch._asdict() for swatch in picture.palette],
        "data": base64.b64encode(picture.data).decode("ascii"),
    }


def _headers(picture: jobs.Picture) -> dict[str, str]:
    """Returns the figures as headers; those that are not known are left out."""
    figures = {
        "bytes-in": picture.bytes_in,
        "bytes-out": len(picture.data),
        "width": picture.width,
        "height": picture.height,
        "frames": picture.n_frames,
        "colors": picture.n_colors,
        "score": picture.score,
        "ceiling": picture.ceiling,
        "is-original": str(picture.is_original).lower(),
        "note": picture.note and picture.note.encode("ascii", "replace").decode(),
    }
    return {f"Fewcolors-{name}": str(value) for name, value in figures.items() if value is not None}
