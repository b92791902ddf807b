"""Threads of this process: what is done between two kernels takes little, so they are enough."""

import contextlib
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

from . import Done, Engine, Item

__all__ = ["start"]

SWITCH_SECONDS = 0.0005
"""How long a thread keeps Python's lock when another wants it: a kernel that waits for the lock is
a processor that waits."""


@contextlib.contextmanager
def start(
    work: Callable[[list[Item]], list[Done]], n_threads: int, cluster: str | None
) -> Iterator[Engine[Item, Done]]:
    """Starts threads, and ends them with the context.

    Args:
        work: on a group of items.
        n_threads: how many.
        cluster: not used.

    Yields:
        The engine.
    """
    executor = ThreadPoolExecutor(n_threads)
    seconds = sys.getswitchinterval()
    sys.setswitchinterval(SWITCH_SECONDS)
    try:
        yield Engine(lambda group: executor.submit(work, group), n_threads, 0)
    finally:
        executor.shutdown(wait=False, cancel_futures=True)
        sys.setswitchinterval(seconds)
