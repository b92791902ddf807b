"""Loads `fewcolors serve`: many clients, bombs beside them, the time from a change to a picture.

    python benchmarks/service.py SHARED/images [--requests 5000] [--clients 16]

The service runs as a process of its own, with one worker a processor. Its throughput is held
against the library's, on the same pictures, in as many threads.
"""

import argparse
import contextlib
import http.client
import io
import itertools
import random
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

from measure import print_table
from PIL import Image

import fewcolors
from fewcolors.limits import available_processors

sys.path.append(str(Path(__file__).resolve().parents[1] / "tests"))
from conftest import build_png

SIZES = ((64, 64), (192, 128), (384, 256), (768, 512))
"""Icons to pictures of a page, as often as each other."""

QUEUE = 32
BOMB = build_png((30_000, 30_000), bytes(1000))
CHANGES = 9


class Process(NamedTuple):
    """A service, and how long it took to start."""

    id: int
    port: int
    seconds: float

    def post(self, data: bytes, query: str = "", accept: str = "*/*") -> tuple[int, float]:
        """Sends a picture; returns the status, and the seconds until its answer was whole."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=120)
        start = time.perf_counter()
        connection.request("POST", f"/v1/compress?{query}", data, {"Accept": accept})
        response = connection.getresponse()
        response.read()
        connection.close()
        return response.status, time.perf_counter() - start

    def megabytes(self) -> tuple[float, int]:
        """Returns the memory of the service and its workers, and how many processes these are."""
        listed = subprocess.run(
            ["ps", "-o", "rss=", "--pid", str(self.id), "--ppid", str(self.id)],
            capture_output=True,
            text=True,
            check=False,
        )
        sizes = [int(word) for word in listed.stdout.split()]
        return sum(sizes) / 1000, len(sizes)


@contextlib.contextmanager
def service() -> Iterator[Process]:
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "fewcolors", "serve", "--port", "0"]
        command += ["--state", folder, "--queue", str(QUEUE)]
        start = time.perf_counter()
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
            assert process.stdout is not None
            port = int(process.stdout.readline().strip().strip("/").rpartition(":")[2])
            try:
                yield Process(process.pid, port, time.perf_counter() - start)
            finally:
                process.terminate()


def pictures(folder: Path) -> list[bytes]:
    """Returns photos at several sizes, PNG and JPEG in turn."""
    found = []
    for number, path in enumerate(sorted((folder / "photos").glob("*.png"))[:8]):
        with Image.open(path) as image:
            for size in SIZES:
                file = io.BytesIO()
                image.convert("RGB").resize(size).save(file, ("PNG", "JPEG")[number % 2])
                found.append(file.getvalue())
    return found


def percentile(values: list[float], percent: int) -> float:
    return statistics.quantiles(values, n=100)[percent - 1]


def library_rate(sample: list[bytes]) -> float:
    """Returns the pictures a second that the library compresses, on all processors."""
    start = time.perf_counter()
    with ThreadPoolExecutor(available_processors()) as threads:
        list(threads.map(lambda data: fewcolors.compress(data, n_threads=1), sample))
    return len(sample) / (time.perf_counter() - start)


def load(process: Process, known: list[bytes], n_requests: int, n_clients: int) -> None:
    draws = random.Random(1)
    jobs = [draws.choice(known) for _ in range(n_requests)]
    statuses: Counter[int] = Counter()
    seconds: list[float] = []
    memory: list[float] = []
    sample = jobs[: n_requests // 5]
    library = library_rate(sample)
    start = time.perf_counter()
    with ThreadPoolExecutor(n_clients) as threads:
        for done, (status, taken) in enumerate(threads.map(process.post, jobs)):
            statuses[status] += 1
            seconds.append(taken)
            if done % max(1, n_requests // 50) == 0:
                memory.append(process.megabytes()[0])
    whole = time.perf_counter() - start
    fifth = len(memory) // 5
    second, last = memory[fifth : 2 * fifth], memory[-fifth:]
    library = max(library, library_rate(sample))  # a busy machine must not flatter the service
    rate = n_requests / whole
    print_table(
        ["what", "value", "target"],
        [
            ["answers by status", str(dict(statuses)), "200, and 429 over the queue"],
            ["p50", f"{percentile(seconds, 50):.3f} s", ""],
            ["p99", f"{percentile(seconds, 99):.3f} s", ""],
            ["pictures a second", f"{rate:.1f}", ""],
            ["of the library's", f"{rate / library:.2f}", "0.85"],
            [
                "memory, last fifth / second fifth",
                f"{statistics.mean(last):.0f} / {statistics.mean(second):.0f} MB",
                "5 %",
            ],
        ],
    )


def bombs(process: Process, known: list[bytes], images: Path, n_requests: int) -> None:
    jobs = [known[number % len(known)] for number in range(n_requests)]

    def latencies() -> list[float]:
        with ThreadPoolExecutor(2) as threads:
            answers = list(threads.map(process.post, jobs))
        assert {status for status, _ in answers} == {200}
        return [seconds for _, seconds in answers]

    alone = percentile(latencies(), 99)
    # A process of its own, as it would be: it takes no time of these clients.
    command = [sys.executable, __file__, str(images), "--attack", str(process.port)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as attacker:
        beside = percentile(latencies(), 99)
        attacker.terminate()
        attacked, _ = attacker.communicate()
    print_table(
        ["two clients, p99", "value", "target"],
        [
            ["alone", f"{alone:.3f} s", ""],
            ["beside bombs and hostile files without end", f"{beside:.3f} s", "twice that"],
            ["attacks, by status", attacked.strip(), "no 5xx"],
            ["processes", str(process.megabytes()[1]), str(1 + available_processors())],
        ],
    )


def attack(port: int, images: Path) -> None:
    """Sends a huge claim and hostile files in turn until it is told to end."""
    files = [
        path.read_bytes() for path in sorted((images / "hostile").rglob("*")) if path.is_file()
    ]
    hostile = itertools.chain.from_iterable(
        (BOMB, data) for data in itertools.cycle(files or [b""])
    )
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    answered: Counter[int] = Counter()
    with contextlib.suppress(KeyboardInterrupt):
        for data in hostile:
            answered[Process(0, port, 0).post(data)[0]] += 1
    print(dict(answered))


def times(started: Process, known: list[bytes]) -> None:
    idle = started.megabytes()[0]
    first = started.post(known[3])[1]
    rows = [
        ["until it takes pictures", f"{started.seconds:.2f} s"],
        ["the first picture, 768 x 512", f"{first:.3f} s"],
        ["memory when idle", f"{idle:.0f} MB"],
    ]
    with Image.open(io.BytesIO(known[3])) as image:
        large = io.BytesIO()
        image.resize((4000, 3000)).save(large, "PNG", compress_level=1)
    for name, data in (("768 x 512", known[3]), ("12 megapixels", large.getvalue())):
        taken = [
            started.post(data, f"quality={50 + 5 * number}&again=true", "application/json")[1]
            for number in range(CHANGES)
        ]
        rows.append([f"another quality, {name}", f"{statistics.median(taken):.3f} s"])
    print_table(["what", "value"], rows)


SLIDE = """(quality) => new Promise((resolve) => {
  const slider = document.querySelector("[name=quality]");
  const image = document.querySelector(".result");
  const start = performance.now();
  image.addEventListener("load", () => resolve(performance.now() - start), { once: true });
  slider.value = quality;
  slider.dispatchEvent(new Event("input", { bubbles: true }));
})"""


def page(started: Process, known: list[bytes]) -> None:
    """Moves the slider of the page, and measures until the browser has loaded the new picture."""
    chromium = shutil.which("chromium")
    try:
        from playwright.sync_api import sync_playwright
    except ModuleNotFoundError:
        chromium = None
    if chromium is None:
        print("The page is not measured: playwright or chromium is not installed.")
        return
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        tab = browser.new_page()
        tab.goto(f"http://127.0.0.1:{started.port}/")
        tab.set_input_files(
            "#files", files={"name": "a.png", "mimeType": "image/png", "buffer": known[3]}
        )
        tab.wait_for_selector(".picture[data-state=done]:not(.busy)")
        taken = [tab.evaluate(SLIDE, 50 + 5 * number) for number in range(CHANGES)]
        browser.close()
    rows = [
        ["median", f"{statistics.median(taken):.0f} ms", "300 ms"],
        ["longest", f"{max(taken):.0f} ms", ""],
    ]
    print_table(["from the slider to the picture, 768 x 512", "value", "target"], rows)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("images", type=Path)
    parser.add_argument("--requests", type=int, default=5000)
    parser.add_argument("--clients", type=int, default=16)
    parser.add_argument("--attack", type=int, metavar="PORT", help="send hostile files there")
    arguments = parser.parse_args()
    if arguments.attack:
        attack(arguments.attack, arguments.images)
        return
    known = pictures(arguments.images)
    with service() as process:
        times(process, known)
        page(process, known)
    with service() as process:
        bombs(process, known, arguments.images, max(100, arguments.requests // 10))
    with service() as process:
        load(process, known, arguments.requests, arguments.clients)


if __name__ == "__main__":
    main()
