"""Many pictures in one call: a thread for each processor, one picture each."""

import importlib
from collections import deque
from collections.abc import Iterable, Iterator, Sized
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import islice
from typing import Unpack

from .decode import ImageSource
from .limits import abbreviated
from .options import OptionArguments, Options
from .pipeline import compress_with
from .progress import with_progress
from .result import Compressed

__all__ = ["compress_many"]

WAITING_A_THREAD = 2
"""Results that may wait to be taken, for each thread: enough that none is idle."""


def compress_many(
    sources: Iterable[ImageSource],
    n_colors: int | None = None,
    *,
    progress: bool = False,
    **options: Unpack[OptionArguments],
) -> Iterator[Compressed]:
    """Compresses many pictures, on all processors.

    Args:
        sources: pictures, each as for `compress`; they are taken as results are.
        n_colors: as for `compress`.
        progress: whether to show a bar, by tqdm (``pip install "fewcolors[progress]"``).
        **options: as for `compress`; n_threads is the number of pictures at a time.

    Returns:
        An iterator over the results, in the order of the sources. It raises what `compress` raises
        when it comes to a picture that cannot be compressed, and ends there.

    Raises:
        ImportError: progress is to be shown, and tqdm is not installed.
        TypeError, ValueError: an argument is not allowed.

    >>> import numpy as np
    >>> ramp = np.arange(256, dtype=np.uint8).reshape(16, 16)
    >>> [result.n_colors for result in compress_many([ramp, ramp[:8]], 4)]
    [4, 4]
    """
    if isinstance(sources, str | bytes | bytearray) or not isinstance(sources, Iterable):
        raise TypeError(f"sources must be pictures, such as a list, got {abbreviated(sources)}")
    # Threads that load Pillow at the same time may find half of it.
    importlib.import_module("fewcolors.decode.with_pillow")
    checked = Options(n_colors, **options)
    n_threads = checked.threads
    each = checked._replace(n_threads=1)
    total = len(sources) if isinstance(sources, Sized) else None
    results = _in_order(iter(sources), each, n_threads)
    return iter(with_progress(results, total, "compress", progress=progress))


def _in_order(
    sources: Iterator[ImageSource], options: Options, n_threads: int
) -> Iterator[Compressed]:
    with ThreadPoolExecutor(n_threads) as threads:
        running: deque[Future[Compressed]] = deque()
        try:
            while True:
                wanted = WAITING_A_THREAD * n_threads - len(running)
                for source in islice(sources, wanted):
                    running.append(threads.submit(compress_with, options, source))
                if not running:
                    return
                yield running.popleft().result()
        finally:
            for future in running:
                future.cancel()
