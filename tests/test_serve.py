"""`fewcolors serve`: our own API, its limits, and who may use it."""

import base64
import contextlib
import io
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from conftest import PICTURES, MakePicture, Run, build_png, photo, save_picture
from PIL import Image

import fewcolors

for package in ("starlette", "uvicorn", "prometheus_client", "python_multipart"):
    pytest.importorskip(package)

from serving import Serving, form, serving  # noqa: E402

from fewcolors.serve.counter import Counter  # noqa: E402
from fewcolors.serve.keys import digest_of, key_line, read_keys  # noqa: E402
from fewcolors.serve.settings import Settings  # noqa: E402

pytestmark = pytest.mark.process

BOMB = build_png((10_000, 10_000), b"")


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serving]:
    with serving(tmp_path_factory.mktemp("state"), workers=2) as running:
        yield running


@pytest.fixture
def small(tmp_path: Path) -> bytes:
    return save_picture("photo.png", tmp_path).read_bytes()


def worker_ids() -> list[int]:
    """The processes that work for this one."""
    listed = subprocess.run(
        ["ps", "-o", "pid=,args=", "--ppid", str(os.getpid())],
        capture_output=True,
        text=True,
        check=False,
    )
    rows = (line.split(maxsplit=1) for line in listed.stdout.splitlines())
    return [int(row[0]) for row in rows if "anyio.to_process" in row[1]]


# What it answers


@pytest.mark.parametrize(
    ("query", "arguments"),
    [
        ("", []),
        ("colors=16", ["-k", "16"]),
        ("quality=60&effort=fast", ["-q", "60", "--effort", "fast"]),
        ("max_bytes=3000", ["--max-bytes", "3000"]),
        (
            "method=classic&dither=0.5&seed=3",
            ["--method", "classic", "--dither", ".5", "--seed", "3"],
        ),
        ("palette=f00,%2300ff00,000", ["--palette", "#f00,#00ff00,#000"]),
        ("format=webp", ["--format", "webp"]),
        ("format=auto", ["--format", "auto"]),
    ],
)
@pytest.mark.parametrize("name", ["photo.png", "soft-shadow.png", "photo.jpg"])
def test_the_picture_is_the_one_that_the_command_writes(
    service: Serving,
    name: str,
    query: str,
    arguments: list[str],
    picture: MakePicture,
    run_command: Run,
) -> None:
    path = picture(name)
    written = run_command("compress", path, "-o", "-", *arguments)
    answer = service.ask("POST", f"/v1/compress?{query}", path.read_bytes())
    assert answer.status == 200, answer.body
    assert answer.body == written.stdout


def test_results_and_what_gets_no_smaller_come_back_as_they_are(
    service: Serving, picture: MakePicture, run_command: Run
) -> None:
    flat = picture("flat.png").read_bytes()
    answer = service.ask("POST", "/v1/compress", flat)
    assert answer.body == flat
    assert answer.headers["Fewcolors-Is-Original"] == "true"
    result = service.ask("POST", "/v1/compress", picture("photo.png").read_bytes()).body
    (picture("photo.png").parent / "result.png").write_bytes(result)
    assert service.ask("POST", "/v1/compress", result).body == result
    for query, options in (("?colors=4", ["-k", "4"]), ("?again=true", ["--again"])):
        written = run_command("compress", "result.png", "-o", "-", *options)
        assert service.ask("POST", f"/v1/compress{query}", result).body == written.stdout


@pytest.mark.parametrize("name", sorted(PICTURES))
def test_every_kind_of_picture_is_taken(service: Serving, name: str, picture: MakePicture) -> None:
    answer = service.ask("POST", "/v1/compress", picture(name).read_bytes())
    assert answer.status == 200
    with Image.open(io.BytesIO(answer.body)) as image:
        assert f"{image.width} x {image.height}" == " x ".join(
            answer.headers[f"Fewcolors-{side}"] for side in ("Width", "Height")
        )
        assert answer.headers["Content-Type"] == Image.MIME[image.format or ""]


def test_a_form_and_a_report(service: Serving, small: bytes) -> None:
    body, kind = form(file=small)
    answer = service.ask(
        "POST", "/v1/compress?colors=8", body, Content_Type=kind, Accept="application/json"
    )
    report = answer.json
    expected = fewcolors.compress(small, n_colors=8)
    assert base64.b64decode(report["data"]) == expected.data
    assert report["score"] == round(expected.score, 2)
    assert [swatch["color"] for swatch in report["palette"]] == expected.indexed.palette.hex()
    assert sum(swatch["share"] for swatch in report["palette"]) == pytest.approx(1)
    assert report["bytes_out"] == len(expected.data)


