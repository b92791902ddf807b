"""Palettes as text: one hex colour a line (.hex, as Lospec has them), CSS and JSON."""

import re
from collections.abc import Sequence
from typing import Any

from ..errors import PaletteError

__all__ = [
    "BYTE_ORDER_MARK",
    "color_of",
    "hex_of",
    "is_hex",
    "parse_hex",
    "read_css",
    "read_hex",
    "read_json",
    "write_css",
    "write_hex",
    "write_json",
]

BYTE_ORDER_MARK = b"\xef\xbb\xbf"

HEX = re.compile(r"#?(?:[0-9a-fA-F]{3,4}|[0-9a-fA-F]{6}|[0-9a-fA-F]{8})")
CSS_COMMENT = re.compile(r"/\*.*?(?:\*/|\Z)", re.DOTALL)
CSS_HEX = re.compile(r"#[0-9a-fA-F]{3,8}(?![\w-])")
CSS_CUSTOM = re.compile(r"\s*--[^\s:]+\s*:")

MAX_SHOWN = 24
"""Characters of what is wrong that a message quotes."""


def is_hex(word: str) -> bool:
    """Tells whether a word is a hex colour, with or without #."""
    return HEX.fullmatch(word) is not None


def parse_hex(word: str) -> bytes:
    """Returns the four bytes of #rgb, #rgba, #rrggbb or #rrggbbaa; the # may be missing.

    Raises:
        ValueError: it is no such colour.
    """
    if not is_hex(word):
        raise ValueError(f"{_abbreviated(word)} is no hex colour such as '#ff8000'")
    digits = word.removeprefix("#")
    if len(digits) < 6:
        digits = "".join(digit * 2 for digit in digits)
    return bytes.fromhex(digits.ljust(8, "f"))


def hex_of(color: bytes) -> str:
    """Returns a colour of four bytes as CSS writes it: #rrggbb, or #rrggbbaa where not opaque."""
    return f"#{bytes(color if color[3] < 255 else color[:3]).hex()}"


def color_of(item: Any) -> bytes:
    """Returns the four bytes of a colour given as hex, as 3 or 4 whole numbers, or by name "hex".

    Raises:
        ValueError: it is nothing of these.
    """
    if isinstance(item, dict):
        item = item.get("hex")
    if isinstance(item, str):
        return parse_hex(item.strip())
    is_row = isinstance(item, list | tuple) and len(item) in (3, 4)
    # Not isinstance: NumPy's whole numbers are none of Python's.
    if is_row and all(hasattr(value, "__index__") and 0 <= value <= 255 for value in item):
        return bytes(map(int, item)).ljust(4, b"\xff")
    raise ValueError(f"{_abbreviated(item)} is no colour such as '#ff8000' or [255, 128, 0]")


def read_hex(data: bytes) -> list[bytes]:
    """Reads a hex colour a line."""
    lines = _text_of(data).splitlines()
    colors = []
    for number, line in enumerate(lines, 1):
        if word := line.strip():
            try:
                colors.append(parse_hex(word))
            except ValueError as error:
                raise PaletteError(f"line {number}: {error}") from None
    return colors


def write_hex(colors: Sequence[bytes], _shares: Sequence[float]) -> bytes:
    """Writes a hex colour a line, without #."""
    return "".join(f"{hex_of(color).removeprefix('#')}\n" for color in colors).encode()


def read_css(data: bytes) -> list[bytes]:
    """Reads the hex colours of custom properties, or of all properties where those have none.

    Each counts once, where it is first named.
    """
    text = CSS_COMMENT.sub(" ", _text_of(data))
    # What stands before a brace is a selector, in which #add is no colour.
    declarations = [part.rpartition("{")[2] for part in re.split("[;}]", text)]
    custom = [part for part in declarations if CSS_CUSTOM.match(part)]
    for parts in (custom, declarations):
        found = [word for part in parts for word in CSS_HEX.findall(part) if is_hex(word)]
        if found:
            return list(dict.fromkeys(map(parse_hex, found)))
    raise PaletteError("names no hex colours such as #ff8000; choose another file")


def write_css(colors: Sequence[bytes], shares: Sequence[float]) -> bytes:
    """Writes custom properties, with the shares as comments."""
    lines = [":root {"]
    for number, color in enumerate(colors):
        share = f" /* {shares[number]:.1%} */" if shares else ""
        lines.append(f"  --color-{number + 1}: {hex_of(color)};{share}")
    return "\n".join([*lines, "}", ""]).encode()


def read_json(data: bytes) -> list[bytes]:
    """Reads a list of colours, or an object that has one as "colors" or names them itself.

    Lospec's files and our own are of that kind.
    """
    import json

    try:
        content = json.loads(_text_of(data))
    except (ValueError, RecursionError) as error:
        fault = str(error) or "nested too deeply"
        raise PaletteError(f"damaged JSON ({fault}); choose another file") from None
    if isinstance(content, dict):
        content = content["colors"] if "colors" in content else list(content.values())
    if not isinstance(content, list):
        raise PaletteError("JSON without a list of colours; choose another file")
    colors = []
    for number, item in enumerate(content, 1):
        try:
            colors.append(color_of(item))
        except ValueError as error:
            raise PaletteError(f"colour {number}: {error}") from None
    return colors


def write_json(colors: Sequence[bytes], shares: Sequence[float]) -> bytes:
    """Writes an object a colour: its hex, its red, green and blue, and its share if known."""
    import json

    lines = []
    for number, color in enumerate(colors):
        fields: dict[str, Any] = {"hex": hex_of(color), "rgb": list(color[:3])}
        if shares:
            fields["share"] = round(shares[number], 6)
        lines.append(f"  {json.dumps(fields)}")
    return ('{"colors": [\n' + ",\n".join(lines) + "\n]}\n").encode()


def _text_of(data: bytes) -> str:
    return data.removeprefix(BYTE_ORDER_MARK).decode("utf-8", errors="replace")


def _abbreviated(item: object) -> str:
    """Returns what is wrong as a message quotes it: on one line, and not all of it."""
    text = ascii(item if not isinstance(item, str) else item[:MAX_SHOWN])
    return text if len(text) <= 4 * MAX_SHOWN else text[:MAX_SHOWN] + "..."
