"""JPEG, AVIF and lossy WebP by Pillow, at the least quality that reaches a score."""

import io
from typing import Any

from PIL import Image

from ... import _core
from ...compare.pictures import GROUNDS, repeated

__all__ = ["encode_lossy"]

LEAST_QUALITY, MOST_QUALITY = 30, 95
"""Between these the encoders' scales are of use: below are blocks, above only bytes."""

SAMPLE_SIDE = 1024
"""The quality is searched on the middle of a picture, up to a megapixel."""

LEAST_SCORED = 225
"""From here on SSIMULACRA 2 has all of its scales (kernels/score/metrics.cpp)."""

OPTIONS: dict[str, dict[str, Any]] = {
    "jpeg": {"optimize": True, "progressive": True},
    "webp": {"method": 4},
    "avif": {"speed": 7},  # the slower ones take seconds a megapixel
}


def encode_lossy(
    image: Image.Image, format_: str, score: float, exif: bytes | None, n_threads: int
) -> bytes:
    """Encodes a picture.

    Args:
        image: of mode RGB, or RGBA for WebP and AVIF.
        format_: "jpeg", "webp" or "avif".
        score: to reach, by SSIMULACRA 2, where the encoder can.
        exif: metadata to write, or None.
        n_threads: for the score.

    Returns:
        The bytes of the file.
    """
    left, top = ((side - min(side, SAMPLE_SIDE)) // 2 for side in image.size)
    sample = image.crop(
        (left, top, left + min(image.width, SAMPLE_SIDE), top + min(image.height, SAMPLE_SIDE))
    )
    low, high = LEAST_QUALITY, MOST_QUALITY
    while low < high:
        middle = (low + high) // 2
        with Image.open(io.BytesIO(_encoded(sample, format_, middle))) as decoded:
            reached = _score(sample, decoded.convert(sample.mode), n_threads)
        if reached < score:
            low = middle + 1
        else:
            high = middle
    extra = {"exif": exif} if exif else {}
    return _encoded(image, format_, low, **extra)


def _encoded(image: Image.Image, format_: str, quality: int, **extra: Any) -> bytes:
    file = io.BytesIO()
    image.save(file, format_.upper(), quality=quality, **OPTIONS[format_], **extra)
    return file.getvalue()


def _score(before: Image.Image, after: Image.Image, n_threads: int) -> float:
    """Returns the score, the worse of those on black and on white where there is alpha."""
    grounds = GROUNDS if before.mode == "RGBA" else GROUNDS[:1]
    scores = []
    for ground in grounds:
        first, second = (
            repeated(_over(picture, ground), LEAST_SCORED) for picture in (before, after)
        )
        scores.append(_core.ssimulacra2(first.tobytes(), second.tobytes(), *first.size, n_threads))
    return min(scores)


def _over(image: Image.Image, ground: Any) -> Image.Image:
    if image.mode == "RGB":
        return image
    below = Image.new("RGB", image.size, ground)
    below.paste(image, mask=image.getchannel("A"))
    return below
