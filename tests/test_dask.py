"""Dask: lazy, the same for any chunks and any number of workers, and faults become rows."""

import io
import os
import pickle
import signal
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from conftest import PICTURES, save_picture
from PIL import Image

import fewcolors

dask = pytest.importorskip("dask", reason='needs dask: pip install "fewcolors[dask]"')
pytest.importorskip("dask.array", reason='needs dask[array]: pip install "fewcolors[dask]"')

import dask.array as da  # noqa: E402
import dask.bag as db  # noqa: E402

from fewcolors.distributed import dask as adapter  # noqa: E402

HEIGHT, WIDTH = 128, 192

CHUNKS = {1: (128, 192), 7: (128, 28), 64: (16, 24)}
"""Chunks that cut the picture into so many parts."""


def photo_like(channels: int, seed: int = 3) -> npt.NDArray[np.uint8]:
    """Some thousands of colours; with alpha, some pixels of each kind."""
    draws = np.random.default_rng(seed)
    smooth = np.linspace(30, 220, WIDTH)[None, :, None] * np.linspace(0.4, 1, HEIGHT)[:, None, None]
    noisy = smooth * draws.uniform(0.2, 1, channels) + draws.normal(0, 9, (HEIGHT, WIDTH, channels))
    picture = noisy.clip(0, 255).astype(np.uint8)
    if channels in (2, 4):
        picture[:40, :, -1] = 255
        picture[100:, :, -1] = 0
    return picture


class CountingArray:
    """An array that counts how often it is read."""

    def __init__(self, values: npt.NDArray[Any]) -> None:
        self.values = values
        self.shape, self.dtype, self.ndim = values.shape, values.dtype, values.ndim
        self.n_reads = 0

    def __getitem__(self, place: Any) -> npt.NDArray[Any]:
        part: npt.NDArray[Any] = self.values[place]
        self.n_reads += part.size > 0  # Dask itself reads a part of no pixels, for its dtype
        return part


def in_memory_palette(picture: npt.NDArray[Any], n_colors: int) -> fewcolors.Palette:
    histogram = fewcolors.build_histogram(fewcolors.decode(picture))
    return fewcolors.build_palette(histogram, fewcolors.Options(n_colors))


# Arrays


def test_nothing_is_read_before_it_is_computed_and_then_twice() -> None:
    counting = CountingArray(photo_like(3))
    array = da.from_array(counting, chunks=(64, 64, 3))
    quantized = adapter.quantize_array(array, 16)
    assert counting.n_reads == 0
    assert quantized.indices.chunks == array.chunks[:2]
    assert quantized.indices.dtype == np.uint8
    dask.compute(*quantized, scheduler="sync")
    assert counting.n_reads == 2 * array.npartitions


def test_the_second_reading_waits_for_the_palette() -> None:
    """Else chunks would pile up in memory while k-means runs."""
    picture = photo_like(3)
    events: list[str] = []

    def read(block: npt.NDArray[Any]) -> npt.NDArray[Any]:
        events.append("read")
        return block

    array = da.from_array(picture, chunks=(32, 32, 3)).map_blocks(
        read, dtype=np.uint8, meta=picture
    )
    quantized = adapter.quantize_array(array, 8)

    def note(block: npt.NDArray[Any]) -> npt.NDArray[Any]:
        events.append("index")
        return block

    indices = quantized.indices.map_blocks(note, dtype=np.uint8, meta=picture[:, :, 0])
    dask.compute(quantized.palette, indices, num_workers=4)
    half = len(events) // 3
    assert events[:half] == ["read"] * half
    reads_ahead = [
        events[:end].count("read") - half - events[:end].count("index")
        for end in range(half, len(events))
    ]
    assert max(reads_ahead) <= 2 * 4


@pytest.mark.parametrize("n_parts", CHUNKS)
@pytest.mark.parametrize("channels", [3, 4])
def test_palette_and_indices_do_not_depend_on_the_chunks(n_parts: int, channels: int) -> None:
    picture = photo_like(channels)
    array = da.from_array(picture, chunks=(*CHUNKS[n_parts], channels))
    assert array.npartitions == n_parts
    indices, palette = dask.compute(*adapter.quantize_array(array, 24))
    assert sorted(palette.entries) == sorted(in_memory_palette(picture, 24).entries)
    whole = fewcolors.quantize(picture, palette=palette, dither="none", keep_palette_order=True)
    assert np.array_equal(indices, whole.indices)


