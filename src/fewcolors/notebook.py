"""How results show themselves in a notebook: small pieces of HTML.

Grounds and lines have neutral colours of their own, and text that of the page, light or dark.
"""

import base64
from collections.abc import Iterable, Sequence
from html import escape

__all__ = ["facts", "picture", "swatches", "table"]

SQUARE = "display:inline-block;width:2em;height:2em;outline:1px solid #8888"
CELL = "padding:.1em .8em .1em 0;text-align:left"
MAX_WIDTH = "640px"
"""Of a picture; a notebook's column is about 800 wide."""


def swatches(names: Iterable[str], shares: Sequence[float] = ()) -> str:
    """Returns a square a colour, with its hex and share when the mouse is on it.

    Args:
        names: hex colours, #rrggbb or #rrggbbaa.
        shares: of the pixels, 0 to 1, or none.
    """
    squares = []
    for number, name in enumerate(names):
        title = f"{name}, {shares[number]:.1%}" if shares else name
        squares.append(f'<span title="{title}" style="{SQUARE};background:{name}"></span>')
    return f'<div style="line-height:0">{"".join(squares)}</div>'


def picture(png: bytes) -> str:
    """Returns a picture, within the page, on a ground that shows where it is transparent."""
    data = base64.b64encode(png).decode()
    return (
        f'<img src="data:image/png;base64,{data}" alt="" '
        f'style="max-width:min(100%,{MAX_WIDTH});background:#999">'
    )


def facts(*lines: str) -> str:
    """Returns lines of text."""
    return "".join(f"<div>{escape(line)}</div>" for line in lines)


def table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Returns a table of texts."""
    head = "".join(f'<th style="{CELL}">{escape(text)}</th>' for text in heads)
    body = "".join(
        "<tr>" + "".join(f'<td style="{CELL}">{escape(text)}</td>' for text in row) + "</tr>"
        for row in rows
    )
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
