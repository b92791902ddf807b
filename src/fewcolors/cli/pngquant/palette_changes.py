"""Changes palettes for --posterize (fewer bits a channel) and --transbug (transparent last)."""

from ...indexed import IndexedImage, Palette

__all__ = ["posterized", "transparent_last"]

LEVELS = 256


def posterized(image: IndexedImage, n_bits: int) -> IndexedImage:
    """Rounds the colours to levels of 8 - n_bits bits a channel; 0 and 255 are among them.

    Args:
        image: the picture; its error is kept, although that of the result is larger.
        n_bits: 1 to 7.
    """
    highest = (LEVELS >> n_bits) - 1
    rounded = bytes(
        round(round(level * highest / (LEVELS - 1)) * (LEVELS - 1) / highest)
        for level in range(LEVELS)
    )
    data = image.palette.data.translate(rounded)
    # All fully transparent entries become one.
    entries = [e if e[3] else bytes(4) for e in map(Palette(data).entry, range(len(data) // 4))]
    return _rearranged(image, entries, list(dict.fromkeys(entries)))


def transparent_last(image: IndexedImage) -> IndexedImage:
    """Moves the fully transparent colour, if there is one, to the end of the palette."""
    entries = list(map(image.palette.entry, range(len(image.palette))))
    return _rearranged(image, entries, sorted(entries, key=lambda entry: entry[3] == 0))


def _rearranged(image: IndexedImage, old: list[bytes], new: list[bytes]) -> IndexedImage:
    """Replaces the palette, entries old, by entries new, which hold every colour of old."""
    places = [new.index(entry) for entry in old]
    indices = bytes(image.data).translate(bytes(places).ljust(LEVELS, b"\0"))
    counts = [0] * len(new)
    for place, count in zip(places, image.counts, strict=True):
        counts[place] += count
    return IndexedImage(
        Palette(b"".join(new)), indices, image.width, image.height, counts, image.mse
    )
