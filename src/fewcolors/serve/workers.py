"""The queue, and the processes that work on pictures.

A picture that takes too long has its worker killed; one whose worker dies is tried once more in
another, as somebody else may have killed it. Whatever happens to one worker, the others go on.
"""

import math
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import TypeVar

import anyio
import anyio.to_process

from ..limits import MAX_THREADS
from .failure import Failure
from .jobs import warm_up
from .metrics import Metrics
from .refusal import Refusal
from .settings import Settings

__all__ = ["Workers"]

Made = TypeVar("Made")

ATTEMPTS = 2
RETRY_SECONDS = 2
"""What clients are told to wait when the queue is full: the time of a few pictures."""

WARM_SIZE = 32


class Workers:
    """Worker processes behind a queue of limited length. To be made and used in one event loop."""

    def __init__(self, settings: Settings, metrics: Metrics) -> None:
        self._settings = settings
        self._metrics = metrics
        self._free = anyio.Semaphore(settings.workers)
        self._processes = anyio.CapacityLimiter(math.inf)  # the semaphore limits them
        self._waiting = 0
        self._running = 0

    async def start(self) -> None:
        """Starts all processes, so that the first picture need not wait for one."""
        async with anyio.create_task_group() as tasks:
            for _ in range(self._settings.workers):
                tasks.start_soon(self._run_in_process, warm_up, WARM_SIZE)

    @property
    def threads(self) -> int:
        """The threads that a job may use that starts now: more where processors have no work."""
        busy = max(1, self._running + self._waiting)
        return max(1, min(self._settings.workers // busy, MAX_THREADS))

    async def run(self, job: Callable[..., Made | Failure], *args: object) -> Made:
        """Runs a job in a worker process.

        Args:
            job: a function made by `jobs.job`.
            *args: its arguments behind the first.

        Raises:
            Refusal: the queue is full; the job takes too long, or more memory than is allowed; its
                worker died twice; or it ended in a Failure.
        """
        async with self._place():
            result = await self._attempted(job, *args)
        if isinstance(result, Failure):
            raise Refusal(*result)
        return result

    @asynccontextmanager
    async def _place(self) -> AsyncIterator[None]:
        """Waits for a free worker, unless too many wait already."""
        try:
            self._free.acquire_nowait()
        except anyio.WouldBlock:
            if self._waiting >= self._settings.queue:
                self._metrics.rejected.labels("queue").inc()
                raise Refusal(
                    429,
                    "too many pictures are waiting; try again later",
                    headers={"Retry-After": str(RETRY_SECONDS)},
                ) from None
            await self._wait()
        self._running += 1
        self._metrics.running.set(self._running)
        try:
            yield
        finally:
            self._running -= 1
            self._metrics.running.set(self._running)
            self._free.release()

    async def _wait(self) -> None:
        self._waiting += 1
        self._metrics.waiting.set(self._waiting)
        try:
            await self._free.acquire()
        finally:
            self._waiting -= 1
            self._metrics.waiting.set(self._waiting)

    async def _attempted(self, job: Callable[..., Made | Failure], *args: object) -> Made | Failure:
        seconds = self._settings.seconds
        for _ in range(ATTEMPTS):
            try:
                with anyio.fail_after(seconds):
                    return await self._run_in_process(job, *args)
            except TimeoutError:
                self._metrics.killed.labels("time").inc()
                return Failure(
                    422, f"takes more than {seconds:g} seconds; choose a smaller picture"
                )
            except anyio.BrokenWorkerProcess:
                self._metrics.killed.labels("died").inc()
        return Failure(422, "the picture could not be worked on; choose another")

    async def _run_in_process(
        self, job: Callable[..., Made | Failure], *args: object
    ) -> Made | Failure:
        return await anyio.to_process.run_sync(
            job, self._settings.worker_bytes, *args, cancellable=True, limiter=self._processes
        )
