"""The constructor's parameters of `KMeans`, checked and read once."""

from collections.abc import Callable
from numbers import Real
from typing import Any, Literal, NamedTuple, TypeAlias, get_args

import numpy as np
import numpy.typing as npt

from ..limits import (
    MAX_ITERATIONS,
    MAX_STARTS,
    MAX_THREADS,
    available_processors,
    check_choice,
    check_integer,
)
from ..options import INITS, Init

__all__ = [
    "Algorithm",
    "InitLike",
    "Parameters",
    "checked_parameters",
    "n_starts",
    "random_draws",
    "threads_for",
]

Algorithm = Literal["lloyd", "elkan"]
InitFunction: TypeAlias = Callable[..., npt.ArrayLike]
InitLike: TypeAlias = Init | npt.ArrayLike | InitFunction

ALGORITHMS: tuple[Algorithm, ...] = get_args(Algorithm)

RANDOM_STARTS = 10
"""What n_init="auto" means for random starts and functions, as in scikit-learn."""


class Parameters(NamedTuple):
    """The parameters of one fit. Another thread may set other ones meanwhile.

    Attributes:
        n_clusters: the number of clusters.
        init: ``"k-means++"``, ``"random"``, a function, or what is to become an array.
        n_init: the number of starts.
        max_iter: the most iterations of a start.
        tol: the tolerance, as a share of the mean variance.
        is_verbose: whether to print each iteration.
        algorithm: ``"lloyd"`` or ``"elkan"``; both find the same.
        n_threads: the number of threads to use.
        random_draws: where random numbers come from.
    """

    n_clusters: int
    init: Any
    n_init: int
    max_iter: int
    tol: float
    is_verbose: bool
    algorithm: Algorithm
    n_threads: int
    random_draws: np.random.RandomState


def checked_parameters(model: Any) -> Parameters:
    """Reads the parameters of a model.

    Args:
        model: a `KMeans`.

    Returns:
        Its parameters.

    Raises:
        TypeError: one is of the wrong type.
        ValueError: one is out of its range.
    """
    read = dict(model.get_params(deep=False))
    check_integer("n_clusters", read["n_clusters"], 1)
    if isinstance(read["init"], str):
        check_choice("init", read["init"], INITS)
    if not (isinstance(read["n_init"], str) and read["n_init"] == "auto"):
        check_integer("n_init", read["n_init"], 1, MAX_STARTS)
    check_integer("max_iter", read["max_iter"], 1, MAX_ITERATIONS)
    _check_tol(read["tol"])
    _check_flag("copy_x", read["copy_x"])
    if not isinstance(read["verbose"], bool | np.bool):
        check_integer("verbose", read["verbose"], 0)
    _check_algorithm(read["algorithm"])
    return Parameters(
        n_clusters=int(read["n_clusters"]),
        init=str(read["init"]) if isinstance(read["init"], str) else read["init"],
        n_init=n_starts(read["init"], read["n_init"]),
        max_iter=int(read["max_iter"]),
        tol=float(read["tol"]),
        is_verbose=bool(read["verbose"]),
        algorithm=read["algorithm"],
        n_threads=threads_for(read["n_threads"]),
        random_draws=random_draws(read["random_state"]),
    )


def n_starts(init: Any, n_init: Any) -> int:
    """Returns the number of starts that n_init asks for."""
    if not isinstance(n_init, str):
        return int(n_init)
    is_random = callable(init) or (isinstance(init, str) and init == "random")
    return RANDOM_STARTS if is_random else 1


def threads_for(n_threads: Any) -> int:
    """Returns the number of threads to use.

    Raises:
        TypeError, ValueError: n_threads is no number of threads.
    """
    if n_threads is None:
        return min(available_processors(), MAX_THREADS)
    check_integer("n_threads", n_threads, 1, MAX_THREADS)
    return int(n_threads)


def random_draws(random_state: Any) -> np.random.RandomState:
    """Returns the generator that scikit-learn takes a random_state for.

    Raises:
        TypeError, ValueError: it is no such thing.
    """
    if random_state is None or random_state is np.random:
        return np.random.mtrand._rand
    if isinstance(random_state, np.random.RandomState):
        return random_state
    check_integer("random_state", random_state, 0, 2**32 - 1)
    return np.random.RandomState(int(random_state))


def _check_tol(tol: object) -> None:
    """Raises TypeError or ValueError unless tol is a number from 0."""
    if not isinstance(tol, Real):
        raise TypeError(f"tol must be a number, at least 0, got {tol!r}")
    if not float(tol) >= 0.0:
        raise ValueError(f"tol must be at least 0, got {tol}")


def _check_algorithm(algorithm: object) -> None:
    """Raises TypeError or ValueError unless algorithm is the name of one."""
    if not isinstance(algorithm, str):
        raise TypeError(f"algorithm must be 'lloyd' or 'elkan', got {algorithm!r}")
    check_choice("algorithm", algorithm, ALGORITHMS)


def _check_flag(name: str, value: object) -> None:
    """Raises TypeError unless value is True or False, of Python or NumPy."""
    if not isinstance(value, bool | np.bool):
        raise TypeError(f"{name} must be True or False, got {value!r}")
