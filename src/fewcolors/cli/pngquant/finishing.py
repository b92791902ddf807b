"""What a few readers of palette PNGs need: colours of fewer bits, the transparent one last."""

from ...indexed import IndexedImage, Palette

__all__ = ["posterized", "transparent_last"]

LEVELS = 256


def posterized(image: IndexedImage, n_bits: int) -> IndexedImage:
    """Returns the image with colours that need n_bits fewer a channel, black and white kept.

    Args:
        image: the picture; its error is taken for that of the result.
        n_bits: 1 to 7.
    """
    highest = (LEVELS >> n_bits) - 1
    rounded = bytes(
        round(round(level * highest / (LEVELS - 1)) * (LEVELS - 1) / highest)
        for level in range(LEVELS)
    )
    data = image.palette.data.translate(rounded)
    # What has become transparent is one colour, whatever it was.
    entries = [e if e[3] else bytes(4) for e in map(Palette(data).entry, range(len(data) // 4))]
    return _rearranged(image, entries, list(dict.fromkeys(entries)))


def transparent_last(image: IndexedImage) -> IndexedImage:
    """Returns the image with its fully transparent colour, if any, at the end of the palette."""
    entries = list(map(image.palette.entry, range(len(image.palette))))
    return _rearranged(image, entries, sorted(entries, key=lambda entry: entry[3] == 0))


def _rearranged(image: IndexedImage, old: list[bytes], new: list[bytes]) -> IndexedImage:
    """Returns the image with palette new, in which every colour of old has its place."""
    places = [new.index(entry) for entry in old]
    indices = bytes(image.data).translate(bytes(places).ljust(LEVELS, b"\0"))
    counts = [0] * len(new)
    for place, count in zip(places, image.counts, strict=True):
        counts[place] += count
    return IndexedImage(
        Palette(b"".join(new)), indices, image.width, image.height, counts, image.mse
    )
