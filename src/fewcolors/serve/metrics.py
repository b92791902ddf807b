"""What the service tells of itself to Prometheus. No name and no key is in it."""

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST

__all__ = ["CONTENT_TYPE_LATEST", "Metrics"]

SECONDS = (0.01, 0.03, 0.1, 0.3, 1, 3, 10, 30)
"""Bounds of the latencies that are told apart: from an icon to the longest that is allowed."""


class Metrics:
    """The numbers of one service."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()

        def counter(name: str, text: str, *labels: str) -> Counter:
            return Counter(f"fewcolors_{name}", text, labels, registry=self._registry)

        self.requests = counter("requests", "Requests answered.", "route", "status")
        self.bytes_in = counter("bytes_in", "Bytes of bodies received.")
        self.bytes_out = counter("bytes_out", "Bytes of answers sent.")
        self.rejected = counter("rejected", "Requests refused before work.", "reason")
        self.killed = counter("workers_killed", "Workers that were killed or died.", "reason")
        self.seconds = Histogram(
            "fewcolors_request_seconds",
            "Time from the head of a request to the end of its answer.",
            ("route",),
            buckets=SECONDS,
            registry=self._registry,
        )
        self.waiting = Gauge(
            "fewcolors_queue", "Pictures that wait for a worker.", registry=self._registry
        )
        self.running = Gauge(
            "fewcolors_running", "Pictures that are worked on.", registry=self._registry
        )

    def text(self) -> bytes:
        """Returns all numbers in Prometheus' format."""
        return generate_latest(self._registry)
