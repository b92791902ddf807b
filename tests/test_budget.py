"""Files of at most so many bytes."""

import io
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

import fewcolors
from fewcolors.cli import main
from fewcolors.options import Effort
from fewcolors.palette import fit_palette
from fewcolors.quality import byte_limit

SHARES = (0.3, 0.5, 0.8)


def scene(seed: int = 0, size: int = 160) -> Any:
    rng = np.random.default_rng(seed)
    y, x = np.mgrid[0:size, 0:size] / size
    base = np.stack([200 * x, 120 + 90 * np.sin(6 * y), 220 * (1 - y)], axis=-1)
    texture = rng.normal(0, 25, (size, size, 1)) * (x > 0.5)[:, :, None]
    return np.clip(base + texture, 0, 255).astype(np.uint8)


def chart() -> Any:
    rng = np.random.default_rng(4)
    page = np.full((200, 200, 3), 250, np.uint8)
    for _ in range(60):
        y, x, h, w = rng.integers(0, 180, 2).tolist() + rng.integers(2, 30, 2).tolist()
        page[y : y + h, x : x + w] = rng.integers(0, 256, 3)
    return page


@pytest.mark.parametrize("share", SHARES)
@pytest.mark.parametrize("effort", ["fast", "balanced"])
def test_a_photo_fills_what_is_allowed(share: float, effort: Effort) -> None:
    pixels = scene()
    limit = int(fewcolors.compress(pixels, effort=effort).bytes_out * share)
    result = fewcolors.compress(pixels, effort=effort, max_bytes=limit)
    assert 0.95 * limit < result.bytes_out <= limit


@pytest.mark.long
@pytest.mark.parametrize("name", ["kodim05", "kodim23"])
def test_photos_fill_what_is_allowed(shared_images: Path, name: str) -> None:
    path = shared_images / "photos" / f"{name}.png"
    usual = fewcolors.compress(path).bytes_out
    scores = []
    for share in SHARES:
        limit = int(usual * share)
        result = fewcolors.compress(path, max_bytes=limit)
        assert 0.95 * limit < result.bytes_out <= limit
        scores.append(result.score)
    assert scores == sorted(scores)


def test_without_a_quality_all_that_is_allowed_is_used_up_to_the_best_look() -> None:
    pixels = scene()
    usual, best = fewcolors.compress(pixels), fewcolors.compress(pixels, quality=100)
    between = (usual.bytes_out + best.bytes_out) // 2
    more = fewcolors.compress(pixels, max_bytes=between)
    assert usual.score < more.score
    assert 0.95 * between < more.bytes_out <= between
    assert fewcolors.compress(pixels, max_bytes=10**9).bytes_out == best.bytes_out
    capped = fewcolors.compress(pixels, max_bytes=10**9, quality=75)
    assert capped.bytes_out == usual.bytes_out


@pytest.mark.long
@pytest.mark.parametrize("options", [{}, {"dither": 1.0}, {"method": "classic"}])
def test_graphics_and_dithered_pictures_give_up_colours(options: Any) -> None:
    pixels = chart() if not options else scene()
    best = fewcolors.compress(pixels, n_colors=256, **options)
    limit = int(best.bytes_out * 0.8)
    result = fewcolors.compress(pixels, max_bytes=limit, **options)
    assert result.bytes_out <= limit
    assert result.n_colors < best.n_colors


@pytest.mark.parametrize("pixels", [scene(), chart()])
def test_too_few_bytes_are_refused(pixels: Any) -> None:
    with pytest.raises(fewcolors.TooManyBytesError, match="at the least, over the 60") as caught:
        fewcolors.compress(pixels, max_bytes=60)
    assert caught.value.n_bytes > 60


@pytest.mark.parametrize(
    "options",
    [
        {"n_colors": 2},
        {"n_colors": 1},
        {"palette": ["#000000", "#808080", "#ffffff"]},
        {"n_colors": 2, "dither": 1.0},
        {"palette": ["#000000", "#808080", "#ffffff"], "dither": "none"},
    ],
)
@pytest.mark.parametrize("pixels", [scene(), chart()])
def test_the_least_is_that_of_a_file_that_was_made(pixels: Any, options: Any) -> None:
    with pytest.raises(fewcolors.TooManyBytesError) as caught:
        fewcolors.compress(pixels, max_bytes=60, **options)
    least = caught.value.n_bytes
    assert 60 < least < 160 * 160
    assert fewcolors.compress(pixels, max_bytes=least, **options).bytes_out == least