def test_an_animation_stays_one(service: Serving) -> None:
    clip = Path(__file__).parent.parent / "examples" / "clip.gif"
    if not clip.exists():
        pytest.skip("needs the repository")
    answer = service.ask("POST", "/v1/compress", clip.read_bytes())
    assert answer.headers["Content-Type"] == "image/gif"
    assert int(answer.headers["Fewcolors-Frames"]) > 1


def test_palette_is_that_of_the_command(service: Serving, small: bytes, run_command: Run) -> None:
    answer = service.ask("POST", "/v1/palette?colors=4", small).json
    palette = fewcolors.palette_of(small, n_colors=4)
    assert [swatch["color"] for swatch in answer["palette"]] == palette.hex()
    for name in ("css", "gpl", "ase"):
        file = service.ask("POST", f"/v1/palette?colors=4&format={name}", small).body
        written = run_command("palette", "-", "-k", "4", "--format", name, input=small)
        assert file.rstrip(b"\n") == written.stdout.replace(b"\r\n", b"\n").rstrip(b"\n")


def test_compare_measures_two_pictures(service: Serving, small: bytes) -> None:
    result = fewcolors.compress(small, n_colors=8).data
    body, kind = form(original=small, compressed=result)
    answer = service.ask("POST", "/v1/compare", body, Content_Type=kind).json
    assert answer["score"] == pytest.approx(fewcolors.compare(small, result).score)
    other = save_other()
    body, kind = form(original=small, compressed=other)
    refused = service.ask("POST", "/v1/compare", body, Content_Type=kind)
    assert refused.status == 422
    assert "must be 96 x 64" in refused.json["message"]


def save_other() -> bytes:
    file = io.BytesIO()
    photo().resize((20, 20)).save(file, "PNG")
    return file.getvalue()


def test_operators_see_that_it_lives_and_what_it_does(service: Serving, small: bytes) -> None:
    assert service.ask("GET", "/healthz").body == b"alive\n"
    assert service.ask("GET", "/readyz").body == b"ready\n"
    before = service.number("fewcolors_bytes_in_total")
    service.ask("POST", "/v1/compress", small)
    assert service.number("fewcolors_bytes_in_total") - before == len(small)
    text = service.ask("GET", "/metrics").body.decode()
    assert 'fewcolors_requests_total{route="/v1/compress",status="200"}' in text
    assert "fewcolors_queue 0.0" in text


# What it refuses


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("colors=0", "colors must be a whole number, 1 to 256, got '0'"),
        ("colors=9&colors=8", "given twice"),
        ("qualty=9", "did you mean quality?"),
        ("quality=nan", "quality must be a number"),
        ("palette=/etc/passwd", "hex colours"),
        ("n_threads=3", "no parameter"),
        ("dither=2", "dither must be one of"),
        ("method=classic&quality=5", "quality needs method"),
        ("min_quality=100&colors=2", "reaches a score"),
        ("max_bytes=10", "bytes at the least"),
    ],
)
def test_wrong_options_are_named(service: Serving, small: bytes, query: str, words: str) -> None:
    answer = service.ask("POST", f"/v1/compress?{query}", small)
    assert answer.status == 422
    assert words in answer.json["message"]


@pytest.mark.parametrize(
    ("body", "headers", "status"),
    [
        (b"", {}, 400),
        (b"no picture", {}, 415),
        (b"%PDF-1.4", {}, 415),
        (BOMB, {}, 413),
        (b"\x89PNG\r\n\x1a\n", {}, 422),
        (b"--x--", {"Content_Type": "multipart/form-data"}, 400),
        (b"--x\r\n\r\n", {"Content_Type": "multipart/form-data; boundary=x"}, 400),
        (form(other=b"1")[0], {"Content_Type": form(other=b"1")[1]}, 400),
        (form(file=b"")[0], {"Content_Type": form(file=b"")[1]}, 400),
    ],
)
def test_what_is_no_picture_gets_an_answer_in_words(
    service: Serving, body: bytes, headers: dict[str, str], status: int
) -> None:
    answer = service.ask("POST", "/v1/compress", body, **headers)
    assert answer.status == status, answer.body
    assert set(answer.json) == {"error", "message"}


