"""exp, log and pow, correctly rounded: the same bits on every processor.

The C library picks its own versions by processor, and they differ in the last bit. Where such a
result decides anything that a file is made of, use these.

Numbers are integers that stand for so many 1/2^bits ("fixed point"). Each function computes its
result with an error bound. Where both ends of that interval round to the same float, this is the
answer. Otherwise it is computed again with more bits. This is Ziv's strategy: A. Ziv, "Fast
evaluation of elementary mathematical functions with correctly rounded last bit", 1991,
doi:10.1145/114697.116813.
"""

import math
from collections.abc import Callable
from functools import cache
from typing import TypeAlias

__all__ = ["exp", "log", "pow"]

Scaled: TypeAlias = tuple[int, int, int]
"""A number in parts: ``(mantissa ± error) / 2^shift``."""

FIRST_BITS = 128
"""With 75 more bits than a float has, one result in 2^60 has to be computed again."""

MOST_BITS = 512
"""A result that is still undecided here lies exactly on a float, or halfway between two."""

ERROR = 1 << 12
"""Bounds the error of `_exp` and `_log` in units of the last place: each does fewer than a hundred
roundings, and multiples of log 2 magnify the error of that number by at most 1075."""

FLOAT_BITS = 53
TABLE_BITS = 8
LEAST_LOG, MOST_LOG = -746, 710
"""The exponential of a number beyond is 0, or overflows."""


def exp(x: float) -> float:
    """Returns e to the power of x.

    Raises:
        OverflowError: the result is larger than the largest float.

    >>> exp(1.0)
    2.718281828459045
    """
    if not math.isfinite(x):
        return x if x != -math.inf else 0.0
    if x < LEAST_LOG:
        return 0.0
    if x > MOST_LOG:
        raise OverflowError("math range error")

    def attempt(bits: int) -> Scaled:
        mantissa, exponent = _exp(_fixed(x, bits), bits)
        return mantissa, ERROR, bits - exponent

    return _rounded(attempt)


def log(x: float) -> float:
    """Returns the natural logarithm of x.

    Raises:
        ValueError: x is not positive.

    >>> log(2.0)
    0.6931471805599453
    """
    if x <= 0:
        raise ValueError("math domain error")
    if not math.isfinite(x) or x == 1:
        return 0.0 if x == 1 else x
    return _rounded(lambda bits: (_log(x, bits), ERROR, bits))


def pow(x: float, y: float) -> float:
    """Returns x to the power of y.

    Args:
        x: at least 0.
        y: finite.

    Raises:
        OverflowError: the result is larger than the largest float.
        ValueError: x is negative; x is 0 and y is negative; or one is not finite.

    >>> pow(2.0, 0.5)
    1.4142135623730951
    """
    if not (math.isfinite(x) and math.isfinite(y)) or x < 0 or (x == 0 and y < 0):
        raise ValueError("math domain error")
    if y == 0 or x == 1:
        return 1.0
    if x == 0:
        return 0.0
    about = y * math.log(x)  # which is off by a few units in the last place at most
    if about < 2 * LEAST_LOG:
        return 0.0
    if about > 2 * MOST_LOG:
        raise OverflowError("math range error")
    numerator, denominator = y.as_integer_ratio()
    more_bits = max(0, math.frexp(y)[1])  # what multiplying by y takes away

    def attempt(bits: int) -> Scaled:
        power = (_log(x, bits + more_bits) * numerator // denominator) >> more_bits
        mantissa, exponent = _exp(power, bits)
        # The error of the power is at most ERROR, and so is the relative one of the result.
        return mantissa, 4 * ERROR, bits - exponent

    return _rounded(attempt)


def _rounded(attempt: Callable[[int], Scaled]) -> float:
    """Returns the float nearest to a number that can be had with any number of bits."""
    bits = FIRST_BITS
    while True:
        mantissa, error, shift = attempt(bits)
        low, high = _quotient(mantissa - error, shift), _quotient(mantissa + error, shift)
        if low == high:
            return low
        if bits >= MOST_BITS:
            return _quotient(_shortened(mantissa), shift)
        bits *= 2


def _shortened(mantissa: int) -> int:
    """Rounds to two bits more than a float has, which halfway cases need."""
    spare = mantissa.bit_length() - FLOAT_BITS - 2
    return (mantissa + (1 << spare - 1)) >> spare << spare


def _quotient(mantissa: int, shift: int) -> float:
    """Returns ``mantissa / 2^shift``; Python's division of integers rounds correctly."""
    return mantissa / (1 << shift) if shift >= 0 else float(mantissa << -shift)


def _fixed(x: float, bits: int) -> int:
    numerator, denominator = x.as_integer_ratio()
    return (numerator << bits) // denominator


def _exp(x: int, bits: int) -> tuple[int, int]:
    """Returns e to the power of a fixed-point number as mantissa, 1 to 2, and exponent of 2."""
    exponent, rest = divmod(x, _log_2(bits))
    spare = bits - TABLE_BITS
    fraction = _series(rest & ((1 << spare) - 1), bits)
    return _exp_table(bits)[rest >> spare] * fraction >> bits, exponent


@cache
def _exp_table(bits: int) -> list[int]:
    """Returns the exponentials of multiples of 1/2^TABLE_BITS, up to log 2."""
    spare = bits - TABLE_BITS
    n_entries = (_log_2(bits) >> spare) + 1
    # Computed with bits to spare, as each is a product of all before it.
    wide = bits + 16
    step, entries = _series(1 << (wide - TABLE_BITS), wide), [1 << wide]
    while len(entries) < n_entries:
        entries.append(entries[-1] * step >> wide)
    return [entry >> 16 for entry in entries]


def _series(x: int, bits: int) -> int:
    """Returns the exponential of a number from 0 to 1/2^TABLE_BITS, by Taylor's series."""
    total = term = 1 << bits
    n = 1
    while term:
        term = (term * x >> bits) // n
        total += term
        n += 1
    return total


@cache
def _log_2(bits: int) -> int:
    """Returns log 2 = 2 artanh(1/3) = 2 (1/3 + 1/(3 3^3) + 1/(5 3^5) + ...)."""
    wide = bits + 16
    total, term, n = 0, (2 << wide) // 3, 1
    while term:
        total += term // n
        term //= 9
        n += 2
    return total >> 16


def _log(x: float, bits: int) -> int:
    """Returns the logarithm of a positive float in fixed point.

    The C library's is the guess g; log x = g + log(x / e^g), and of that a few terms of the series
    around 1 suffice.
    """
    fraction, exponent = math.frexp(x)
    if fraction < math.sqrt(0.5):  # so that logarithms near 0 are no difference of large numbers
        fraction, exponent = 2 * fraction, exponent - 1
    guess = _fixed(math.log(fraction), bits)
    mantissa, power = _exp(-guess, bits)
    mantissa = mantissa << power if power >= 0 else mantissa >> -power
    beyond = (_fixed(fraction, bits) * mantissa >> bits) - (1 << bits)
    total, term, n = guess, beyond, 1
    while term not in (0, -1):  # to which shifting negative numbers leads
        total += term // n if n % 2 else -(term // n)
        term = term * beyond >> bits
        n += 1
    return total + exponent * _log_2(bits)
