"""Formulas as MathML, which browsers draw themselves: the site loads nothing from elsewhere."""

from typing import Any

from docutils import nodes
from latex2mathml.converter import convert

__all__ = ["use_mathml"]


def use_mathml(app: Any) -> None:
    """Has Sphinx write formulas so."""
    app.add_html_math_renderer(
        "mathml", inline_renderers=(_inline, None), block_renderers=(_block, None)
    )
    app.config.html_math_renderer = "mathml"


def _inline(writer: Any, node: nodes.math) -> None:
    writer.body.append(convert(node.astext()))
    raise nodes.SkipNode


def _block(writer: Any, node: nodes.math_block) -> None:
    writer.body.append(f'<div class="math">{convert(node.astext(), display="block")}</div>')
    raise nodes.SkipNode
