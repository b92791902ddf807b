"""The page: its files, as they are in the package, and a policy that allows nothing else."""

from importlib.resources import files

from starlette.requests import Request
from starlette.responses import Response

from .refusal import Refusal

__all__ = ["page"]

POLICY = "; ".join(
    [
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' blob:",
        "connect-src 'self'",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
    ]
)

TYPES = {
    "html": "text/html",
    "js": "text/javascript",
    "css": "text/css",
    "svg": "image/svg+xml",
}

FILES = {
    path.name: path.read_bytes()
    for path in files(__package__).joinpath("page").iterdir()
    if path.name.rpartition(".")[2] in TYPES
}


async def page(request: Request) -> Response:
    """Gives a file of the page."""
    name = request.path_params.get("name") or "index.html"
    data = FILES.get(name)
    if data is None:
        raise Refusal(404, "This endpoint does not exist.")
    kind = TYPES[name.rpartition(".")[2]]
    headers = {"content-security-policy": POLICY, "cache-control": "no-cache"}
    return Response(data, media_type=kind, headers=headers)
