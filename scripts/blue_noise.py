"""Writes kernels/assign/blue_noise.hpp: a mask of blue noise, by the void-and-cluster method.

    python scripts/blue_noise.py [FILE]

The method is R. Ulichney's (1993, doi:10.1117/12.152707). Points are taken out of the tightest
cluster and put into the largest void, both told by a Gaussian that wraps around the mask's edges.
"""

import sys
from pathlib import Path

import numpy as np

SIDE = 64
DEVIATION = 1.9  # of the Gaussian, in pixels; Ulichney found 1.5 best, later work 1.9
FIRST_SHARE = 0.1  # of the places, where the pattern starts
SEED = 1

FIRST_DIGIT = ord("0")
"""A rank is two digits of base 64, from this character on."""

HEADER = Path(__file__).resolve().parent.parent / "kernels" / "assign" / "blue_noise.hpp"


def void_and_cluster(side: int, seed: int = SEED) -> np.ndarray:
    """Returns a (side, side) array of the ranks 0 to side^2 - 1, each once."""
    pull = _pull(side)

    def pulls(pattern: np.ndarray) -> np.ndarray:
        energies = np.zeros((side, side))
        for y, x in zip(*np.nonzero(pattern), strict=True):
            energies += np.roll(pull, (y, x), axis=(0, 1))
        return energies

    def move(place: int, sign: int) -> None:
        y, x = divmod(place, side)
        pattern[y, x] = sign > 0
        energies[:] += sign * np.roll(pull, (y, x), axis=(0, 1))

    def tightest() -> int:
        return int(np.where(pattern, energies, -np.inf).argmax())

    def emptiest() -> int:
        return int(np.where(pattern, np.inf, energies).argmin())

    places = np.random.default_rng(seed).permutation(side * side)
    pattern = np.zeros((side, side), bool)
    pattern.flat[places[: max(1, int(side * side * FIRST_SHARE))]] = True
    energies = pulls(pattern)
    while True:  # spread the points evenly
        cluster = tightest()
        move(cluster, -1)
        void = emptiest()
        move(void, 1)
        if void == cluster:
            break
    ranks = np.zeros((side, side), int)
    start = pattern.copy()
    for rank in range(int(start.sum()) - 1, -1, -1):
        cluster = tightest()
        ranks.flat[cluster] = rank
        move(cluster, -1)
    pattern = start
    energies = pulls(pattern)
    for rank in range(int(start.sum()), side * side):
        void = emptiest()
        ranks.flat[void] = rank
        move(void, 1)
    return ranks


def _pull(side: int) -> np.ndarray:
    """Returns what a point at the origin adds to each place, on a torus."""
    away = np.minimum(np.arange(side), side - np.arange(side))
    row = np.exp(-(away**2) / (2 * DEVIATION**2))
    return np.outer(row, row)


def digits(ranks: np.ndarray) -> list[str]:
    """Writes ranks, of which there are 64 x 64, as two characters each, half a row a line."""
    text = "".join(chr(FIRST_DIGIT + part) for rank in ranks.flat for part in divmod(rank, 64))
    return [text[i : i + SIDE] for i in range(0, len(text), SIDE)]


def header(lines: list[str]) -> str:
    """Returns the file."""
    table = "\n".join(f'    R"({line})"' for line in lines)
    return f"""\
// A mask of blue noise for ordered dithering, as scripts/blue_noise.py makes it: void and cluster,
// R. Ulichney, 1993, doi:10.1117/12.152707.
#pragma once

#include <cstddef>

namespace fewcolors {{

inline constexpr std::size_t kMaskSide = {SIDE};
inline constexpr int kMaskRanks = {SIDE * SIDE};  // each occurs once

// Each rank is two digits of base 64, the first of which is '0'.
// clang-format off
inline constexpr char kMaskDigits[] =
{table};
// clang-format on

// The rank of a pixel; the mask repeats.
inline int mask_rank(std::size_t x, std::size_t y) {{
    const char* const digits = kMaskDigits + 2 * (y % kMaskSide * kMaskSide + x % kMaskSide);
    return (digits[0] - '0') * 64 + (digits[1] - '0');
}}

}}  // namespace fewcolors
"""


if __name__ == "__main__":
    target = Path(sys.argv[1]) if len(sys.argv) > 1 else HEADER
    target.write_text(header(digits(void_and_cluster(SIDE))))
