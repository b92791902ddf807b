"""What the tests of `fewcolors batch` share: pictures, a run as a process, an S3 server."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from conftest import photo

import fewcolors

SERVER_SECONDS = 30.0


def make_source(folder: Path, n_pictures: int, n_hostile: int = 0) -> dict[str, bytes]:
    """Makes pictures in a tree of folders, among them some that are none.

    Returns:
        The results that `fewcolors.compress` has for them, by their names in the target.
    """
    results = {}
    for number in range(n_pictures):
        path = folder / ("", "below", "below/deep")[number % 3] / f"photo {number:03}.png"
        path.parent.mkdir(parents=True, exist_ok=True)
        photo(number).save(path)
        results[str(path.relative_to(folder))] = fewcolors.compress(path).data
    for number in range(n_hostile):
        (folder / f"hostile-{number}.png").write_bytes(b"\x89PNG\r\n\x1a\n" + b"\0" * number)
    return results


def batch_command(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "fewcolors", "batch", *arguments]


def kill_when(
    command: list[str],
    is_time: Callable[[], bool],
    environment: dict[str, str],
    seconds_a_look: float = 0.001,
) -> bool:
    """Runs a command, and kills it once it is time to.

    Returns:
        Whether it was still at work.
    """
    process = subprocess.Popen(
        command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    )
    while process.poll() is None and not is_time():
        time.sleep(seconds_a_look)
    process.send_signal(signal.SIGKILL)
    _, errors = process.communicate()
    assert process.returncode in (-signal.SIGKILL, 0, 1), errors.decode()
    return process.returncode == -signal.SIGKILL


@contextlib.contextmanager
def s3_server() -> Iterator[dict[str, str]]:
    """Starts moto's S3 server, a process of its own; yields the environment that leads to it."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    url = f"http://127.0.0.1:{port}"
    server = subprocess.Popen(
        [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        end = time.monotonic() + SERVER_SECONDS
        while not _answers(url):
            assert server.poll() is None, "the S3 server has ended"
            assert time.monotonic() < end, "the S3 server does not answer"
            time.sleep(0.05)
        yield os.environ | {
            "AWS_ENDPOINT_URL": url,
            "AWS_ACCESS_KEY_ID": "test",
            "AWS_SECRET_ACCESS_KEY": "test",
            "AWS_DEFAULT_REGION": "us-east-1",
            "NO_PROXY": "127.0.0.1",
        }
    finally:
        server.kill()
        server.wait()


def _answers(url: str) -> bool:
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(f"{url}/moto-api/", timeout=1) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False


def s3_client(environment: dict[str, str]) -> Any:
    import boto3

    return boto3.client(
        "s3",
        endpoint_url=environment["AWS_ENDPOINT_URL"],
        aws_access_key_id="test",
        aws_secret_access_key="test",
        region_name="us-east-1",
    )
