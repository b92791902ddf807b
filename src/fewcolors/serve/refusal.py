"""What can be wrong with a request, as the answer that the client gets.

The form is that of the Tinify protocol, whose clients decide by the status alone: 401 and 429 are
about the account, other 4xx about the picture or the request.
"""

from collections.abc import Mapping

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from .failure import Failure

__all__ = ["Refusal", "refused"]

KINDS = {
    400: "Bad request",
    401: "Unauthorized",
    403: "Forbidden",
    404: "Not found",
    405: "Method not allowed",
    408: "Request timeout",
    413: "Request entity too large",
    415: "Unsupported media type",
    422: "Unprocessable entity",
    429: "Too many requests",
    500: "Internal server error",
    501: "Not implemented",
    503: "Service unavailable",
}
"""The words of the protocol's own answers where it has any, else HTTP's."""


class Refusal(Exception):
    """Ends a request with an answer in the protocol's form of errors.

    Attributes:
        failure: the status and words.
        headers: further ones.
        closes: whether the connection ends, since what follows on it cannot be trusted.
    """

    def __init__(
        self,
        status: int,
        message: str,
        kind: str | None = None,
        *,
        headers: Mapping[str, str] | None = None,
        closes: bool = False,
    ) -> None:
        super().__init__(message)
        self.failure = Failure(status, message, kind)
        self.headers = dict(headers or {})
        self.closes = closes

    def response(self) -> JSONResponse:
        """Returns the answer."""
        status, message, kind = self.failure
        headers = self.headers | ({"connection": "close"} if self.closes else {})
        content = {"error": kind or KINDS[status], "message": message}
        return JSONResponse(content, status, headers)


async def refused(request: Request, error: Exception) -> Response:
    """Answers a request that raised a Refusal."""
    assert isinstance(error, Refusal)
    return error.response()
