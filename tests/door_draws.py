"""Throws everything at the public names: run as a program, in a process that may crash.

Usage: door_draws.py SEED FIRST COUNT

Each draw is a door (a public function, constructor or method) and arguments for it: right ones, of
which some are then made wrong. It must give an answer that holds what the door promises, or an
error of the library, or a TypeError or ValueError whose message names an argument. The number of a
draw is printed before it runs, so that a crash tells its own.
"""

import array
import ctypes
import faulthandler
import io
import pickle
import random
import sys
import traceback
import warnings
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
from PIL import Image

import fewcolors
from fewcolors import Histogram, IndexedImage, KMeans, Options, Palette, Pixels, Weights

MOST_SIDE = 12
LARGE_SIDE = 70
"""Above 64 x 64 pixels pictures are weighed."""

INTEGERS = [-(2**63), -1, 0, 1, 2, 3, 4, 5, 7, 255, 256, 257, 2**31, 2**32, 2**64, 10**5000]
FLOATS = [-1.0, -0.0, 0.5, 1.0, 3.0, 1e-320, 1e308, float("inf"), float("nan")]
INTEGER_TYPES = ["?", "u1", "i1", "u2", ">u2", "i2", "i4", "u4", "i8", "u8"]
FLOAT_TYPES = ["f2", "f4", ">f8", "g", "c8", "c16"]
OTHER_TYPES = ["M8[s]", "m8[s]", "O", "U3", "S3", "V5", "u1,f8"]
BYTES = (bytes, bytearray, memoryview)


# Values


class Draw:
    """What one draw takes from its random numbers."""

    def __init__(self, seed: str) -> None:
        self.random = random.Random(seed)

    def one(self, *choices: Any) -> Any:
        return self.random.choice(choices)

    def chance(self, share: float) -> bool:
        return self.random.random() < share

    def side(self) -> int:
        return self.random.randint(1, LARGE_SIDE if self.chance(0.1) else MOST_SIDE)

    def values(self, count: int) -> bytes:
        """Bytes of few values or many."""
        if self.chance(0.5):
            return self.random.randbytes(count)
        return bytes(
            self.random.choices(self.one(b"\0\xff", b"\0\x80\xff", b"\x01\x02\x03"), k=count)
        )

    def wild(self) -> Any:
        """Anything."""
        return self.one(
            lambda: None,
            lambda: self.one(
                True, False, ..., "", "x", "max", "png", b"", 1j, [], {}, (), object()
            ),
            lambda: self.one(*INTEGERS),
            lambda: self.one(*FLOATS),
            self.buffer,
            self.buffer,
            self.array,
            self.array,
            lambda: self.array().tolist(),
            lambda: np.dtype(self.one("u1", "i8", "f4", "f8", "?")).type(self.random.randint(0, 9)),
            lambda: Pixels(b"abc", 1, 1, 3, 3, None),
            lambda: Weights(b"", False),
            lambda: Palette(b"abcd"),
        )()

    def buffer(self, count: int | None = None) -> Any:
        """A buffer of about so many bytes."""
        near = max(
            0, (self.random.randint(0, 40) if count is None else count) + self.one(0, 0, -1, 1, 4)
        )
        data = self.values(near)
        return self.one(
            lambda: data,
            lambda: bytearray(data),
            lambda: memoryview(data + data)[::2],
            lambda: memoryview(data)[::-1],
            lambda: memoryview(bytes(8 * near)).cast("d"),
            lambda: memoryview(data).cast(self.one("b", "c", "B", "?")),
            lambda: array.array(self.one(*"bBhHiIlLqQfd"), bytes(8 * near)),
            lambda: (ctypes.c_ubyte * near)(),
            lambda: released(data),
            lambda: np.frombuffer(data, self.one(np.uint8, np.int8, np.bool_)),
            lambda: np.broadcast_to(np.uint8(self.random.randint(0, 255)), (near,)),
        )()

    def array(self, *shape: int) -> Any:
        """An array of a shape, or of any, of any dtype and strides."""
        if not shape:
            shape = tuple(self.random.randint(0, 5) for _ in range(self.random.randint(0, 4)))
        dtype = np.dtype(self.one("u1", "f8", *INTEGER_TYPES, *FLOAT_TYPES, *OTHER_TYPES))
        count = int(np.prod(shape))
        if dtype.kind in "OUmMVc?g" or dtype.fields:
            made = np.zeros(shape, dtype)
        elif dtype.kind == "f" and self.chance(0.7):
            numbers = [self.one(0.0, 0.5, 1.0, self.random.random()) for _ in range(count)]
            made = np.array(numbers, dtype).reshape(shape)
            if count and self.chance(0.1):
                with np.errstate(all="ignore"):
                    made.flat[self.random.randrange(count)] = self.one(*FLOATS)
        else:
            made = np.frombuffer(self.values(count * dtype.itemsize), dtype).reshape(shape)
        if self.chance(0.6):
            return made
        return self.one(
            lambda: np.asfortranarray(made),
            lambda: made.T,
            lambda: made[::-1] if made.ndim else made,
            lambda: np.concatenate([made, made])[::2] if made.ndim else made,
            lambda: np.broadcast_to(made, (2, *made.shape)),
            lambda: made.copy(),
        )()