@pytest.mark.parametrize("method", ["perceptual", "classic"])
@pytest.mark.parametrize("channels", [1, 2, 3, 4])
def test_every_shape_and_method_is_that_of_memory(channels: int, method: Any) -> None:
    picture = photo_like(channels)
    array = da.from_array(picture, chunks=(50, 70, 1))  # whose channels are joined
    indices, palette = dask.compute(*adapter.quantize_array(array, 9, method=method))
    whole = fewcolors.quantize(
        picture, palette=palette, method=method, dither="none", keep_palette_order=True
    )
    assert np.array_equal(indices, whole.indices)


def test_arrays_of_two_axes_and_of_16_bits() -> None:
    grey = photo_like(1)[:, :, 0]
    indices, palette = dask.compute(*adapter.quantize_array(da.from_array(grey, chunks=64), 5))
    wide = da.from_array(grey.astype(np.uint16) * 257, chunks=48)
    again, same = dask.compute(*adapter.quantize_array(wide, 5))
    assert same == palette
    assert np.array_equal(again, indices)


def test_few_colors_are_kept_exactly() -> None:
    picture = photo_like(3) // 64 * 64
    indices, palette = dask.compute(*adapter.quantize_array(da.from_array(picture, chunks=60)))
    assert np.array_equal(palette.colors[indices][:, :, :3], picture)


def test_chunks_without_pixels_are_passed_over() -> None:
    picture = photo_like(3)
    array = da.from_array(picture, chunks=((0, 100, 28), (192,), (3,)))
    indices, palette = dask.compute(*adapter.quantize_array(array, 6))
    assert sorted(palette.entries) == sorted(in_memory_palette(picture, 6).entries)
    assert indices.shape == (HEIGHT, WIDTH)


def test_a_palette_that_is_computed_first_reads_the_array_once_more() -> None:
    counting = CountingArray(photo_like(3))
    array = da.from_array(counting, chunks=(64, 64, 3))
    palette = adapter.fit_palette(array, 12).compute(scheduler="sync")
    indices = adapter.apply_palette(array, palette).compute(scheduler="sync")
    assert counting.n_reads == 2 * array.npartitions
    assert indices.max() < len(palette)


@pytest.mark.parametrize(
    ("array", "fault"),
    [
        (da.zeros((4, 4, 5), dtype=np.uint8), "shape"),
        (da.zeros(4, dtype=np.uint8), "shape"),
        (da.zeros((0, 4), dtype=np.uint8), "at least 1"),
        (da.zeros((4, 4), dtype=np.int32), "int32"),
        (np.zeros((4, 4), np.uint8), "dask array"),
    ],
)
def test_wrong_arrays_are_named_at_once(array: Any, fault: str) -> None:
    with pytest.raises((TypeError, ValueError), match=fault):
        adapter.quantize_array(array)


def test_unknown_sizes_are_named_at_once() -> None:
    array = da.from_array(np.arange(12, dtype=np.uint8).reshape(4, 3), chunks=2)
    with pytest.raises(ValueError, match="known sides"):
        adapter.quantize_array(array[array[:, 0] > 3])


def test_options_that_mean_nothing_for_an_array_are_named() -> None:
    array = da.zeros((4, 4), dtype=np.uint8)
    with pytest.raises(TypeError, match="'quality'"):
        adapter.quantize_array(array, quality=80)  # type: ignore[call-arg]
    with pytest.raises(ValueError, match="n_colors"):
        adapter.quantize_array(array, 0)
    with pytest.raises(ValueError, match="split_every"):
        adapter.fit_palette(array, split_every=1)


# Bags


@pytest.fixture
def files(tmp_path: Path) -> list[Path]:
    """Pictures of every kind."""
    return [save_picture(name, tmp_path) for name in sorted(PICTURES)[:8]]


def test_the_files_of_a_bag_are_those_of_compress(files: list[Path]) -> None:
    bag = db.from_sequence([*files, *(str(path) for path in files[:1])], npartitions=3)
    rows = adapter.compress_bag(bag, quality=70).compute(scheduler="threads")
    for row, path in zip(rows, [*files, files[0]], strict=True):
        result = fewcolors.compress(path, quality=70)
        assert row.error is None
        assert row.data == result.data
        assert (row.bytes_in, row.score) == (path.stat().st_size, result.score)


