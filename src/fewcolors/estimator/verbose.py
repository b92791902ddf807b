"""What ``verbose=1`` prints, in scikit-learn's words."""

from collections.abc import Iterator

from .iterations import Iteration

__all__ = ["print_iterations"]


def print_iterations(max_iter: int, states: Iterator[Iteration], tolerance: float) -> None:
    """Prints how far each iteration from a start has come, as it is made.

    Args:
        max_iter: the most iterations.
        states: the start, and what comes after each iteration.
        tolerance: the largest sum of squared shifts of the centroids that ends the run.
    """
    print("Initialization complete")
    for number, state in zip(range(max_iter), states, strict=False):
        print(f"Iteration {number}, inertia {state.inertia}.")
        if state.shift is None:
            print(f"Converged at iteration {number}: strict convergence.")
            return
        if state.shift <= tolerance:
            print(
                f"Converged at iteration {number}: center shift {state.shift} within tolerance "
                f"{tolerance}."
            )
            return