def released(data: bytes) -> memoryview:
    view = memoryview(data)
    view.release()
    return view


class Scene:
    """A picture and what the stages make of it; made when it is asked for."""

    def __init__(self, draw: Draw) -> None:
        self.draw = draw
        width, height, channels = draw.side(), draw.side(), draw.one(3, 4)
        data = draw.one(*BYTES)(draw.values(width * height * channels))
        self.pixels = Pixels(data, width, height, channels, len(data), None)
        self.options = draw.one(
            Options(n_threads=1),
            Options(n_threads=2, n_init=1, keep_transparent_colors=True),
            Options(
                draw.random.randint(1, 256), n_threads=1, n_init=2, effort=draw.one("fast", "max")
            ),
            Options(draw.random.randint(1, 256), n_threads=1, n_init=2, method="classic"),
            Options(palette=["#000", "#fff", "#f008"], n_threads=1),
        )

    @property
    def weights(self) -> Weights:
        return fewcolors.weigh(self.pixels, self.options)

    @property
    def histogram(self) -> Histogram:
        weights = self.weights if self.draw.chance(0.5) else None
        keep = self.draw.chance(0.5)
        return fewcolors.build_histogram(self.pixels, 1, weights, keep_transparent_colors=keep)

    @property
    def palette(self) -> Palette:
        return Palette(self.draw.values(4 * self.draw.random.randint(1, 256)))

    @property
    def image(self) -> IndexedImage:
        return fewcolors.assign(self.pixels, self.histogram, self.palette, self.options)

    @property
    def source(self) -> Any:
        """A picture as any of the things that `decode` takes."""
        pixels, shape = (
            self.pixels,
            (self.draw.side(), self.draw.side(), self.draw.one(1, 2, 3, 4, 5)),
        )
        mode = "RGB" if pixels.channels == 3 else "RGBA"
        image = Image.frombytes(mode, (pixels.width, pixels.height), bytes(pixels.data))
        return self.draw.one(
            lambda: image,
            lambda: image.convert(
                self.draw.one("L", "LA", "1", "I", "F", "P", "CMYK", "HSV", "YCbCr")
            ),
            lambda: saved(image, self.draw.one("PNG", "TIFF", "GIF", "WEBP")),
            lambda: io.BytesIO(saved(image, "PNG")),
            lambda: animated(image, self.draw.one("PNG", "GIF", "WEBP")),
            lambda: io.StringIO("x"),
            lambda: self.draw.array(*shape[: self.draw.one(2, 3)]),
            lambda: cut(saved(image, "PNG"), self.draw.random),
            lambda: Image.new("RGB", (self.draw.one(0, 1), self.draw.one(0, 3))),
        )()


def saved(image: Image.Image, format_: str) -> bytes:
    file = io.BytesIO()
    image.save(file, format_)
    return file.getvalue()


