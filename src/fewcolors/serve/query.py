"""Options of a compression from the query of an address: their names, types and ranges.

Limits and paths are no parameters: what a picture may take is the service's choice, and a palette
is a list of colours, never a file of the server.
"""

import math
from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

from ..formats import FORMAT_CHOICES
from ..limits import MAX_COLORS, MAX_ITERATIONS, MAX_QUALITY, MAX_SEED, MAX_STARTS
from ..options import DITHERS, EFFORTS, INITS, METHODS
from ..palette_files.text import is_hex
from ..wording import most_similar
from .refusal import Refusal

__all__ = ["COMPRESS", "PALETTE", "Parameter", "choices_in"]

Schema = dict[str, Any]


class Parameter(NamedTuple):
    """One parameter of a query.

    Attributes:
        option: the argument of `Options` that it gives, or another name of the endpoint's.
        parse: from text to a value; raises ValueError.
        schema: what OpenAPI says of it.
        text: what it means.
    """

    option: str
    parse: Callable[[str], Any]
    schema: Schema
    text: str


def _integer(low: int, high: int) -> tuple[Callable[[str], int], Schema]:
    def parse(text: str) -> int:
        value = int(text) if text.isascii() and text.isdigit() and len(text) <= 20 else low - 1
        if not low <= value <= high:
            raise ValueError(f"must be a whole number, {low} to {high}")
        return value

    return parse, {"type": "integer", "minimum": low, "maximum": high}


def _number(low: float, high: float) -> tuple[Callable[[str], float], Schema]:
    def parse(text: str) -> float:
        try:
            value = float(text) if text.isascii() and "_" not in text else math.nan
        except ValueError:
            value = math.nan
        if not low <= value <= high:
            raise ValueError(f"must be a number, {low:g} to {high:g}")
        return value

    return parse, {"type": "number", "minimum": low, "maximum": high}


def _choice(words: Iterable[str]) -> tuple[Callable[[str], str], Schema]:
    known = list(words)

    def parse(text: str) -> str:
        if text not in known:
            raise ValueError(f"must be one of {', '.join(known)}")
        return text

    return parse, {"type": "string", "enum": known}


def _dither() -> tuple[Callable[[str], str | float], Schema]:
    parse_number, schema = _number(0, 1)

    def parse(text: str) -> str | float:
        if text in DITHERS:
            return text
        try:
            return parse_number(text)
        except ValueError:
            raise ValueError(f"must be one of {', '.join(DITHERS)} or a number, 0 to 1") from None

    return parse, {"anyOf": [{"type": "string", "enum": list(DITHERS)}, schema]}


def _boolean() -> tuple[Callable[[str], bool], Schema]:
    def parse(text: str) -> bool:
        if text not in ("true", "false"):
            raise ValueError("must be true or false")
        return text == "true"

    return parse, {"type": "boolean"}


def _colors() -> tuple[Callable[[str], list[str]], Schema]:
    def parse(text: str) -> list[str]:
        words = text.split(",")
        if not 1 <= len(words) <= MAX_COLORS or not all(map(is_hex, words)):
            raise ValueError(f"must be 1 to {MAX_COLORS} hex colours such as ff8000,000")
        return words

    digits = "([0-9a-fA-F]{3,4}|[0-9a-fA-F]{6}|[0-9a-fA-F]{8})"
    pattern = f"^#?{digits}(,#?{digits}){{0,{MAX_COLORS - 1}}}$"
    return parse, {"type": "string", "pattern": pattern}


COMPRESS: dict[str, Parameter] = {
    "colors": Parameter("n_colors", *_integer(1, MAX_COLORS), "The most colours."),
    "quality": Parameter(
        "quality",
        *_number(0, MAX_QUALITY),
        "The score to aim at, by SSIMULACRA 2; 75 unless colors or palette is given.",
    ),
    "min_quality": Parameter("min_quality", *_number(0, MAX_QUALITY), "Refuse what scores less."),
    "max_bytes": Parameter(
        "max_bytes", *_integer(1, 2**53), "The most bytes: the best look that fits."
    ),
    "palette": Parameter("palette", *_colors(), "Use these colours: hex digits, with commas."),
    "keep_palette_order": Parameter(
        "keep_palette_order", *_boolean(), "Keep all entries of palette, in their order."
    ),
    "method": Parameter("method", *_choice(METHODS), "Cluster what the eye sees, or RGB values."),
    "effort": Parameter("effort", *_choice(EFFORTS), "Time against bytes and error."),
    "dither": Parameter(
        "dither", *_dither(), "How to dither; a number is the strength of error diffusion."
    ),
    "format": Parameter("format", *_choice(FORMAT_CHOICES), "Of the result; png unless given."),
    "keep_metadata": Parameter(
        "keep_metadata", *_boolean(), "Keep EXIF, XMP, texts and resolution."
    ),
    "keep_transparent_colors": Parameter(
        "keep_transparent_colors", *_boolean(), "Keep the colours of transparent pixels."
    ),
    "keep_profile": Parameter(
        "keep_profile", *_boolean(), "Keep a colour profile rather than converting to sRGB."
    ),
    "init": Parameter("init", *_choice(INITS), "The first centroids of k-means."),
    "n_init": Parameter("n_init", *_integer(1, MAX_STARTS), "Starts of k-means."),
    "max_iter": Parameter("max_iter", *_integer(1, MAX_ITERATIONS), "Iterations of a start."),
    "seed": Parameter("seed", *_integer(0, MAX_SEED), "Of the random draws."),
    "allow_damaged": Parameter(
        "allow_damaged", *_boolean(), "Take what can be decoded of a damaged picture."
    ),
    "again": Parameter("again", *_boolean(), "Compress even what is a result already."),
}
"""Of compressions, as ``fewcolors compress`` has them."""

PALETTE: dict[str, Parameter] = {
    "colors": Parameter("n_colors", *_integer(1, MAX_COLORS), "The most colours; 8 unless given."),
    "format": Parameter(
        "format",
        *_choice(("hex", "css", "json", "gpl", "aco", "ase", "png")),
        "A palette file instead of the list of colours.",
    ),
}
"""Of palettes, as ``fewcolors palette`` has them."""


def choices_in(
    query: Iterable[tuple[str, str]], parameters: dict[str, Parameter]
) -> dict[str, Any]:
    """Reads a query.

    Args:
        query: names and values, as they stand in the address.
        parameters: those that are known.

    Returns:
        Values by `Parameter.option`.

    Raises:
        Refusal: a parameter does not exist, is given twice, or has no such value.
    """
    found: dict[str, Any] = {}
    for name, text in query:
        parameter = parameters.get(name)
        if parameter is None:
            similar = most_similar(name, parameters)
            hint = f"did you mean {similar}?" if similar else f"only {', '.join(parameters)}"
            raise Refusal(422, f"no parameter {name[:40]!a}; {hint}")
        if parameter.option in found:
            raise Refusal(422, f"{name} is given twice; give it once")
        try:
            found[parameter.option] = parameter.parse(text)
        except ValueError as error:
            raise Refusal(422, f"{name} {error}, got {text[:40]!a}") from None
    return found
