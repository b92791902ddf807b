"""Dask: a scheduler that is there already, or one of this process with threads."""

import contextlib
from collections.abc import Callable, Iterator
from typing import Any

from distributed import Client

from . import Done, Engine, EngineError, Item

__all__ = ["start"]

ANY_FREE_PORT = "127.0.0.1:0"

GROUP_BYTES = 1 << 20
"""A task takes Dask a millisecond, and a megabyte of pictures half a second or more."""


@contextlib.contextmanager
def start(
    work: Callable[[list[Item]], list[Done]], n_threads: int, cluster: str | None
) -> Iterator[Engine[Item, Done]]:
    """Connects to a scheduler, or starts one, and leaves it with the context.

    Args:
        work: on a group of items; it is sent to the workers.
        n_threads: for a scheduler of our own.
        cluster: the address of one that is there, such as ``tcp://host:8786``.

    Yields:
        The engine.

    Raises:
        EngineError: there is none at that address.
    """
    try:
        client = Client(cluster) if cluster is not None else Client(**_own_cluster(n_threads))
    except (OSError, ValueError) as error:
        raise EngineError(f"Dask's scheduler at {cluster} does not answer ({error})") from error
    with client:
        executor = client.get_executor(pure=False)
        n_slots = max(1, sum(client.nthreads().values()))
        yield Engine(lambda group: executor.submit(work, group), n_slots, GROUP_BYTES)


def _own_cluster(n_threads: int) -> dict[str, Any]:
    """Returns what makes a cluster of this process. Its pages are for this machine alone."""
    return {
        "processes": False,
        "n_workers": 1,
        "threads_per_worker": n_threads,
        "dashboard_address": ANY_FREE_PORT,
        "worker_dashboard_address": ANY_FREE_PORT,
    }
