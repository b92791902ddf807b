"""A promise: what a text says, the figure that tells, and the target it has to meet."""

import math
from collections.abc import Iterator, Mapping
from fnmatch import fnmatchcase
from typing import Literal, NamedTuple

__all__ = [
    "Promise",
    "Target",
    "Verdict",
    "as_recorded",
    "at_least",
    "at_most",
    "between",
    "is_kept",
    "judged",
]

Outcome = Literal["met", "missed", "planned, missed", "new"]

RECORDED_TOLERANCE = 0.005
"""Other versions of Pillow and libdeflate change bytes and scores by less."""


class Target(NamedTuple):
    """What a figure has to be.

    Attributes:
        least: no less than this.
        most: no more than this.
        is_relative: whether both are shares of the figure that was recorded before.
    """

    least: float = -math.inf
    most: float = math.inf
    is_relative: bool = False

    def is_met(self, value: float, recorded: float | None) -> bool | None:
        """Whether a figure meets it; None where it is relative and nothing was recorded."""
        if not self.is_relative:
            return self.least <= value <= self.most
        if recorded is None:
            return None
        ends = sorted((self.least * recorded, self.most * recorded))
        return ends[0] <= value <= ends[1]

    def in_words(self) -> str:
        """Says it shortly."""
        if self.is_relative:
            if math.isinf(self.least):
                return f"<= {self.most:g} of before"
            if math.isinf(self.most):
                return f">= {self.least:g} of before"
            return f"{self.least:g} to {self.most:g} of before"
        if math.isinf(self.least):
            return f"<= {self.most:g}"
        return f">= {self.least:g}" if math.isinf(self.most) else f"{self.least:g} to {self.most:g}"


def at_most(most: float) -> Target:
    """Returns the target of a figure that should be low."""
    return Target(most=most)


def at_least(least: float) -> Target:
    """Returns the target of a figure that should be high."""
    return Target(least=least)


def between(least: float, most: float) -> Target:
    """Returns the target of a figure that a text states as a range, or rounded."""
    return Target(least, most)


def as_recorded(
    *, may_fall: bool = False, may_rise: bool = False, tolerance: float = RECORDED_TOLERANCE
) -> Target:
    """Returns the target of a figure of a table: what figures.json has, or better.

    Args:
        may_fall: whether less is better.
        may_rise: whether more is better.
        tolerance: the share by which it may be worse.
    """
    least = -math.inf if may_fall else 1 - tolerance
    return Target(least, math.inf if may_rise else 1 + tolerance, is_relative=True)


class Promise(NamedTuple):
    """One statement that can be measured.

    Attributes:
        figure: the names of the figures that it is about, as a pattern: "error.*.mse".
        stated: where.
        says: what, in a few words.
        target: what the figure has to be.
        unit: of the figure.
        is_planned: whether no text states it yet; then missing it is no fault.
    """

    figure: str
    stated: str
    says: str
    target: Target
    unit: str = ""
    is_planned: bool = False


class Verdict(NamedTuple):
    """A promise beside a figure."""

    promise: Promise
    figure: str
    value: float
    outcome: Outcome


def judged(
    promises: tuple[Promise, ...], figures: Mapping[str, float], recorded: Mapping[str, float]
) -> Iterator[Verdict]:
    """Yields every promise beside every figure that it is about.

    Args:
        promises: the list.
        figures: what was measured.
        recorded: what was measured before, by which relative targets are judged.
    """
    for promise in promises:
        for name, value in figures.items():
            if not fnmatchcase(name, promise.figure):
                continue
            is_met = promise.target.is_met(value, recorded.get(name))
            outcome: Outcome = "met"
            if is_met is None:
                outcome = "new"
            elif not is_met:
                outcome = "planned, missed" if promise.is_planned else "missed"
            yield Verdict(promise, name, value, outcome)


def is_kept(verdicts: list[Verdict]) -> bool:
    """Whether no promise is missed but planned ones."""
    return all(verdict.outcome != "missed" for verdict in verdicts)
