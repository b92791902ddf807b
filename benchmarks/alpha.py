"""Pictures with alpha beside pngquant's: the error on three backgrounds, and what must stay exact.

    pip install pngquant-cli
    python benchmarks/alpha.py ../shared/images/alpha/*.png
    python benchmarks/alpha.py --colors 16 --method classic ../shared/images/alpha/*.png

Both get the same number of colours, and neither dithers. For each picture the table has the mean
absolute error, 0 to 255, composited over white, black and magenta; the score, which is the worse of
those on black and on white; the bytes; and how many pixels of alpha 0 or 255 have another alpha
afterwards. The status is 1 if fewcolors is farther off anywhere, or has such pixels.
"""

import argparse
import io
import sys
from pathlib import Path
from typing import Any

import numpy as np
from measure import pngquant, print_table
from PIL import Image

import fewcolors
from fewcolors import _core
from fewcolors.options import METHODS

BACKGROUNDS = ((255, 255, 255), (0, 0, 0), (255, 0, 255))
NEGLIGIBLE_ERROR = 1e-9  # sums of floating numbers differ by as much


def error_on(original: Any, result: Any, background: tuple[int, int, int]) -> float:
    """Returns the mean absolute error of a result on a background, both (h, w, 4) uint8."""

    def shown(pixels: Any) -> Any:
        cover = pixels[:, :, 3:].astype(np.float32) / 255
        return pixels[:, :, :3] * cover + np.array(background, np.float32) * (1 - cover)

    return float(np.abs(shown(original) - shown(result)).mean(dtype=np.float64))


def strays(original: Any, result: Any) -> int:
    """Returns the number of pixels that were opaque or transparent and are so no more."""
    kind, found = original[:, :, 3], result[:, :, 3]
    return int(sum(((kind == alpha) & (found != alpha)).sum() for alpha in (0, 255)))


def score_of(original: Any, result: Any) -> float:
    """Returns the score of a result of at most 256 colours."""
    colors, indices = np.unique(result.reshape(-1, 4).view(np.uint32), return_inverse=True)
    palette = np.ascontiguousarray(colors.view(np.uint8).reshape(-1, 4))
    return _core.score(
        original.ravel(), original.shape[1], 4, indices.astype(np.uint8).ravel(), palette, 1
    )


def pixels_of(source: Path | bytes) -> Any:
    """Decodes a picture to (h, w, 4) uint8."""
    decoded = fewcolors.decode(source)
    pixels = np.frombuffer(decoded.data, np.uint8)
    pixels = pixels.reshape(decoded.height, decoded.width, decoded.channels)
    if decoded.channels == 4:
        return pixels
    return np.dstack([pixels, np.full(pixels.shape[:2], 255, np.uint8)])


def row_of(name: str, original: Any, png: bytes) -> tuple[list[str], list[float], int]:
    """Returns a row of the table, its errors, and the number of strays."""
    with Image.open(io.BytesIO(png)) as image:
        result = np.asarray(image.convert("RGBA"))
    errors = [error_on(original, result, background) for background in BACKGROUNDS]
    n_strays = strays(original, result)
    cells = [f"{error:.3f}" for error in errors]
    score = f"{score_of(original, result):.1f}"
    return [name, *cells, score, f"{len(png):,}", f"{n_strays:,}"], errors, n_strays


def main() -> None:
    """Measures the pictures that are named."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("pictures", nargs="+", type=Path, metavar="PNG")
    parser.add_argument("--colors", type=int, default=256)
    parser.add_argument("--method", choices=METHODS, default="perceptual")
    arguments = parser.parse_args()
    rows, worse = [], []
    for path in arguments.pictures:
        original = pixels_of(path)
        ours = fewcolors.compress(path, arguments.colors, method=arguments.method).data
        theirs = pngquant(path.read_bytes(), str(arguments.colors), dithers=False)
        row, errors, n_strays = row_of(path.stem, original, ours)
        other_row, other_errors, _ = row_of("pngquant", original, theirs)
        rows += [row, other_row]
        pairs = zip(errors, other_errors, strict=True)
        if n_strays or any(mine > other + NEGLIGIBLE_ERROR for mine, other in pairs):
            worse.append(path.stem)
    header = ["picture", "on white", "on black", "on magenta", "score", "bytes", "strays"]
    print_table(header, rows)
    if worse:
        sys.exit(f"farther off than pngquant, or not exact: {', '.join(worse)}")


if __name__ == "__main__":
    main()
