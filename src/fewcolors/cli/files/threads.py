"""Many files at once, on threads, with the reports in the files' order.

Decoding, the kernels and libdeflate release Python's lock, so that threads are enough. They share
one process's start-up, and their number bounds the memory.
"""

import collections
import itertools
import sys
import threading
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, NamedTuple, TypeVar

if TYPE_CHECKING:
    from concurrent.futures import Future

__all__ = ["Gate", "Share", "in_order", "share_threads"]

Task = TypeVar("Task")
Done = TypeVar("Done")

SECONDS_A_LOOK = 0.1
"""How long to wait for a file before the progress is drawn, or an interruption is seen."""

SWITCH_SECONDS = 0.0005
"""How long a thread keeps Python's lock when another wants it. Between two kernels there is little
to do, and a kernel that waits for the lock is a processor that waits."""

TASKS_AHEAD = 1000
"""How many tasks may be begun or done before the first that is not: it bounds the memory, and is
enough to keep all threads at work while one file takes as long as hundreds of others."""


class Share(NamedTuple):
    """How threads are shared out: files at once, and threads for each of them."""

    n_workers: int
    n_threads: int


def share_threads(n_threads: int, n_files: int) -> Share:
    """Gives files a thread each as long as there are enough of them.

    >>> share_threads(8, 1000), share_threads(8, 3)
    (Share(n_workers=8, n_threads=1), Share(n_workers=3, n_threads=2))
    """
    n_workers = max(1, min(n_threads, n_files))
    return Share(n_workers, max(1, n_threads // n_workers))


class Gate:
    """What every thread passes to write a file; once it is shut, none does.

    So an interrupted run can end as soon as the files that are being written are whole.
    """

    def __init__(self) -> None:
        self._condition = threading.Condition()
        self._n_writing = 0
        self._is_shut = False

    def __enter__(self) -> None:
        with self._condition:
            if self._is_shut:
                raise SystemExit  # ends the thread without a message
            self._n_writing += 1

    def __exit__(self, *_: object) -> None:
        with self._condition:
            self._n_writing -= 1
            self._condition.notify_all()

    @property
    def is_shut(self) -> bool:
        """Whether nothing more may be written."""
        return self._is_shut

    def shut(self) -> None:
        """Lets nothing more be written, and waits for what is being written."""
        with self._condition:
            self._is_shut = True
            self._condition.wait_for(lambda: self._n_writing == 0)


def in_order(
    tasks: Iterable[Task],
    work: Callable[[Task], Done],
    n_workers: int,
    *,
    waiting: Callable[[], None] = lambda: None,
) -> Iterator[Done]:
    """Does work on several tasks at a time.

    Args:
        tasks: what there is to do.
        work: does one; what it raises is raised here.
        n_workers: how many at a time.
        waiting: called every SECONDS_A_LOOK or more often, by the thread that iterates.

    Yields:
        The result of each, in the order of the tasks.
    """
    if n_workers == 1:
        for task in tasks:
            waiting()
            yield work(task)
        return
    from concurrent.futures import ThreadPoolExecutor, wait  # which a single file does without

    executor = ThreadPoolExecutor(n_workers)
    begun: collections.deque[Future[Done]] = collections.deque()
    switch_seconds = sys.getswitchinterval()
    sys.setswitchinterval(SWITCH_SECONDS)
    try:
        remaining = iter(tasks)
        begun.extend(
            executor.submit(work, task) for task in itertools.islice(remaining, TASKS_AHEAD)
        )
        while begun:
            while not wait([begun[0]], SECONDS_A_LOOK).done:
                waiting()
            waiting()
            yield begun.popleft().result()
            begun.extend(executor.submit(work, task) for task in itertools.islice(remaining, 1))
    finally:
        executor.shutdown(wait=False, cancel_futures=True)
        sys.setswitchinterval(switch_seconds)
