"""Pictures larger than memory, and bags of pictures: rates, memory, and the same palette.

    python benchmarks/gigapixel.py SHARED/images/photos [--only array tiff bag] [--side 32768]

A picture of a gigapixel is put together from photos, scaled, mirrored and under noise of changing
strength, in a temporary folder that takes some 4 GB (--folder names another place for it). Each
measurement is a process of its own, on two threads.
"""

import argparse
import io
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
from measure import command_of, print_table
from PIL import Image

CHUNK = 2048
CROP = 10_000
TIFF_SIDE = 20_000
TILE = 512
N_COLORS = 256
N_THREADS = 2

BAG_SIDE = 1000
BAG_PICTURES = 24
BAG_ROUNDS = 3
"""Both ways are measured in turns, and the sums compared: the machine may be busy otherwise."""

PARTS = ("array", "tiff", "bag")
TARGETS = {
    "array": "at least 15 MP/s, under 1,500 MB",
    "tiff": "under 1,000 MB",
    "crop": "the same palette as in memory",
    "bag": "at least 80 % of compress_many",
}

Pixels = npt.NDArray[np.uint8]


def main() -> None:
    """Makes the pictures, measures, and prints a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("photos", type=Path)
    parser.add_argument("--only", nargs="+", choices=PARTS, default=PARTS)
    parser.add_argument("--side", type=int, default=16 * CHUNK)
    parser.add_argument("--folder", type=Path)
    parser.add_argument("--step", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.step is not None:  # one of the processes that are measured
        print(json.dumps(STEPS[arguments.step](arguments)))
        return
    with tempfile.TemporaryDirectory(dir=arguments.folder) as name:
        rows: list[list[str]] = []
        for part in arguments.only:
            made = PART[part](Path(name), arguments)
            rows += made
            print(*map(": ".join, made), sep="\n", file=sys.stderr, flush=True)
    print_table(["what", "measured", "target"], rows)


# Pictures


def photo_parts(photos: Path, side: int, seed: int = 1) -> Iterator[Pixels]:
    """Yields square pictures without end, each of a part of a photo under noise of its own."""
    draws = np.random.default_rng(seed)
    sources = [Image.open(path).convert("RGB") for path in sorted(photos.glob("*.png"))]
    while True:
        photo = sources[int(draws.integers(len(sources)))]
        cut = int(draws.integers(min(photo.size) // 3, min(photo.size)))
        left, top = (int(draws.integers(whole - cut + 1)) for whole in photo.size)
        part = photo.crop((left, top, left + cut, top + cut)).resize((side, side))
        strength = draws.uniform(0, 4)
        noise = draws.normal(0, strength, (side, side, 1)) + draws.normal(0, 1, (side, side, 3))
        pixels: Pixels = (np.asarray(part) + noise + 0.5).clip(0, 255).astype(np.uint8)
        yield pixels[:, ::-1] if draws.integers(2) else pixels


def make_array(arguments: argparse.Namespace) -> None:
    """Writes a chunked Zarr array of a square picture."""
    import zarr

    parts, side = photo_parts(arguments.photos, CHUNK), arguments.side
    array: Any = zarr.create_array(
        arguments.folder / "large.zarr",
        shape=(side, side, 3),
        dtype=np.uint8,
        chunks=(CHUNK, CHUNK, 3),
    )
    for top in range(0, side, CHUNK):
        for left in range(0, side, CHUNK):
            rows, columns = min(CHUNK, side - top), min(CHUNK, side - left)
            array[top : top + rows, left : left + columns] = next(parts)[:rows, :columns]


def make_tiff(arguments: argparse.Namespace) -> None:
    """Writes a tiled TIFF of a square picture, deflated."""
    import tifffile

    side = min(arguments.side, TIFF_SIDE)

    def tiles() -> Iterator[Pixels]:
        parts = photo_parts(arguments.photos, TILE)
        for _ in range((-(-side // TILE)) ** 2):
            yield next(parts)

    tifffile.imwrite(
        arguments.folder / "large.tif",
        tiles(),
        shape=(side, side, 3),
        dtype=np.uint8,
        tile=(TILE, TILE),
        photometric="rgb",
        compression="zlib",
        predictor=True,
        bigtiff=True,
        maxworkers=N_THREADS,
    )


def make_files(arguments: argparse.Namespace) -> None:
    """Writes PNGs of a megapixel."""
    parts = photo_parts(arguments.photos, BAG_SIDE)
    for number in range(BAG_PICTURES):
        file = io.BytesIO()
        Image.fromarray(next(parts)).save(file, "PNG")
        (arguments.folder / f"bag-{number:02}.png").write_bytes(file.getvalue())


# What is measured


def quantize_whole(arguments: argparse.Namespace) -> dict[str, Any]:
    """Reduces the array on Dask's threads, and writes the indices as Zarr."""
    import dask
    import dask.array as da

    from fewcolors.distributed.dask import quantize_array

    folder = arguments.folder
    array = da.from_zarr(str(folder / "large.zarr"))
    indices, palette = quantize_array(array, N_COLORS)
    start = time.perf_counter()
    with dask.config.set(scheduler="threads", num_workers=N_THREADS):
        written = indices.to_zarr(str(folder / "indices.zarr"), compute=False)
        palette, _ = dask.compute(palette, written)
    seconds = time.perf_counter() - start
    n_pixels = array.shape[0] * array.shape[1]
    return {"seconds": seconds, "rate": n_pixels / 1e6 / seconds, "colors": len(palette)}


