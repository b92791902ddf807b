"""The engines of `fewcolors batch` side by side, and a batch that grows.

    python benchmarks/batch_engines.py SHARED/images [--rounds 3] [--engines local dask spark]

Pictures of a megapixel are compressed by each engine in turn. What it takes to start an engine is
left out: the clock starts when the first WARM_UP of the pictures are in the manifest. Then 1,000
and 10,000 small pictures, one in a hundred of them hostile, whose time has to grow as their number.
Processor time tells that on a machine that has other work, too.
"""

import argparse
import contextlib
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

from measure import command_of, print_table
from PIL import Image

from fewcolors.cli.files.inputs import is_picture
from fewcolors.distributed.batch.run import plan, run
from fewcolors.options import Options

sys.path.append(str(Path(__file__).resolve().parents[1] / "tests"))
from conftest import build_png, photo

MEGAPIXEL = (1224, 816)
COPIES = 8
"""So many that what is under way when the clock starts hardly counts."""

WARM_UP = 0.2

SECONDS_A_LOOK = 0.1

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
        print(*rate(*arguments.one_run))
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
    found: dict[str, list[Rates]] = {engine: [] for engine in arguments.engines}
    for number in range(arguments.rounds):
        for engine in arguments.engines:
            target = folder / f"{engine}-{number}"
            # A process of its own, as that of the command.
            command = [sys.executable, __file__, str(arguments.images), "--one-run"]
            command += [engine, str(source), str(target)]
            done = subprocess.run(
                command, stdout=subprocess.PIPE, text=True, check=True, start_new_session=True
            )
            found[engine].append(Rates(*map(float, done.stdout.split()[-2:])))
    local = found[arguments.engines[0]]
    rows = []
    for engine, rates in found.items():
        row = [engine]
        for own, base in zip(zip(*rates, strict=True), zip(*local, strict=True), strict=True):
            share = statistics.median(a / b for a, b in zip(own, base, strict=True))
            row += [f"{statistics.median(own):.2f}", f"{share:.0%}"]
        rows.append(row)
    share_of = f"of {arguments.engines[0]}"
    print_table(["engine", "a second", share_of, "a processor's second", share_of], rows)


class Rates(NamedTuple):
    """Pictures of a megapixel: a second, and a second of a processor."""

    by_the_clock: float
    by_processor: float


def rate(engine: str, source: str, target: str) -> Rates:
    """Returns how many pictures an engine compresses, once it is at work."""
    options = Options()
    batch = plan(source, target, options, is_picture, retry_errors=False)
    n_before = WARM_UP * len(batch.pictures)
    n_done = 0
    marks: list[tuple[int, float, float]] = []
    for entries in run(batch, engine, options.threads, None):
        n_done += len(entries)
        if entries and n_done >= n_before:
            marks.append((n_done, time.perf_counter(), sum(busy_seconds(os.getsid(0)).values())))
    (n_first, start, busy_start), (n_last, end, busy_end) = marks[0], marks[-1]
    n_pictures = n_last - n_first
    return Rates(n_pictures / (end - start), n_pictures / (busy_end - busy_start))


def busy_seconds(session: int) -> dict[str, float]:
    """Returns the processor time of each process of a session (Linux), Spark's too."""
    found = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):  # it has ended
            # After the name in brackets: state, parent, group, session; 12th and 13th are times.
            fields = path.read_text().rpartition(")")[2].split()
            if int(fields[3]) == session:
                found[path.parent.name] = sum(map(int, fields[11:13])) / os.sysconf("SC_CLK_TCK")
    return found


def print_growth(engines: list[str], folder: Path) -> None:
    """Runs the command over small pictures."""
    rows = []
    for engine in engines:
        first: list[float] = []
        for n_pictures in SIZES:
            source, target = folder / f"{n_pictures}", folder / f"{engine}-{n_pictures}"
            if not source.exists():
                make_small(source, n_pictures)
            command = [command_of("fewcolors"), "batch", str(source), str(target)]
            done = measured([*command, "--engine", engine])
            each = [1e3 * done.seconds / n_pictures, 1e3 * done.busy / n_pictures]
            first = first or each
            n_results = sum(path.suffix == ".png" for path in target.rglob("*"))
            counts = [f"{n_pictures:,}", f"{n_results:,}", f"{n_failed(target):,}"]
            times = [
                f"{now:.2f} ({now / then - 1:+.0%})" for now, then in zip(each, first, strict=True)
            ]
            rows.append([engine, *counts, *times, f"{done.megabytes:.0f}", str(done.status)])
    header = ["engine", "pictures", "results", "error rows", "ms each", "of the processors"]
    print_table([*header, "MB", "status"], rows)


class Measured(NamedTuple):
    """What a process took: seconds, processor seconds (of those it started too), memory."""

    seconds: float
    busy: float
    megabytes: float
    status: int


def measured(command: list[str]) -> Measured:
    """Runs a process, and looks at it and at those that it starts."""
    start = time.perf_counter()
    process = subprocess.Popen(
        command, stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL, start_new_session=True
    )
    busy: dict[str, float] = {}
    while True:
        busy |= busy_seconds(process.pid)
        ended, status, usage = os.wait4(process.pid, os.WNOHANG)
        if ended:
            break
        time.sleep(SECONDS_A_LOOK)
    seconds = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    return Measured(seconds, sum(busy.values()), usage.ru_maxrss * 1024 / 1e6, process.returncode)


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