def animated(image: Image.Image, format_: str) -> bytes:
    file = io.BytesIO()
    frames = [image.transpose(Image.Transpose.ROTATE_180), image.convert("L").convert(image.mode)]
    image.save(file, format_, save_all=True, append_images=frames, duration=40)
    return file.getvalue()


def cut(data: bytes, draws: random.Random) -> bytes:
    changed = bytearray(data[: draws.randint(1, len(data))])
    changed[draws.randrange(len(changed))] ^= 1 << draws.randrange(8)
    return bytes(changed)


def spoilt(draw: Draw, value: Any) -> Any:
    """A value with some of its fields or elements changed, or another in its place."""
    if draw.chance(0.15):
        return draw.wild()
    if isinstance(value, Options):
        return value
    if isinstance(value, Pixels | Weights | Histogram):
        name = draw.one(*value._fields[:4])
        return value._replace(**{name: near(draw, getattr(value, name))})
    if isinstance(value, IndexedImage):
        name = draw.one("palette", "data", "width", "height", "counts", "mse", "profile")
        setattr(value, name, near(draw, getattr(value, name)))
        return value
    return near(draw, value)


def near(draw: Draw, value: Any) -> Any:
    """A value that is nearly right."""
    if draw.chance(0.3):
        return draw.wild()
    if isinstance(value, bool):
        return draw.one(True, False, 0, 1, np.True_)
    if isinstance(value, int):
        return draw.one(
            value + 1, value - 1, -value, 0, value * 2**32, float(value), np.array(value)
        )
    if isinstance(value, list | tuple) and value:
        return draw.one(value[1:], [*value, value[0]], [-1, *value[1:]], tuple(value))
    if not isinstance(value, BYTES):
        return draw.wild()
    view = memoryview(value)
    if view.format == "d" or view.ndim > 1:
        made = np.array(view)
        return draw.one(
            lambda: made,
            lambda: made[::-1],
            lambda: made[1:],
            lambda: made[:0],
            lambda: made.T,
            lambda: np.repeat(made, 2, axis=0),
            lambda: np.concatenate([made, made])[::2],
            lambda: made.astype(draw.one("u1", "f4", "f8", "i8")),
            lambda: made * 0,
            lambda: made * (draw.one(*FLOATS) if made.dtype.kind == "f" else 1),
            lambda: made.ravel(),
        )()
    return draw.buffer(len(value))


# Doors: each returns what must hold of its answer


def door_weigh(draw: Draw, scene: Scene, spoil: Callable[[Any], Any]) -> None:
    pixels, options = spoil(scene.pixels), spoil(scene.options)
    weights = fewcolors.weigh(pixels, options)
    assert len(weights.contrast) in (0, pixels.width * pixels.height)
    assert pickle.loads(pickle.dumps(weights)) == weights


def door_build_histogram(draw: Draw, scene: Scene, spoil: Callable[[Any], Any]) -> None:
    pixels = scene.pixels
    weights = draw.one(
        None, scene.weights, Weights(scene.draw.values(pixels.width * pixels.height), False)
    )
    pixels, weights = spoil(pixels), spoil(weights)
    keep = spoil(False)
    histogram = fewcolors.build_histogram(
        pixels, spoil(draw.one(1, 2)), weights, keep_transparent_colors=keep
    )
    data = np.frombuffer(pixels.data, np.uint8).reshape(-1, pixels.channels)
    if weights is None and not keep:
        assert sum(histogram.weights) == len(data)
    if not keep and pixels.channels == 3:
        assert histogram.n_colors == len(np.unique(data, axis=0))
    assert pickle.loads(pickle.dumps(histogram)) == histogram


def door_merge(draw: Draw, scene: Scene, spoil: Callable[[Any], Any]) -> None:
    ours = scene.histogram
    theirs = spoil(draw.one(Scene(draw).histogram, ours, ours.of_kind("opaque"), Histogram(*ours)))
    ours = spoil(ours)
    if not isinstance(ours, Histogram):
        return
    merged = ours.merge(theirs)
    total = float(np.sum(ours.weights)) + float(np.sum(theirs.weights))
    assert np.isclose(sum(merged.weights), total)
    assert merged.n_colors <= ours.n_colors + theirs.n_colors
    assert sum(merged.of_kind(kind).n_colors for kind in merged.kinds) == merged.n_colors