def test_other_paths_and_methods(service: Serving) -> None:
    for method, path, status in (("GET", "/v2", 404), ("GET", "/v1/compress", 405)):
        answer = service.ask(method, path)
        assert (answer.status, set(answer.json)) == (status, {"error", "message"})


def test_every_answer_has_the_headers_of_caution(service: Serving, small: bytes) -> None:
    for answer in (
        service.ask("POST", "/v1/compress", small),
        service.ask("POST", "/v1/compress", b"x"),
        service.ask("GET", "/nowhere"),
        service.ask("GET", "/healthz", Host="evil.example"),
    ):
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
        assert answer.headers["Cross-Origin-Resource-Policy"] == "same-origin"
        assert answer.headers["Set-Cookie"] is None


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 200),
        ({"Host": "localhost"}, 200),
        ({"Host": "rebound.example"}, 403),
        ({"Host": ""}, 403),
        ({"Host": "[::1"}, 403),
        ({"Origin": "http://evil.example"}, 403),
        ({"Origin": "null"}, 403),
        ({"Sec_Fetch_Site": "cross-site"}, 403),
        ({"Sec_Fetch_Site": "same-origin"}, 200),
    ],
)
def test_pages_of_other_sites_cannot_use_it(
    service: Serving, small: bytes, headers: dict[str, str], status: int
) -> None:
    assert service.ask("POST", "/v1/compress?colors=2", small, **headers).status == status


def test_its_own_page_can(service: Serving, small: bytes) -> None:
    host = f"127.0.0.1:{service.port}"
    answer = service.ask("POST", "/v1/compress?colors=2", small, Host=host, Origin=f"http://{host}")
    assert answer.status == 200


# Limits


def test_limits_hold_before_and_during_work(tmp_path: Path, small: bytes) -> None:
    limits: dict[str, Any] = {"max_file_bytes": 30_000, "max_pixels": 7000, "seconds": 0.5}
    limits |= {"queue": 0, "grace_seconds": 0.5, "start_seconds": 0.5, "least_rate": 1_000_000}
    with serving(tmp_path, **limits) as service:
        # Bytes: claimed, sent, and sent in pieces.
        assert service.ask("POST", "/v1/compress", bytes(30_001)).status == 413
        pieces = iter([bytes(20_000)] * 2)
        assert service.ask("POST", "/v1/compress", pieces).status == 413
        # Pixels, from the header.
        assert service.ask("POST", "/v1/compress", build_png((100, 71), b"")).status == 413
        assert service.ask("POST", "/v1/compress", small).status == 200
        # A head and a body that do not come.
        assert service.send(b"POST /v1/compress HTTP/1.1\r\nHo") == b""
        start = b"POST /v1/compress HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\n123"
        answer = service.send(start)
        assert b"408 Request Timeout" in answer
        assert b"connection: close" in answer
        # Time of a picture; meanwhile there is no place in the queue.
        slow = "/v1/compress?colors=256&n_init=10000&effort=max"
        with ThreadPoolExecutor() as threads:
            first = threads.submit(service.ask, "POST", slow, small)
            service.wait_until_it_works()
            full = service.ask("POST", "/v1/compress", small)
        assert (full.status, full.headers["Retry-After"]) == (429, "2")
        assert first.result().status == 422
        assert "0.5 seconds" in first.result().json["message"]
        # The worker that was killed has a successor.
        assert service.ask("POST", "/v1/compress?colors=2", small).status in (200, 422)
        assert service.number("fewcolors_workers_killed_total") >= 1
        assert service.number("fewcolors_rejected_total") >= 4


@pytest.mark.skipif(sys.platform != "linux", reason="systems buffer differently")
def test_a_client_that_does_not_read_is_cut_off(tmp_path: Path) -> None:
    file = io.BytesIO()
    Image.linear_gradient("L").resize((4000, 4000)).save(file, "PNG")
    body = file.getvalue()
    with (
        serving(tmp_path, grace_seconds=0.5, least_rate=100_000_000) as service,
        socket.socket() as client,
    ):
        client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        client.settimeout(20)
        client.connect(("127.0.0.1", service.port))
        head = b"POST /v1/compress?format=bmp&colors=256&again=true HTTP/1.1\r\nHost: localhost\r\n"
        client.sendall(head + b"Content-Length: %d\r\n\r\n" % len(body) + body)
        whole = len(service.ask("POST", "/v1/compress?format=bmp&colors=256", body).body)
        end = time.monotonic() + 20
        while service.server.server_state.connections:
            assert time.monotonic() < end
            time.sleep(0.05)
        received = 0
        with contextlib.suppress(ConnectionResetError):
            while piece := client.recv(65536):
                received += len(piece)
        assert received < whole


