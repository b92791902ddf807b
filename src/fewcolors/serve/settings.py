"""What the service allows: every limit, its default and the reason for it."""

import ipaddress
import os
from dataclasses import dataclass, field
from pathlib import Path

from ..limits import available_processors
from .keys import Key

__all__ = ["Settings", "default_state_folder"]

STATE_VARIABLE = "XDG_STATE_HOME"

DAY = 24 * 60 * 60


def default_state_folder() -> Path:
    """Returns where counts and outputs are kept: in the user's state folder."""
    home = os.environ.get(STATE_VARIABLE) or os.path.join(os.path.expanduser("~"), ".local/state")
    return Path(home) / "fewcolors" / "serve"


@dataclass(frozen=True)
class Settings:
    """The limits of a service.

    Attributes:
        host: the address to listen on; "127.0.0.1" is reached from this machine only.
        port: the port to listen on; 0 for any that is free.
        state: the folder of counts and outputs.
        keys: who may use it; without keys, everybody who reaches it.
        insecure: whether it may listen on an address that others reach, without keys.
        host_names: names under which it may be asked, beside "localhost" and addresses.
        workers: processes that work on pictures; one a processor.
        queue: pictures that may wait for a worker; more are answered with 429.
        max_pixels: of a picture, all frames together: the largest common photos.
        max_frames: of an animation.
        max_file_bytes: of a request's body.
        max_buffered_bytes: of the bodies of all requests at a time.
        max_connections: clients at a time; a connection costs some 100 kB.
        seconds: of work on one picture; then its worker is killed.
        worker_bytes: address space of a worker: a WebP of 25 megapixels takes 900 MB.
        start_seconds: until a client has said what it wants.
        grace_seconds: that a body or an answer may take whatever its size; then it has to keep up
            least_rate.
        least_rate: bytes a second, a slow telephone line.
        stop_seconds: that running requests are given when the service stops.
        keep_seconds: how long outputs are kept: a day, half of what the protocol promises.
        keep_bytes: of all outputs on disk; the oldest go first.
        allow_urls: whether pictures are fetched from addresses that clients name.
        certificate, private_key: files for TLS; None for plain HTTP.
    """

    host: str = "127.0.0.1"
    port: int = 8000
    state: Path = field(default_factory=default_state_folder)
    keys: tuple[Key, ...] = ()
    insecure: bool = False
    host_names: tuple[str, ...] = ()
    workers: int = field(default_factory=available_processors)
    queue: int = 32
    max_pixels: int = 25_000_000
    max_frames: int = 500
    max_file_bytes: int = 50_000_000
    max_buffered_bytes: int = 400_000_000
    max_connections: int = 512
    seconds: float = 30.0
    worker_bytes: int = 2 << 30
    start_seconds: float = 10.0
    grace_seconds: float = 10.0
    least_rate: int = 16_000
    stop_seconds: int = 30
    keep_seconds: float = DAY
    keep_bytes: int = 1 << 30
    allow_urls: bool = False
    certificate: str | None = None
    private_key: str | None = None

    def __post_init__(self) -> None:
        """Raises ValueError where anybody could use the service by mistake."""
        if not self.keys and not self.insecure and not is_loopback(self.host):
            raise ValueError(
                f"--host {self.host} is reached by others, and there are no API keys; "
                "give --keys FILE, or --insecure to let everybody use it"
            )


def is_loopback(host: str) -> bool:
    """Whether an address is reached from this machine only.

    >>> is_loopback("127.0.0.1"), is_loopback("::1"), is_loopback("0.0.0.0"), is_loopback("a.b")
    (True, True, False, False)
    """
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
