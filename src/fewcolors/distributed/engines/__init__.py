"""Engines that do work on many items: threads, Dask or Spark. Each takes groups, gives futures.

`finished` is what they share: so many groups are under way, and one that fails as a whole is tried
once more, item by item.
"""

import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future
from queue import Empty, SimpleQueue
from typing import Generic, NamedTuple, TypeVar

__all__ = ["ENGINES", "Engine", "EngineError", "finished"]

ENGINES = ("local", "dask", "spark")

Item = TypeVar("Item")
Done = TypeVar("Done")

WAITING_A_SLOT = 2
"""Groups under way for each slot: the one that is worked on, and the next."""

SECONDS_A_LOOK = 0.1
"""How long what is done may wait for more, and how often a caller hears that work goes on."""


class EngineError(Exception):
    """An engine cannot be started, such as that of a cluster that does not answer."""


class Engine(NamedTuple, Generic[Item, Done]):
    """An engine that has been started.

    Attributes:
        submit: begins the work on a group of items.
        n_slots: the number of groups that are worked on at a time.
        group_bytes: how much a group should have to do, so that handing it on takes little beside
            it; 0 for items one by one.
    """

    submit: Callable[[list[Item]], "Future[list[Done]]"]
    n_slots: int
    group_bytes: int


def finished(
    engine: Engine[Item, Done],
    groups: Iterable[list[Item]],
    failed: Callable[[Item, str], Done],
) -> Iterator[list[Done]]:
    """Does the work on all groups.

    While the caller looks after what it got, all slots are at work. Never are more than
    2 * WAITING_A_SLOT groups for each slot begun or done that it has not yet come back from.

    Args:
        engine: does the work.
        groups: items.
        failed: makes the result of an item whose work failed, given why.

    Yields:
        What has been done since the last time, in any order; every SECONDS_A_LOOK, even nothing.
    """
    remaining, again = iter(groups), deque[list[Item]]()
    under_way: dict[Future[list[Done]], list[Item]] = {}
    ready: SimpleQueue[Future[list[Done]]] = SimpleQueue()
    while True:
        while len(under_way) < WAITING_A_SLOT * engine.n_slots:
            group = again.popleft() if again else next(remaining, [])
            if not group:
                break
            future = engine.submit(group)
            under_way[future] = group
            future.add_done_callback(ready.put)
        if not under_way:
            return
        done: list[Done] = []
        for future in _taken(ready, engine.n_slots):
            group = under_way.pop(future)
            try:
                done += future.result()
            except Exception as error:  # of the engine: what is wrong with an item is in its result
                if len(group) > 1:
                    again.extend([item] for item in group)
                else:
                    done.append(failed(group[0], _reason(error)))
        yield done


def _taken(ready: "SimpleQueue[Future[Done]]", most: int) -> Iterator["Future[Done]"]:
    """Yields futures that are done, for SECONDS_A_LOOK or until there are so many."""
    end = time.monotonic() + SECONDS_A_LOOK
    for _ in range(most):
        try:
            yield ready.get(timeout=max(0.0, end - time.monotonic()))
        except Empty:
            return


def _reason(error: Exception) -> str:
    """Returns what an engine says, in one line."""
    lines = [line.strip() for line in str(error).splitlines()]
    return f"the engine failed ({type(error).__name__}: {next(filter(None, lines), '')})"