@pytest.mark.limits
@pytest.mark.skipif(sys.platform != "linux", reason="systems differ in what they count as memory")
def test_a_worker_without_memory_says_so_and_goes_on(tmp_path: Path, small: bytes) -> None:
    with serving(tmp_path, worker_bytes=200 << 20) as service:
        file = io.BytesIO()
        photo().resize((5000, 4900)).save(file, "JPEG")
        refused = service.ask("POST", "/v1/compress", file.getvalue())
        assert refused.status == 413, refused.body
        assert "memory" in refused.json["message"]
        assert service.ask("POST", "/v1/compress", small).status == 200


@pytest.mark.skipif(sys.platform != "linux", reason="other systems list processes otherwise")
def test_a_worker_that_is_killed_costs_no_picture(tmp_path: Path) -> None:
    before = set(worker_ids())
    with serving(tmp_path) as service, ThreadPoolExecutor() as threads:
        file = io.BytesIO()
        photo().resize((900, 600)).save(file, "PNG")
        asked = threads.submit(service.ask, "POST", "/v1/compress?effort=max", file.getvalue())
        service.wait_until_it_works()
        [worker] = set(worker_ids()) - before
        os.kill(worker, signal.SIGKILL)
        assert asked.result().status == 200
        assert service.number("fewcolors_workers_killed_total") == 1
    assert set(worker_ids()) <= before


def test_a_client_that_goes_away_frees_its_worker(tmp_path: Path, small: bytes) -> None:
    with serving(tmp_path) as service:
        head = b"POST /v1/compress?n_init=10000&effort=max HTTP/1.1\r\nHost: localhost\r\n"
        with pytest.raises(TimeoutError):
            service.send(head + b"Content-Length: %d\r\n\r\n" % len(small) + small, seconds=0.7)
        assert service.ask("POST", "/v1/compress?colors=2", small).status == 200
        assert service.number("fewcolors_running") == 0


# Keys and counts


def test_keys_are_needed_where_there_are_some(tmp_path: Path, small: bytes) -> None:
    lines = [key_line("shop", "shop key", 2), "# others", key_line("blog", "blog key")]
    with serving(tmp_path, keys=read_keys(lines)) as service:
        wrong: list[dict[str, str]] = [{}, {"key": "other"}, {"Authorization": "Basic !"}]
        wrong += [{"Authorization": "Bearer"}, {"Authorization": "Digest shop"}]
        for headers in wrong:
            answer = service.ask("POST", "/v1/compress", small, **headers)
            assert (answer.status, answer.json["error"]) == (401, "Unauthorized")
        assert service.ask("GET", "/metrics").status == 401
        assert service.ask("GET", "/healthz").status == 200
        for _ in range(2):
            assert service.ask("POST", "/v1/compress", small, key="shop key").status == 200
        spent = service.ask("POST", "/v1/compress", small, key="shop key")
        assert (spent.status, spent.json["error"]) == (429, "Too many requests")
        bearer = service.ask("POST", "/v1/compress", small, Authorization="Bearer blog key")
        assert bearer.status == 200
    with serving(tmp_path, keys=read_keys(lines)) as service:  # the count is still there
        assert service.ask("POST", "/v1/compress", small, key="shop key").status == 429