def test_what_cannot_fit_is_said_after_the_smallest(monkeypatch: pytest.MonkeyPatch) -> None:
    tried: list[int] = []

    def counted(histogram: Any, options: Any, n_colors: int) -> Any:
        tried.append(n_colors)
        return fit_palette(histogram, options, n_colors)

    monkeypatch.setattr(byte_limit, "fit_palette", counted)
    with pytest.raises(fewcolors.TooManyBytesError):
        fewcolors.compress(scene(), max_bytes=60)
    assert tried == [256, 2]


@pytest.mark.long
def test_little_room_goes_to_fewer_colours_where_they_look_better() -> None:
    pixels = scene()
    limit = int(fewcolors.compress(pixels).bytes_out * 0.25)
    result = fewcolors.compress(pixels, max_bytes=limit)
    assert result.bytes_out <= limit
    for n_colors in (256, 128, 64):
        other = fewcolors.compress(pixels, n_colors=n_colors, quality=75, max_bytes=limit)
        assert result.score >= other.score - 1.0  # the search does not try every number


@pytest.mark.long
def test_hardly_any_bytes_take_colours_as_well() -> None:
    pixels = scene()
    with pytest.raises(fewcolors.TooManyBytesError) as caught:
        fewcolors.compress(pixels, max_bytes=60)
    limit = caught.value.n_bytes + 20
    result = fewcolors.compress(pixels, max_bytes=limit)
    assert result.bytes_out <= limit
    assert result.n_colors <= 128


def test_a_given_palette_keeps_its_order() -> None:
    palette = [(v, v // 2, 255 - v, 255) for v in range(0, 256, 4)]
    usual = fewcolors.compress(scene(), palette=palette)
    limit = usual.bytes_out // 2
    result = fewcolors.compress(scene(), palette=palette, keep_palette_order=True, max_bytes=limit)
    assert result.bytes_out <= limit
    assert list(result.indexed.palette) == palette


def test_colours_under_transparency_stay() -> None:
    pixels = np.dstack([scene(), np.full((160, 160), 255, np.uint8)])
    pixels[:, :50, 3] = 0
    pixels[:, :50, 0] = 200
    usual = fewcolors.compress(pixels, keep_transparent_colors=True)
    limit = usual.bytes_out * 2 // 3
    result = fewcolors.compress(pixels, keep_transparent_colors=True, max_bytes=limit)
    assert result.bytes_out <= limit
    seen = np.asarray(result.indexed.to_rgba())
    assert (seen[:, :50, 3] == 0).all()
    assert np.abs(seen[:, :50, :3].astype(int) - pixels[:, :50, :3]).mean() < 10


@pytest.mark.parametrize("format_", ["webp", "gif", "auto"])
def test_other_formats_keep_to_it_too(format_: Any) -> None:
    limit = 6000
    result = fewcolors.compress(scene(), format=format_, max_bytes=limit)
    assert result.bytes_out <= limit


def test_animations_keep_to_it() -> None:
    frames = [Image.fromarray(scene(seed, 64)) for seed in range(4)]
    file = io.BytesIO()
    frames[0].save(file, "PNG", save_all=True, append_images=frames[1:], duration=50)
    usual = fewcolors.compress(file.getvalue())
    limit = usual.bytes_out // 2
    result = fewcolors.compress(file.getvalue(), max_bytes=limit)
    assert result.n_frames == 4
    assert result.bytes_out <= limit
    with pytest.raises(fewcolors.TooManyBytesError):
        fewcolors.compress(file.getvalue(), max_bytes=100)


def test_the_command_takes_sizes(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "a.png"
    Image.fromarray(scene()).save(path)
    assert main(["compress", str(path), "--max-bytes", "6kB"]) == 0
    assert (tmp_path / "a-fewcolors.png").stat().st_size <= 6000
    assert main(["compress", str(path), "--max-bytes", "60", "--force"]) == 1
    assert "at the least, over the 60" in capsys.readouterr().err


@pytest.mark.parametrize("size", ["", "0", "-1kB", "10 furlongs", "kB", "nan"])
def test_what_is_no_size_is_refused(size: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["compress", "a.png", f"--max-bytes={size}"])
    assert ended.value.code == 2
    assert "must be a size such as" in capsys.readouterr().err
