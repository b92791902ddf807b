"""Pictures made smaller: scale, fit, cover and thumb. Nothing is made larger."""

from typing import Any

from PIL import Image, ImageChops, ImageFilter

from .commands import Resize

__all__ = ["resized"]

SEARCH_SIDE = 256
"""The side of the small copy on which `cover` looks for details."""


def resized(image: Image.Image, wish: Resize) -> Image.Image:
    """Returns a picture at another size.

    Args:
        image: of mode RGB or RGBA.
        wish: the method and the sides.
    """
    width, height = wish.width, wish.height
    if wish.method == "thumb" and width and height and _has_plain_border(image):
        return _padded(image, width, height)
    if width and height and wish.method in ("cover", "thumb"):
        factor = min(1.0, image.width / width, image.height / height)
        box = max(1, round(width * factor)), max(1, round(height * factor))
        return _shrunk(_cropped(image, box[0] / box[1]), *box)
    factors = [1.0]
    factors += [width / image.width] if width else []
    factors += [height / image.height] if height else []
    factor = min(factors)
    return _shrunk(image, *(max(1, round(side * factor)) for side in image.size))


def _shrunk(image: Image.Image, width: int, height: int) -> Image.Image:
    """Scales with Lanczos' filter; colours count by their alpha."""
    if image.size == (width, height):
        return image
    if image.mode == "RGB":
        return image.resize((width, height), Image.Resampling.LANCZOS, reducing_gap=3)
    premultiplied = image.convert("RGBa")
    return premultiplied.resize((width, height), Image.Resampling.LANCZOS).convert("RGBA")


def _cropped(image: Image.Image, ratio: float) -> Image.Image:
    """Cuts the part of a picture with that ratio of sides that has the most details."""
    width, height = image.size
    is_wide = width / height > ratio
    length = width if is_wide else height
    part = max(1, min(length, round(height * ratio if is_wide else width / ratio)))
    if part == length:
        return image
    start = round(_busiest(image, part / length, along_x=is_wide) * (length - part))
    if is_wide:
        return image.crop((start, 0, start + part, height))
    return image.crop((0, start, width, start + part))


def _busiest(image: Image.Image, share: float, *, along_x: bool) -> float:
    """Returns where the part of most edges begins, 0 for the start and 1 for the end.

    Args:
        image: any.
        share: of the length that the part has.
        along_x: whether it moves from left to right.
    """
    small = image.copy()
    small.thumbnail((SEARCH_SIDE, SEARCH_SIDE))
    edges = small.convert("L").filter(ImageFilter.FIND_EDGES)
    if min(edges.size) <= 2:
        return 0.5
    edges = edges.crop((1, 1, edges.width - 1, edges.height - 1))  # the rim is not filtered
    line = edges.resize((edges.width, 1) if along_x else (1, edges.height), Image.Resampling.BOX)
    weights = list(line.tobytes())
    n_places = len(weights) - max(1, round(share * len(weights)))
    if n_places <= 0:
        return 0.5
    size = len(weights) - n_places
    sums = [sum(weights[at : at + size]) for at in range(n_places + 1)]
    best = max(sums)
    candidates = [at for at, found in enumerate(sums) if found == best]
    return candidates[len(candidates) // 2] / n_places


def _has_plain_border(image: Image.Image) -> bool:
    """Whether a picture stands on one colour."""
    width, height = image.size
    sides = [(0, 0, width, 1), (0, height - 1, width, height)]
    sides += [(0, 0, 1, height), (width - 1, 0, width, height)]
    corner: Any = image.getpixel((0, 0))
    plain = Image.new(image.mode, image.size, corner)
    return all(
        ImageChops.difference(image.crop(side), plain.crop(side)).getbbox(alpha_only=False) is None
        for side in sides
    )


def _padded(image: Image.Image, width: int, height: int) -> Image.Image:
    """Fits a picture into a box, on the colour that it stands on."""
    inner = resized(image, Resize("fit", width, height))
    corner: Any = image.getpixel((0, 0))
    box = Image.new(image.mode, (width, height), corner)
    box.paste(inner, ((width - inner.width) // 2, (height - inner.height) // 2))
    return box