def test_counts_are_by_key_and_month(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    counter = Counter(tmp_path / "counts")
    counter.add("a")
    counter.add("a", 2)
    assert (counter.count("a"), counter.count("b")) == (3, 0)
    monkeypatch.setattr(time, "gmtime", lambda: time.struct_time((2030, 1, 1) + (0,) * 6))
    assert counter.count("a") == 0
    counter.close()


@pytest.mark.parametrize(
    "line", ["a", "a b", f"a {digest_of('k')} x", f"a {digest_of('k')} 1 2", f"a {'g' * 64}"]
)
def test_damaged_lines_of_keys_are_named(line: str) -> None:
    with pytest.raises(ValueError, match="line 1 must be"):
        read_keys([line])
    with pytest.raises(ValueError, match="twice"):
        read_keys([key_line("a", "1"), key_line("a", "2")])


def test_others_reach_it_with_keys_only() -> None:
    with pytest.raises(ValueError, match="no API keys"):
        Settings(host="0.0.0.0")
    assert Settings(host="0.0.0.0", insecure=True).insecure
    assert len(Settings(host="0.0.0.0", keys=read_keys([key_line("a", "k")])).keys) == 1
    assert Settings(host="::1").keys == ()


# The command


def test_the_command_prints_its_address_and_ends_gracefully(tmp_path: Path, small: bytes) -> None:
    command = [sys.executable, "-m", "fewcolors", "serve", "--port", "0", "--workers", "1"]
    with subprocess.Popen(
        [*command, "--state", str(tmp_path / "state")],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        address = process.stdout.readline().decode().strip()
        assert address.startswith("http://127.0.0.1:")
        service = Serving(int(address.strip("/").rpartition(":")[2]), *[Any] * 2)  # type: ignore[arg-type]
        with ThreadPoolExecutor() as threads:
            running = threads.submit(
                service.ask, "POST", "/v1/compress?n_init=60&effort=max", small
            )
            time.sleep(0.3)
            process.send_signal(signal.SIGINT)
            assert running.result().status == 200  # what runs is finished
        assert process.wait(30) == 130
        assert process.stderr.read() == b"fewcolors: interrupted\n"


@pytest.mark.parametrize(
    ("arguments", "status", "words"),
    [
        (["--host", "0.0.0.0"], 2, "there are no API keys"),
        (["--keys", "nothing"], 1, "nothing: cannot be read"),
        (["--host", "192.0.2.1", "--insecure"], 1, "cannot serve on 192.0.2.1"),
        (["--new-key", "a b"], 2, "without spaces"),
        (["--quota", "3"], 2, "--quota needs --new-key"),
    ],
)
def test_the_command_names_what_is_wrong(
    run_command: Run, arguments: list[str], status: int, words: str
) -> None:
    done = run_command("serve", "--state", "state", *arguments)
    assert done.returncode == status
    assert words in done.stderr.decode()


def test_the_command_makes_keys(run_command: Run) -> None:
    made = run_command("serve", "--new-key", "shop", "--quota", "5")
    [key] = read_keys(made.stdout.decode().splitlines())
    shown = made.stderr.decode().split()[-1]
    assert (key.name, key.quota, key.digest) == ("shop", 5, digest_of(shown))


def test_other_commands_load_none_of_it(tmp_path: Path) -> None:
    save_picture("photo.png", tmp_path)
    code = "from fewcolors.cli import main; main(['compress', 'photo.png']);"
    code += "import sys, json; print(json.dumps(sorted(sys.modules)))"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    loaded = json.loads(done.stdout.splitlines()[-1])
    foreign = {"starlette", "uvicorn", "anyio", "asyncio", "prometheus_client", "sqlite3", "http"}
    assert foreign.isdisjoint(name.partition(".")[0] for name in loaded)
    assert not [name for name in loaded if "fewcolors" in name and "serve" in name]
    own = {name.split(".")[1] for name in loaded if name.startswith("fewcolors.")}
    assert own <= {
        *("_core", "animation", "assign", "buffers", "cli", "decode", "encode", "errors"),
        *(
            "formats",
            "gigapixel",
            "histogram",
            "indexed",
            "kmeans",
            "limits",
            "mark",
            "options",
            "palette",
        ),
        *("palette_files", "pipeline", "png_chunks", "quality", "result", "saving", "weigh"),
        *("wording", "exact_math", "tiff_directory", "explore", "many", "progress", "signature"),
    }


def test_threads_take_the_processors_that_are_free(service: Serving) -> None:
    assert service.service.workers.threads == 2
    assert threading.active_count() >= 1


def test_huge_claims_never_reach_a_worker(service: Serving) -> None:
    gif = b"GIF89a" + bytes([255, 255, 255, 255]) + bytes(20)
    body, kind = form(original=BOMB, compressed=BOMB)
    for path, data, headers in (
        ("/v1/compress", BOMB, {}),
        ("/v1/compress", gif, {}),
        ("/v1/palette", BOMB, {}),
        ("/v1/compare", body, {"Content_Type": kind}),
        ("/shrink", BOMB, {}),
    ):
        answer = service.ask("POST", path, data, **headers)
        assert answer.status == 413
        assert "choose a smaller picture" in answer.json["message"]
