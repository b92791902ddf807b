"""How far colours are from those meant, in pictures that are not sRGB: the mean CIEDE2000.

    python benchmarks/color_management.py ../shared/images/profiles/* [--generate PHOTO]

Files: against littlecms without its shortcuts. Generated: an sRGB photo put into other spaces in
floating point, so that what is meant is known. "Ignored" takes the values for sRGB, as tools
without colour management do. What 256 colours cost by themselves shows beside: the same is done to
the picture as it is meant.
"""

import argparse
import io
import sys
from pathlib import Path
from typing import Any

import numpy as np
from measure import print_table
from PIL import Image, ImageCms

import fewcolors

sys.path.append(str(Path(__file__).resolve().parents[1] / "tests"))
from ciede2000 import ciede2000, lab_of_srgb
from color_spaces import SPACES, encoded_in, iccp, png_of

COLORS = 256


def main() -> None:
    """Prints a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("pictures", nargs="*")
    parser.add_argument("--generate", metavar="PHOTO", action="append", default=[])
    arguments = parser.parse_args()
    rows = [row_of(path, Path(path).read_bytes(), reference(path)) for path in arguments.pictures]
    for photo in arguments.generate:
        meant = np.asarray(Image.open(photo).convert("RGB"))[..., :3] / 255
        for name, space in SPACES.items():
            values = encoded_in(space, meant)
            for depth in (8, 16):
                data = png_of(values, depth, iccp(space.icc(name)))
                rows.append(row_of(f"{photo}, {name}, {depth} bits", data, meant))
    of_exact = f"{COLORS} colours of exact sRGB"
    print_table(["picture", "decoded", f"{COLORS} colours", of_exact, "profile ignored"], rows)


def reference(path: str) -> Any:
    """Returns the picture's sRGB by littlecms, floating point inside, 0 to 1."""
    image: Image.Image = Image.open(path)
    icc: bytes = image.info.get("icc_profile", b"")
    grey = icc[16:20] == b"GRAY"
    alpha = image.convert("RGBA").getchannel("A")
    image = image.convert("RGBA").convert("L" if grey else "RGB")
    if icc:
        converted = ImageCms.profileToProfile(
            image,
            ImageCms.ImageCmsProfile(io.BytesIO(icc)),
            ImageCms.createProfile("sRGB"),
            ImageCms.Intent.PERCEPTUAL,
            outputMode="RGB",
            flags=ImageCms.Flags.NOOPTIMIZE | ImageCms.Flags.BLACKPOINTCOMPENSATION,
        )
        assert converted is not None
        image = converted
    return np.dstack([np.asarray(image.convert("RGB")), np.asarray(alpha)]) / 255


def row_of(name: str, data: bytes, meant: Any) -> list[str]:
    """Returns a row of the table."""
    pixels = fewcolors.decode(data)
    decoded = np.frombuffer(pixels.data, np.uint8)
    decoded = decoded.reshape(pixels.height, pixels.width, pixels.channels)
    palette = fewcolors.quantize(data, COLORS).to_rgba()
    exact = fewcolors.quantize(np.round(meant * 255).astype(np.uint8), COLORS).to_rgba()
    ignored = np.asarray(Image.open(io.BytesIO(data)).convert("RGB"))
    return [name, *(f"{difference(meant, got):.2f}" for got in (decoded, palette, exact, ignored))]


def difference(meant: Any, got: Any) -> float:
    """The mean over what can be seen."""
    found = ciede2000(lab_of_srgb(meant[..., :3]), lab_of_srgb(got[..., :3] / 255))
    weights = meant[..., 3] if meant.shape[2] == 4 else np.ones(meant.shape[:2])
    return float((found * weights).sum() / weights.sum())


if __name__ == "__main__":
    main()
