"""The engines of `fewcolors batch` side by side, and a batch that grows.

    python benchmarks/batch_engines.py SHARED/images [--rounds 3] [--engines local dask spark]

Pictures of a megapixel are compressed by each engine in turn. What it takes to start an engine is
left out: the clock starts when the first WARM_UP of the pictures are in the manifest. Then 1,000
and 10,000 small pictures, one in a hundred of them hostile, whose time has to grow as their number.
"""

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from measure import command_of, print_table
from PIL import Image

from fewcolors.cli.files.inputs import is_picture
from fewcolors.distributed.batch.run import plan, run
from fewcolors.options import Options

sys.path.append(str(Path(__file__).resolve().parents[1] / "tests"))
from conftest import build_png, photo

MEGAPIXEL = (1224, 816)
COPIES = 3
WARM_UP = 0.2

SIZES = (1000, 10_000)
ONE_HOSTILE_IN = 100

PNG = build_png((96, 64), b"\0" * (96 * 3 + 1) * 64)
HOSTILE = (
    b"",
    b"%PDF-1.7 no picture\n",
    PNG[:60],
    build_png((60_000, 60_000), b"\0"),
    b"GIF89a" + b"\xff" * 99,
    b"\xff\xd8\xff\xe0" + bytes(99),
)
"""Nothing, another kind of file, a cut one, a bomb, and files that begin like pictures."""


def main() -> None:
    """Prints both tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("images", type=Path)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--engines", nargs="+", default=["local", "dask", "spark"])
    parser.add_argument("--one-run", nargs=3, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.one_run is not None:
        print(rate(*arguments.one_run))
        return
    with tempfile.TemporaryDirectory() as name:
        print_throughput(arguments, Path(name))
        print_growth(arguments.engines, Path(name))


def print_throughput(arguments: argparse.Namespace, folder: Path) -> None:
    """Compares the engines in turn, so that all meet the same load of the machine."""
    source = folder / "megapixels"
    source.mkdir()
    for path in sorted((arguments.images / "photos").glob("*.png")):
        with Image.open(path) as image:
            large = image.convert("RGB").resize(MEGAPIXEL, Image.Resampling.LANCZOS)
        for copy in range(COPIES):
            large.save(source / f"{path.stem}-{copy}.jpg", quality=92)
    rates: dict[str, list[float]] = {engine: [] for engine in arguments.engines}
    for number in range(arguments.rounds):
        for engine in arguments.engines:
            target = folder / f"{engine}-{number}"
            # A process of its own, as that of the command.
            command = [sys.executable, __file__, str(arguments.images), "--one-run"]
            command += [engine, str(source), str(target)]
            done = subprocess.run(command, capture_output=True, text=True, check=True)
            rates[engine].append(float(done.stdout.split()[-1]))
    local = rates.get("local", [])
    rows = []
    for engine, found in rates.items():
        shares = [other / mine for other, mine in zip(found, local, strict=False)]
        share = f"{statistics.median(shares):.0%}" if shares else ""
        rows.append([engine, f"{statistics.median(found):.2f}", share])
    print_table(["engine", "pictures of 1 MP a second, once started", "of local"], rows)


def rate(engine: str, source: str, target: str) -> float:
    """Returns how many pictures an engine compresses a second, once it is at work."""
    options = Options()
    batch = plan(source, target, options, is_picture, retry_errors=False)
    n_before = WARM_UP * len(batch.pictures)
    n_done, at, start, n_start = 0, 0.0, 0.0, 0
    for entries in run(batch, engine, options.threads, None):
        if not entries:
            continue
        n_done, at = n_done + len(entries), time.perf_counter()
        if n_done >= n_before and not start:
            start, n_start = at, n_done
    return (n_done - n_start) / (at - start)


def print_growth(engines: list[str], folder: Path) -> None:
    """Runs the command over small pictures."""
    rows = []
    for engine in engines:
        times = []
        for n_pictures in SIZES:
            source, target = folder / f"{n_pictures}", folder / f"{engine}-{n_pictures}"
            if not source.exists():
                make_small(source, n_pictures)
            command = [command_of("fewcolors"), "batch", str(source), str(target)]
            start = time.perf_counter()
            process = subprocess.Popen(
                [*command, "--engine", engine], stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL
            )
            _, status, usage = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
            times.append((time.perf_counter() - start) / n_pictures)
            n_results = sum(path.suffix == ".png" for path in target.rglob("*"))
            growth = f"{times[-1] / times[0] - 1:+.0%}"
            figures = [f"{n_pictures:,}", f"{n_results:,}", f"{n_failed(target):,}"]
            figures += [f"{times[-1] * n_pictures:.1f}", f"{times[-1] * 1e3:.2f}", growth]
            memory = f"{usage.ru_maxrss * 1024 / 1e6:.0f}"
            rows.append([engine, *figures, memory, str(process.returncode)])
    header = ["engine", "pictures", "results", "error rows", "seconds", "ms each", "growth", "MB"]
    print_table([*header, "status"], rows)


def make_small(folder: Path, n_pictures: int) -> None:
    """Makes small photos, no two alike, and hostile files among them."""
    folder.mkdir()
    for number in range(n_pictures):
        path = folder / f"{number:05}.png"
        if number % ONE_HOSTILE_IN:
            photo(number).save(path)
        else:
            path.write_bytes(HOSTILE[number // ONE_HOSTILE_IN % len(HOSTILE)])


def n_failed(target: Path) -> int:
    """Counts the pictures that have an error in the manifest."""
    import pyarrow.parquet

    errors = pyarrow.parquet.read_table(target / "manifest", columns=["error"])["error"]
    return len(errors) - int(errors.null_count)


if __name__ == "__main__":
    main()
