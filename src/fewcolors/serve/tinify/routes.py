"""``POST /shrink`` and ``/output/NAME``, with what clients have come to rely on.

- Content types are not trusted: clients send none, or wrong ones. Only JSON says so.
- An empty body checks the key and reads the count. It is refused with 400, and costs nothing.
- The name of an output is all that is needed to fetch it; work on it needs the key.
- Over plain HTTP the Location is a path: clients put their base in front of all but ``https:``.
"""

from typing import Any

import anyio.to_thread
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from ..api import limits_of, while_connected
from ..claims import check_claims
from ..fetch import SOURCE_NOT_FOUND, fetch
from ..outputs import Output
from ..refusal import Refusal
from ..service import Service, service_of
from .commands import Commands, commands_in, parsed
from .jobs import Made, make_output

__all__ = ["output", "shrink"]

RATIO_DIGITS = 4


async def shrink(request: Request) -> Response:
    """Compresses a picture, keeps the result, and says where it is."""
    service = service_of(request)
    key = service.key_of(request)
    async with service.bodies.read(request) as body:
        data = body
        if _says_json(request):
            data = await _fetched(parsed(body), service)
        if not data:
            raise Refusal(400, "Input file is empty", "Input missing")
        service.client_with_quota(request)
        check_claims(data, service.settings.max_pixels)
        made = await _make(request, data, Commands())
        result = Output(made.data, f"image/{made.format}", made.width, made.height)
        name = await anyio.to_thread.run_sync(service.outputs.add, result, data)
        n_bytes = len(data)
    service.counter.add(key.name)
    path = f"/output/{name}"
    base = f"{_scheme(request)}://{request.headers['host']}"
    described = {
        "input": {"size": n_bytes, "type": f"image/{made.format_in}"},
        "output": {
            "size": len(made.data),
            "type": result.media_type,
            "width": made.width,
            "height": made.height,
            "ratio": round(len(made.data) / n_bytes, RATIO_DIGITS),
            "url": base + path,
        },
    }
    location = base + path if _scheme(request) == "https" else path
    return JSONResponse(described, 201, {"location": location, **_sizes(result)})


async def output(request: Request) -> Response:
    """Gives a result; with commands, what they make of its original."""
    service, name = service_of(request), request.path_params["name"]
    async with service.bodies.read(request) as body:
        commands = commands_in(parsed(body)) if body else Commands()
    if commands == Commands():
        found = await anyio.to_thread.run_sync(service.outputs.result, name)
        return _picture(found)
    key = service.client_with_quota(request)
    original = await anyio.to_thread.run_sync(service.outputs.original, name)
    if original is None:
        return _picture(None)
    made = await _make(request, original, commands)
    service.counter.add(key.name, commands.price)
    return _picture(Output(made.data, f"image/{made.format}", made.width, made.height))


async def _make(request: Request, data: bytes, commands: Commands) -> Made:
    service = service_of(request)
    options = limits_of(service)

    async def work() -> Made:
        return await service.workers.run(make_output, data, commands, options)

    made: Made = await while_connected(request, work)
    return made


def _picture(found: Output | None) -> Response:
    if found is None:
        raise Refusal(404, "Resource not found or expired.")
    headers = {**_sizes(found), "content-disposition": "attachment"}
    return Response(found.data, media_type=found.media_type, headers=headers)


def _sizes(found: Output) -> dict[str, str]:
    return {"image-width": str(found.width), "image-height": str(found.height)}


def _says_json(request: Request) -> bool:
    """Whether any Content-Type is JSON; some clients send two."""
    types = request.headers.getlist("content-type")
    return any(kind.partition(";")[0].strip().lower() == "application/json" for kind in types)


async def _fetched(found: dict[str, Any], service: Service) -> bytes:
    source = found.get("source")
    if not isinstance(source, dict) or not isinstance(source.get("url"), str):
        raise Refusal(400, "source must be an object with a url", "JSON validation error")
    if service.fetch_rules is None:
        message = "This service fetches no addresses; send the picture"
        raise Refusal(400, message, SOURCE_NOT_FOUND)
    return await fetch(source["url"], service.fetch_rules)


def _scheme(request: Request) -> str:
    """Returns the scheme that the client used, behind a proxy too."""
    forwarded = request.headers.get("x-forwarded-proto", "").lower()
    return "https" if "https" in (forwarded, request.url.scheme) else "http"
