"""What all requests share: settings, workers, counts, numbers; and who is asking."""

from pathlib import Path

from starlette.requests import Request

from .body import Bodies
from .counter import Counter
from .fetch import Rules
from .keys import Key, find_key, presented_key
from .metrics import Metrics
from .outputs import Outputs
from .refusal import Refusal
from .settings import Settings
from .workers import Workers

__all__ = ["Service", "service_of"]

FOLDER_MODE = 0o700
"""Nobody else on the machine may look at pictures."""


class Service:
    """The parts of a running service.

    Attributes:
        settings: its limits.
        metrics: its numbers.
        workers: its processes.
        bodies: what reads requests.
        counter: pictures by key.
        outputs: results that wait to be fetched.
        fetch_rules: what may be fetched from elsewhere; None for nothing.
        is_ready: whether the workers have started.
    """

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        _make_folder(settings.state)
        self.metrics = Metrics()
        self.workers = Workers(settings, self.metrics)
        self.bodies = Bodies(settings, self.metrics)
        self.counter = Counter(settings.state / "counts.sqlite")
        self.outputs = Outputs(
            settings.state / "outputs", settings.keep_seconds, settings.keep_bytes
        )
        self.fetch_rules = Rules(settings.max_file_bytes) if settings.allow_urls else None
        self.is_ready = False

    def key_shown(self, authorization: str | None) -> Key | None:
        """Returns the key of a client, or None. Without keys, everybody is one client."""
        if not self.settings.keys:
            return Key("", "")
        return find_key(self.settings.keys, presented_key(authorization))

    def key_of(self, request: Request) -> Key:
        """Returns the key of a client.

        Raises:
            Refusal: it has shown none, or a wrong one.
        """
        key = self.key_shown(request.headers.get("authorization"))
        if key is None:
            self.metrics.rejected.labels("key").inc()
            headers = {"WWW-Authenticate": 'Basic realm="fewcolors"'}
            # A browser that asks for a name and a password would send them along from then on.
            if "sec-fetch-mode" in request.headers:
                headers = {}
            raise Refusal(401, "Credentials are invalid", headers=headers, closes=True)
        return key

    def client_with_quota(self, request: Request) -> Key:
        """Returns the key of a client that may have one more picture compressed.

        Raises:
            Refusal: it has shown none, or has had as many as it may.
        """
        key = self.key_of(request)
        if key.quota is not None and self.counter.count(key.name) >= key.quota:
            self.metrics.rejected.labels("quota").inc()
            raise Refusal(429, "Your monthly limit has been exceeded", closes=True)
        return key

    def close(self) -> None:
        """Closes what is open on disk."""
        self.counter.close()
        self.outputs.close()


def service_of(request: Request) -> Service:
    """Returns the service that a request came to."""
    service = request.app.state.service
    assert isinstance(service, Service)
    return service


def _make_folder(folder: Path) -> None:
    folder.mkdir(FOLDER_MODE, parents=True, exist_ok=True)
