"""A sample of a large picture: what is only told to the user need not be measured on all of it."""

from ..decode import Pixels
from ..weigh import Weights

__all__ = ["sample_of"]

ROWS_OF_BAND = 128
"""As many as the size-aware assignment cuts pictures into: a band has the same indices in the
sample as in the picture."""

SAMPLE_PIXELS = 4_000_000
"""At least so many. The best look of a photo of 24 megapixels, and of the same under fading alpha,
was found to .2 points; with half as many, to 1.6 and 3.7."""


def sample_of(pixels: Pixels, weights: Weights) -> tuple[Pixels, Weights]:
    """Returns bands of whole rows, evenly spread over the picture, as a picture of their own.

    Args:
        pixels: a picture; one of few rows is returned as it is.
        weights: of its pixels.
    """
    n_bands = pixels.height // ROWS_OF_BAND
    n_taken = -(-SAMPLE_PIXELS // (pixels.width * ROWS_OF_BAND))
    if n_taken >= n_bands:
        return pixels, weights
    bands = [(2 * taken + 1) * n_bands // (2 * n_taken) for taken in range(n_taken)]

    def part(data: bytes | bytearray | memoryview, row_bytes: int) -> bytes:
        size = row_bytes * ROWS_OF_BAND
        view = memoryview(data).cast("B")
        return b"".join(view[band * size : (band + 1) * size] for band in bands)

    data = part(pixels.data, pixels.width * pixels.channels)
    sample = pixels._replace(data=data, height=n_taken * ROWS_OF_BAND)
    if weights.contrast:
        weights = weights._replace(contrast=part(weights.contrast, pixels.width))
    return sample, weights
