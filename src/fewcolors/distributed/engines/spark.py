"""Spark: a job for each group of pictures, so that their rows are here as soon as they are done.

One job over all would give its rows at the end, or partition by partition in their order.
"""

import contextlib
import os
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor

from pyspark.errors import PySparkException
from pyspark.sql import SparkSession

from . import WAITING_A_SLOT, Done, Engine, EngineError, Item

__all__ = ["start"]

GROUP_BYTES = 1 << 20
"""A job takes Spark some 20 ms, and a megabyte of pictures half a second or more."""

MOST_SLOTS = 256
"""A thread of the driver waits for each job."""


@contextlib.contextmanager
def start(
    work: Callable[[list[Item]], list[Done]], n_threads: int, cluster: str | None
) -> Iterator[Engine[Item, Done]]:
    """Connects to a master, or starts a local one, and stops the session with the context.

    Args:
        work: on a group of items; it is sent to the workers.
        n_threads: for a local master.
        cluster: the master, such as ``yarn`` or ``spark://host:7077``.

    Yields:
        The engine.

    Raises:
        EngineError: there is no such master, or no Java.
    """
    # Else the python3 of the path would do the work, which may have no fewcolors.
    if cluster is None:
        os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    builder = SparkSession.builder.appName("fewcolors batch").master(
        cluster or f"local[{n_threads}]"
    )
    builder = builder.config("spark.ui.showConsoleProgress", "false")
    if cluster is None:
        builder = builder.config("spark.ui.enabled", "false").config("spark.log.level", "ERROR")
    try:
        session = builder.getOrCreate()
    except (PySparkException, OSError) as error:
        raise EngineError(f"Spark cannot be started ({error})") from error
    context = session.sparkContext
    n_slots = min(context.defaultParallelism, MOST_SLOTS)
    executor = ThreadPoolExecutor(WAITING_A_SLOT * n_slots)

    def submit(group: list[Item]) -> "Future[list[Done]]":
        return executor.submit(lambda: context.parallelize([group], 1).flatMap(work).collect())

    try:
        yield Engine(submit, n_slots, GROUP_BYTES)
    finally:
        executor.shutdown(wait=False, cancel_futures=True)
        session.stop()