def compare_crop(arguments: argparse.Namespace) -> dict[str, Any]:
    """Compares the palette of a crop by Dask with that in memory, and their indices."""
    import dask
    import dask.array as da

    import fewcolors
    from fewcolors.distributed.dask import quantize_array

    crop = da.from_zarr(str(arguments.folder / "large.zarr"))[:CROP, :CROP]
    with dask.config.set(scheduler="threads", num_workers=N_THREADS):
        indices, palette = dask.compute(*quantize_array(crop, N_COLORS))
        pixels = fewcolors.decode(crop.compute())
    histogram = fewcolors.build_histogram(pixels, N_THREADS)
    options = fewcolors.Options(N_COLORS, n_threads=N_THREADS)
    own = fewcolors.build_palette(histogram, options)
    image = fewcolors.assign(pixels, histogram, palette, options)
    shown = np.array_equal(image.palette.colors[image.indices], palette.colors[indices])
    return {"same": set(own.entries) == set(palette.entries), "same_indices": bool(shown)}


def compress_bag_and_many(arguments: argparse.Namespace) -> dict[str, Any]:
    """Compresses pictures by Dask's threads, and by `compress_many`, in turns."""
    import dask.bag as db

    import fewcolors
    from fewcolors.distributed.dask import compress_bag

    files = [path.read_bytes() for path in sorted(arguments.folder.glob("bag-*.png"))]
    bag = compress_bag(db.from_sequence(files, npartitions=len(files)))

    def by_dask() -> list[bytes]:
        rows = bag.compute(scheduler="threads", num_workers=N_THREADS)
        return [row.data for row in rows]

    def by_many() -> list[bytes]:
        return [result.data for result in fewcolors.compress_many(files, n_threads=N_THREADS)]

    seconds = {by_dask: 0.0, by_many: 0.0}
    results = [by_dask(), by_many()]  # which starts both
    for _ in range(BAG_ROUNDS):
        for way in (by_dask, by_many):
            start = time.perf_counter()
            way()
            seconds[way] += time.perf_counter() - start
    return {"share": seconds[by_many] / seconds[by_dask], "same": results[0] == results[1]}


class Cost(NamedTuple):
    """What a process took: the most memory at a time, and seconds of the processors."""

    megabytes: float
    busy_seconds: float


STEPS: dict[str, Callable[[argparse.Namespace], dict[str, Any] | None]] = {
    "make array": make_array,
    "make tiff": make_tiff,
    "make files": make_files,
    "quantize": quantize_whole,
    "crop": compare_crop,
    "bag": compress_bag_and_many,
}


