"""Many files at once: threads that take one after the other, and reports in the files' order.

Decoding, the kernels and libdeflate let go of Python's lock, so that threads are enough: they share
one process's start-up and memory, which is bounded by their number.
"""

import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from typing import Generic, NamedTuple, TypeVar

__all__ = ["Gate", "Share", "in_order", "share_threads"]

Task = TypeVar("Task")
Done = TypeVar("Done")

SECONDS_A_LOOK = 0.1
"""How long to wait for a file before looking up, to draw the progress or to be interrupted."""

SWITCH_SECONDS = 0.0005
"""How long a thread keeps Python's lock when another wants it: there is little to do between two
kernels, and a kernel that waits for it is a processor that waits."""


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
    """What a file passes to be written; once it is shut, none does.

    An interrupted run ends when those that are being written are whole.
    """

    def __init__(self) -> None:
        self._condition = threading.Condition()
        self._n_writing = 0
        self._is_shut = False

    def __enter__(self) -> None:
        with self._condition:
            if self._is_shut:
                raise SystemExit  # ends the thread, without a word
            self._n_writing += 1

    def __exit__(self, *_: object) -> None:
        with self._condition:
            self._n_writing -= 1
            self._condition.notify_all()

    def shut(self) -> None:
        """Lets nothing more be written, and waits for what is."""
        with self._condition:
            self._is_shut = True
            self._condition.wait_for(lambda: self._n_writing == 0)


class _Failed(Generic[Done]):
    def __init__(self, error: BaseException) -> None:
        self.error = error


def in_order(
    tasks: Sequence[Task],
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
        waiting: called again and again, by the thread that iterates.

    Yields:
        What came of each, in their order.
    """
    if n_workers == 1:
        for task in tasks:
            waiting()
            yield work(task)
        return
    changed = threading.Condition()
    results: dict[int, Done | _Failed[Done]] = {}
    numbers = iter(range(len(tasks)))

    def take_tasks() -> None:
        while True:
            with changed:
                number = next(numbers, None)
            if number is None:
                return
            result: Done | _Failed[Done]
            try:
                result = work(tasks[number])
            except SystemExit:
                return
            except BaseException as error:
                result = _Failed(error)
            with changed:
                results[number] = result
                changed.notify()

    switch_seconds = sys.getswitchinterval()
    sys.setswitchinterval(SWITCH_SECONDS)
    try:
        for _ in range(n_workers):
            threading.Thread(target=take_tasks, daemon=True).start()
        for number in range(len(tasks)):
            while True:
                with changed:
                    if number not in results:
                        changed.wait(SECONDS_A_LOOK)
                    is_there = number in results
                waiting()
                if is_there:
                    break
            result = results.pop(number)
            if isinstance(result, _Failed):
                raise result.error
            yield result
    finally:
        with changed:
            numbers = iter(())  # whoever is still at work takes nothing more
        sys.setswitchinterval(switch_seconds)