def door_build_palette(draw: Draw, scene: Scene, spoil: Callable[[Any], Any]) -> None:
    n_colors = spoil(draw.one(None, 1, 2, draw.random.randint(1, 256)))
    options = spoil(scene.options)
    palette = fewcolors.build_palette(spoil(scene.histogram), options, n_colors)
    if n_colors and options.palette is None:
        assert 1 <= len(palette) <= n_colors


def door_assign(draw: Draw, scene: Scene, spoil: Callable[[Any], Any]) -> None:
    pixels, histogram, palette = scene.pixels, scene.histogram, scene.palette
    if draw.chance(0.2):
        histogram = Scene(draw).histogram
    pixels = spoil(pixels)
    image = fewcolors.assign(pixels, spoil(histogram), spoil(palette), spoil(scene.options))
    assert image.indices.shape == (pixels.height, pixels.width)
    assert int(image.indices.max()) < len(image.palette) == len(image.counts)
    assert sum(image.counts) == pixels.width * pixels.height


def door_encode_png(draw: Draw, scene: Scene, spoil: Callable[[Any], Any]) -> None:
    image = spoil(scene.image)
    effort = spoil("fast") if draw.chance(0.2) else draw.one("fast", "balanced", "max")
    data = fewcolors.encode_png(image, effort, is_graphic=spoil(draw.one(True, False)))
    decoded = np.array(Image.open(io.BytesIO(data)).convert("RGBA"))
    assert np.array_equal(decoded, image.to_rgba())


def door_indexed_image(draw: Draw, scene: Scene, spoil: Callable[[Any], Any]) -> None:
    good = scene.image
    names = ("palette", "data", "width", "height", "counts", "mse", "profile")
    image = IndexedImage(*(spoil(getattr(good, name)) for name in names))
    repr(image)
    image = spoil(image)
    if not isinstance(image, IndexedImage):
        return
    rgba = image.to_rgba()
    assert np.array_equal(np.array(image.to_pil().convert("RGBA")), rgba)
    assert np.array_equal(pickle.loads(pickle.dumps(image)).to_rgba(), rgba)
    assert image.to_rgb().shape == (image.height, image.width, 3)


def door_palette(draw: Draw, scene: Scene, spoil: Callable[[Any], Any]) -> None:
    good = scene.palette
    if draw.chance(0.5):
        shares = draw.one((), (1.0,), tuple([1 / len(good)] * len(good)))
        palette = Palette(spoil(good.data), spoil(shares))
    else:
        palette = Palette.of(spoil(draw.one(good, good.hex(), ",".join(good.hex()), good.colors)))
    assert 1 <= len(palette) <= 256
    assert Palette.of(palette.hex()) == palette
    assert pickle.loads(pickle.dumps(palette)) == palette
    assert [*palette] == [tuple(color) for color in palette.colors.tolist()]
    repr(palette)


def wild_options(draw: Draw, spoil: Callable[[Any], Any]) -> dict[str, Any]:
    """Some options, of which few take long."""
    known: dict[str, list[Any]] = {
        "quality": [None, 10, 80.5, 100],
        "min_quality": [None, 0],
        "max_bytes": [None, 300, 10**6],
        "method": ["perceptual", "classic"],
        "effort": ["fast"],
        "dither": ["size-aware", "auto", "none", "ordered", 0.5, None],
        "init": ["k-means++", "random"],
        "n_init": [None, 1, 2],
        "max_iter": [1, 300],
        "seed": [0, 2**64 - 1],
        "n_threads": [1, 2],
        "max_pixels": [9, 10**6],
        "max_frames": [1, 10],
        "max_file_bytes": [50, 10**6],
        "allow_damaged": [True, False],
        "palette": [None, "#000,#fff", Palette(bytes(8)), np.zeros((2, 3), np.uint8)],
        "keep_palette_order": [True, False],
        "keep_profile": [True, False],
        "format": [None, "png", "gif", "webp", "tiff", "bmp", "auto"],
        "keep_metadata": [True, False],
        "keep_transparent_colors": [True, False],
    }
    assert {"n_colors", *known} == set(Options._fields)
    names = draw.random.sample(sorted(known), draw.random.randint(0, 3))
    return {name: spoil(draw.one(*known[name])) for name in names}