def array_part(folder: Path, arguments: argparse.Namespace) -> list[list[str]]:
    """Measures the array, and a crop of it."""
    source = folder / "large.zarr"
    step("make array", folder, arguments)
    size = sum(path.stat().st_size for path in source.rglob("*") if path.is_file())
    found, cost = step("quantize", folder, arguments)
    pixels = arguments.side**2 / 1e6
    busy_rate = pixels / cost.busy_seconds * N_THREADS
    rows = [
        [
            f"Zarr of {pixels:,.0f} MP, {size / 1e6:,.0f} MB, quantize_array to Zarr",
            f"{found['rate']:.1f} MP/s ({found['seconds']:.0f} s), {busy_rate:.1f} by processor "
            f"time of {N_THREADS}, {cost.megabytes:,.0f} MB",
            TARGETS["array"],
        ]
    ]
    same, _ = step("crop", folder, arguments)
    answer = f"{same['same']}; indices equal: {same['same_indices']}"
    rows.append([f"a crop of {CROP**2 / 1e6:,.0f} MP", answer, TARGETS["crop"]])
    for name in ("large.zarr", "indices.zarr"):
        shutil.rmtree(folder / name)
    return rows


def tiff_part(folder: Path, arguments: argparse.Namespace) -> list[list[str]]:
    """Measures the command on a TIFF, and has the result checked."""
    source, target = folder / "large.tif", folder / "large.png"
    step("make tiff", folder, arguments)
    command = [command_of("fewcolors"), "compress", str(source), "-o", str(target), "--json"]
    start = time.perf_counter()
    output, cost = run([*command, "--threads", str(N_THREADS)])
    seconds = time.perf_counter() - start
    report = json.loads(output)
    checked = subprocess.run(["pngcheck", "-q", target], capture_output=True, check=False)
    pixels = report["width"] * report["height"] / 1e6
    measured = (
        f"{cost.megabytes:,.0f} MB, {seconds:.0f} s ({pixels / seconds:.1f} MP/s; "
        f"{pixels / cost.busy_seconds * N_THREADS:.1f} by processor time of {N_THREADS}), "
        f"{report['bytes_in'] / 1e6:,.0f} -> {report['bytes_out'] / 1e6:,.0f} MB, "
        f"score {report['score']:.1f}, pngcheck: {'valid' if not checked.returncode else 'faults'}"
    )
    source.unlink()
    target.unlink()
    return [[f"tiled TIFF of {pixels:,.0f} MP through the command", measured, TARGETS["tiff"]]]


def bag_part(folder: Path, arguments: argparse.Namespace) -> list[list[str]]:
    """Measures what Dask adds to the work on single pictures."""
    step("make files", folder, arguments)
    found, _ = step("bag", folder, arguments)
    what = f"compress_bag, {BAG_PICTURES} pictures of {BAG_SIDE**2 / 1e6:g} MP"
    measured = f"{100 * found['share']:.0f} %; the same bytes: {found['same']}"
    return [[what, measured, TARGETS["bag"]]]


PART: dict[str, Callable[[Path, argparse.Namespace], list[list[str]]]] = {
    "array": array_part,
    "tiff": tiff_part,
    "bag": bag_part,
}


def step(name: str, folder: Path, arguments: argparse.Namespace) -> tuple[dict[str, Any], Cost]:
    """Runs a step in a process of its own; returns what it found, and what it took."""
    options = ["--step", name, "--folder", str(folder), "--side", str(arguments.side)]
    output, cost = run([sys.executable, __file__, str(arguments.photos), *options])
    found: dict[str, Any] = json.loads(output)
    return found, cost


def run(command: list[str]) -> tuple[bytes, Cost]:
    """Runs a program; returns what it prints, and what it took."""
    process = subprocess.Popen(command, stdout=subprocess.PIPE)
    assert process.stdout is not None
    output = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        sys.exit(f"status {process.returncode}: {' '.join(command)}")
    return output, Cost(usage.ru_maxrss * 1024 / 1e6, usage.ru_utime + usage.ru_stime)


if __name__ == "__main__":
    main()
