"""Commands of the protocol: from JSON to checked values."""

import json
from collections.abc import Callable
from typing import Any, NamedTuple

from ..refusal import Refusal

__all__ = ["Commands", "Resize", "commands_in", "parsed"]

INVALID = "JSON validation error"
"""The protocol's word for JSON that says something which does not exist."""

PRESERVED = ("copyright", "creation", "location")
METHODS = ("scale", "fit", "cover", "thumb")
TYPES = {
    "image/png": "png",
    "image/jpeg": "jpeg",
    "image/jpg": "jpeg",
    "image/webp": "webp",
    "image/avif": "avif",
}
ALL_TYPES = "*/*"
MAX_SIDE = 65_535
"""JPEG has no longer side."""

COLORS = {"white": (255, 255, 255), "black": (0, 0, 0)}
CLOUDS = {"s3": "Amazon S3", "gcs": "Google Cloud Storage"}


class Resize(NamedTuple):
    """How large a picture is to be; a side that is not given follows from the other."""

    method: str
    width: int | None
    height: int | None


class Commands(NamedTuple):
    """What is to be done with a picture.

    Attributes:
        preserve: kinds of metadata to keep.
        resize: the size, or None for the picture's own.
        formats: of which the smallest is chosen; empty for the picture's own.
        background: what shows where it is transparent; None to stay transparent.
    """

    preserve: tuple[str, ...] = ()
    resize: Resize | None = None
    formats: tuple[str, ...] = ()
    background: tuple[int, int, int] | None = None

    @property
    def price(self) -> int:
        """The pictures that it counts for: one for a resize and one for a conversion."""
        return (self.resize is not None) + bool(self.formats)


def parsed(body: bytes) -> dict[str, Any]:
    """Returns the JSON object in a body.

    Raises:
        Refusal: it is none. The connection ends, since a length that was counted in characters
            rather than bytes leaves the rest of the object there.
    """
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        raise Refusal(400, "Body is no JSON object, or ends too early", "Bad request", closes=True)
    return found


def commands_in(found: dict[str, Any]) -> Commands:
    """Checks commands.

    Raises:
        Refusal: something does not exist, or is not offered here.
    """
    readers: dict[str, Callable[[Any], Any]] = {
        "preserve": _preserve,
        "resize": _resize,
        "convert": _convert,
        "transform": _transform,
        "store": _store,
    }
    for name in found:
        if name not in readers:
            raise _invalid(f"Command {name[:40]!a} not supported")
    values: dict[str, Any] = {name: readers[name](value) for name, value in found.items()}
    return Commands(
        values.get("preserve", ()),
        values.get("resize"),
        values.get("convert", ()),
        values.get("transform"),
    )


def _preserve(value: Any) -> tuple[str, ...]:
    names = [value] if isinstance(value, str) else value
    if not isinstance(names, list):
        raise _invalid("preserve must be a list of metadata keys")
    for name in names:
        if name not in PRESERVED:
            raise _invalid(f"Metadata key {str(name)[:40]!a} not supported")
    return tuple(dict.fromkeys(names))


def _resize(value: Any) -> Resize:
    fields = _object("resize", value, ("method", "width", "height"))
    sides = [fields.get(name) for name in ("width", "height")]
    for side in sides:
        is_size = isinstance(side, int) and not isinstance(side, bool) and 1 <= side <= MAX_SIDE
        if side is not None and not is_size:
            raise _invalid(f"resize takes whole numbers, 1 to {MAX_SIDE}")
    n_sides = sum(side is not None for side in sides)
    method = fields.get("method", "scale" if n_sides == 1 else "fit")
    if method not in METHODS:
        raise _invalid(f"resize method must be one of {', '.join(METHODS)}")
    if n_sides != (1 if method == "scale" else 2):
        needed = "either width or height" if method == "scale" else "width and height"
        raise _invalid(f"resize method {method} needs {needed}")
    return Resize(method, *sides)


def _convert(value: Any) -> tuple[str, ...]:
    asked = _object("convert", value, ("type",)).get("type")
    types = [asked] if isinstance(asked, str) else asked
    if not isinstance(types, list) or not types:
        raise _invalid("convert needs a type")
    if ALL_TYPES in types:
        return tuple(dict.fromkeys(TYPES.values()))
    for name in types:
        if not isinstance(name, str) or name not in TYPES:
            known = ", ".join([*TYPES, ALL_TYPES])
            raise _invalid(f"convert type {str(name)[:40]!a} not supported, only {known}")
    return tuple(dict.fromkeys(TYPES[name] for name in types))


def _transform(value: Any) -> tuple[int, int, int]:
    color = _object("transform", value, ("background",)).get("background")
    if isinstance(color, str):
        digits = color.removeprefix("#")
        if color in COLORS:
            return COLORS[color]
        if color != digits and len(digits) == 6 and set(digits) <= set("0123456789abcdefABCDEF"):
            red, green, blue = bytes.fromhex(digits)
            return red, green, blue
    raise _invalid("transform background must be white, black or a colour such as #ff8000")


def _store(value: Any) -> None:
    service = value.get("service") if isinstance(value, dict) else None
    name = CLOUDS.get(service, "a cloud") if isinstance(service, str) else "a cloud"
    raise Refusal(
        400,
        f"Storing to {name} is not offered by this service; fetch the result and store it yourself",
        "Store not offered",
    )


def _object(name: str, value: Any, fields: tuple[str, ...]) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise _invalid(f"{name} must be an object with {', '.join(fields)}")
    for field in value:
        if field not in fields:
            raise _invalid(f"{name} has no {field[:40]!a}, only {', '.join(fields)}")
    return value


def _invalid(message: str) -> Refusal:
    return Refusal(400, message, INVALID)