def door_options(draw: Draw, scene: Scene, spoil: Callable[[Any], Any]) -> None:
    options = Options(spoil(draw.one(None, 1, 256)), **wild_options(draw, spoil))
    assert options._replace() == options == Options._make(options)
    assert pickle.loads(pickle.dumps(options)) == options
    assert 1 <= options.most_colors <= 256
    assert options.threads >= 1


def door_decode(draw: Draw, scene: Scene, spoil: Callable[[Any], Any]) -> None:
    pixels = fewcolors.decode(
        spoil(scene.source),
        max_pixels=spoil(10**6),
        max_file_bytes=spoil(10**6),
        keep_profile=spoil(True),
        keep_metadata=spoil(True),
        allow_damaged=spoil(True),
    )
    assert len(pixels.data) == pixels.width * pixels.height * pixels.channels


def door_compress(draw: Draw, scene: Scene, spoil: Callable[[Any], Any]) -> None:
    options: dict[str, Any] = {"effort": "fast", "n_threads": 1} | wild_options(draw, spoil)
    result = fewcolors.compress(spoil(scene.source), spoil(draw.one(None, 2, 9)), **options)
    Image.open(io.BytesIO(result.data)).load()
    assert pickle.loads(pickle.dumps(result)).data == result.data
    assert result.ratio > 0
    assert len(repr(result)) < len(result.note or "") + 200
    result.indexed = spoil(result.indexed)
    if isinstance(result.indexed, IndexedImage):
        result._repr_png_()


def door_compressed(draw: Draw, scene: Scene, spoil: Callable[[Any], Any]) -> None:
    fewcolors.Compressed(draw.wild(), draw.wild(), spoil(3), None, spoil(scene.options))


def door_quantize(draw: Draw, scene: Scene, spoil: Callable[[Any], Any]) -> None:
    options: dict[str, Any] = {"effort": "fast", "n_threads": 1} | wild_options(draw, spoil)
    image = fewcolors.quantize(spoil(scene.source), spoil(draw.one(None, 2, 9)), **options)
    assert image.to_rgba().shape == (image.height, image.width, 4)


def door_palette_of(draw: Draw, scene: Scene, spoil: Callable[[Any], Any]) -> None:
    sources = [spoil(scene.source) for _ in range(draw.random.randint(0, 3))]
    n_colors = spoil(draw.one(1, 8, 256))
    palette = fewcolors.palette_of(
        *sources, n_colors=n_colors, n_threads=spoil(1), max_pixels=spoil(10**6)
    )
    assert len(palette) == len(palette.shares) <= n_colors
    assert np.isclose(sum(palette.shares), 1)


def door_compare(draw: Draw, scene: Scene, spoil: Callable[[Any], Any]) -> None:
    measured = fewcolors.compare(
        spoil(scene.source), spoil(scene.source), n_threads=spoil(1), max_pixels=spoil(10**6)
    )
    assert measured.mse >= 0
    assert measured.score <= 100
    assert measured.colors_original >= 1


def door_explore(draw: Draw, scene: Scene, spoil: Callable[[Any], Any]) -> None:
    options: dict[str, Any] = {"effort": "fast", "n_threads": 1}
    found = fewcolors.explore(
        spoil(scene.source), spoil(draw.one((), (2,))), spoil(draw.one((50,), ())), **options
    )
    assert found.attempts
    found.best_within(spoil(100))
    found._repr_html_()


def door_compress_many(draw: Draw, scene: Scene, spoil: Callable[[Any], Any]) -> None:
    options: dict[str, Any] = {"effort": "fast"} | wild_options(draw, spoil)
    sources = spoil([spoil(scene.source)])
    for result in fewcolors.compress_many(sources, spoil(draw.one(None, 2)), **options):
        assert result.ratio > 0


