"""The service in a thread of the tests, and plain clients of it."""

import base64
import http.client
import json
import re
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from fewcolors.serve.run import Server
    from fewcolors.serve.service import Service

START_SECONDS = 30


class Answer(NamedTuple):
    """What came back."""

    status: int
    headers: http.client.HTTPMessage
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


class Serving(NamedTuple):
    """A service that runs."""

    port: int
    server: "Server"
    service: "Service"

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def ask(
        self,
        method: str,
        path: str,
        body: bytes | Iterator[bytes] | None = None,
        *,
        key: str | None = None,
        **headers: str,
    ) -> Answer:
        """Sends one request; names of headers have hyphens for underscores."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        if key is not None:
            named["Authorization"] = "Basic " + base64.b64encode(f"api:{key}".encode()).decode()
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            connection.request(method, path, body, named)
            response = connection.getresponse()
            return Answer(response.status, response.headers, response.read())
        finally:
            connection.close()

    def send(self, data: bytes, seconds: float = 30) -> bytes:
        """Sends bytes as they are, and returns all that comes until the connection ends."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=seconds) as connection:
            connection.sendall(data)
            answer = b""
            try:
                while piece := connection.recv(65536):
                    answer += piece
            except ConnectionResetError:
                pass
            return answer

    def number(self, name: str) -> float:
        """Returns a number from /metrics, summed over its labels."""
        lines = self.service.metrics.text().decode().splitlines()
        return sum(float(line.split()[-1]) for line in lines if re.split("[ {]", line)[0] == name)

    def wait_until_it_works(self) -> None:
        """Waits until a worker has a picture."""
        end = time.monotonic() + START_SECONDS
        while not self.number("fewcolors_running"):
            assert time.monotonic() < end
            time.sleep(0.005)


@contextmanager
def serving(state: Path, **settings: Any) -> Iterator[Serving]:
    """Runs a service with one worker, unless the settings say otherwise."""
    from fewcolors.serve.run import Server, listen
    from fewcolors.serve.settings import Settings

    chosen = Settings(port=0, state=state, **{"workers": 1, "stop_seconds": 5, **settings})
    ready = threading.Event()
    with listen(chosen) as listener:
        server = Server(chosen, ready.set)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        try:
            assert ready.wait(START_SECONDS)
            app: Any = server.config.app
            yield Serving(listener.getsockname()[1], server, app.state.service)
        finally:
            server.should_exit = True
            thread.join(START_SECONDS)
    assert not thread.is_alive()


def form(boundary: str = "frontier", **files: bytes) -> tuple[bytes, str]:
    """Returns a form with files, and its content type."""
    parts = [
        f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"; '.encode()
        + b'filename="x"\r\n\r\n%b\r\n' % data
        for name, data in files.items()
    ]
    body = b"".join(parts) + f"--{boundary}--\r\n".encode()
    return body, f"multipart/form-data; boundary={boundary}"
