"""Progress of long work, by tqdm: a bar in notebooks and terminals, for whoever asks for it."""

import warnings
from collections.abc import Iterable
from typing import TypeVar

from .limits import check_boolean

__all__ = ["with_progress"]

Item = TypeVar("Item")


def with_progress(
    items: Iterable[Item], total: int | None, what: str, *, progress: bool
) -> Iterable[Item]:
    """Returns the items, with a bar that tells how many have been taken.

    Args:
        items: any.
        total: how many there are, or None.
        what: is being done, in a word or two, before the bar.
        progress: whether to show a bar.

    Raises:
        ImportError: it is to be shown, and tqdm is not installed.
        TypeError: progress is neither true nor false.
    """
    check_boolean("progress", progress)
    if not progress:
        return items
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # in notebooks without widgets a bar of text will do
            from tqdm.auto import tqdm
    except ImportError:
        raise ImportError('progress=True needs tqdm: pip install "fewcolors[progress]"') from None
    bar: Iterable[Item] = tqdm(items, total=total, desc=what)
    return bar