def door_kmeans(draw: Draw, scene: Scene, spoil: Callable[[Any], Any]) -> None:
    count, dims, k = (
        draw.random.randint(1, 30),
        draw.random.randint(1, 6),
        draw.random.randint(1, 5),
    )
    rows = draw.array(count, dims)
    weights = draw.one(None, draw.array(count), np.ones(count))
    init = draw.one("k-means++", "random", rows[:k], lambda X, k, random_state: draw.array(k, dims))
    model = KMeans(spoil(k), n_init=spoil(1), max_iter=spoil(9), tol=spoil(0.0), n_threads=1)
    model.set_params(init=spoil(init), random_state=spoil(draw.one(None, 3)))
    fitted = spoil(rows)
    model.fit(fitted, sample_weight=spoil(weights))
    assert model.labels_.shape == (len(fitted),)
    if draw.chance(0.3):
        model.cluster_centers_ = spoil(model.cluster_centers_)
    others = spoil(rows)
    assert len(model.predict(others)) == len(others)
    model.transform(others)
    model.score(others)


DOORS: dict[Callable[[Draw, Scene, Callable[[Any], Any]], None], tuple[int, str]] = {
    door_weigh: (8, "pixels options"),
    door_build_histogram: (14, "pixels weights n_threads keep_transparent_colors"),
    door_merge: (8, "histogram other"),
    door_build_palette: (10, "histogram options n_colors palette"),
    door_assign: (14, "pixels histogram palette options"),
    door_encode_png: (12, "image effort is_graphic"),
    door_indexed_image: (10, "palette data width height counts mse profile"),
    door_palette: (6, "data shares palette source"),
    door_options: (8, " ".join(Options._fields)),
    door_decode: (6, "source array file memoryview " + " ".join(Options._fields)),
    door_compress: (3, "source array file memoryview image " + " ".join(Options._fields)),
    door_compressed: (1, "encoded outcome bytes_in options"),
    door_quantize: (3, "source array file memoryview " + " ".join(Options._fields)),
    door_palette_of: (3, "source array file memoryview image n_colors n_threads max_pixels"),
    door_compare: (3, "original compressed source array file memoryview n_threads max_pixels"),
    door_explore: (
        2,
        "source array file memoryview image colors qualities max_bytes effort n_threads method",
    ),
    door_compress_many: (
        2,
        "sources source array file memoryview image progress " + " ".join(Options._fields),
    ),
    door_kmeans: (8, ""),
}
"""How often each is drawn, and the names of its arguments, one of which a message has. The messages
of KMeans are those of scikit-learn and NumPy, which name none."""


def run(seed: str) -> None:
    """Runs one draw; raises AssertionError, or what no door may raise."""
    draw = Draw(seed)
    door = draw.random.choices(list(DOORS), [often for often, _ in DOORS.values()])[0]
    share = draw.one(0.0, 0.1, 0.3, 0.6)

    def spoil(value: Any) -> Any:
        return spoilt(draw, value) if draw.chance(share) else value

    try:
        door(draw, Scene(draw), spoil)
    except (fewcolors.FewcolorsError, OSError):
        return
    except OverflowError:  # an integer of 5,000 digits among KMeans' rows, as in scikit-learn
        assert door is door_kmeans
    except (TypeError, ValueError) as error:
        names = DOORS[door][1].split()
        if names and not any(name in str(error) for name in names):
            raise AssertionError(f"{door.__name__} names no argument: {error}") from error


def draws(seed: str, first: int, count: int) -> Iterator[str]:
    for number in range(first, first + count):
        yield f"{seed}-{number}"


def main() -> None:
    faulthandler.enable()
    warnings.simplefilter("ignore")
    for seed in draws(sys.argv[1], int(sys.argv[2]), int(sys.argv[3])):
        print(seed, flush=True)
        try:
            run(seed)
        except BaseException:
            print(f"FAULT {seed}\n{traceback.format_exc()}", flush=True)


if __name__ == "__main__":
    main()
