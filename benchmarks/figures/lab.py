"""What a measurement has at hand: pictures, a folder for its files, and how much it may take."""

import functools
import io
from importlib.resources import files
from pathlib import Path
from typing import NamedTuple

from measure import MissingError
from PIL import Image

__all__ = ["ROOT", "SAMPLES", "Lab", "read_as_png"]

ROOT = Path(__file__).resolve().parents[2]
EXAMPLE = ROOT / "examples" / "astronaut.png"

SAMPLES = {
    "astronaut": ("skimage.data", "astronaut.png"),
    "chelsea": ("skimage.data", "chelsea.png"),
    "coffee": ("skimage.data", "coffee.png"),
    "rocket": ("skimage.data", "rocket.jpg"),
    "china": ("sklearn.datasets.images", "china.jpg"),
    "flower": ("sklearn.datasets.images", "flower.jpg"),
}
"""Pictures that packages bring."""

LARGE = "louvre-original"
LARGE_SIDES = (6056, 4000)


class Lab(NamedTuple):
    """What a measurement has at hand.

    Attributes:
        images: a folder with photos, graphics, alpha and large, or None.
        folder: for temporary files.
        is_all: whether the long measurements are made too.
        is_timed: whether times are measured.
    """

    images: Path | None
    folder: Path
    is_all: bool = False
    is_timed: bool = True

    def pictures(self, kind: str, pattern: str = "*.png") -> list[Path]:
        """Returns the pictures of a kind, in order."""
        if self.images is None:
            raise MissingError("no pictures: FEWCOLORS_SHARED names the folder that holds images")
        found = sorted((self.images / kind).glob(pattern))
        if not found:
            raise MissingError(f"no pictures {kind}/{pattern}")
        return found

    def photos(self, *names: str) -> list[Path]:
        """Returns Kodak's photos, all 24 or those of the names."""
        kodak = {path.stem: path for path in self.pictures("photos")}
        return [kodak[name] for name in names] if names else list(kodak.values())

    def sample(self, name: str) -> Path:
        """Returns a picture of a package."""
        package, file = SAMPLES[name]
        try:
            return Path(str(files(package) / file))
        except ModuleNotFoundError as error:
            raise MissingError(f'{package} is not installed: pip install ".[bench]"') from error

    def large(self, name: str = "large.png", size: tuple[int, int] = LARGE_SIDES) -> Path:
        """Returns the photo of 24 megapixels as a PNG of any size."""
        path = self.folder / name
        if not path.exists():
            image = _large_photo(self.pictures("large", f"{LARGE}.*")[0])
            if image.size != size:
                image = image.resize(size, Image.Resampling.BICUBIC)
            image.save(path, compress_level=6)
        return path


@functools.cache
def _large_photo(path: Path) -> Image.Image:
    Image.MAX_IMAGE_PIXELS = None
    with Image.open(path) as image:
        return image.convert("RGB")


def read_as_png(path: Path) -> bytes:
    """Returns a picture as a PNG of 8-bit RGB and nothing else."""
    with Image.open(path) as image:
        bare = Image.frombytes("RGB", image.size, image.convert("RGB").tobytes())
    file = io.BytesIO()
    bare.save(file, "PNG")
    return file.getvalue()
