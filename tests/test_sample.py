"""A sample of a large picture: bands of it, whose indices are those of the picture."""

import pytest

from fewcolors.assign.size_aware import size_aware
from fewcolors.decode import Pixels
from fewcolors.histogram import build_histogram
from fewcolors.options import Options
from fewcolors.palette import fit_palette
from fewcolors.quality import sample
from fewcolors.quality.sample import ROWS_OF_BAND, sample_of
from fewcolors.weigh import UNWEIGHTED, Weights, weigh

WIDTH, N_BANDS = 24, 7


def tall_picture(channels: int) -> Pixels:
    """Every row differs from every other."""
    n_rows = N_BANDS * ROWS_OF_BAND + 5
    data = bytes(
        (x * 5 + y * (c + 1) // 4) % 256 if c < 3 else 255 - y // 8
        for y in range(n_rows)
        for x in range(WIDTH)
        for c in range(channels)
    )
    return Pixels(data, WIDTH, n_rows, channels, len(data), None)


@pytest.mark.parametrize("channels", [3, 4])
def test_bands_of_the_sample_have_the_indices_of_the_picture(
    channels: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sample, "SAMPLE_PIXELS", 2 * WIDTH * ROWS_OF_BAND)
    pixels, options = tall_picture(channels), Options(16, effort="balanced")
    weights = weigh(pixels, options)._replace(is_graphic=False)
    few, few_weights = sample_of(pixels, weights)
    assert (few.width, few.height) == (WIDTH, 2 * ROWS_OF_BAND)
    palette = fit_palette(build_histogram(pixels, 1, weights), options).palette
    whole = bytes(size_aware(pixels, weights, palette, 1e4, options).indices)
    part = bytes(size_aware(few, few_weights, palette, 1e4, options).indices)
    size = WIDTH * ROWS_OF_BAND
    for number, band in enumerate((1, 5)):
        assert part[number * size :][:size] == whole[band * size :][:size]


def test_pictures_of_few_rows_are_not_sampled() -> None:
    pixels = tall_picture(3)
    assert sample_of(pixels, Weights(UNWEIGHTED, is_graphic=False))[0] is pixels
