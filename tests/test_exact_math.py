"""exp, log and pow are those of the numbers themselves, rounded once: no processor's own."""

import math
import random
import struct
import zlib
from collections.abc import Callable
from decimal import Context, Decimal

import pytest

from fewcolors import exact_math

DIGITS = Context(prec=60, Emin=-9999, Emax=9999)
"""Of the standard library's `decimal`, whose exp and ln are correctly rounded."""


def decimal_exp(x: float) -> float:
    return float(DIGITS.exp(Decimal(x)))


def decimal_log(x: float) -> float:
    return float(DIGITS.ln(Decimal(x)))


def decimal_pow(x: float, y: float) -> float:
    return float(DIGITS.exp(DIGITS.multiply(Decimal(y), DIGITS.ln(Decimal(x)))))


def any_float(draws: random.Random, least: int, most: int) -> float:
    return math.ldexp(1 + draws.random(), draws.randrange(least, most))


def test_exp_is_correctly_rounded() -> None:
    draws = random.Random(1)
    for _ in range(3000):
        x = any_float(draws, -60, 9) * draws.choice((-1, 1))
        if x < 709.7:
            assert exact_math.exp(x) == decimal_exp(x), x.hex()


def test_log_is_correctly_rounded() -> None:
    draws = random.Random(2)
    near_one = [1 + any_float(draws, -52, -1) * draws.choice((-0.4, 1)) for _ in range(1000)]
    for x in [any_float(draws, -1074, 1023) for _ in range(2000)] + near_one:
        assert exact_math.log(x) == decimal_log(x), x.hex()


def test_pow_is_correctly_rounded() -> None:
    draws = random.Random(3)
    n_compared = 0
    for _ in range(3000):
        x, y = any_float(draws, -30, 30), any_float(draws, -30, 6) * draws.choice((-1, 1))
        if abs(y * math.log(x)) < 700:
            n_compared += 1
            assert exact_math.pow(x, y) == decimal_pow(x, y), (x.hex(), y.hex())
    assert n_compared > 2000


def test_pow_of_a_large_exponent_is_correctly_rounded() -> None:
    draws = random.Random(4)
    for _ in range(500):
        x, y = 1 + any_float(draws, -50, -40), any_float(draws, 30, 45) * draws.choice((-1, 1))
        assert exact_math.pow(x, y) == decimal_pow(x, y), (x.hex(), y.hex())


# Results that lie within 10^-17 units in the last place of halfway, and of a float.
# V. Lefèvre and J.-M. Muller, "Worst cases for correct rounding of the elementary functions in
# double precision", 2001, doi:10.1109/ARITH.2001.930110.
@pytest.mark.parametrize(
    ("function", "reference", "x"),
    [
        (exact_math.exp, decimal_exp, float.fromhex("0x1.9E9CBBFD6080Bp-31")),
        (exact_math.log, decimal_log, float.fromhex("0x1.62A88613629B6p+678")),
    ],
)
def test_the_hardest_arguments(
    function: Callable[[float], float], reference: Callable[[float], float], x: float
) -> None:
    assert function(x) == reference(x)


@pytest.mark.parametrize(
    ("x", "y", "power"),
    [
        (2.0, 10.0, 1024.0),
        (9.0, 0.5, 3.0),
        (0.25, -1.5, 8.0),
        (3.0, 20.0, 3.0**20),
        (2.0, -1074.0, 5e-324),
        (2.0, -1075.0, 0.0),  # halfway to the least float: to even
        (94906267.0, 2.0, 94906267.0 * 94906267.0),  # halfway between two floats
        (0.0, 2.0, 0.0),
        (7.0, 0.0, 1.0),
        (1.0, 1e300, 1.0),
        (0.5, 1e300, 0.0),
    ],
)
def test_powers_that_are_exact(x: float, y: float, power: float) -> None:
    assert exact_math.pow(x, y) == power


def test_the_ends_of_the_range() -> None:
    assert (exact_math.exp(0.0), exact_math.exp(-1e300), exact_math.log(1.0)) == (1.0, 0.0, 0.0)
    assert exact_math.exp(-745.1) == decimal_exp(-745.1) == 5e-324
    for x in (709.9, 1e300):
        with pytest.raises(OverflowError):
            exact_math.exp(x)
    for x, y in ((2.0, 1024.0), (10.0, 400.0), (10.0, 1e300)):
        with pytest.raises(OverflowError):
            exact_math.pow(x, y)
    for x in (0.0, -1.0):
        with pytest.raises(ValueError, match="domain"):
            exact_math.log(x)
    for x, y in ((-1.0, 2.0), (0.0, -1.0), (math.inf, 1.0), (2.0, math.nan)):
        with pytest.raises(ValueError, match="domain"):
            exact_math.pow(x, y)


def test_the_first_guess_of_the_c_library_does_not_matter(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    draws = random.Random(5)
    numbers = [any_float(draws, -20, 20) for _ in range(200)]
    before = [(exact_math.log(x), exact_math.pow(x, 0.45)) for x in numbers]
    log = math.log
    monkeypatch.setattr(math, "log", lambda x: log(x) * (1 + 1e-14) - 1e-15)
    assert [(exact_math.log(x), exact_math.pow(x, 0.45)) for x in numbers] == before


def test_the_bits() -> None:
    """These are what every processor has to give."""
    numbers = [exact_math.pow(level / 255, 2.4) for level in range(256)]
    numbers += [exact_math.exp(n / 7) for n in range(-99, 99)]
    numbers += [exact_math.log(n / 7) for n in range(1, 99)]
    assert zlib.crc32(struct.pack(f"<{len(numbers)}d", *numbers)) == 124946957
