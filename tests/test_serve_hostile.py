"""The service against its own description, and against files that mean harm."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from conftest import build_png, save_picture
from hypothesis import HealthCheck, given, settings

for package in ("starlette", "uvicorn", "prometheus_client", "python_multipart"):
    pytest.importorskip(package)

from serving import Answer, Serving, serving  # noqa: E402

pytestmark = [pytest.mark.process, pytest.mark.long]

EXAMPLES = 25
"""Of requests to each endpoint."""

EXPECTED = {
    "/v1/compress?effort=fast": {200, 400, 413, 415, 422},
    "/shrink": {201, 400, 413, 415, 422},
}


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serving]:
    with serving(tmp_path_factory.mktemp("state"), workers=2) as running:
        yield running


def test_every_answer_is_as_described(service: Serving) -> None:
    schemathesis = pytest.importorskip("schemathesis")
    from schemathesis.checks import not_a_server_error
    from schemathesis.specs.openapi.checks import (
        content_type_conformance,
        response_headers_conformance,
        response_schema_conformance,
        status_code_conformance,
    )

    checks = [
        not_a_server_error,
        content_type_conformance,
        response_headers_conformance,
        response_schema_conformance,
        status_code_conformance,
    ]
    schema = schemathesis.openapi.from_url(f"{service.address}/v1/openapi.json")
    tried = []
    for found in schema.get_all_operations():
        operation = found.ok()
        tried.append(operation.path)

        @settings(
            max_examples=EXAMPLES,
            deadline=None,
            derandomize=True,
            database=None,
            suppress_health_check=list(HealthCheck),
        )
        @given(case=operation.as_strategy())
        def ask(case) -> None:  # type: ignore[no-untyped-def]
            case.call_and_validate(checks=checks)

        ask()
    assert {"/v1/compress", "/v1/palette", "/v1/compare", "/healthz", "/readyz"} == set(tried)


def test_hostile_files_get_an_answer_in_words(service: Serving, shared_images: Path) -> None:
    files = [path for path in (shared_images / "hostile").rglob("*") if path.is_file()]
    assert files

    def send(path: Path) -> list[tuple[str, Answer]]:
        return [(where, service.ask("POST", where, path.read_bytes())) for where in EXPECTED]

    with ThreadPoolExecutor(4) as threads:
        for path, answers in zip(files, threads.map(send, files), strict=True):
            for where, answer in answers:
                assert answer.status in EXPECTED[where], (path, answer.body)
                if answer.status >= 400:
                    assert set(answer.json) == {"error", "message"}
    assert service.number("fewcolors_workers_killed_total") == 0


def test_bombs_beside_other_clients_cost_them_nothing(service: Serving, tmp_path: Path) -> None:
    picture = save_picture("photo.png", tmp_path).read_bytes()
    bomb = build_png((30_000, 30_000), bytes(1000))

    def attack(_: int) -> int:
        return service.ask("POST", "/v1/compress", bomb).status

    def ask(_: int) -> int:
        return service.ask("POST", "/v1/compress?effort=fast", picture).status

    with ThreadPoolExecutor(6) as threads:
        bombs = threads.map(attack, range(60))
        others = threads.map(ask, range(30))
        assert set(others) == {200}
        assert set(bombs) == {413}


@pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGKILL")
def test_a_killed_server_keeps_counts_and_outputs(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "fewcolors", "serve", "--port", "0", "--workers", "1"]
    command += ["--state", str(tmp_path / "state")]
    picture = save_picture("photo.png", tmp_path).read_bytes()
    location = ""
    for run in range(2):
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
            assert process.stdout is not None
            address = process.stdout.readline().decode().strip("/\n")
            service = Serving(int(address.rpartition(":")[2]), None, None)  # type: ignore[arg-type]
            try:
                if run == 0:
                    location = service.ask("POST", "/shrink", picture).headers["Location"]
                else:
                    assert service.ask("GET", location).status == 200
                    counted = service.ask("POST", "/shrink", b"")
                    assert counted.headers["Compression-Count"] == "1"
            finally:
                os.kill(process.pid, signal.SIGKILL)