def test_hostile_pictures_become_rows_with_an_error(files: list[Path], tmp_path: Path) -> None:
    content = [path.read_bytes() for path in files[:3]]
    hostile: list[Any] = [b"", b"no picture", content[0][:-30], str(tmp_path / "missing.png")]
    rows = adapter.compress_bag(db.from_sequence([*content, *hostile])).compute(scheduler="threads")
    assert [row.error is None for row in rows] == [True] * 3 + [False] * 4
    assert all(row.error and row.data is None for row in rows[3:])
    assert pickle.loads(pickle.dumps(rows)) == rows


@pytest.mark.parametrize("n_parts", [1, 7, 64])
def test_a_shared_palette_does_not_depend_on_the_partitions(n_parts: int) -> None:
    pictures = [_png(photo_like(3, seed)[:9]) for seed in range(64)]
    items = [*pictures[:9], b"no picture", *pictures[9:]]
    bag = db.from_sequence(items, npartitions=n_parts)
    palette = adapter.fit_palette(bag, 20, split_every=3).compute(scheduler="threads")
    one_by_one = fewcolors.build_palette(_merged(pictures), fewcolors.Options(20))
    assert sorted(palette.entries) == sorted(one_by_one.entries)


def _png(picture: npt.NDArray[np.uint8]) -> bytes:
    file = io.BytesIO()
    Image.fromarray(picture).save(file, "PNG")
    return file.getvalue()


def _merged(pictures: list[bytes]) -> fewcolors.Histogram:
    total: fewcolors.Histogram | None = None
    for picture in pictures:
        pixels = fewcolors.decode(picture)
        weights = fewcolors.weigh(pixels, fewcolors.Options())
        histogram = fewcolors.build_histogram(pixels, 1, weights)
        total = histogram if total is None else total.merge(histogram)
    assert total is not None
    return total


def test_files_of_a_shared_palette_have_its_entries(files: list[Path]) -> None:
    bag = db.from_sequence(files[-3:], npartitions=2)
    palette = adapter.fit_palette(bag, 10)
    rows, shared = dask.compute(adapter.apply_palette(bag, palette), palette, scheduler="threads")
    for row in rows:
        assert fewcolors.Palette.load(_saved(row.data, files[0].parent)).hex() == shared.hex()


def _saved(data: bytes, folder: Path) -> Path:
    path = folder / "result.png"
    path.write_bytes(data)
    return path


def test_a_bag_without_pictures_says_so() -> None:
    with pytest.raises(ValueError, match="none could be decoded"):
        adapter.fit_palette(db.from_sequence([b"no picture"])).compute(scheduler="sync")


def test_items_that_are_no_files_are_named() -> None:
    with pytest.raises(TypeError, match="bytes or paths, got int"):
        adapter.compress_bag(db.from_sequence([3])).compute(scheduler="sync")


# A cluster


@pytest.mark.process
@pytest.mark.long
@pytest.mark.filterwarnings("ignore::ResourceWarning")  # sockets of the worker that was killed
@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="kills a process as POSIX does")
def test_a_cluster_of_which_a_worker_is_killed_gives_the_same(tmp_path: Path) -> None:
    distributed = pytest.importorskip("distributed", reason="needs distributed")

    def die_once(block: npt.NDArray[Any], marker: str) -> npt.NDArray[Any]:
        """Kills the worker that comes first; as a local function it is sent to workers whole."""
        try:
            os.close(os.open(marker, os.O_CREAT | os.O_EXCL))
        except FileExistsError:
            return block
        os.kill(os.getpid(), signal.SIGKILL)
        return block

    picture, marker = photo_like(3), tmp_path / "killed"
    array = da.from_array(picture, chunks=(32, 32, 3))
    here = dask.compute(*adapter.quantize_array(array, 16))
    mortal = array.map_blocks(die_once, str(marker), dtype=np.uint8, meta=picture)
    quantized = adapter.quantize_array(mortal, 16)
    settings = {"distributed.worker.daemon": True, "distributed.comm.retry.count": 2}
    with (
        dask.config.set(settings),
        distributed.LocalCluster(
            n_workers=2, threads_per_worker=1, dashboard_address=":0", silence_logs=50
        ) as cluster,
        distributed.Client(cluster) as client,
    ):
        there = client.gather(client.compute(list(quantized)))
    assert marker.exists()
    assert there[1] == here[1]
    assert np.array_equal(there[0], here[0])
