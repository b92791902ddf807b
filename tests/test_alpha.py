"""Alpha: nothing opaque becomes translucent, nothing appears, shadows look right on anything."""

import io
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from conftest import photo
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageDraw, ImageFilter

import fewcolors
from fewcolors import _core
from fewcolors.options import EFFORTS, METHODS, Effort, Method

BACKGROUNDS = {"white": (255, 255, 255), "black": (0, 0, 0), "magenta": (255, 0, 255)}


def on_background(pixels: Any, background: tuple[int, ...]) -> Any:
    cover = pixels[:, :, 3:] / 255
    return pixels[:, :, :3] * cover + np.array(background) * (1 - cover)


def error_on(original: Any, result: Any, background: tuple[int, ...]) -> float:
    away = on_background(original, background) - on_background(result, background)
    return float(np.abs(away).mean())


def sticker(seed: int = 0, size: int = 96) -> Any:
    """A textured disc with smooth edges and a soft shadow, on nothing."""
    draws = np.random.default_rng(seed)
    big = Image.new("L", (4 * size, 4 * size))
    ImageDraw.Draw(big).ellipse((40, 30, 3 * size, 3 * size), fill=255)
    edge = big.resize((size, size), Image.Resampling.BOX)
    shadow = np.asarray(edge.filter(ImageFilter.GaussianBlur(6)), np.float64)
    shadow = np.roll(shadow, (8, 8), axis=(0, 1)) * 0.6
    y, x = np.mgrid[:size, :size]
    texture = np.stack([40 + 2 * x, 200 - y, 90 + x // 2 + y // 2], axis=2)
    texture = texture + draws.normal(0, 4, texture.shape)
    front = np.asarray(edge, np.float64)
    alpha = front + shadow * (1 - front / 255)
    weight = (front / np.maximum(alpha, 1))[:, :, None]
    color = (texture * weight).clip(0, 255)
    pixels = np.dstack([color, alpha]).round().astype(np.uint8)
    pixels[pixels[:, :, 3] == 0] = 0
    return pixels


def alpha_gradient() -> Any:
    """A photo of sorts that fades away, from fully opaque to nothing."""
    draws = np.random.default_rng(3)
    y, x = np.mgrid[:120, :160]
    color = np.stack([x, y + 60, 200 - x], axis=2) + draws.normal(0, 6, (120, 160, 3))
    alpha = np.clip((x - 10) * 255 / 130, 0, 255)
    return np.dstack([color.clip(0, 255), alpha]).round().astype(np.uint8)


def soft_shadow(shade: int) -> Any:
    """Only a shadow, or a glow, of one colour."""
    mask = Image.new("L", (128, 128))
    ImageDraw.Draw(mask).rectangle((40, 40, 88, 88), fill=220)
    alpha = np.asarray(mask.filter(ImageFilter.GaussianBlur(12)))
    return np.dstack([np.full((128, 128, 3), shade, np.uint8), alpha])


PICTURES: dict[str, Any] = {
    "sticker": sticker,
    "gradient": alpha_gradient,
    "shadow": lambda: soft_shadow(0),
    "glow": lambda: soft_shadow(255),
}


def assert_kinds_stay(original: Any, result: Any) -> None:
    assert (result[original[:, :, 3] == 0] == 0).all()
    assert (result[:, :, 3][original[:, :, 3] == 255] == 255).all()


# Each kind stays what it is


@pytest.mark.long
@pytest.mark.parametrize("make", PICTURES.values(), ids=PICTURES)
@pytest.mark.parametrize(
    "choice", [{"n_colors": 2}, {"n_colors": 5}, {"n_colors": 64}, {"n_colors": 256}, {}]
)
@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("effort", EFFORTS)
def test_opaque_and_transparent_pixels_stay_so(
    make: Any, choice: dict[str, Any], method: Method, effort: Effort
) -> None:
    pixels = make()
    image = fewcolors.quantize(pixels, method=method, effort=effort, n_init=2, **choice)
    assert_kinds_stay(pixels, image.to_rgba())


@pytest.mark.long
@settings(max_examples=60)
@given(st.integers(0, 2**32 - 1), st.integers(2, 20), st.sampled_from(METHODS))
def test_kinds_stay_in_any_small_picture(seed: int, n_colors: int, method: Method) -> None:
    draws = np.random.default_rng(seed)
    pixels = draws.integers(0, 256, (7, 9, 4), np.uint8)
    pixels[:, :, 3] = draws.choice([0, 1, 128, 254, 255], (7, 9), p=draws.dirichlet([0.5] * 5))
    image = fewcolors.quantize(pixels, n_colors, method=method)
    assert image.n_colors <= n_colors
    assert_kinds_stay(pixels, image.to_rgba())


def test_a_single_opaque_pixel_stays_opaque() -> None:
    pixels = soft_shadow(0)
    pixels[0, 0] = (10, 20, 30, 255)
    for n_colors in (2, 3, 40):
        for method in METHODS:
            image = fewcolors.quantize(pixels, n_colors, method=method)
            assert_kinds_stay(pixels, image.to_rgba())


def test_what_is_not_opaque_comes_first_so_that_few_alphas_are_stored() -> None:
    image = fewcolors.quantize(sticker(), 64)
    is_opaque = image.palette.colors[:, 3] == 255
    assert 0 < is_opaque.sum() < 64
    assert (np.diff(is_opaque.astype(int)) >= 0).all()


def test_what_lies_under_transparency_changes_nothing() -> None:
    pixels = sticker()
    dirty = pixels.copy()
    hidden = pixels[:, :, 3] == 0
    dirty[hidden, :3] = np.random.default_rng(0).integers(0, 256, (hidden.sum(), 3))
    choices: list[dict[str, Any]] = [
        {},
        {"n_colors": 30},
        {"n_colors": 30, "method": "classic"},
    ]
    for options in choices:
        one, other = (fewcolors.compress(each, **options) for each in (pixels, dirty))
        assert one.data == other.data
        assert one.score == other.score


# How it looks


@pytest.mark.parametrize("shade", [0, 255])
def test_shadows_are_smooth_on_every_background(shade: int) -> None:
    pixels = soft_shadow(shade)
    result = fewcolors.quantize(pixels, 40).to_rgba()
    assert (result[:, :, :3][result[:, :, 3] > 0] == shade).all()  # no halo of another colour
    away = np.abs(result[:, :, 3].astype(int) - pixels[:, :, 3])
    assert away.max() <= 5


@pytest.mark.parametrize("name", ["shadow", "glow", "sticker"])
def test_no_background_is_favoured(name: str) -> None:
    pixels = PICTURES[name]()
    result = fewcolors.quantize(pixels, 32).to_rgba()
    if name == "sticker":
        # The look that scores highest may be dithered, which hides error on each background alike.
        scores = []
        for color in BACKGROUNDS.values():
            seen, shown = (np.rint(on_background(each, color)) for each in (pixels, result))
            tiled = [np.tile(each.astype(np.uint8), (3, 3, 1)) for each in (seen, shown)]
            one, other = (np.ascontiguousarray(each).ravel() for each in tiled)
            scores.append(_core.ssimulacra2(one, other, 288, 288, 1))
        assert max(scores) < min(scores) + 8
        nearest = fewcolors.quantize(pixels, 32, dither="none").to_rgba()
        result = nearest
        errors = [error_on(pixels, result, color) for color in BACKGROUNDS.values()]
        assert max(errors) < 1.5 * min(errors)
    else:
        seen = BACKGROUNDS["white" if name == "shadow" else "black"]
        assert error_on(pixels, result, seen) < 1.0


def test_distances_are_those_of_looks_on_black_and_on_white() -> None:
    draws = np.random.default_rng(5)
    colors = draws.integers(0, 256, (60, 4), np.uint8)
    rows = np.array(_core.to_space(colors, _core.Space.SRGB, 4))
    distances = ((rows[:30] - rows[30:]) ** 2).sum(axis=1)
    shown = [on_background(colors[None], BACKGROUNDS[name])[0] for name in ("white", "black")]
    on_white, on_black = (((each[:30] - each[30:]) ** 2).sum(axis=1) for each in shown)
    np.testing.assert_allclose(distances, 0.6 * on_white + 0.4 * on_black, rtol=1e-9)


# Colours under transparency


def texture() -> Any:
    """A leaf whose green goes on where it is not seen, and a red one."""
    pixels = np.zeros((64, 64, 4), np.uint8)
    pixels[:, :32, :3] = (40, 160, 50)
    pixels[:, 32:, :3] = (190, 30, 20)
    noise = np.random.default_rng(1).integers(0, 20, (64, 64, 3), np.uint8)
    pixels[:, :, :3] += noise
    y, x = np.mgrid[:64, :64]
    for center in (16, 48):
        away = np.hypot(x - center, y - 32)
        pixels[:, :, 3] = np.maximum(pixels[:, :, 3], np.clip((12 - away) * 64, 0, 255))
    return pixels


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("options", [{"n_colors": 24}, {"n_colors": 256}, {}])
def test_colours_under_transparency_are_kept_if_asked(
    method: Method, options: dict[str, Any]
) -> None:
    pixels = texture()
    hidden = pixels[:, :, 3] == 0
    image = fewcolors.quantize(pixels, method=method, keep_transparent_colors=True, **options)
    result = image.to_rgba()
    np.testing.assert_array_equal(result[:, :, 3][hidden], 0)
    assert (result[:, :, 3][pixels[:, :, 3] == 255] == 255).all()
    away = np.abs(result[hidden, :3].astype(int) - pixels[hidden, :3])
    # A score is reached with as few colours as what is seen needs.
    assert away.mean() < (8 if options else 25)
    plain = fewcolors.quantize(pixels, method=method, **options)
    assert (plain.palette.colors[:, 3] == 0).sum() == 1


def test_a_photo_keeps_colours_under_transparency_too() -> None:
    pixels = alpha_gradient()
    pixels[:, :40, 3] = 0
    assert not fewcolors.weigh(fewcolors.decode(pixels), fewcolors.Options()).is_graphic
    choices: list[dict[str, Any]] = [
        {"quality": 60},
        {"quality": 60, "effort": "fast"},
        {"dither": 0.8},
    ]
    for options in choices:
        data = fewcolors.compress(pixels, keep_transparent_colors=True, **options).data
        result = np.asarray(Image.open(io.BytesIO(data)).convert("RGBA"))
        hidden = pixels[:, :, 3] == 0
        assert (result[:, :, 3][hidden] == 0).all()
        assert np.abs(result[hidden, :3].astype(int) - pixels[hidden, :3]).mean() < 25


def test_keeping_them_is_said_with_true_or_false() -> None:
    with pytest.raises(TypeError, match="keep_transparent_colors must be True or False, got 3"):
        fewcolors.quantize(texture(), keep_transparent_colors=3)  # type: ignore[arg-type]


# Very many translucent colours


def many_translucent(seed: int = 0) -> Any:
    draws = np.random.default_rng(seed)
    pixels = draws.integers(0, 256, (400, 500, 4), np.uint8)
    pixels[:5] = (*pixels[0, 0, :3], 255)
    pixels[5:9, :, 3] = 0
    return pixels


def test_very_many_translucent_colours_are_counted_in_cells_that_look_the_same() -> None:
    pixels = many_translucent()
    decoded = fewcolors.decode(pixels)
    histogram = fewcolors.build_histogram(decoded)
    distinct = len(np.unique(pixels.reshape(-1, 4), axis=0))
    assert histogram.n_colors < distinct
    assert sum(histogram.weights) == pixels.shape[0] * pixels.shape[1]
    labels = np.zeros(histogram.n_colors, np.uint8)
    for part in range(0, histogram.n_colors, 255):  # which colour each pixel is counted as
        labels[:] = 255
        chunk = slice(part, part + 255)
        labels[chunk] = np.arange(len(labels[chunk]))
        mapped = np.array(_core.map_colors(decoded.data, 4, histogram.colors, labels, 2))
        found = mapped != 255
        colors = np.array(histogram.colors)[chunk][mapped[found]].astype(np.float64)
        own = pixels.reshape(-1, 4)[found].astype(np.float64)
        assert np.abs(colors[:, 3] - own[:, 3]).max(initial=0) <= 2
        away = (colors[:, :3] - own[:, :3]) * own[:, 3:] / 255
        assert np.abs(away).max(initial=0) < 5
        if part > 20 * 255:
            break


def test_cells_are_the_same_on_any_number_of_threads_and_merge() -> None:
    one, other = many_translucent(1), many_translucent(2)
    histograms = [
        [fewcolors.build_histogram(fewcolors.decode(pixels), n) for n in (1, 3)]
        for pixels in (one, other, np.concatenate([one, other]))
    ]
    for single, several in histograms:
        assert bytes(single.colors) == bytes(several.colors)
        assert bytes(single.weights) == bytes(several.weights)
    merged = histograms[0][0].merge(histograms[1][0])
    assert bytes(merged.colors) == bytes(histograms[2][0].colors)
    assert bytes(merged.weights) == bytes(histograms[2][0].weights)


def test_a_small_picture_finds_its_colours_among_the_cells_of_a_large_one() -> None:
    small, large = sticker(), many_translucent()
    parts = [fewcolors.decode(pixels) for pixels in (small, large)]
    merged = fewcolors.build_histogram(parts[0]).merge(fewcolors.build_histogram(parts[1]))
    options = fewcolors.Options(16)
    palette = fewcolors.build_palette(merged, options)
    for pixels, part in zip((small, large), parts, strict=True):
        result = fewcolors.assign(part, merged, palette, options).to_rgba()
        assert_kinds_stay(pixels, result)


# Beside another quantizer


def shared_pictures(shared_images: Path) -> list[Path]:
    small = []
    for path in sorted((shared_images / "alpha").glob("*.png")):
        with Image.open(path) as image:
            if image.width * image.height < 2_000_000:
                small.append(path)
    assert small
    return small


def pngquant(path: Path) -> Any:
    command = Path(sys.executable).with_name("pngquant")
    if not command.exists():
        pytest.skip("no pngquant beside this Python; pip install pngquant-cli")
    done = subprocess.run(
        [command, "--nofs", "256", "-"], input=path.read_bytes(), capture_output=True, check=True
    )
    return np.asarray(Image.open(io.BytesIO(done.stdout)).convert("RGBA"))


@pytest.mark.long
def test_pictures_of_256_colours_are_as_close_as_pngquants(shared_images: Path) -> None:
    for path in shared_pictures(shared_images):
        decoded = fewcolors.decode(path)
        if decoded.channels == 3:
            continue
        original = np.frombuffer(decoded.data, np.uint8)
        original = original.reshape(decoded.height, decoded.width, 4)
        result = fewcolors.quantize(path, 256).to_rgba()
        assert_kinds_stay(original, result)
        theirs = pngquant(path)
        for name, color in BACKGROUNDS.items():
            ours = error_on(original, result, color)
            assert ours <= error_on(original, theirs, color), (path.name, name)


@pytest.mark.parametrize("options", [{}, {"quality": 50, "effort": "fast"}, {"format": "gif"}])
def test_alpha_that_hides_nothing_changes_nothing(options: Any) -> None:
    image = photo().resize((160, 120))
    plain = fewcolors.compress(image, **options)
    assert fewcolors.compress(image.convert("RGBA"), **options).data == plain.data
    grey = fewcolors.compress(image.convert("L"), **options)
    assert fewcolors.compress(image.convert("LA"), **options).data == grey.data


@pytest.mark.parametrize("alpha", [0, 100, 254])
def test_a_single_pixel_that_may_be_seen_through_does(alpha: int) -> None:
    pixels = np.array(photo().resize((160, 120)).convert("RGBA"))
    pixels[7, 9, 3] = alpha
    shown = fewcolors.compress(pixels).indexed.to_rgba()
    assert shown[7, 9, 3] < 255
    assert (np.delete(shown[:, :, 3].ravel(), 7 * 160 + 9) == 255).all()
